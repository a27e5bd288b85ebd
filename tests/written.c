/* written.c - writing a run down, and running what was written. */
#include "tests/written.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/schedule_write.h"

char *written(const struct run *run)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(schedule_write(run, GRANULARITY_KERNEL, out), 0);
	fclose(out);
	return text;
}

static bool is_same(const struct event *a, const struct event *b)
{
	return a->thread == b->thread && a->kind == b->kind &&
	       a->object_kind == b->object_kind && a->object == b->object &&
	       a->peer == b->peer && a->in == b->in && a->in2 == b->in2 &&
	       a->out == b->out && a->old_value == b->old_value &&
	       a->new_value == b->new_value && a->time_ns == b->time_ns &&
	       a->step == b->step;
}

static void assert_same_events(const struct trace *a, const struct trace *b,
			       const char *text)
{
	unsigned int i;

	for (i = 0; i < a->event_count && i < b->event_count; i++) {
		if (!is_same(&a->events[i], &b->events[i]))
			break;
	}
	ck_assert_msg(i == a->event_count && i == b->event_count,
		      "%s: event %u of %u and %u differs:\n%s", a->scenario,
		      i + 1, a->event_count, b->event_count, text);
}

static uint32_t kinds_of(const struct verdict *verdicts, unsigned int count)
{
	uint32_t kinds = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		kinds |= 1u << verdicts[i].kind;
	return kinds;
}

void assert_does(const char *text, const struct trace *t)
{
	struct scenario *s = scenario_of(text);
	struct run_request request = {
		.scenario = s,
		.schedule = s->schedules,
		.profile = s->profiles.items[0],
		.steps_max = (uint32_t)s->recorded.max_steps,
		.is_one_of_many = true,
		.wants_trace = true,
	};
	struct run run;

	ck_assert_uint_eq(s->schedule_count, 1);
	ck_assert_uint_eq(s->profiles.count, 1);
	ck_assert(s->recorded.is_given);
	ck_assert_uint_eq(s->recorded.steps, t->step_count);
	run_quirks(s, request.profile, &request.quirks);
	run_scenario(&machine, &request, &run);
	ck_assert_msg(!run.error, "%s: line %d: %s\n%s", t->scenario,
		      run.error_line, run.error, text);
	assert_same_events(t, run.trace, text);
	ck_assert_uint_eq(kinds_of(machine.verdicts, machine.verdict_count),
			  kinds_of(t->verdicts, t->verdict_count));
	ck_assert_uint_eq(s->recorded.verdicts,
			  kinds_of(t->verdicts, t->verdict_count));
	trace_free(run.trace);
	scenario_free(s);
}

void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		ck_abort_msg("no '%s' in:\n%s", part, text);
}

void assert_has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		ck_abort_msg("'%s' is in:\n%s", part, text);
}

char *again(const char *text, const char *profile)
{
	struct run_request request = request_of(text, profile);
	struct run run;
	char *file;

	request.wants_trace = true;
	play_request(&request, &run);
	ck_assert_msg(!run.error, "%s", run.error);
	file = written(&run);
	assert_does(file, run.trace);
	return file;
}
