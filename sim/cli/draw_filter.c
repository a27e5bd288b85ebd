/* draw_filter.c - what of a trace is to be shown, checked against the trace. */
#include "sim/cli/draw_filter.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loader/diagnostics.h"
#include "sim/loader/scalar.h"

/* ---- --around ---------------------------------------------------------- */

static bool read_count(const char *text, size_t size, uint32_t max,
		       uint32_t *count)
{
	char buf[16];
	struct number number;

	if (size == 0 || size >= sizeof(buf))
		return false;
	memcpy(buf, text, size);
	buf[size] = '\0';
	if (buf[0] < '0' || buf[0] > '9' ||
	    scalar_integer(buf, &number) != SCALAR_OK || number.bits > max)
		return false;
	*count = (uint32_t)number.bits;
	return true;
}

/* The first number of @text that no trace has steps for, if there is one. */
static void say_too_large(const char *text)
{
	for (const char *at = text; *at;) {
		size_t digits = strspn(at, "0123456789");

		if (digits > 0 && strtoull(at, NULL, 10) > TRACE_EVENTS_MAX) {
			fprintf(stderr, ": %.*s is too large, at most %u",
				(int)digits, at, TRACE_EVENTS_MAX);
			return;
		}
		at += digits > 0 ? digits : 1;
	}
}

/* STEP, or STEP±N with one of the signs that a keyboard has for it. */
static bool read_around(const char *text, uint32_t span,
			struct viz_options *viz)
{
	static const char *const signs[] = {"±", "+-", "+/-", "+"};
	size_t digits = strspn(text, "0123456789");
	const char *rest = text + digits;

	viz->span = span;
	if (read_count(text, digits, TRACE_EVENTS_MAX, &viz->around) &&
	    viz->around > 0) {
		if (!*rest)
			return true;
		for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
			const char *n = rest + strlen(signs[i]);

			if (strncmp(rest, signs[i], strlen(signs[i])) == 0 &&
			    read_count(n, strlen(n), TRACE_EVENTS_MAX,
				       &viz->span))
				return true;
		}
	}
	fprintf(stderr,
		"futexsim: error: --around takes STEP or STEP±N, such as "
		"29±5, not '%s'",
		text);
	say_too_large(text);
	fputc('\n', stderr);
	return false;
}

bool draw_filter_read(const struct options *o, struct viz_options *viz)
{
	*viz = (struct viz_options){
		.focus = {(const char **)o->focus, o->focus_count},
		.hide = {(const char **)o->hide, o->hide_count},
		.theme = o->theme,
		.fold = o->fold,
	};
	/* Of wait queues the call is shown that the step lies in. */
	return !o->around ||
	       read_around(o->around,
			   o->has_view && o->view == VIZ_QUEUES ? 0
								: AROUND_SPAN,
			   viz);
}

bool draw_filter_is_empty(const struct viz_options *viz)
{
	return viz->focus.count == 0 && viz->hide.count == 0 &&
	       viz->around == 0;
}

/* ---- names ------------------------------------------------------------- */

#define THREADS_TOLD 8u /* in a message */

/* Every name that a filter could have meant; owns those of points. */
struct names {
	const char **items;
	unsigned int count, room;
	char (*points)[POINT_NAME_MAX]; /* of the trace, each once */
	unsigned int point_count, point_room;
	const char *threads[THREADS_TOLD];
	unsigned int thread_count;
};

static void add_name(struct names *n, const char *name)
{
	if (!name || !*name)
		return;
	if (n->count == n->room) {
		n->room = n->room ? 2 * n->room : 64;
		n->items = reallocarray(n->items, n->room, sizeof(*n->items));
		if (!n->items)
			abort();
	}
	n->items[n->count++] = name;
}

static void add_point(struct names *n, const char *point)
{
	for (unsigned int i = 0; i < n->point_count; i++)
		if (strcmp(n->points[i], point) == 0)
			return;
	if (n->point_count == n->point_room) {
		n->point_room = n->point_room ? 2 * n->point_room : 32;
		n->points = reallocarray(n->points, n->point_room,
					 sizeof(*n->points));
		if (!n->points)
			abort();
	}
	strcpy(n->points[n->point_count++], point);
}

static void add_points(struct names *n, const struct trace *t)
{
	char point[POINT_NAME_MAX];

	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		add_point(n, event_point(e->kind, e->object_kind, point));
	}
	for (unsigned int i = 0; i < n->point_count; i++)
		add_name(n, n->points[i]);
}

/* Threads, objects and their kinds, which only a focus can name. */
static void add_others(struct names *n, const struct trace *t)
{
	for (unsigned int i = 0; i < t->thread_count; i++) {
		add_name(n, t->threads[i].name);
		if (n->thread_count < THREADS_TOLD)
			n->threads[n->thread_count++] = t->threads[i].name;
	}
	for (unsigned int i = 1; i < t->object_count; i++) {
		add_name(n, t->objects[i].name);
		add_name(n, t->objects[i].word);
		add_name(n, object_kind_name(t->objects[i].kind));
	}
}

static bool is_known(const struct names *n, const char *name)
{
	for (unsigned int i = 0; i < n->count; i++)
		if (strcmp(n->items[i], name) == 0)
			return true;
	for (unsigned int i = 0; i < n->point_count; i++)
		if (fnmatch(name, n->points[i], 0) == 0)
			return true;
	return false;
}

/* The nearest name, or else what there is to choose from. */
static void say_nearest(const struct names *n, const char *name)
{
	const char *nearest = nearest_name(name, n->items, n->count);
	char joined[NAMES_JOINED_MAX];

	if (nearest)
		fprintf(stderr, "; nearest: %s\n", nearest);
	else if (n->thread_count > 0)
		fprintf(stderr, "; nearest: %s, its threads\n",
			names_joined(n->threads, n->thread_count, joined));
	else
		fputs("; 'futexsim trace show' tells its points\n", stderr);
}

static bool check_list(const struct names *n, const char *option,
		       const char *what, const struct trace_strings *list)
{
	bool is_good = true;

	for (unsigned int i = 0; i < list->count; i++) {
		const char *name = list->items[i];

		if (is_known(n, name))
			continue;
		fprintf(stderr,
			"futexsim: error: %s '%s' matches no %s of the trace",
			option, name, what);
		say_nearest(n, name);
		is_good = false;
	}
	return is_good;
}

static bool check_names(const struct viz_options *viz, const struct trace *t)
{
	struct names n = {0};
	bool is_good;

	add_points(&n, t);
	is_good = check_list(&n, "--hide", "point", &viz->hide);
	add_others(&n, t);
	is_good &= check_list(&n, "--focus", "thread, object, kind or point",
			      &viz->focus);
	free(n.items);
	free(n.points);
	return is_good;
}

bool draw_filter_check(const struct viz_options *viz, const struct trace *t)
{
	bool is_good = true;

	if (viz->focus.count > 0 || viz->hide.count > 0)
		is_good = check_names(viz, t);
	if (viz->around <= t->event_count)
		return is_good;
	fprintf(stderr,
		"futexsim: error: --around %u is beyond the trace; nearest: "
		"%u, its last step\n",
		viz->around, t->event_count);
	return false;
}
