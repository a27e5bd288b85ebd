/*
 * search_run.c - one execution of a search, and what the strategy makes of each
 * of its steps.
 *
 * It is a policy like any other.  Before each choice the step before it is
 * over: what it touched is in the log, and properties are looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/judge/evaluate.h"
#include "sim/judge/judge.h"
#include "sim/search/search_cache.h"
#include "sim/search/search_internal.h"
#include "sim/search/search_lasso.h"
#include "sim/search/search_record.h"

/* ---- moving ------------------------------------------------------------ */

struct move search_move_on(const struct sim *sim, uint16_t mover)
{
	uint32_t i;

	switch (mover_kind(sim->task_count, mover, &i)) {
	case MOVER_IS_THREAD:
		return (struct move){.kind = MOVE_STEP, .thread = i};
	case MOVER_IS_CLOCK:
		return (struct move){.kind = MOVE_FIRE,
				     .thread =
					     sim_next_timer(sim)->task->index};
	case MOVER_IS_SIGNAL:
		return (struct move){
			.kind = MOVE_SIGNAL, .thread = i, .ns = SIGNAL_DEFAULT};
	case MOVER_IS_SPURIOUS:
		return (struct move){.kind = MOVE_SPURIOUS, .thread = i};
	case MOVER_IS_END:
		break;
	}
	return (struct move){.kind = MOVE_STOP};
}

static void make_room(struct search *s)
{
	if (s->depth < s->trail_room)
		return;
	s->trail_room = s->trail_room ? 2 * s->trail_room : 256;
	s->trail = realloc(s->trail, s->trail_room * sizeof(*s->trail));
	s->stations =
		realloc(s->stations, s->trail_room * sizeof(*s->stations));
	if (!s->trail || !s->stations)
		abort();
}

static void push(struct search *s, uint16_t mover)
{
	uint32_t i;

	s->trail[s->depth++] = mover;
	s->preemptions += search_cost(&s->sim, s->last, mover);
	switch (mover_kind(s->thread_count, mover, &i)) {
	case MOVER_IS_THREAD:
		s->last = mover;
		break;
	case MOVER_IS_SIGNAL:
		s->signals_left[i]--;
		break;
	case MOVER_IS_SPURIOUS:
		s->spurious_left--;
		break;
	case MOVER_IS_CLOCK:
	case MOVER_IS_END:
		break;
	}
}

/* Has the last mover given way? */
static void note_yield(struct search *s)
{
	const struct task *task;
	uint16_t mover;

	if (!s->depth)
		return;
	mover = s->trail[s->depth - 1];
	if (mover >= s->thread_count)
		return;
	task = &s->sim.tasks[mover];
	s->has_yielded = task->last.kind == EVENT_YIELD && !task->last.site;
}

/* The step of the last mover is over. */
static void absorb(struct search *s)
{
	uint16_t mover = s->trail[s->depth - 1];
	const struct task *task;

	note_yield(s);
	if (mover < s->thread_count) {
		task = &s->sim.tasks[mover];
		if (s->is_symmetric && task->thread->symmetric &&
		    s->has_new_thread)
			sim_touch(&s->sim, TOUCH_BEGIN, TOUCH_WRITE,
				  task->thread->symmetric, 0);
	}
	/* It moves when all others have, and so comes after them all. */
	if (mover == s->thread_count && s->explore->timeouts == TIMEOUTS_IDLE)
		sim_touch(&s->sim, TOUCH_ALL, TOUCH_WRITE, 0, 0);
	if (s->sim.is_over)
		sim_touch(&s->sim, TOUCH_ALL, TOUCH_WRITE, 0, 0);
	if (s->ops->took)
		s->ops->took(s, mover);
}

/*
 * A step that changes anything a property looks at can be seen: the order of
 * two such steps may matter to it.  After any other step it need not look.
 */
static void look_where_changed(struct search *s, bool is_new)
{
	const struct scenario *scenario = s->scenario;
	uint64_t leaves;
	uint32_t i;

	for (i = 0; i < scenario->property_count; i++) {
		if (!scenario->properties[i].that)
			continue;
		leaves = evaluate_leaves(&s->sim, scenario->properties[i].that);
		if (is_new && s->has_begun && leaves == s->leaves[i])
			continue;
		if (is_new && s->has_begun)
			sim_touch(&s->sim, TOUCH_SHOW, TOUCH_WRITE, i, 0);
		s->leaves[i] = leaves;
		if (is_new)
			properties_look_at(s->properties, &s->sim, i);
	}
}

/* ---- beginning --------------------------------------------------------- */

static void policy_begin(struct policy *policy, struct sim *sim)
{
	struct search *s = (struct search *)policy;

	if (s->is_in_script)
		s->script.policy.begin(&s->script.policy, sim);
	s->ops->begin_run(s);
}

/* The schedule goes first; where it ends the search begins. */
static bool is_scripted(struct search *s, struct move *move)
{
	if (!s->is_in_script)
		return false;
	*move = s->script.policy.choose(&s->script.policy, &s->sim);
	if (move->kind != MOVE_STOP)
		return true;
	s->is_in_script = false;
	s->sim.is_brief = true;
	s->script.policy.end(&s->script.policy, &s->sim);
	s->sim.stops = s->has_stops ? &s->stops : NULL;
	return s->script.error != NULL;
}

uint16_t search_forced(struct search *s)
{
	uint16_t mover = s->request->prefix->items[s->depth];

	if (choices_have(&s->choices, s->thread_count, mover))
		return mover;
	s->end = RUN_DIVERGED;
	return NO_MOVER;
}

static uint16_t choose_mover(struct search *s)
{
	const struct movers *prefix = s->request->prefix;

	if (prefix && s->depth < prefix->count && !s->ops->wants_touches)
		return search_forced(s);
	return s->ops->choose(s, &s->choices);
}

/* ---- steps of the run before ------------------------------------------- */

static void take_station(struct search *s)
{
	struct station *at = &s->stations[s->depth];

	at->choices = s->choices;
	if (s->properties)
		properties_save(s->properties, &at->held, &at->violated);
}

static struct move repeat(struct search *s)
{
	uint16_t mover = s->trail[s->depth];

	if (s->has_begun)
		note_yield(s);
	s->has_begun = true;
	s->choices = s->stations[s->depth].choices;
	push(s, mover);
	return search_move_on(&s->sim, mover);
}

/* The first step that is new: from here on everything is looked at. */
static void stop_repeating(struct search *s)
{
	const struct station *at = &s->stations[s->depth];

	if (s->properties)
		properties_restore(s->properties, &s->sim, at->held,
				   at->violated);
	s->sim.touches = s->ops->wants_touches ? &s->log : NULL;
	note_yield(s);
}

static void look(struct search *s)
{
	bool is_new = !s->repeated || s->depth > s->repeated;

	if (!is_new)
		stop_repeating(s);
	if (s->sim.touches && s->properties)
		look_where_changed(s, is_new);
	else if (is_new)
		properties_look(s->properties, &s->sim);
	if (s->has_begun && s->depth > s->repeated)
		absorb(s);
	s->has_begun = true;
	search_find_choices(s, &s->choices);
	s->log.count = 0;
}

/* ---- the policy -------------------------------------------------------- */

static struct move policy_choose(struct policy *policy, struct sim *sim)
{
	struct search *s = (struct search *)policy;
	struct move move = {.kind = MOVE_STOP};
	uint16_t mover;

	if (is_scripted(s, &move))
		return move;
	if (s->depth < s->repeated)
		return repeat(s);
	look(s);
	if (choices_are_none(&s->choices)) {
		if (s->seen)
			seen_stand(s->seen, s, NO_MOVER);
		return move;
	}
	/* The loop sees the limit; nothing is chosen any more. */
	if (sim->step_count >= sim->steps_max)
		return (struct move){.kind = MOVE_ADVANCE};
	make_room(s);
	take_station(s);
	search_save(s);
	mover = choose_mover(s);
	if (s->seen)
		seen_stand(s->seen, s, mover);
	if (mover == NO_MOVER) {
		if (s->end == RUN_AT_REST)
			s->end = RUN_CUT_OFF;
		return move;
	}
	push(s, mover);
	s->has_new_thread =
		mover < s->thread_count && !sim->tasks[mover].step_count;
	return search_move_on(sim, mover);
}

static void policy_end(struct policy *policy, struct sim *sim)
{
	(void)policy;
	(void)sim;
}

/* ---- one execution ----------------------------------------------------- */

/* Where the words are, if they stay there. */
static void find_words(struct search *s)
{
	struct sim *sim = &s->sim;
	struct place p;
	uint32_t i;

	for (i = 0; i < s->scenario->word_count; i++) {
		p = word_place(sim, &s->scenario->words[i], NULL);
		s->word_bytes[i] =
			!s->log.has_changing_maps && p.memory && !(p.offset % 4)
				? (const uint32_t *)(const void *)place_bytes(
					  sim, p)
				: NULL;
	}
}

/* Built once, and from then on put back to where it began. */
static void begin_machine(struct search *s)
{
	if (s->sim.snapshots.count) {
		snapshot_restore(&s->sim, 0);
		return;
	}
	sim_begin(&s->sim, s->scenario, s->request->quirks);
	s->sim.steps_max = s->steps_max;
	if (s->cache)
		s->sim.hasher = cache_begin_run(s->cache, &s->sim);
	else if (s->seen)
		s->sim.hasher = seen_begin_run(s->seen, s);
	s->properties = properties_begin(&s->sim);
	sim_start(&s->sim);
	if (snapshot_take(&s->sim))
		find_words(s);
}

static void begin(struct search *s)
{
	const struct search_request *r = s->request;

	s->log.count = 0;
	if (search_resume(s))
		return;
	s->depth = 0;
	s->last = NO_MOVER;
	s->has_yielded = false;
	s->has_begun = false;
	s->preemptions = 0;
	s->end = RUN_AT_REST;
	s->log.count = 0;
	s->spurious_left = s->explore->spurious;
	if (s->explore->signals)
		memcpy(s->signals_left, s->explore->signals,
		       s->thread_count * sizeof(*s->signals_left));
	begin_machine(s);
	s->sim.touches = s->ops->wants_touches && !s->repeated ? &s->log : NULL;
	s->is_in_script = r->schedule != NULL;
	s->sim.stops = s->is_in_script || !s->has_stops ? NULL : &s->stops;
	s->sim.is_brief = !s->is_in_script;
	if (s->is_in_script)
		policy_script_init(&s->script, r->schedule, NULL);
}

static void judge(struct search *s)
{
	struct sim *sim = &s->sim;

	judge_rest(sim, s->is_expected_blocked);
	if (sim->is_at_limit) {
		s->end = RUN_AT_LIMIT;
		lasso_judge(s);
		return;
	}
	properties_end(s->properties, sim, true);
	expect_check(sim);
}

void search_run_once(struct search *s)
{
	begin(s);
	sim_run(&s->sim, &s->policy, NULL);
	/* A bug ends a run without another choice. */
	if (s->sim.is_over && s->depth && !s->is_in_script)
		absorb(s);
	if (s->cache)
		cache_check(s);
	else if (s->seen)
		seen_check(s);
	s->events += s->sim.event_count;
	if (s->depth > s->depth_max)
		s->depth_max = s->depth;
	if (s->end == RUN_AT_REST)
		judge(s);
}

void search_policy_init(struct search *s)
{
	s->policy = (struct policy){"search", policy_begin, policy_choose,
				    policy_end};
}
