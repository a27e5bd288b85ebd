/*
 * schedule_stop.c - schedule lines that move a thread: how far it is to go.
 */
#include "sim/loader/schedule_internal.h"

#include <string.h>

#include "sim/loader/scalar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void line_cut(struct loader *l, const char *source, struct line_words *w)
{
	char *text = tree_alloc(&l->tree, strlen(source) + 1);
	const char *start = text;

	strcpy(text, source);
	w->count = 0;
	while (w->count <= LINE_WORDS_MAX) {
		text += strspn(text, " \t\n");
		if (*text == '\0')
			return;
		w->text[w->count] = text;
		w->offset[w->count++] = (size_t)(text - start);
		text += strcspn(text, " \t\n");
		if (*text)
			*text++ = '\0';
	}
}

bool line_is_at(const struct line_words *w, unsigned int index,
		const char *text)
{
	return index < w->count && strcmp(w->text[index], text) == 0;
}

uint32_t line_find_thread(struct line_reader *r, const struct tree_node *node,
			  size_t offset, const char *name)
{
	uint32_t thread =
		loader_find(r->l, &r->l->threads, node, offset, "thread", name);

	if (thread != NOWHERE && r->ended[thread])
		loader_error_in(r->l, node, offset,
				"thread '%s' has ended: line %d runs it until "
				"done",
				name, r->ended[thread]);
	return thread;
}

/* ---- points ------------------------------------------------------------ */

void loader_points(struct loader *l)
{
	enum event_kind kind;
	enum object_kind object;
	unsigned int count = 0;

	if (l->point_names)
		return;
	while (event_point_at(count, &kind, &object))
		count++;
	l->point_names = tree_alloc(&l->tree, (count + 1) * sizeof(char *));
	l->point_kinds = tree_alloc(&l->tree, (count + 1) * sizeof(kind));
	for (unsigned int i = 0; i < count; i++) {
		char *name = tree_alloc(&l->tree, POINT_NAME_MAX);

		event_point_at(i, &kind, &object);
		l->point_kinds[i] = kind;
		l->point_names[i] = event_point(kind, object, name);
	}
	l->point_count = count;
}

static void read_point(struct line_reader *r, const struct tree_node *node,
		       size_t offset, const char *text)
{
	if (event_point_parse(text, &r->line->point, &r->line->point_object)) {
		if (!event_is_of_thread(r->line->point))
			loader_error_in(r->l, node, offset,
					"no thread stops at '%s'", text);
		return;
	}
	loader_points(r->l);
	loader_error_name(r->l, node, offset, "unknown point", text,
			  r->l->point_names, r->l->point_count);
}

/* ---- {before: P, nth: n, of: X, value: v} ------------------------------ */

enum {
	BEFORE,
	AFTER,
	NTH,
	OF,
	VALUE
};

static const struct field stop_fields[] = {
	[BEFORE] = {"before", 0}, [AFTER] = {"after", 0}, [NTH] = {"nth", 0},
	[OF] = {"of", 0},	  [VALUE] = {"value", 0},
};

static void read_of(struct line_reader *r, const struct tree_node *node)
{
	struct loader *l = r->l;
	const char *text;
	bool is_word, is_thread;

	if (!node || !loader_text(l, node, "a word or thread", &text))
		return;
	is_word = name_index_find(&l->words, text, &r->line->of_word);
	is_thread = name_index_find(&l->threads, text, &r->line->of_thread);
	if (is_word && is_thread)
		loader_error(l, node, "'%s' is a word and a thread: rename one",
			     text);
	else if (!is_word && !is_thread && !l->words.is_incomplete &&
		 !l->threads.is_incomplete)
		loader_error_unknown(l, node, 0, "unknown word or thread", text,
				     &l->words, &l->threads);
}

static void read_stop_map(struct line_reader *r)
{
	const struct tree_node *values[COUNT(stop_fields)];
	const struct tree_node *point;
	struct schedule_line *line = r->line;
	const char *text;
	uint64_t nth = 1;

	loader_fields(r->l, r->value, stop_fields, COUNT(stop_fields), values);
	if (!values[BEFORE] == !values[AFTER]) {
		loader_error(r->l, r->value, "either `before` or `after`");
		return;
	}
	line->stop = values[BEFORE] ? STOP_BEFORE : STOP_AFTER;
	point = values[BEFORE] ? values[BEFORE] : values[AFTER];
	if (loader_text(r->l, point, "the name of a point", &text))
		read_point(r, point, 0, text);
	if (loader_integer(r->l, values[NTH], 1, UINT32_MAX, &nth))
		line->nth = (uint32_t)nth;
	read_of(r, values[OF]);
	if (!values[VALUE])
		return;
	line->has_value = true;
	loader_result(r->l, values[VALUE], &line->value);
	if (values[BEFORE])
		loader_error(r->l, values[VALUE]->key,
			     "what has not happened has no value: `value` "
			     "belongs to `after`");
}

/* ---- how far a thread is to go ----------------------------------------- */

static void unknown_stop(struct line_reader *r, const struct line_words *w,
			 unsigned int at)
{
	static const char *const starts[] = {"next", "until", "before",
					     "after"};
	static const char *const states[] = {"blocked", "done", "stuck"};

	if (w->count == 0)
		loader_error(r->l, r->value,
			     "expected next, until, before, after, or a "
			     "number of steps");
	else if (at >= w->count)
		loader_error(r->l, r->value, "something is missing after '%s'",
			     w->text[w->count - 1]);
	else if (at == 0)
		loader_error_name(r->l, r->value, w->offset[0],
				  "expected next, until, before, after, or a "
				  "number of steps, found",
				  w->text[0], starts, COUNT(starts));
	else if (at == 1)
		loader_error_name(r->l, r->value, w->offset[1],
				  "expected blocked, done, blocked or done, or "
				  "stuck, found",
				  w->text[1], states, COUNT(states));
	else
		loader_error_in(r->l, r->value, w->offset[at],
				"'%s' is too much here", w->text[at]);
}

static void read_until(struct line_reader *r, const struct line_words *w)
{
	unsigned int used = 2;

	if (line_is_at(w, 1, "blocked") && line_is_at(w, 2, "or") &&
	    line_is_at(w, 3, "done")) {
		r->line->stop = STOP_BLOCKED_OR_DONE;
		used = 4;
	} else if (line_is_at(w, 1, "blocked")) {
		r->line->stop = STOP_BLOCKED;
	} else if (line_is_at(w, 1, "done")) {
		r->line->stop = STOP_DONE;
	} else if (line_is_at(w, 1, "stuck")) {
		r->line->stop = STOP_STUCK;
	} else {
		unknown_stop(r, w, 1);
		return;
	}
	if (w->count > used)
		unknown_stop(r, w, used);
}

static void read_steps(struct line_reader *r, const struct line_words *w,
		       struct number number)
{
	r->line->stop = STOP_STEPS;
	if (!number_is_within(number, 1, UINT32_MAX))
		loader_error_in(r->l, r->value, w->offset[0],
				"%s is out of range: from 1 to %u steps",
				w->text[0], UINT32_MAX);
	else
		r->line->steps = (uint32_t)number.bits;
	if (!line_is_at(w, 1, "steps") && !line_is_at(w, 1, "step"))
		loader_error_in(r->l, r->value, w->offset[0],
				"a number of what? Write '%s steps'",
				w->text[0]);
	else if (w->count > 2)
		unknown_stop(r, w, 2);
}

static void read_stop_text(struct line_reader *r, const char *text)
{
	struct line_words w;
	struct number number;

	line_cut(r->l, text, &w);
	if (line_is_at(&w, 0, "next")) {
		r->line->stop = STOP_NEXT;
		if (w.count > 1)
			loader_error_in(r->l, r->value, w.offset[1],
					"'%s' is too much here", w.text[1]);
	} else if (line_is_at(&w, 0, "until")) {
		read_until(r, &w);
	} else if (line_is_at(&w, 0, "before") || line_is_at(&w, 0, "after")) {
		r->line->stop =
			line_is_at(&w, 0, "before") ? STOP_BEFORE : STOP_AFTER;
		if (w.count == 1)
			unknown_stop(r, &w, 1);
		else
			read_point(r, r->value, w.offset[1], w.text[1]);
		if (w.count > 2)
			unknown_stop(r, &w, 2);
	} else if (w.count > 0 &&
		   scalar_integer(w.text[0], &number) == SCALAR_OK) {
		read_steps(r, &w, number);
	} else {
		unknown_stop(r, &w, 0);
	}
}

void line_read_thread(struct line_reader *r)
{
	const struct tree_node *key = r->value->key;
	struct schedule_line *line = r->line;
	const char *text;

	line->kind = LINE_THREAD;
	line->thread = line_find_thread(r, key, 0, key->text);
	if (r->value->kind == TREE_MAP)
		read_stop_map(r);
	else if (loader_text(r->l, r->value, "next, until, before or after",
			     &text))
		read_stop_text(r, text);
	if (line->thread != NOWHERE && line->stop == STOP_DONE)
		r->ended[line->thread] = key->mark.line;
}
