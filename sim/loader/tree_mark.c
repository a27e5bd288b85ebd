/*
 * tree_mark.c - from a place in a scalar's text back to its place in the file.
 *
 * A plain or quoted scalar is read again from the source, one unit at a time:
 * a character, an escape, or a run of blanks with line breaks that YAML folds.
 * A unit says how much of the text it makes and where the next one begins.
 */
#include "sim/loader/yaml_tree.h"

#include <string.h>

#include "sim/loader/utf8.h"

struct walk {
	const char *source;
	size_t at;
	size_t end;
	struct mark mark;
	enum tree_style style;
	size_t made; /* bytes of text so far */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_break(char c)
{
	return c == '\n' || c == '\r';
}

/* Pass over one character that is no line break. */
static size_t step(struct walk *w)
{
	uint32_t code;
	size_t size = utf8_decode(w->source + w->at, w->end - w->at, &code);

	w->at += size;
	w->mark.col++;
	return size;
}

static void pass_break(struct walk *w)
{
	if (w->source[w->at] == '\r')
		w->at++;
	if (w->at < w->end && w->source[w->at] == '\n')
		w->at++;
	w->mark.line++;
	w->mark.col = 1;
}

/* Pass over blanks and breaks; returns how many breaks there were. */
static size_t pass_space(struct walk *w)
{
	size_t breaks = 0;

	while (w->at < w->end) {
		if (is_break(w->source[w->at])) {
			pass_break(w);
			breaks++;
		} else if (is_blank(w->source[w->at])) {
			step(w);
		} else {
			break;
		}
	}
	return breaks;
}

static size_t utf8_size(uint32_t code)
{
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* A backslash and what follows in a double-quoted scalar. */
static void pass_escape(struct walk *w)
{
	static const char digits[] = "0123456789abcdef";
	unsigned int count;
	uint32_t code = 0;
	char letter;

	step(w);
	if (w->at == w->end)
		return;
	letter = w->source[w->at];
	if (is_break(letter)) {
		pass_break(w);
		while (w->at < w->end && is_blank(w->source[w->at]))
			step(w);
		return;
	}
	step(w);
	count = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
	for (; count > 0 && w->at < w->end; count--) {
		char c = w->source[w->at] | 0x20;
		const char *digit = strchr(digits, c);

		code = code << 4 | (digit ? (uint32_t)(digit - digits) : 0);
		step(w);
	}
	if (letter == 'N' || letter == '_')
		code = 0xa0;
	else if (letter == 'L' || letter == 'P')
		code = 0x2028;
	w->made += utf8_size(code);
}

static void next_unit(struct walk *w)
{
	char c = w->source[w->at];

	if (is_blank(c) || is_break(c)) {
		size_t start = w->at;
		size_t breaks = pass_space(w);

		w->made += breaks == 0	 ? w->at - start
			   : breaks == 1 ? 1
					 : breaks - 1;
	} else if (c == '\\' && w->style == TREE_DOUBLE_QUOTED) {
		pass_escape(w);
	} else if (c == '\'' && w->style == TREE_SINGLE_QUOTED) {
		step(w); /* it is there twice */
		step(w);
		w->made++;
	} else {
		w->made += step(w);
	}
}

/* Byte @offset of the text, before it was patched. */
static size_t before_patches(const struct tree_node *node, size_t offset)
{
	size_t original = offset;

	for (unsigned int i = 0; i < node->patch_count; i++) {
		const struct tree_patch *p = &node->patches[i];

		if (offset < p->at)
			break;
		if (offset < p->at + p->length)
			return original - (offset - p->at);
		original += p->original - p->length;
	}
	return original;
}

struct mark tree_mark_at(const struct tree *tree, const struct tree_node *node,
			 size_t offset)
{
	struct walk w = {tree->source, node->start, node->end,
			 node->mark,   node->style, 0};
	struct mark before;
	size_t made, at;

	offset = before_patches(node, offset);
	if (node->kind != TREE_SCALAR || node->style == TREE_LITERAL)
		return node->mark;
	if (node->style != TREE_PLAIN && w.at < w.end)
		step(&w); /* the quote */
	while (w.at < w.end && w.made < offset) {
		before = w.mark;
		made = w.made;
		at = w.at;
		next_unit(&w);
		if (w.made <= offset)
			continue;
		/* Inside a run of blanks, or of an escape. */
		before.col +=
			w.at - at == w.made - made ? (int)(offset - made) : 0;
		return before;
	}
	return w.mark;
}

size_t tree_fold(const struct tree *tree, size_t start, size_t end, char *text)
{
	struct walk w = {tree->source, start, end, {1, 1}, TREE_PLAIN, 0};
	size_t length = 0;

	while (w.at < w.end) {
		size_t at = w.at;
		size_t made = w.made;

		next_unit(&w);
		made = w.made - made;
		if (memchr(tree->source + at, '\n', w.at - at))
			memset(text + length, made == 1 ? ' ' : '\n', made);
		else
			memcpy(text + length, tree->source + at, made);
		length += made;
	}
	text[length] = '\0';
	return length;
}

const char *tree_source_of(const struct tree *tree,
			   const struct tree_node *node, size_t *length)
{
	size_t start = node->key ? node->key->start : node->start;

	*length = node->end - start;
	return tree->source + start;
}
