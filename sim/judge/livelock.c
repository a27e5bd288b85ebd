/*
 * livelock.c - states that come again, and who has moved in between.
 *
 * The states of a long run are not all kept: after the first ones, which are,
 * those at the beginning of stretches that double in length (as in Brent's
 * search for a cycle).
 */
#include "sim/judge/livelock.h"

#include <stdlib.h>
#include <string.h>

#include "sim/run/names.h"
#include "sim/search/state_hash.h"

/* States that are kept of each stretch. */
#define STRETCH 512u
#define SLOTS_FIRST 256u
#define MARKS_MAX 64u /* that a hash can tell apart */

/* A state where a thread has gone back. */
struct sample {
	uint64_t hash[2];
	uint32_t move; /* 0: no sample */
	uint32_t step;
	uint32_t event;
	uint32_t first_move; /* when it was seen first */
	uint32_t first_step;
	uint32_t first_event;
};

struct livelock {
	struct search *view; /* what the hash of a state looks at of a search */
	struct state_hash *hasher;
	uint32_t moves;
	uint32_t moved_at[SEARCH_THREADS_MAX]; /* last move of each */
	uint32_t pc[SEARCH_THREADS_MAX]; /* where that has led */
	uint32_t finished[SEARCH_THREADS_MAX]; /* operations by then */
	const struct mark_list *marks[SEARCH_THREADS_MAX];
	uint32_t clock_at; /* the clock's last move, or no timer to fire */
	uint32_t progress_at; /* the last move that got somebody somewhere */
	uint32_t led_at; /* the last move that a schedule asked for */
	uint32_t backs; /* how often a thread went back */
	struct sample *samples; /* by hash */
	uint32_t sample_count;
	uint32_t room; /* a power of two */
	struct lasso lasso;
	bool is_found;
};

/* ---- beginning and end ------------------------------------------------- */

static bool goes_back(const struct scenario_thread *t)
{
	uint32_t i;

	for (i = 0; i < t->op_count; i++) {
		if (t->ops[i].verb == VERB_JUMP && t->ops[i].target <= i)
			return true;
	}
	return false;
}

bool livelock_is_possible(const struct scenario *s)
{
	uint32_t i;

	if (s->ignore >> VERDICT_LIVELOCK & 1)
		return false;
	for (i = 0; i < s->thread_count; i++) {
		if (goes_back(&s->threads[i]))
			return true;
	}
	return false;
}

static uint32_t count_marks(const struct expr *e)
{
	if (!e)
		return 0;
	return (e->kind == EXPR_MARKED) + count_marks(e->left) +
	       count_marks(e->right);
}

static bool can_be_hashed(const struct scenario *s)
{
	uint32_t i, marks = 0;

	for (i = 0; i < s->property_count; i++)
		marks += count_marks(s->properties[i].that);
	return s->thread_count <= SEARCH_THREADS_MAX && marks <= MARKS_MAX;
}

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

/* As if a search without bounds had led here, and nothing else could happen. */
static struct search *view_of(const struct sim *sim,
			      const bool *is_expected_blocked,
			      const struct property_watch *properties)
{
	struct search *view = checked(calloc(1, sizeof(*view)));
	size_t count = sim->task_count;

	view->scenario = sim->scenario;
	view->thread_count = sim->task_count;
	view->preemptions_max = NO_BOUND;
	view->last = NO_MOVER;
	view->has_options = true;
	view->properties = (struct property_watch *)(uintptr_t)properties;
	view->is_expected_blocked = checked(calloc(count + 1, sizeof(bool)));
	memcpy(view->is_expected_blocked, is_expected_blocked,
	       count * sizeof(bool));
	touch_log_init(&view->log, sim->scenario);
	return view;
}

void livelock_new(struct sim *sim, const bool *is_expected_blocked,
		  const struct property_watch *properties)
{
	struct livelock *l;

	if (sim->hasher || !livelock_is_possible(sim->scenario) ||
	    !can_be_hashed(sim->scenario))
		return;
	l = checked(calloc(1, sizeof(*l)));
	l->view = view_of(sim, is_expected_blocked, properties);
	l->hasher = state_hash_new(l->view);
	l->room = SLOTS_FIRST;
	l->samples = checked(calloc(l->room, sizeof(*l->samples)));
	sim->livelock = l;
	sim->hasher = l->hasher;
	state_hash_begin(l->hasher, sim);
}

void livelock_free(struct sim *sim)
{
	struct livelock *l = sim->livelock;

	if (!l)
		return;
	sim->livelock = NULL;
	sim->hasher = NULL;
	state_hash_free(l->hasher);
	touch_log_fini(&l->view->log);
	free(l->view->is_expected_blocked);
	free(l->view);
	free(l->samples);
	free(l);
}

/* ---- states ------------------------------------------------------------ */

static struct sample *find(const struct livelock *l, const uint64_t hash[2])
{
	uint32_t at = (uint32_t)hash[0] & (l->room - 1);
	struct sample *s = &l->samples[at];

	while (s->move && (s->hash[0] != hash[0] || s->hash[1] != hash[1])) {
		at = (at + 1) & (l->room - 1);
		s = &l->samples[at];
	}
	return s;
}

static void grow(struct livelock *l)
{
	struct sample *old = l->samples;
	uint32_t i, count = l->room;

	l->room *= 2;
	l->samples = checked(calloc(l->room, sizeof(*l->samples)));
	for (i = 0; i < count; i++) {
		if (old[i].move)
			*find(l, old[i].hash) = old[i];
	}
	free(old);
}

/* ---- cycles ------------------------------------------------------------ */

/* Since the state that was there after move @first. */
static bool is_fair(const struct sim *sim, uint32_t first)
{
	const struct livelock *l = sim->livelock;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (task_can_move(&sim->tasks[i]) && l->moved_at[i] <= first)
			return false;
	}
	return l->progress_at <= first && l->clock_at > first;
}

static void found(const struct sim *sim, uint32_t first, uint32_t step,
		  uint32_t event)
{
	struct livelock *l = sim->livelock;
	uint32_t i;

	l->is_found = true;
	l->lasso = (struct lasso){
		.first = first,
		.last = l->moves,
		.first_step = step,
		.last_step = sim->step_count,
		.first_event = event,
		.last_event = sim->event_count,
	};
	for (i = 0; i < sim->task_count; i++) {
		if (l->moved_at[i] > first)
			l->lasso.threads |= UINT64_C(1) << i;
	}
}

/* The latest time that it was there, and the first: then more have moved. */
static void compare(const struct sim *sim, const struct sample *s)
{
	if (is_fair(sim, s->move))
		found(sim, s->move, s->step, s->event);
	else if (is_fair(sim, s->first_move))
		found(sim, s->first_move, s->first_step, s->first_event);
}

static void take_sample(const struct sim *sim)
{
	struct livelock *l = sim->livelock;
	const struct step *last = &sim->tasks[sim->mover].last;
	uint64_t hash[2];
	struct sample *s;

	state_hash_take(l->hasher, l->view, hash);
	/* Who comes next in a round follows from who was last, and how. */
	hash[0] += (uint64_t)sim->mover << 1 | (last->kind == EVENT_YIELD);
	s = find(l, hash);
	if (s->move) {
		compare(sim, s);
	} else {
		*s = (struct sample){
			.hash = {hash[0], hash[1]},
			.first_move = l->moves,
			.first_step = sim->step_count,
			.first_event = sim->event_count,
		};
		l->sample_count++;
	}
	s->move = l->moves;
	s->step = sim->step_count;
	s->event = sim->event_count;
	if (2 * l->sample_count > l->room)
		grow(l);
}

/* ---- the loop ---------------------------------------------------------- */

/* Is this one of the states that are kept? */
static bool is_in_stretch(uint32_t nth)
{
	uint32_t stretch = nth / STRETCH;

	return !(stretch & (stretch - 1));
}

/* A thread has moved.  Returns whether it has gone back in its program. */
static bool note_thread(struct sim *sim)
{
	struct livelock *l = sim->livelock;
	uint32_t i = (uint32_t)sim->mover;
	const struct task *task = &sim->tasks[i];
	bool is_back =
		task->op_finished != l->finished[i] && task->pc <= l->pc[i];

	l->moved_at[i] = l->moves;
	l->pc[i] = task->pc;
	l->finished[i] = task->op_finished;
	if (task->marks != l->marks[i]) {
		l->marks[i] = task->marks;
		l->progress_at = l->moves;
	}
	return is_back;
}

/* Where every thread stands before its first move. */
static void note_beginnings(struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->task_count; i++)
		sim->livelock->pc[i] = sim->tasks[i].pc;
}

/* Nothing will be different from what it has been since the cycle began. */
static bool is_for_ever(const struct sim *sim)
{
	const struct livelock *l = sim->livelock;

	return l->is_found && l->lasso.last == l->moves &&
	       l->lasso.first >= l->led_at;
}

void livelock_look(struct sim *sim)
{
	struct livelock *l = sim->livelock;
	bool is_back = false;

	if (!sim->step_count) {
		note_beginnings(sim);
		return;
	}
	l->moves++;
	if (l->is_found)
		return;
	if (!sim->is_round)
		l->led_at = l->moves;
	if (sim->mover == MOVER_CLOCK || !sim_next_timer(sim))
		l->clock_at = l->moves;
	if (sim->mover >= 0)
		is_back = note_thread(sim);
	else if (sim->mover == MOVER_SIGNAL)
		l->progress_at = l->moves;
	if (is_back && is_in_stretch(l->backs++))
		take_sample(sim);
	if (l->is_found)
		sim->hasher = NULL; /* nobody asks any more */
	if (is_for_ever(sim))
		sim->steps_max = sim->step_count;
}

/* ---- the verdict ------------------------------------------------------- */

/* "A, B and C" */
static const char *names_of(struct sim *sim, uint64_t threads)
{
	const char *text = "", *comma;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (!(threads >> i & 1))
			continue;
		threads &= ~(UINT64_C(1) << i);
		comma = !*text ? "" : threads ? ", " : " and ";
		text = sim_format(sim, "%s%s%s", text, comma,
				  sim->tasks[i].name);
	}
	return text;
}

static const struct task *first_of(const struct sim *sim, uint64_t threads)
{
	uint32_t i = 0;

	while (!(threads >> i & 1))
		i++;
	return &sim->tasks[i];
}

bool livelock_judge(struct sim *sim)
{
	const struct livelock *l = sim->livelock;
	const struct lasso *lasso = &l->lasso;
	const struct task *first;
	struct verdict *v;

	if (!l->is_found)
		return false;
	v = sim_verdict(sim, VERDICT_LIVELOCK, EVENT_NOBODY);
	if (!v)
		return false;
	first = first_of(sim, lasso->threads);
	v->rule = "a fair schedule gets threads somewhere";
	v->what = sim_format(
		sim,
		"a fair cycle of %u steps: after step %u all is as it was "
		"after step %u, %s ha%s moved, and no other thread can",
		lasso->last_step - lasso->first_step, lasso->last_event,
		lasso->first_event, names_of(sim, lasso->threads),
		lasso->threads & (lasso->threads - 1) ? "ve" : "s");
	v->line = first->op ? first->op->mark.line : 0;
	v->at = lasso->last_event;
	verdict_add_evidence(v, lasso->first_event + 1);
	return true;
}

const struct lasso *livelock_lasso(const struct sim *sim, uint32_t *moves)
{
	const struct livelock *l = sim->livelock;

	if (!l || !l->is_found)
		return NULL;
	*moves = l->moves;
	return &l->lasso;
}
