/*
 * enact.c - beat by beat: begin an operation, wait until it has ended or
 * sleeps, and compare.
 *
 * Nothing is believed because time went by: that a thread sleeps is read from
 * the kernel, that it is awake from its answer.
 */
#include "sim/host/enact.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sim/host/operations.h"
#include "sim/host/play.h"

#define PEEK_NS UINT64_C(100000)
#define LONG_AGO_NS UINT64_C(1000000000)

/* ---- the beginning and the end of operations ----------------------------- */

/* Real time must not run into a deadline that the scenario comes to. */
static uint64_t running_deadline(const struct play *p, const struct beat *beat)
{
	const struct beats *b = p->beats;

	if (beat->deadline_ns <= p->now_ns || !b->instant_count ||
	    beat->deadline_ns > b->instants[b->instant_count - 1])
		return 0;
	return play_real_time(p, beat->deadline_ns);
}

static void begin(struct play *p, const struct beat *beat)
{
	struct actor *a = &p->actors[beat->thread];
	struct doing *d = &a->doing[beat->level];
	struct moment moment = {0};
	enum host_reason reason;
	const char *why;

	play_settle(p);
	why = p->is_over ? NULL : operation_objection(p->stage, beat, &reason);
	if (why) {
		p->is_over = true;
		host_refuse_op(p->report, reason, p->stage->scenario, beat->op,
			       why);
	}
	if (!p->is_over && actor_is_handling(a))
		play_differ(p, beat->thread, beat->op, "begins",
			    "runs a handler before");
	if (p->is_over)
		return;
	play_restart_clock(p);
	moment.now_ns = host_now();
	moment.wall_offset_ns = play_wall_offset();
	moment.deadline_ns = beat->deadline_ns > p->now_ns
				     ? play_real_time(p, beat->deadline_ns)
				     : moment.now_ns - LONG_AGO_NS;
	d->begun = beat;
	d->ended = NULL;
	a->deadline = running_deadline(p, beat);
	d->has_asked =
		operation_prepare(p->stage, beat, &moment, a->b, &d->result);
	if (d->has_asked)
		agent_ask(&a->b->slots[beat->level]);
}

/* Is the operation one that does not come back? */
static bool ends_thread(const struct op *op)
{
	return op->verb == VERB_EXIT || op->verb == VERB_EXIT_GROUP;
}

static void compare(struct play *p, const struct beat *beat, int64_t value)
{
	char model[RESULT_TEXT_MAX], kernel[RESULT_TEXT_MAX];

	p->report->operations++;
	if (value != beat->value)
		play_differ(p, beat->thread, beat->op,
			    result_text(beat->value, model),
			    result_text(value, kernel));
}

/* Does the model come to the end of this thread, from @beat on? */
static bool will_exit(const struct play *p, const struct beat *beat,
		      uint32_t thread)
{
	const struct beat *last = p->beats->list + p->beats->count, *b;

	for (b = beat; b < last; b++) {
		if (b->kind == BEAT_EXITED && b->thread == thread)
			return true;
	}
	return false;
}

/* Has a thread killed itself, and so cannot say what kill gave? */
static bool is_own_end(const struct play *p, const struct beat *beat)
{
	return beat->op->verb == VERB_KILL && will_exit(p, beat, beat->thread);
}

/* All signals that were sent are taken, or blocked. */
static void drain(struct play *p)
{
	uint64_t end_ns = host_now() + p->options->patience;
	struct actor *a;
	uint32_t i;

	for (i = 0; i < p->actor_count; i++) {
		a = &p->actors[i];
		while (!a->has_exited && agent_has_pending(a->b) &&
		       !agent_is_gone(a->b) && host_now() < end_ns)
			play_sleep_until(host_now() + PEEK_NS);
	}
}

static bool may_send(const struct op *op)
{
	return op->verb == VERB_KILL || op->verb == VERB_SIGMASK ||
	       op->verb == VERB_SIGACTION;
}

/* May it sleep for a moment, although nobody has to wake it? */
static bool may_doze(const struct actor *a, const struct doing *d)
{
	return a->is_freed || ends_thread(d->begun->op) ||
	       d->begun->deadline_ns <= d->begun->now_ns;
}

/*
 * The operation of @level has ended in the model, and does so here; if a
 * handler has come in between, later.
 */
static void finish(struct play *p, struct actor *a, uint32_t level)
{
	struct doing *d = &a->doing[level];
	const struct beat *beat = d->ended;
	char model[RESULT_TEXT_MAX], kernel[RESULT_TEXT_MAX];
	enum sight sight = SIGHT_DONE;

	if (d->has_asked)
		sight = play_await(p, a, level, !may_doze(a, d));
	if (sight == SIGHT_BUSY && actor_is_handling(a))
		return;
	if (sight == SIGHT_GONE && ends_thread(beat->op))
		compare(p, beat, 0);
	else if (sight == SIGHT_GONE && is_own_end(p, beat))
		p->report->operations++;
	else if (sight != SIGHT_DONE)
		play_differ(p, beat->thread, beat->op,
			    result_text(beat->value, model),
			    play_outcome(p, a, level, sight, kernel));
	else if (d->has_asked)
		compare(p, beat,
			operation_result(p->stage, d->begun,
					 a->b->slots[level].result));
	else
		compare(p, beat, d->result);
	if (!p->is_over && beat->value >= 0 &&
	    !operation_finish(p->stage, d->begun))
		p->is_over = true;
	if (may_send(beat->op))
		drain(p);
	*d = (struct doing){0};
	a->deadline = 0;
	a->is_freed = false;
}

/* The call that a handler came in between comes back only after it. */
static void end(struct play *p, const struct beat *beat)
{
	struct actor *a = &p->actors[beat->thread];

	a->doing[beat->level].ended = beat;
	if (beat->level == a->level)
		finish(p, a, beat->level);
}

static void block(struct play *p, const struct beat *beat)
{
	struct actor *a = &p->actors[beat->thread];

	a->sleeps = true;
	if (actor_doing(a)->has_asked)
		play_settle_sleeper(p, a, beat->thread);
}

static void set_free(struct play *p, const struct beat *beat)
{
	struct actor *a = &p->actors[beat->thread];

	a->sleeps = false;
	a->is_freed = true;
	a->deadline = 0;
}

/* ---- the end of threads -------------------------------------------------- */

static void dying(struct play *p, const struct beat *beat)
{
	const struct scenario *s = p->stage->scenario;
	struct actor *a;
	uint32_t i;

	for (i = 0; i < p->actor_count; i++) {
		a = &p->actors[i];
		if (s->threads[i].process != beat->thread || a->has_exited)
			continue;
		a->is_dying = true;
		a->deadline = 0;
		p->dying += will_exit(p, beat, i);
	}
}

static void exited(struct play *p, const struct beat *beat)
{
	struct actor *a = &p->actors[beat->thread];

	if (a->is_dying && p->dying)
		p->dying--;
	if (!agent_await_end(a->b, p->options->patience))
		play_differ(p, beat->thread, beat->op, "ends the thread",
			    "it lives on");
	*a = (struct actor){.b = a->b, .has_exited = true, .is_dying = true};
}

/* In the model it gets no signals any more. */
static void done(struct play *p, const struct beat *beat)
{
	struct actor *a = &p->actors[beat->thread];
	const uint64_t all = UINT64_MAX;
	uint64_t args[AGENT_ARGS] = {
		SIG_SETMASK, (uint64_t)a->b->slots[0].scratch, 0, sizeof(all)};

	play_settle(p);
	if (p->is_over || a->is_dying)
		return;
	a->b->slots[0].scratch[0] = all;
	stage_call(p->stage, a->b, SYS_rt_sigprocmask, args);
}

/* ---- time and signals ---------------------------------------------------- */

static void fire(struct play *p, const struct beat *beat)
{
	struct actor *a = &p->actors[beat->thread];

	/* Of several at the same instant only the first is waited for. */
	if (beat->now_ns > p->now_ns)
		play_settle(p);
	if (p->is_over)
		return;
	p->now_ns = beat->now_ns;
	a->deadline = 0;
	play_sleep_until(play_real_time(p, beat->now_ns));
}

static void advance(struct play *p, const struct beat *beat)
{
	play_settle(p);
	if (p->is_over)
		return;
	p->now_ns = beat->now_ns;
	play_sleep_until(play_real_time(p, beat->now_ns));
}

static void send_signal(struct play *p, const struct beat *beat)
{
	const struct agent_block *b;
	bool is_of_thread = beat->kind == BEAT_SIGNAL;
	int pid, tid;

	play_settle(p);
	if (p->is_over)
		return;
	b = is_of_thread ? p->actors[beat->thread].b
			 : p->stage->leaders[beat->thread];
	if (!b || sscanf(b->place, "%d/task/%d", &pid, &tid) != 2)
		return;
	if (is_of_thread)
		syscall(SYS_tgkill, pid, tid, (int)beat->value);
	else
		kill(pid, (int)beat->value);
	drain(p);
}

static void enter_handler(struct play *p, const struct beat *beat)
{
	struct actor *a = &p->actors[beat->thread];

	a->sleeps = false;
	a->is_freed = false;
	a->deadline = 0;
	a->handlers++;
	if (!agent_await_count(a->b, &a->b->entered, a->handlers,
			       p->options->patience))
		play_differ(p, beat->thread, actor_op(a), "runs a handler",
			    "does not");
	a->level++;
}

static void leave_handler(struct play *p, const struct beat *beat)
{
	struct actor *a = &p->actors[beat->thread];
	struct agent_slot *slot = &a->b->slots[a->level];
	uint32_t left;

	play_settle(p);
	if (p->is_over)
		return;
	slot->work = AGENT_RETURN;
	left = a->b->left;
	agent_ask(slot);
	a->level--;
	if (!agent_await_count(a->b, &a->b->left, left + 1,
			       p->options->patience))
		play_differ(p, beat->thread, beat->op, "leaves the handler",
			    "does not");
	else if (a->doing[a->level].ended)
		finish(p, a, a->level);
}

/* ---- all beats ----------------------------------------------------------- */

static void compare_words(struct play *p, const struct beat *beat)
{
	struct host_difference *d = &p->report->difference;
	const struct scenario *s = p->stage->scenario;
	const struct beat_word *word;
	uint32_t i, value;

	play_settle(p);
	p->report->words = 0;
	for (i = 0; i < s->word_count && !p->is_over; i++) {
		word = &p->beats->words[beat->first + i];
		if (!stage_read(p->stage, word, &value))
			continue;
		p->report->words++;
		if (value == word->value)
			continue;
		p->is_over = true;
		p->report->outcome = HOST_DIFFERS;
		*d = (struct host_difference){
			.word = s->words[i].name,
			.line = s->words[i].mark.line,
		};
		snprintf(d->model, sizeof(d->model), "0x%" PRIx32, word->value);
		snprintf(d->kernel, sizeof(d->kernel), "0x%" PRIx32, value);
	}
}

static void take(struct play *p, const struct beat *beat)
{
	switch (beat->kind) {
	case BEAT_BEGIN:
		begin(p, beat);
		return;
	case BEAT_END:
		end(p, beat);
		return;
	case BEAT_BLOCK:
		block(p, beat);
		return;
	case BEAT_FREE:
		set_free(p, beat);
		return;
	case BEAT_EXITED:
		exited(p, beat);
		return;
	case BEAT_FIRE:
		fire(p, beat);
		return;
	case BEAT_ADVANCE:
		advance(p, beat);
		return;
	case BEAT_SIGNAL:
	case BEAT_SIGNAL_PROCESS:
		send_signal(p, beat);
		return;
	case BEAT_HANDLER:
		enter_handler(p, beat);
		return;
	case BEAT_RETURN:
		leave_handler(p, beat);
		return;
	case BEAT_DONE:
		done(p, beat);
		return;
	case BEAT_DYING:
		dying(p, beat);
		return;
	case BEAT_WORDS:
		compare_words(p, beat);
		return;
	}
}

bool enact(struct stage *stage, const struct beats *beats,
	   const struct host_options *options, struct host_report *report)
{
	struct play p = {
		.stage = stage,
		.beats = beats,
		.options = options,
		.report = report,
		.actor_count = stage->scenario->thread_count,
		.now_ns = stage->scenario->start_ns,
	};
	uint32_t i;

	report->outcome = HOST_AGREES;
	report->operations = 0;
	p.actors = calloc(p.actor_count + 1, sizeof(*p.actors));
	if (!p.actors)
		abort();
	for (i = 0; i < p.actor_count; i++)
		p.actors[i].b = stage_agent(stage, i);
	for (i = 0; i < beats->count && !p.is_over; i++)
		take(&p, &beats->list[i]);
	free(p.actors);
	return !p.is_late;
}
