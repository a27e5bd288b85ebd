/* test_files.c - finding scenarios in folders. */
#define _GNU_SOURCE
#include "sim/cli/test_files.h"

#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/options.h"
#include "sim/loader/scenario.h"

static void add_file(struct test_files *f, const char *path)
{
	if (f->count == f->room) {
		f->room = f->room ? f->room * 2 : 64;
		f->paths = realloc(f->paths, f->room * sizeof(*f->paths));
		if (!f->paths)
			abort();
	}
	f->paths[f->count] = strdup(path);
	if (!f->paths[f->count++])
		abort();
}

static bool is_scenario(const FTSENT *e)
{
	const char *dot = strrchr(e->fts_name, '.');

	return e->fts_info == FTS_F && dot && !strcmp(dot, ".yaml");
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* What was asked for is not there: bad input, as for every command. */
static int say_unreadable(const FTSENT *e)
{
	bool is_missing =
		e->fts_level == FTS_ROOTLEVEL && e->fts_errno == ENOENT;

	fprintf(stderr, "%s: error: cannot be opened: %s\n", e->fts_path,
		strerror(e->fts_errno));
	return is_missing ? EXIT_INVALID : EXIT_ENVIRONMENT;
}

static int find_below(struct test_files *f, char *folder)
{
	char *const roots[] = {folder, NULL};
	FTS *fts = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	int code = 0;
	FTSENT *e;

	if (!fts)
		return EXIT_ENVIRONMENT;
	while ((e = fts_read(fts))) {
		if (e->fts_info == FTS_NS || e->fts_info == FTS_DNR ||
		    e->fts_info == FTS_ERR) {
			code = say_unreadable(e);
		} else if (e->fts_info == FTS_D &&
			   !strcmp(e->fts_name, "schema")) {
			fts_set(fts, e, FTS_SKIP);
		} else if (is_scenario(e) &&
			   !scenario_is_for_inclusion(e->fts_accpath)) {
			add_file(f, e->fts_path);
		}
	}
	fts_close(fts);
	return code;
}

int test_files_find(struct test_files *f, int count, char **folders)
{
	int i, code = 0;

	for (i = 0; i < count && !code; i++)
		code = find_below(f, folders[i]);
	if (code || f->count)
		return code;
	fputs("futexsim: error: there is no scenario to test\n", stderr);
	return EXIT_USAGE;
}

void test_files_fini(struct test_files *f)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		free(f->paths[i]);
	free(f->paths);
}
