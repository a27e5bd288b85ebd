/*
 * shiviz.c - the trace as a log with vector clocks, for ShiViz.
 *
 * Two lines for each event: who and the clock, and what.  ShiViz wants each
 * host's own component to begin at 1 and to grow by one with each of its
 * events; in a trace it counts steps, and notes have the clock of their step.
 * So components are renumbered: the one for thread T becomes the number of T's
 * events up to that step, its notes included.  What happens before what is the
 * same.
 *
 * The clock and the senders of signals are hosts too.  A trace has no
 * component for them, for no thread is what made a timer fire; what they cause
 * comes after what they did, and nothing else is ordered by them.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "viz/sequence/story.h"

/* What ShiViz's parser is to look for; by custom the first line of a log. */
#define PARSER "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)"

enum kernel_host {
	HOST_CLOCK,
	HOST_SIGNAL,
	KERNEL_HOSTS,
};

/* When an event of a thread was. */
struct stamp {
	uint32_t own; /* the thread's component in the trace */
	uint32_t kernel[KERNEL_HOSTS]; /* what of the kernel was before it */
};

struct history {
	struct stamp *stamps; /* of the events so far, in their order */
	unsigned int count, room;
};

struct log {
	struct story *s;
	const struct trace *t;
	FILE *out;
	const char *kernel_names[KERNEL_HOSTS];
	const char **names; /* by thread */
	struct history *histories; /* by thread */
	uint32_t kernel_counts[KERNEL_HOSTS];
	uint32_t *kernel_times; /* by n: of an event of the kernel, else 0 */
};

/* ---- names ------------------------------------------------------------- */

/* No spaces, for the parser; no quotes, for JSON. */
static const char *plain(struct story *s, const char *name)
{
	char *copy = trace_alloc(s->memory, strlen(name) + 2);

	strcpy(copy, *name ? name : "_");
	for (char *p = copy; *p; p++)
		if ((unsigned char)*p <= ' ' || strchr("\"\\{}\x7f", *p))
			*p = '_';
	return copy;
}

static const char *new_name(struct log *l, json_t *taken, const char *wanted)
{
	const char *name = plain(l->s, wanted);
	const char *base = name;

	for (unsigned int k = 2; json_object_get(taken, name); k++)
		name = story_format(l->s, "%s_%u", base, k);
	json_object_set_new(taken, name, json_true());
	return name;
}

static void name_hosts(struct log *l)
{
	json_t *taken = json_object();

	l->kernel_names[HOST_CLOCK] = new_name(l, taken, "clock");
	l->kernel_names[HOST_SIGNAL] = new_name(l, taken, "signal");
	for (unsigned int i = 0; i < l->t->thread_count; i++)
		l->names[i] = new_name(l, taken, l->t->threads[i].name);
	json_decref(taken);
}

/* ---- clocks ------------------------------------------------------------ */

/* How many of the events so far are not after the step @own. */
static uint32_t count_until(const struct history *h, uint32_t own)
{
	unsigned int low = 0, high = h->count;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (h->stamps[middle].own <= own)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void join(uint32_t kernel[KERNEL_HOSTS],
		 const uint32_t other[KERNEL_HOSTS])
{
	for (unsigned int i = 0; i < KERNEL_HOSTS; i++)
		if (other[i] > kernel[i])
			kernel[i] = other[i];
}

static enum kernel_host kernel_host(const struct event *e)
{
	return e->thread == MOVER_CLOCK ? HOST_CLOCK : HOST_SIGNAL;
}

static struct stamp *add_stamp(struct log *l, const struct event *e)
{
	struct history *h = &l->histories[e->thread];
	struct stamp *stamp;

	h->stamps =
		story_grow(h->stamps, h->count, &h->room, sizeof(*h->stamps));
	stamp = &h->stamps[h->count++];
	stamp->own = e->clk[e->thread];
	if (h->count == 1)
		return stamp;
	if (stamp->own < stamp[-1].own)
		stamp->own = stamp[-1].own;
	join(stamp->kernel, stamp[-1].kernel);
	return stamp;
}

static void add_cause(const struct log *l, const struct event *e,
		      struct stamp *stamp)
{
	const struct event *cause;
	enum kernel_host host;

	if (e->cause == EVENT_NO_CAUSE || e->cause >= e->n)
		return;
	cause = &l->t->events[e->cause - 1];
	if (cause->thread >= 0)
		return;
	host = kernel_host(cause);
	if (l->kernel_times[cause->n] > stamp->kernel[host])
		stamp->kernel[host] = l->kernel_times[cause->n];
}

/* ---- lines ------------------------------------------------------------- */

static void print_component(struct log *l, bool *is_first, const char *name,
			    uint32_t time)
{
	if (time == 0)
		return;
	fprintf(l->out, "%s\"%s\":%" PRIu32, *is_first ? "" : ", ", name, time);
	*is_first = false;
}

static void print_kernel_clock(struct log *l, const struct event *e)
{
	enum kernel_host host = kernel_host(e);
	bool is_first = true;

	l->kernel_times[e->n] = ++l->kernel_counts[host];
	fprintf(l->out, "%s {", l->kernel_names[host]);
	print_component(l, &is_first, l->kernel_names[host],
			l->kernel_times[e->n]);
}

static void print_thread_clock(struct log *l, const struct event *e)
{
	struct stamp *stamp = add_stamp(l, e);
	bool is_first = true;

	add_cause(l, e, stamp);
	fprintf(l->out, "%s {", l->names[e->thread]);
	for (unsigned int i = 0; i < l->t->thread_count; i++) {
		const struct history *h = &l->histories[i];
		uint32_t time = (int32_t)i == e->thread
					? h->count
					: count_until(h, e->clk[i]);

		if (time > 0)
			join(stamp->kernel, h->stamps[time - 1].kernel);
		print_component(l, &is_first, l->names[i], time);
	}
	for (unsigned int i = 0; i < KERNEL_HOSTS; i++)
		print_component(l, &is_first, l->kernel_names[i],
				stamp->kernel[i]);
}

/* What it is, on one line. */
static void print_event(struct log *l, const struct event *e)
{
	char point[POINT_NAME_MAX];

	fprintf(l->out, "}\n%" PRIu32 " ", e->n);
	for (const char *p = words_for(l->s, e); *p; p++)
		fputc((unsigned char)*p < ' ' ? ' ' : *p, l->out);
	fprintf(l->out, " (%s", event_point(e->kind, e->object_kind, point));
	if (e->src)
		fprintf(l->out, ", %s", e->src);
	fputs(")\n", l->out);
}

static void print_log(struct log *l)
{
	fputs(PARSER "\n\n", l->out);
	for (unsigned int i = 0; i < l->t->event_count; i++) {
		const struct event *e = &l->t->events[i];

		if (e->thread < 0)
			print_kernel_clock(l, e);
		else
			print_thread_clock(l, e);
		print_event(l, e);
	}
}

/* ---- the whole --------------------------------------------------------- */

static int check(const struct trace *t, char error[VIZ_ERROR_MAX])
{
	const char *what = NULL;

	error[0] = '\0';
	if (t->event_count == 0)
		what = "the trace has no events";
	for (unsigned int i = 0; i < t->event_count && !what; i++)
		if (t->events[i].thread >= 0 && !t->events[i].clk)
			what = "the trace has no vector clocks";
	if (!what)
		return 0;
	snprintf(error, VIZ_ERROR_MAX, "%s", what);
	return -ENODATA;
}

static void fini(struct log *l)
{
	for (unsigned int i = 0; i < l->t->thread_count; i++)
		free(l->histories[i].stamps);
	story_free(l->s);
}

int viz_shiviz(const struct trace *t, FILE *out, char error[VIZ_ERROR_MAX])
{
	struct log l = {.t = t, .out = out};
	size_t threads = t->thread_count + 1;
	int result = check(t, error);

	if (result)
		return result;
	l.s = story_new(t, NULL);
	l.names = trace_alloc(l.s->memory, threads * sizeof(*l.names));
	l.histories = trace_alloc(l.s->memory, threads * sizeof(*l.histories));
	l.kernel_times = trace_alloc(l.s->memory,
				     (t->event_count + 1) * sizeof(uint32_t));
	name_hosts(&l);
	errno = 0;
	print_log(&l);
	fini(&l);
	if (fflush(out) != 0 || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
