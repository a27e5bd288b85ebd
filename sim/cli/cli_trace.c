/* cli_trace.c - futexsim trace show: the events of a trace, a line each. */
#include <fnmatch.h>
#include <inttypes.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/run/names.h"

static const char *who(const struct trace *t, int32_t thread)
{
	if (thread >= 0)
		return t->threads[thread].name;
	return thread == MOVER_CLOCK ? "clock" : "signal";
}

static void show_values(const struct event *e)
{
	char text[RESULT_TEXT_MAX];

	if (e->has_values)
		printf(" %" PRIu64 " -> %" PRIu64, e->old_value, e->new_value);
	else if (e->out)
		printf(" = %s", result_text(e->out, text));
	if (e->has_permit && e->permit)
		fputs(" (permit)", stdout);
}

static void show_event(const struct trace *t, const struct event *e)
{
	char point[POINT_NAME_MAX];

	printf("%6" PRIu32 "%c %12" PRIu64 "ns  %-8s %-20s", e->n,
	       e->step ? ' ' : '+', e->time_ns, who(t, e->thread),
	       event_point(e->kind, e->object_kind, point));
	if (e->object)
		printf(" %s", t->objects[e->object].name);
	if (e->object2)
		printf(" %s", t->objects[e->object2].name);
	if (e->peer >= 0)
		printf(" [%s]", t->threads[e->peer].name);
	show_values(e);
	if (e->text)
		printf(" \"%s\"", e->text);
	if (e->cause)
		printf(" after %" PRIu32, e->cause);
	if (e->src)
		printf("  (%s)", e->src);
	putchar('\n');
}

static bool is_hidden(const struct options *o, const struct event *e)
{
	char point[POINT_NAME_MAX];
	unsigned int i;

	event_point(e->kind, e->object_kind, point);
	for (i = 0; i < o->hide_count; i++) {
		if (!fnmatch(o->hide[i], point, 0))
			return true;
	}
	return false;
}

static void show(const struct options *o, const struct trace *t)
{
	unsigned int i;

	printf("%s, profile %s, %s, %u events, %u steps\n", t->scenario,
	       t->profile, t->policy, t->event_count, t->step_count);
	for (i = 0; i < t->event_count; i++) {
		if (!is_hidden(o, &t->events[i]))
			show_event(t, &t->events[i]);
	}
	for (i = 0; i < t->verdict_count; i++)
		printf("%s: %s\n", verdict_name(t->verdicts[i].kind),
		       t->verdicts[i].what);
}

int cli_trace(const struct options *o, int count, char **arguments)
{
	struct trace *t;

	(void)count;
	if (strcmp(arguments[0], "show")) {
		fprintf(stderr,
			"futexsim: error: 'trace' has no command '%s'; "
			"nearest: show\n",
			arguments[0]);
		return EXIT_USAGE;
	}
	t = cli_read_trace(arguments[1]);
	if (!t)
		return EXIT_INVALID;
	show(o, t);
	trace_free(t);
	return 0;
}
