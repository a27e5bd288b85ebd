/*
 * play.c - where threads are to be, and what time it is, in a performance.
 *
 * Virtual time stands still between moves of the clock; real time does not.  So
 * deadlines and moves of the clock are instants in a row, a gap apart, whatever
 * lies between them in the scenario: what matters is their order.  A deadline
 * that the scenario does not come to is an hour away.  If a real deadline
 * passes before the scenario gets there, the gap was too small, and all is done
 * again with a larger one.
 */
#include "sim/host/play.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "sim/host/operations.h"

#define FAR_NS UINT64_C(3600000000000)
#define GLANCE_NS UINT64_C(10000000)

/* ---- what came of it ----------------------------------------------------- */

void play_differ(struct play *p, uint32_t thread, const struct op *op,
		 const char *model, const char *kernel)
{
	struct host_difference *d = &p->report->difference;

	if (p->is_over)
		return;
	p->is_over = true;
	p->report->outcome = HOST_DIFFERS;
	*d = (struct host_difference){0};
	d->thread = p->stage->scenario->threads[thread].name;
	d->op_index = op ? op->index : 0;
	d->op = op ? op->text : "";
	d->line = op ? op->mark.line : 0;
	snprintf(d->model, sizeof(d->model), "%s", model);
	snprintf(d->kernel, sizeof(d->kernel), "%s", kernel);
}

void play_late(struct play *p)
{
	p->is_over = true;
	p->is_late = true;
}

struct doing *actor_doing(struct actor *a)
{
	return &a->doing[a->level];
}

const struct op *actor_op(struct actor *a)
{
	return actor_doing(a)->begun ? actor_doing(a)->begun->op : NULL;
}

/* What the kernel made of an operation, in words. */
const char *play_outcome(struct play *p, struct actor *a, uint32_t level,
			 enum sight sight, char text[RESULT_TEXT_MAX])
{
	switch (sight) {
	case SIGHT_DONE:
		return result_text(operation_result(p->stage,
						    a->doing[level].begun,
						    a->b->slots[level].result),
				   text);
	case SIGHT_ASLEEP:
		return "sleeps";
	case SIGHT_GONE:
		return "ends the thread";
	case SIGHT_BUSY:
		break;
	}
	return "does not come back";
}

/* ---- time ---------------------------------------------------------------- */

uint64_t play_real_time(const struct play *p, uint64_t ns)
{
	const struct beats *b = p->beats;

	if (!b->instant_count || ns > b->instants[b->instant_count - 1])
		return ns > p->now_ns ? p->origin + FAR_NS : p->origin;
	return p->origin + beats_rank(b, ns) * p->options->gap;
}

void play_restart_clock(struct play *p)
{
	uint32_t i;

	for (i = 0; i < p->actor_count; i++) {
		if (p->actors[i].deadline)
			return;
	}
	p->origin =
		host_now() - beats_rank(p->beats, p->now_ns) * p->options->gap;
}

int64_t play_wall_offset(void)
{
	struct timespec ts;
	uint64_t mono = host_now();

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)((uint64_t)ts.tv_sec * 1000000000u +
			 (uint64_t)ts.tv_nsec - mono);
}

void play_sleep_until(uint64_t ns)
{
	struct timespec ts = {(time_t)(ns / 1000000000u),
			      (long)(ns % 1000000000u)};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) ==
	       EINTR)
		;
}

/* Has a deadline passed that the model has not come to? */
static bool is_too_late(const struct play *p)
{
	uint64_t now = host_now();
	uint32_t i;

	for (i = 0; i < p->actor_count; i++) {
		if (p->actors[i].deadline && now >= p->actors[i].deadline)
			return true;
	}
	return false;
}

/* ---- everybody in their places ------------------------------------------- */

bool actor_is_handling(const struct actor *a)
{
	return __atomic_load_n(&a->b->entered, __ATOMIC_SEQ_CST) > a->handlers;
}

enum sight play_await(const struct play *p, struct actor *a, uint32_t level,
		      bool may_sleep)
{
	uint64_t end_ns = host_now() + p->options->patience;
	enum sight sight;

	do {
		sight = agent_wait(a->b, level, may_sleep, GLANCE_NS);
		if (sight == SIGHT_DONE || sight == SIGHT_GONE ||
		    (sight == SIGHT_ASLEEP && may_sleep))
			return sight;
	} while (host_now() < end_ns && !actor_is_handling(a));
	return actor_is_handling(a) ? SIGHT_BUSY : sight;
}

/* One whom the model has freed must come back, whatever it gives. */
static void settle_freed(struct play *p, struct actor *a, uint32_t thread)
{
	enum sight sight;
	char text[RESULT_TEXT_MAX];

	a->is_freed = false;
	if (!actor_doing(a)->has_asked)
		return;
	sight = play_await(p, a, a->level, false);
	if (sight == SIGHT_DONE || sight == SIGHT_GONE || actor_is_handling(a))
		return;
	play_differ(p, thread, actor_op(a), "is awake",
		    play_outcome(p, a, a->level, sight, text));
}

/* One who sleeps in the model must sleep here. */
void play_settle_sleeper(struct play *p, struct actor *a, uint32_t thread)
{
	enum sight sight =
		agent_wait(a->b, a->level, true, p->options->patience);
	char text[RESULT_TEXT_MAX];

	if (sight == SIGHT_ASLEEP)
		return;
	if (is_too_late(p))
		play_late(p);
	else
		play_differ(p, thread, actor_op(a), "sleeps",
			    play_outcome(p, a, a->level, sight, text));
}

void play_settle(struct play *p)
{
	struct actor *a;
	uint32_t i;

	for (i = 0; i < p->actor_count && !p->is_over; i++) {
		a = &p->actors[i];
		if (a->is_freed && !a->is_dying)
			settle_freed(p, a, i);
		else if (a->sleeps && actor_doing(a)->has_asked && !p->dying)
			play_settle_sleeper(p, a, i);
	}
	if (!p->is_over && is_too_late(p))
		play_late(p);
}
