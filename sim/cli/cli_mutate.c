/*
 * cli_mutate.c - futexsim test --mutate: does any scenario notice if the model
 * is changed in one place?
 *
 * Each mutation has a process of its own, in which tests run until one turns
 * red: the quirk's own scenario first, then the cheapest.  A schedule that
 * cannot be followed any more is taken only if nothing better turns up.
 */
#include "sim/cli/cli_mutate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/cli/mutants.h"
#include "sim/cli/workers.h"
#include "sim/loader/diagnostics.h"

struct mutating {
	struct mutant_tests tests;
	struct mutation *mutations;
	uint32_t count;
	int name_width;
	uint32_t *at_work; /* [mutation] test it is at; shared with processes */
	uint32_t killed;
};

#define VERDICT_WIDTH 14

/* ---- one mutation, in its process -------------------------------------- */

static bool is_own(const struct mutation *m, const struct mutant_test *t)
{
	const char *own;
	size_t size, own_size;

	if (m->site)
		return false;
	own = quirk_table[m->quirk].scenario;
	own_size = strlen(own);
	size = strlen(t->path);
	return size >= own_size && !strcmp(t->path + size - own_size, own);
}

struct candidate {
	uint32_t test;
	uint64_t cost;
};

static int by_cost(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	return x->test < y->test ? -1 : x->test > y->test;
}

static uint32_t find_candidates(const struct mutating *g,
				const struct mutation *m, struct candidate *c)
{
	const struct mutant_tests *tests = &g->tests;
	uint32_t i, count = 0;

	for (i = 0; i < tests->count; i++) {
		if (!mutant_concerns(m, &tests->items[i]))
			continue;
		c[count].test = i;
		c[count++].cost = is_own(m, &tests->items[i])
					  ? 0
					  : tests->items[i].events + 1;
	}
	qsort(c, count, sizeof(*c), by_cost);
	return count;
}

static void put_finding(struct bytes *result, enum finding finding,
			uint32_t test, uint32_t tried, const char *text)
{
	result->size = 0;
	bytes_put(result, finding);
	bytes_put(result, test);
	bytes_put(result, tried);
	bytes_put_text(result, text);
}

static void mutate(uint32_t index, struct bytes *result, void *arg)
{
	struct mutating *g = arg;
	const struct mutation *m = &g->mutations[index];
	struct candidate *c = calloc(g->tests.count + 1, sizeof(*c));
	char text[FINDING_TEXT_MAX] = "";
	enum finding best = FINDING_NOTHING, finding;
	struct sim sim;
	uint32_t i, count;

	if (!c)
		abort();
	count = find_candidates(g, m, c);
	put_finding(result, FINDING_NOTHING, 0, count, "");
	mutation_guard_steps();
	sim_init(&sim);
	for (i = 0; i < count && best != FINDING_RED; i++) {
		g->at_work[index] = c[i].test;
		finding = mutant_try(m, &g->tests.items[c[i].test],
				     MUTANT_RUNS_MAX, &sim, text);
		if (finding <= best)
			continue;
		best = finding;
		put_finding(result, finding, c[i].test, count, text);
	}
	sim_fini(&sim);
	free(c);
}

/* ---- the table --------------------------------------------------------- */

static void print_killed(struct mutating *g, uint32_t index, uint32_t test,
			 const char *text)
{
	printf("%-*s  %-*s  ", g->name_width, g->mutations[index].name,
	       VERDICT_WIDTH, text);
	mutant_test_print(&g->tests.items[test], stdout);
	putchar('\n');
	g->killed++;
}

static void print_survivor(const struct mutating *g, uint32_t index,
			   uint32_t tried)
{
	const struct mutation *m = &g->mutations[index];

	printf("%-*s  %-*s  ", g->name_width, m->name, VERDICT_WIDTH,
	       "SURVIVED");
	if (m->site)
		printf("%s:%d, ", m->site->file, m->site->line);
	if (!tried)
		puts(m->site ? "which no test passes"
			     : "no test has a profile for it");
	else
		printf("%s%u test%s, none of which notices\n",
		       m->site ? "passed by " : "", tried,
		       tried == 1 ? "" : "s");
}

static void on_done(uint32_t index, const struct task_end *end,
		    const struct bytes *result, void *arg)
{
	struct reader from = bytes_read(result);
	struct mutating *g = arg;
	uint32_t finding, test, tried;
	char *text;

	progress_wipe(&g->tests.progress);
	if (end->exit_code) {
		print_killed(g, index, g->at_work[index], "crash");
		return;
	}
	finding = reader_get_below(&from, FINDING_RED + 1);
	test = reader_get_below(&from, g->tests.count + 1);
	tried = reader_get_below(&from, UINT32_MAX);
	text = reader_get_text(&from);
	if (finding)
		print_killed(g, index, test, text);
	else
		print_survivor(g, index, tried);
	free(text);
	fflush(stdout);
}

static void on_tick(uint32_t finished, double seconds, void *arg)
{
	struct mutating *g = arg;

	progress_say(&g->tests.progress, seconds, "%u of %u mutations",
		     finished, g->count);
}

/* ---- all of them ------------------------------------------------------- */

static int mutate_all(struct mutating *g, const struct options *o)
{
	const struct workers workers = {
		.jobs = workers_wanted(o),
		.count = g->count,
		.task = mutate,
		.done = on_done,
		.tick = on_tick,
		.arg = g,
	};
	size_t size = (g->count + 1) * sizeof(*g->at_work);
	int code;

	g->at_work = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (g->at_work == MAP_FAILED) {
		fputs("futexsim: error: no memory to share\n", stderr);
		return EXIT_ENVIRONMENT;
	}
	progress_begin(&g->tests.progress, stderr, o->is_quiet);
	code = workers_run(&workers);
	progress_end(&g->tests.progress);
	munmap(g->at_work, size);
	if (code)
		return code;
	printf("%u mutation%s, %u noticed, %u survived\n", g->count,
	       g->count == 1 ? "" : "s", g->killed, g->count - g->killed);
	return g->killed == g->count ? EXIT_EXPECTED : EXIT_BUG;
}

/* Only the one with this name stays. */
static bool choose(struct mutating *g, const char *name)
{
	const char **names = calloc(g->count, sizeof(*names));
	const char *nearest;
	uint32_t i;

	if (!names)
		abort();
	for (i = 0; i < g->count && strcmp(g->mutations[i].name, name); i++)
		names[i] = g->mutations[i].name;
	if (i < g->count) {
		g->mutations[0] = g->mutations[i];
		g->count = 1;
	} else {
		nearest = nearest_name(name, names, g->count);
		fprintf(stderr, "futexsim: error: no mutation '%s'%s%s\n", name,
			nearest ? "; nearest: " : "", nearest ? nearest : "");
		g->count = 0;
	}
	free(names);
	return g->count > 0;
}

static void measure(struct mutating *g)
{
	uint32_t i;
	int width;

	for (i = 0; i < g->count; i++) {
		width = (int)strlen(g->mutations[i].name);
		if (width > g->name_width)
			g->name_width = width;
	}
}

int cli_mutate_list(void)
{
	struct mutating g = {0};
	const struct mutation *m;
	uint32_t i;

	g.mutations = mutations_new(&g.count);
	measure(&g);
	for (i = 0; i < g.count; i++) {
		m = &g.mutations[i];
		printf("%-*s  ", g.name_width, m->name);
		if (m->site)
			printf("%s:%d\n", m->site->file, m->site->line);
		else
			printf("in %s\n", quirk_table[m->quirk].place);
	}
	free(g.mutations);
	return 0;
}

int cli_mutate(const struct options *o, const struct test_files *files)
{
	struct mutating g = {0};
	int code = EXIT_USAGE;

	g.mutations = mutations_new(&g.count);
	if (!o->mutate || choose(&g, o->mutate)) {
		measure(&g);
		code = mutant_tests_init(&g.tests, o, files);
		if (!code)
			code = mutate_all(&g, o);
		mutant_tests_fini(&g.tests);
	}
	free(g.mutations);
	return code;
}
