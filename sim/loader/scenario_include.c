/* scenario_include.c - reading the files that a scenario includes. */
#define _GNU_SOURCE
#include "sim/loader/scenario_include.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/loader/scenario_file.h"
#include "sim/loader/yaml_tree.h"

struct appending {
	struct diagnostics *d;
	const char *path; /* of the scenario */
	FILE *out;
	int line; /* the one that comes next */
	int indent; /* of the scenario's keys */
	size_t size; /* so far */
	char **names; /* of files that are there, or were tried */
	unsigned int count;
	unsigned int depth; /* how many include the next one, one in another */
};

/* ---- names ------------------------------------------------------------- */

static bool has_odd_part(const char *name)
{
	while (*name) {
		size_t length = strcspn(name, "/");

		if (!length || !strncmp(name, "..", length) ||
		    !strncmp(name, ".", length))
			return true;
		name += length;
		if (*name == '/' && !*++name)
			return true;
	}
	return false;
}

const char *include_refused(const char *name)
{
	if (name[0] == '/')
		return "is an absolute path: name the file from the folder of "
		       "the one that includes it";
	if (strstr(name, "${"))
		return "has a parameter in it: includes are read before the "
		       "parameters, so write the name out";
	if (!name[0] || has_odd_part(name))
		return "is no file below the folder of the one that includes "
		       "it: `..`, `.` and empty parts are refused";
	return NULL;
}

char *include_name(const char *from, const char *name)
{
	const char *slash = strrchr(from, '/');
	size_t folder = slash ? (size_t)(slash + 1 - from) : 0;
	char *both = malloc(folder + strlen(name) + 1);

	if (!both)
		abort();
	memcpy(both, from, folder);
	strcpy(both + folder, name);
	return both;
}

static bool is_there(const struct appending *a, const char *name)
{
	for (unsigned int i = 0; i < a->count; i++)
		if (!strcmp(a->names[i], name))
			return true;
	return false;
}

/* Takes @name over. */
static void note_name(struct appending *a, char *name)
{
	a->names = realloc(a->names, (a->count + 1) * sizeof(*a->names));
	if (!a->names)
		abort();
	a->names[a->count++] = name;
}

/* ---- one file ---------------------------------------------------------- */

/* The whole file; NULL after an error at the name in the one before. */
static char *read_included(struct appending *a, const char *name,
			   struct mark mark, size_t *size)
{
	char *path = include_name(a->path, name);
	char *text = NULL;
	struct stat status;

	errno = 0;
	if (!stat(path, &status) && !S_ISREG(status.st_mode))
		diagnostics_add(a->d, mark.line, mark.col,
				"'%s' cannot be included: it is no file", path);
	else if (errno || !(text = scenario_read_file(path, size)))
		diagnostics_add(a->d, mark.line, mark.col,
				"'%s' cannot be read: %s", path,
				strerror(errno));
	free(path);
	return text;
}

static void put(struct appending *a, const char *text, size_t size)
{
	fwrite(text, 1, size, a->out);
	a->size += size;
}

static void put_indent(struct appending *a, int columns)
{
	a->size += (size_t)fprintf(a->out, "%*s", columns, "");
}

/* In double quotes, for a name may be any text. */
static void put_key(struct appending *a, const char *name)
{
	put_indent(a, a->indent + 2);
	put(a, "\"", 1);
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			put(a, "\\", 1);
		put(a, name, 1);
	}
	put(a, "\":\n", 3);
	a->line++;
}

/* Nothing but blanks: perhaps where the `---` was. */
static bool is_blank(const char *text, size_t length)
{
	while (length > 0 && strchr(" \t\r", text[length - 1]))
		length--;
	return length == 0;
}

/*
 * All lines to the end of the document, moved to the right; if it is broken,
 * as comments, for its errors to show.
 */
static void put_lines(struct appending *a, char *text, const struct tree *tree)
{
	int columns = a->indent + INCLUDED_INDENT;
	size_t at = 0, length;

	if (tree->root && tree->dashes != NOWHERE)
		memset(text + tree->dashes, ' ', 3);
	while (at < tree->end) {
		const char *stop = memchr(text + at, '\n', tree->end - at);

		length = stop ? (size_t)(stop - text) - at : tree->end - at;
		if (!tree->root) {
			put(a, "#", 1);
			put_indent(a, columns - 1);
			put(a, text + at, length);
		} else if (!is_blank(text + at, length)) {
			put_indent(a, columns);
			put(a, text + at, length);
		}
		put(a, "\n", 1);
		a->line++;
		at += length + 1;
	}
}

static void append_all(struct appending *a, const char *from,
		       const struct tree_node *root, int lines, int columns);

static void append_file(struct appending *a, const char *name, char *text,
			size_t size)
{
	char *path = include_name(a->path, name);
	struct diagnostics d;
	struct tree tree;
	int columns = a->indent + INCLUDED_INDENT, first;
	size_t skip = size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;

	put_key(a, name);
	first = a->line;
	diagnostics_add_file(a->d, path, first, columns);
	free(path);
	diagnostics_init(&d, name);
	tree_init(&tree, text + skip, size - skip, &d);
	/* What leaves a tree is found again in the whole. */
	if (!tree.root)
		diagnostics_take(a->d, &d, "", first - 1, columns);
	put_lines(a, text + skip, &tree);
	if (tree.root)
		append_all(a, name, tree.root, first - 1, columns);
	tree_fini(&tree);
	diagnostics_fini(&d);
}

/* ---- all of them ------------------------------------------------------- */

static const struct tree_node *field_of(const struct tree_node *map,
					const char *key)
{
	if (!map || map->kind != TREE_MAP)
		return NULL;
	for (const struct tree_node *n = map->first; n; n = n->next)
		if (n->key->kind == TREE_SCALAR && !strcmp(n->key->text, key))
			return n;
	return NULL;
}

/* What is wrong with the name is left to whoever reads the whole. */
static void append_item(struct appending *a, const char *from,
			const struct tree_node *item, int lines, int columns)
{
	struct mark mark = {item->mark.line + lines, item->mark.col + columns};
	char *name, *text;
	size_t size;

	if (item->kind != TREE_SCALAR || include_refused(item->text))
		return;
	name = include_name(from, item->text);
	if (is_there(a, name) || a->count >= SCENARIO_INCLUDES_MAX) {
		free(name);
		return;
	}
	note_name(a, name);
	text = read_included(a, name, mark, &size);
	if (!text) {
		put_key(a, name);
		return;
	}
	if (a->size + size <= SCENARIO_BYTES_MAX)
		append_file(a, name, text, size);
	else
		diagnostics_add(a->d, mark.line, mark.col,
				"more than %u bytes with what is included "
				"(SCENARIO_BYTES_MAX): include less, " RAISE(
					SCENARIO_BYTES_MAX),
				SCENARIO_BYTES_MAX);
	free(text);
}

/* No deeper than files may include one another. */
static void append_all(struct appending *a, const char *from,
		       const struct tree_node *root, int lines, int columns)
{
	const struct tree_node *list = field_of(root, "include");

	if (!list || list->kind != TREE_LIST ||
	    a->depth == SCENARIO_INCLUDE_DEPTH_MAX)
		return;
	a->depth++;
	for (const struct tree_node *n = list->first; n; n = n->next)
		append_item(a, from, n, lines, columns);
	a->depth--;
}

static void begin(struct appending *a, const char *text,
		  const struct tree *tree)
{
	a->indent = tree->root->mark.col - 1;
	a->line = 1;
	put(a, text, tree->end);
	for (size_t i = 0; i < tree->end; i++)
		a->line += text[i] == '\n';
	if (tree->end && text[tree->end - 1] != '\n') {
		put(a, "\n", 1);
		a->line++;
	}
	put_indent(a, a->indent);
	put(a, "included:\n", 10);
	a->line++;
}

/* Is there something to append, and a place for it? */
static bool is_wanted(const struct tree *tree)
{
	const struct tree_node *list = field_of(tree->root, "include");
	const struct tree_node *there = field_of(tree->root, "included");

	return list && list->kind == TREE_LIST && list->count &&
	       !tree->root->is_flow && !there;
}

char *include_append(const char *path, const char *text, size_t size,
		     struct diagnostics *d, size_t *new_size)
{
	struct appending a = {.d = d, .path = path};
	struct diagnostics quiet;
	struct tree tree;
	char *whole = NULL;

	if (size > SCENARIO_BYTES_MAX || !memmem(text, size, "include", 7))
		return NULL;
	diagnostics_init(&quiet, path);
	tree_init(&tree, text, size, &quiet);
	if (!quiet.count && is_wanted(&tree)) {
		a.out = open_memstream(&whole, new_size);
		if (!a.out)
			abort();
		begin(&a, text, &tree);
		append_all(&a, "", tree.root, 0, 0);
		fclose(a.out);
	}
	tree_fini(&tree);
	diagnostics_fini(&quiet);
	for (unsigned int i = 0; i < a.count; i++)
		free(a.names[i]);
	free(a.names);
	return whole;
}
