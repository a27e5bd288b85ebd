/*
 * scenario_schedule.c - schedules: one hand-over a line.
 */
#include "sim/loader/schedule_internal.h"

#include <stdlib.h>
#include <string.h>

#include "sim/loader/scalar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- clock, timer, signal, spurious, check, all ------------------------ */

/* Two words, the first of which is given. */
static bool read_pair(struct line_reader *r, const char *first,
		      const char *usage, struct line_words *w)
{
	const char *text;

	if (!loader_text(r->l, r->value, usage, &text))
		return false;
	line_cut(r->l, text, w);
	if (w->count == 2 && line_is_at(w, 0, first))
		return true;
	loader_error(r->l, r->value, "expected %s, found '%s'", usage, text);
	return false;
}

static void read_clock(struct line_reader *r)
{
	struct line_words w;

	r->line->kind = LINE_CLOCK;
	if (read_pair(r, "advance", "advance and a duration", &w))
		loader_duration_text(r->l, r->value, w.offset[1], w.text[1],
				     &r->line->duration_ns);
}

static void read_timer(struct line_reader *r)
{
	struct line_words w;

	r->line->kind = LINE_TIMER_FIRE;
	if (read_pair(r, "fire", "fire and a thread", &w))
		r->line->thread =
			line_find_thread(r, r->value, w.offset[1], w.text[1]);
}

static void read_spurious(struct line_reader *r)
{
	const char *text;

	r->line->kind = LINE_SPURIOUS;
	if (loader_text(r->l, r->value, "the name of a thread", &text))
		r->line->thread = line_find_thread(r, r->value, 0, text);
}

/* @thread and @number are nodes of either form; the second may be NULL. */
static void read_signal(struct line_reader *r, const struct tree_node *thread,
			const struct tree_node *number)
{
	const char *text;

	r->line->kind = LINE_SIGNAL;
	r->line->signal = scalar_signal("SIGUSR1");
	if (thread && loader_text(r->l, thread, "the name of a thread", &text))
		loader_receiver(r->l, thread, 0, text, &r->line->thread,
				&r->line->process);
	if (!number || !loader_text(r->l, number, "a signal", &text))
		return;
	if (loader_signal(r->l, number, 0, text, &r->line->signal))
		loader_stops(r->l, number, 0, r->line->signal);
}

enum {
	THREAD,
	NUMBER
};

static const struct field signal_fields[] = {
	[THREAD] = {"thread", FIELD_REQUIRED},
	[NUMBER] = {"number", 0},
};

static void read_signal_value(struct line_reader *r)
{
	const struct tree_node *values[COUNT(signal_fields)];

	if (r->value->kind != TREE_MAP)
		read_signal(r, r->value, NULL);
	else if (loader_fields(r->l, r->value, signal_fields,
			       COUNT(signal_fields), values))
		read_signal(r, values[THREAD], values[NUMBER]);
}

static void read_all(struct line_reader *r)
{
	const char *text;
	struct line_words w;

	r->line->kind = LINE_ALL_STUCK;
	if (!loader_text(r->l, r->value, "until stuck, or finish", &text))
		return;
	line_cut(r->l, text, &w);
	if (w.count == 1 && line_is_at(&w, 0, "finish"))
		r->line->kind = LINE_ALL_FINISH;
	else if (w.count != 2 || !line_is_at(&w, 0, "until") ||
		 !line_is_at(&w, 1, "stuck"))
		loader_error(r->l, r->value,
			     "expected until stuck, or finish, found '%s'",
			     text);
}

static void read_check(struct line_reader *r)
{
	r->line->kind = LINE_CHECK;
	r->line->expr = parse_condition(r->l, r->value);
}

/* ---- lines ------------------------------------------------------------- */

static const struct keyword {
	const char *name;
	void (*read)(struct line_reader *r);
} keywords[] = {
	{"clock", read_clock}, {"timer", read_timer},
	{"check", read_check}, {"signal", read_signal_value},
	{"all", read_all},     {"spurious", read_spurious},
};

static void read_key(struct line_reader *r)
{
	const struct tree_node *key = r->value->key;

	for (size_t i = 0; i < COUNT(keywords); i++) {
		if (strcmp(keywords[i].name, key->text) == 0) {
			keywords[i].read(r);
			return;
		}
	}
	if (strcmp(key->text, "explore") == 0)
		loader_error(r->l, key,
			     "`explore` stands alone: `- explore`; how to "
			     "search is said by the key `explore` of the file");
	else if (strcmp(key->text, "show") == 0)
		loader_error(r->l, key, "`show` stands alone: `- show`");
	else if (key->kind == TREE_SCALAR)
		line_read_thread(r);
}

/* {signal: A, number: SIGUSR1} is the one line with two keys. */
static bool is_signal_pair(const struct tree_node *node)
{
	return node->count == 2 &&
	       strcmp(node->first->key->text, "signal") == 0 &&
	       strcmp(node->last->key->text, "number") == 0;
}

static void read_map_line(struct line_reader *r, const struct tree_node *node)
{
	if (is_signal_pair(node)) {
		read_signal(r, node->first, node->last);
		return;
	}
	if (node->count != 1) {
		loader_error(r->l, node,
			     node->count ? "one line moves one thread: start "
					   "a new line with `- `"
					 : "an empty line");
		return;
	}
	r->value = node->first;
	if (r->value->kind != TREE_BROKEN)
		read_key(r);
}

static void read_word_line(struct line_reader *r, const struct tree_node *node)
{
	static const char *const words[] = {"show", "explore"};
	const char *text;

	if (!loader_text(r->l, node, "a line such as `A: next`", &text))
		return;
	r->line->kind = LINE_SHOW;
	if (strcmp(text, "explore") == 0) {
		r->line->kind = LINE_EXPLORE;
		if (node->next)
			loader_error(r->l, node,
				     "`- explore` is the last line of a "
				     "schedule: the search takes over from "
				     "there");
	} else if (strcmp(text, "show") != 0) {
		loader_error_name(r->l, node, 0,
				  "expected show, explore or a line such as "
				  "`A: next`, found",
				  text, words, COUNT(words));
	}
}

/* What the file says, on one line: a break and an indent are one blank. */
static const char *line_text(struct loader *l, const struct tree_node *node)
{
	size_t length;
	const char *text = tree_source_of(&l->tree, node, &length);
	char *copy = (char *)pool_string(l->s->pool, text, length);
	char *out = copy;

	for (const char *c = copy; *c; c++) {
		if (*c == '\n' || *c == '\r') {
			c += strspn(c, " \t\r\n") - 1;
			*out++ = ' ';
		} else {
			*out++ = *c;
		}
	}
	*out = '\0';
	return copy;
}

static void load_schedule(struct loader *l, const struct tree_node *node,
			  const char *name)
{
	struct scenario *s = l->s;
	struct schedule *schedule = &s->schedules[s->schedule_count];
	struct line_reader r = {.l = l};

	if (!loader_is_list(l, node, "lines"))
		return;
	if (node->count > SCENARIO_STEPS_MAX) {
		loader_error(l, node,
			     "more than %u lines (SCENARIO_STEPS_MAX): split "
			     "the schedule, " RAISE(SCENARIO_STEPS_MAX),
			     SCENARIO_STEPS_MAX);
		return;
	}
	s->schedule_count++;
	schedule->mark = node->mark;
	schedule->name = loader_copy(l, name);
	schedule->lines =
		pool_alloc(s->pool, node->count, sizeof(*schedule->lines));
	r.ended = calloc((size_t)s->thread_count + 1, sizeof(*r.ended));
	if (!r.ended)
		abort();
	for (const struct tree_node *n = node->first; n; n = n->next) {
		r.line = &schedule->lines[schedule->line_count++];
		r.line->mark = n->mark;
		r.line->thread = NOWHERE;
		r.line->nth = 1;
		r.line->of_word = NOWHERE;
		r.line->of_thread = NOWHERE;
		r.line->process = NOWHERE;
		r.line->text = line_text(l, n);
		if (n->kind == TREE_MAP)
			read_map_line(&r, n);
		else
			read_word_line(&r, n);
	}
	free(r.ended);
}

void load_schedules(struct loader *l, const struct tree_node *one,
		    const struct tree_node *several)
{
	struct scenario *s = l->s;
	uint32_t count =
		several && several->kind == TREE_MAP ? several->count : 0;

	if (one && several)
		loader_error(l, several->key,
			     "either `schedule` or `schedules`, not both");
	s->schedules = pool_alloc(s->pool, count + 1, sizeof(*s->schedules));
	if (one)
		load_schedule(l, one, "");
	if (!several || !loader_is_map(l, several))
		return;
	if (count == 0)
		loader_error(l, several, "no schedule: leave `schedules` out");
	for (const struct tree_node *n = several->first; n; n = n->next)
		if (loader_new_name(l, n->key, "schedule", true))
			load_schedule(l, n, n->key->text);
}
