/* scenario_file.c - scenarios that are files: reading one, and its includes.
 */
#define _GNU_SOURCE
#include "sim/loader/scenario_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/loader/scenario_include.h"
#include "sim/loader/scenario_internal.h"

/* ---- bytes ------------------------------------------------------------- */

static char *read_all(FILE *in, size_t *size)
{
	size_t room = 1 << 16, got;
	char *text = NULL, *more;

	*size = 0;
	do {
		more = realloc(text, room);
		if (!more)
			abort();
		text = more;
		got = fread(text + *size, 1, room - *size, in);
		*size += got;
		room *= 2;
	} while (got > 0 && *size <= SCENARIO_BYTES_MAX);
	return text;
}

char *scenario_read_file(const char *path, size_t *size)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *in = is_stdin ? stdin : fopen(path, "rb");
	char *text = NULL;
	int error;

	if (!in)
		return NULL;
	errno = 0;
	text = read_all(in, size);
	error = errno;
	if (ferror(in)) {
		free(text);
		text = NULL;
	}
	if (!is_stdin)
		fclose(in);
	errno = error;
	return text;
}

/* Of the byte order mark that the text begins with. */
static size_t bom_size(const char *text, size_t size)
{
	return size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;
}

/* ---- scenarios --------------------------------------------------------- */

/* Every other combination of the matrix has to load as well. */
static bool check_combinations(const struct scenario *s, struct diagnostics *d)
{
	bool is_good = true;

	for (uint32_t i = 1; i < s->matrix.combination_count && is_good; i++) {
		char *name = scenario_combination_name(s, i), *before = NULL;
		struct diagnostics own;
		struct scenario *c;

		diagnostics_init(&own, d->path);
		c = scenario_combination(s, i, &own);
		is_good = c != NULL;
		scenario_free(c);
		if (asprintf(&before, "with %s: ", name) < 0)
			abort();
		if (!is_good)
			diagnostics_take(d, &own, before, 0, 0);
		free(before);
		free(name);
		diagnostics_fini(&own);
	}
	return is_good;
}

static struct scenario *parse_file(const char *path, const char *text,
				   size_t size,
				   const struct scenario_params *params,
				   struct diagnostics *d)
{
	size_t whole_size = size;
	unsigned int before = d->count + d->dropped;
	char *whole = include_append(path, text, size, d, &whole_size);
	const char *source = whole ? whole : text;
	struct scenario *s = scenario_parse_text(path, source, whole_size,
						 params, whole != NULL, d);

	if (s &&
	    (d->count + d->dropped != before || !check_combinations(s, d))) {
		diagnostics_set_source(d, source, whole_size);
		scenario_free(s);
		s = NULL;
	}
	free(whole);
	return s;
}

struct scenario *scenario_load_with(const char *path,
				    const struct scenario_params *params,
				    struct diagnostics *d)
{
	struct scenario *s = NULL;
	char *text;
	size_t size, skip;

	text = scenario_read_file(path, &size);
	d->path = strcmp(path, "-") ? path : "<stdin>";
	if (!text) {
		diagnostics_add(d, 0, 0, "cannot be %s: %s",
				errno == EISDIR || errno == EIO ? "read"
								: "opened",
				strerror(errno));
		return NULL;
	}
	skip = bom_size(text, size);
	s = parse_file(d->path, text + skip, size - skip, params, d);
	free(text);
	return s;
}

struct scenario *scenario_load(const char *path, struct diagnostics *d)
{
	return scenario_load_with(path, NULL, d);
}

/* ---- files for inclusion ----------------------------------------------- */

bool scenario_is_for_inclusion(const char *path)
{
	struct diagnostics quiet;
	struct tree tree;
	struct stat status;
	size_t size, skip;
	char *text;
	bool is_it = false;

	/* What comes out of a pipe can be read only once. */
	if (stat(path, &status) || !S_ISREG(status.st_mode))
		return false;
	text = scenario_read_file(path, &size);
	if (!text)
		return false;
	diagnostics_init(&quiet, path);
	if (size > SCENARIO_BYTES_MAX)
		size = 0;
	skip = bom_size(text, size);
	tree_init(&tree, text + skip, size - skip, &quiet);
	if (tree.root)
		is_it = is_for_inclusion(tree.root);
	tree_fini(&tree);
	diagnostics_fini(&quiet);
	free(text);
	return is_it;
}

bool scenario_check_inclusion(const char *path, struct diagnostics *d,
			      uint32_t *procedures, uint32_t *params)
{
	size_t size, whole_size;
	char *text = scenario_read_file(path, &size), *whole;
	size_t skip;
	bool is_good;

	if (!text) {
		diagnostics_add(d, 0, 0, "cannot be read: %s", strerror(errno));
		return false;
	}
	skip = bom_size(text, size);
	whole_size = size - skip;
	whole = include_append(path, text + skip, size - skip, d, &whole_size);
	is_good = scenario_parse_inclusion(path, whole ? whole : text + skip,
					   whole_size, whole != NULL, d,
					   procedures, params);
	free(whole);
	free(text);
	return is_good;
}
