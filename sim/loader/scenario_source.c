/*
 * scenario_source.c - cutting keys out of the text of a scenario.
 *
 * A map that is written in lines is cut in lines: what belongs to a key reaches
 * from the comments right above it to those of the next key.  A map in braces
 * becomes one in lines.
 */
#include "sim/loader/scenario_source.h"

#include <string.h>

#include "sim/loader/yaml_tree.h"

struct cutter {
	struct tree tree;
	const char *const *keys;
	unsigned int count;
	FILE *out;
};

static bool is_cut(const struct cutter *c, const struct tree_node *node)
{
	unsigned int i;

	for (i = 0; i < c->count; i++) {
		if (!strcmp(c->keys[i], node->key->text))
			return true;
	}
	return false;
}

/* ---- a map in lines ---------------------------------------------------- */

static size_t line_start(const char *text, size_t at)
{
	while (at > 0 && text[at - 1] != '\n')
		at--;
	return at;
}

static size_t blanks_at(const char *text, size_t at)
{
	return strspn(text + at, " ");
}

static bool is_empty_line(const char *text, size_t at)
{
	at += strspn(text + at, " \t\r");
	return text[at] == '\n';
}

/*
 * Where what belongs to @node begins: the comments above it are its own, down
 * from the end of the one before it.
 */
static size_t own_start(const struct cutter *c,
			const struct tree_node *previous,
			const struct tree_node *node)
{
	const char *text = c->tree.source;
	size_t start = line_start(text, node->key->start);
	size_t indent = blanks_at(text, start);
	size_t line, blanks;

	if (!previous)
		return 0;
	while (start > 0) {
		line = line_start(text, start - 1);
		blanks = blanks_at(text, line);
		if (line < previous->end ||
		    (!is_empty_line(text, line) &&
		     (text[line + blanks] != '#' || blanks > indent)))
			break;
		start = line;
	}
	return start;
}

/* The end of the text, or the line `...` that ends it before. */
static size_t text_end(const struct cutter *c)
{
	const char *text = c->tree.source;
	const char *dots = text + c->tree.root->last->key->start;

	while ((dots = strstr(dots, "\n..."))) {
		if (!dots[4] || strchr(" \t\r\n", dots[4]))
			return (size_t)(dots + 1 - text);
		dots++;
	}
	return c->tree.size;
}

static int write_lines(const struct cutter *c)
{
	const struct tree_node *node, *previous = NULL;
	const char *text = c->tree.source;
	size_t start, end;
	char last = '\n';

	for (node = c->tree.root->first; node; node = node->next) {
		start = own_start(c, previous, node);
		previous = node;
		if (is_cut(c, node))
			continue;
		end = node->next ? own_start(c, node, node->next) : text_end(c);
		if (end == start)
			continue;
		fwrite(text + start, 1, end - start, c->out);
		last = text[end - 1];
	}
	if (last != '\n')
		fputc('\n', c->out);
	start = line_start(text, c->tree.root->first->key->start);
	return (int)blanks_at(text, start);
}

/* ---- a map in braces --------------------------------------------------- */

/* In double quotes, on one line. */
static void write_quoted(const struct cutter *c, const struct tree_node *node)
{
	const char *letter;

	fputc('"', c->out);
	for (letter = node->text; *letter; letter++) {
		if (*letter == '\n')
			fputs("\\n", c->out);
		else if (*letter == '\t')
			fputs("\\t", c->out);
		else if (*letter == '"' || *letter == '\\')
			fprintf(c->out, "\\%c", *letter);
		else
			fputc(*letter, c->out);
	}
	fputc('"', c->out);
}

static void write_value(const struct cutter *c, const struct tree_node *node)
{
	const char *text = c->tree.source + node->start;
	size_t size = node->end - node->start;

	if (node->kind == TREE_SCALAR && memchr(text, '\n', size))
		write_quoted(c, node);
	else
		fwrite(text, 1, size, c->out);
}

static int write_braces(const struct cutter *c)
{
	const struct tree_node *node = c->tree.root->first;

	for (; node; node = node->next) {
		if (is_cut(c, node))
			continue;
		write_value(c, node->key);
		fputs(": ", c->out);
		write_value(c, node);
		fputc('\n', c->out);
	}
	return 0;
}

int scenario_source_without(const struct scenario *s, const char *const *keys,
			    unsigned int count, FILE *out)
{
	struct cutter c = {.keys = keys, .count = count, .out = out};
	struct diagnostics d;
	int indent = 0;

	diagnostics_init(&d, s->path);
	tree_init(&c.tree, s->source, s->source_size, &d);
	if (c.tree.root)
		indent = c.tree.root->is_flow ? write_braces(&c)
					      : write_lines(&c);
	tree_fini(&c.tree);
	diagnostics_fini(&d);
	return indent;
}
