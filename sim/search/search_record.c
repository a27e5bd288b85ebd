/*
 * search_record.c - what is seen, as the search tells it.
 *
 * Runs of a search repeat the beginning of the one before, and what they do
 * not look at again is not looked at here: states on the way of the present
 * run are kept by depth.
 */
#include "sim/search/search_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/judge/lock_order.h"
#include "sim/search/search_record_graph.h"

uint32_t seen_states_max = RECORD_NODES_MAX - SEEN_RESERVE;

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

struct seen *seen_new(const struct search *s)
{
	struct seen *r = checked(calloc(1, sizeof(*r)));
	uint32_t i, count;

	r->record = record_new();
	ways_init(&r->ways);
	r->ways.states_max = seen_states_max;
	r->ways.moves_max = RECORD_EDGES_MAX - SEEN_RESERVE;
	r->ops = checked(calloc(s->thread_count + 1ul, sizeof(*r->ops)));
	for (i = 0; i < s->thread_count; i++) {
		count = s->scenario->threads[i].op_count;
		r->ops[i] = checked(calloc(count + 1ul, sizeof(**r->ops)));
	}
	return r;
}

void seen_free(struct seen *r, uint32_t thread_count)
{
	uint32_t i;

	if (!r)
		return;
	for (i = 0; i < thread_count; i++)
		free(r->ops[i]);
	for (i = 0; i < r->switches_room; i++)
		free(r->switches[i].runs);
	record_free(r->record);
	state_hash_free(r->hasher);
	ways_fini(&r->ways);
	free(r->ops);
	free(r->switches);
	free(r->places);
	free(r->ways_on);
	free(r->labels_on);
	free(r->labels);
	free(r);
}

void seen_begin_pass(struct seen *r)
{
	ways_clear(&r->ways);
	r->pass++;
}

struct state_hash *seen_begin_run(struct seen *r, struct search *s)
{
	if (!r->hasher)
		r->hasher = state_hash_new(s);
	state_hash_begin(r->hasher, &s->sim);
	return r->hasher;
}

/* ---- what a step is called --------------------------------------------- */

static uint32_t add_label(struct seen *r, const char *text)
{
	if (r->label_count == r->label_room) {
		r->label_room = r->label_room ? 2 * r->label_room : 64;
		r->labels = checked(
			realloc(r->labels, r->label_room * sizeof(*r->labels)));
	}
	r->labels[r->label_count++] = trace_string(r->record->memory, text);
	return r->label_count;
}

static uint32_t label_of_point(struct seen *r, enum event_kind kind,
			       enum object_kind object)
{
	uint32_t *label = &r->points[kind][object];
	char text[POINT_NAME_MAX];

	if (!*label)
		*label = add_label(r, event_point(kind, object, text));
	return *label - 1;
}

/* Is it what an operation begins with? */
static bool is_of_program(enum event_kind kind)
{
	return kind != EVENT_RETURN && kind != EVENT_EXIT &&
	       kind != EVENT_DELIVER && kind != EVENT_SIGRETURN;
}

/* What a program does goes by its own words, what the kernel does by points. */
static uint32_t label_of_thread(struct seen *r, const struct task *task)
{
	const struct scenario_thread *t = task->thread;
	const struct step *step = &task->step;
	uint32_t *label;

	if (step->site || !is_of_program(step->kind) || !task->op ||
	    task->op < t->ops || task->op >= t->ops + t->op_count)
		return label_of_point(r, step->kind, step->object_kind);
	label = &r->ops[task->index][task->op - t->ops];
	if (!*label)
		*label = add_label(r, task->op->text);
	return *label - 1;
}

static uint32_t label_of(struct seen *r, const struct search *s, uint16_t mover)
{
	uint32_t i;

	switch (mover_kind(s->thread_count, mover, &i)) {
	case MOVER_IS_THREAD:
		return label_of_thread(r, &s->sim.tasks[i]);
	case MOVER_IS_CLOCK:
		return label_of_point(r, EVENT_TIMER_FIRE, OBJECT_TIMER);
	case MOVER_IS_SIGNAL:
		return label_of_point(r, EVENT_SIGNAL, OBJECT_SIGNAL);
	case MOVER_IS_SPURIOUS:
		return label_of_point(r, EVENT_SPURIOUS, OBJECT_TASK);
	case MOVER_IS_END:
		break;
	}
	if (!r->label_of_end)
		r->label_of_end = add_label(r, "nothing more happens");
	return r->label_of_end - 1;
}

/* ---- the way of a run -------------------------------------------------- */

static void make_room(struct seen *r, uint32_t depth)
{
	size_t size;

	if (depth < r->room)
		return;
	r->room = 2 * depth + 256;
	size = r->room * sizeof(*r->places);
	r->places = checked(realloc(r->places, size));
	r->ways_on = checked(realloc(r->ways_on, size));
	r->labels_on = checked(realloc(r->labels_on, size));
}

/* Names are told apart here, so that any way can be followed. */
static uint32_t find_state(struct seen *r, struct search *s)
{
	bool is_symmetric = s->is_symmetric;
	struct way_state *state;
	uint64_t hash[2];
	uint32_t place, count;

	s->is_symmetric = false;
	state_hash_take(s->sim.hasher, s, hash);
	s->is_symmetric = is_symmetric;
	place = ways_state(&r->ways, hash, s->depth);
	if (place == NOWHERE_YET)
		return place;
	state = &r->ways.states[place];
	count = choices_count(&s->choices);
	if (count > state->choices)
		state->choices = count;
	return place;
}

/* The last move has led to state @to. */
static void arrive(struct seen *r, const struct search *s, uint32_t to)
{
	uint32_t last = s->depth - 1;

	if (to == NOWHERE_YET || r->places[last] == NOWHERE_YET)
		r->ways_on[last] = NOWHERE_YET;
	else
		r->ways_on[last] =
			ways_move(&r->ways, r->places[last], to, s->trail[last],
				  r->labels_on[last]);
}

/* The end of a list may be in the midst of a run. */
static bool is_cut_short(const struct seen *r, const struct search *s,
			 uint16_t mover)
{
	return r->followed && mover == NO_MOVER && s->depth &&
	       !choices_are_none(&s->choices);
}

void seen_stand(struct seen *r, struct search *s, uint16_t mover)
{
	make_room(r, s->depth);
	r->is_at_rest = choices_are_none(&s->choices);
	if (s->end == RUN_DIVERGED || is_cut_short(r, s, mover))
		return;
	if (!s->repeated || s->depth > s->repeated) {
		r->places[s->depth] = find_state(r, s);
		if (s->depth)
			arrive(r, s, r->places[s->depth]);
	}
	if (mover != NO_MOVER)
		r->labels_on[s->depth] = label_of(r, s, mover);
}

void seen_check(struct search *s)
{
	if (!lock_order_is_open(&s->sim) || state_hash_has_locks(s->sim.hasher))
		return;
	search_fail(s, -EINVAL,
		    "--record does not keep in which order locks were taken, "
		    "and here it matters, for one was taken against the order "
		    "of the futex code; search without it");
}

/* ---- the end of a run -------------------------------------------------- */

static uint32_t count_switches(const struct search *s)
{
	uint32_t i, count = 0;

	for (i = 1; i < s->depth; i++)
		count += s->trail[i] != s->trail[i - 1];
	return count;
}

static void count_run(struct seen *r, const struct search *s, uint32_t ending)
{
	uint32_t i, room, switches = count_switches(s);
	struct switch_counts *c;

	if (ending >= r->switches_room) {
		room = 2 * ending + 16;
		r->switches = checked(
			realloc(r->switches, room * sizeof(*r->switches)));
		memset(r->switches + r->switches_room, 0,
		       (room - r->switches_room) * sizeof(*r->switches));
		r->switches_room = room;
	}
	c = &r->switches[ending];
	if (switches >= c->room) {
		room = 2 * switches + 16;
		c->runs = checked(realloc(c->runs, room * sizeof(*c->runs)));
		memset(c->runs + c->room, 0,
		       (room - c->room) * sizeof(*c->runs));
		c->room = room;
	}
	/* Runs of the pass before this one are forgotten, as in s->endings. */
	if (c->pass != r->pass)
		memset(c->runs, 0, c->room * sizeof(*c->runs));
	c->pass = r->pass;
	c->runs[switches]++;
	for (i = 0; i < s->depth; i++) {
		if (r->ways_on[i] != NOWHERE_YET)
			r->ways.moves[r->ways_on[i]].runs++;
	}
}

/*
 * Beside the states: no hash of one is like that.  Where a run was stopped its
 * way decides how it ends: then the end is this state's, after so many steps.
 */
static uint32_t end_beside(struct seen *r, const struct search *s,
			   uint32_t ending)
{
	uint64_t hash[2] = {UINT64_C(0x9e3779b97f4a7c15) * (ending + 1),
			    ending};
	bool is_stop = s->end != RUN_AT_REST;
	uint32_t place;

	if (is_stop && s->depth) {
		hash[0] += UINT64_C(0xc2b2ae3d27d4eb4f) * s->depth;
		hash[1] |= (uint64_t)(r->places[s->depth - 1] + 1ul) << 32;
	}
	place = ways_state(&r->ways, hash, s->depth);
	if (place == NOWHERE_YET)
		return place;
	r->ways.states[place].ending = ending + 1;
	r->ways.states[place].is_stop = is_stop;
	return place;
}

static bool is_state_of(const struct seen *r, uint32_t place, uint32_t ending)
{
	const struct way_state *state = &r->ways.states[place];

	return !state->first_move &&
	       (!state->ending || state->ending == ending + 1);
}

static void note_end(struct seen *r, const struct search *s, uint32_t ending)
{
	bool is_at_rest = r->is_at_rest && s->end == RUN_AT_REST;
	uint32_t place = is_at_rest ? r->places[s->depth] : NOWHERE_YET;

	if (is_at_rest && place == NOWHERE_YET)
		return;
	if (is_at_rest && is_state_of(r, place, ending))
		r->ways.states[place].ending = ending + 1;
	else if (s->depth)
		arrive(r, s, end_beside(r, s, ending));
	else if (!r->ways.state_count)
		end_beside(r, s, ending);
}

void seen_end(struct seen *r, const struct search *s, uint32_t ending)
{
	make_room(r, s->depth);
	note_end(r, s, ending);
	r->is_at_rest = false;
	if (!r->followed)
		count_run(r, s, ending);
}

struct record *seen_finish(struct search *s, struct search_result *result)
{
	struct seen *r = s->seen;
	struct record *record = r->record;

	seen_show(s, result);
	seen_build(r, s, result);
	r->record = NULL;
	return record;
}
