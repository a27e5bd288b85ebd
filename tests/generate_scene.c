/*
 * generate_scene.c - what stands around the programs of a generated scenario:
 * memory and processes before them, the environment and what is claimed after.
 */
#include "tests/generate_internal.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- memory ------------------------------------------------------------ */

/*
 * Where F and G are.  %v stands for a value; what follows the words in `G` is
 * left out of scenarios with one word.
 */
static const struct scene {
	struct recipe recipe;
	const char *word_g;
	const char *end;
	unsigned int processes;
	unsigned int has;
} scenes[] = {
	{{60, {0, 0}, 0, "memory: {words: {F: %v"}, ", G: 0", "}}\n", 1, 0},
	/* CLONE_VM: under some kernels one address space has two tables */
	{{5,
	  {0, 0},
	  0,
	  "processes: {P1: , P2: {shares_memory_with: P1}}\n"
	  "memory: {words: {F: 0"},
	 ", G: 0",
	 "}}\n",
	 2,
	 0},
	{{5,
	  {0, 0},
	  0,
	  "processes: {P1: , P2: }\nmemory:\n"
	  "  regions: {shm: {kind: shared, pages: 2}}\n  maps:\n"
	  "    - {process: P1, region: shm, at: 0x10000}\n"
	  "    - {process: P2, region: shm, at: 0x40000}\n"
	  "  named: {F: {region: shm, offset: 4096}"},
	 ", G: {region: shm, offset: 4160}",
	 "}\n",
	 2,
	 0},
	/* under some kernels the key depends on where the area begins */
	{{6,
	  {0, 0},
	  0,
	  "processes: {P1: , P2: }\nmemory:\n"
	  "  regions: {shm: {kind: shared, pages: 2}}\n  maps:\n"
	  "    - {process: P1, region: shm, at: 0x10000}\n"
	  "    - {process: P2, region: shm, at: 0x40000, offset: 4096}\n"
	  "  named: {F: {region: shm, offset: 4096}"},
	 ", G: {region: shm, offset: 4100}",
	 "}\n",
	 2,
	 0},
	{{4,
	  {0, 0},
	  0,
	  "processes: {P1: , P2: }\nmemory:\n"
	  "  regions: {file: {kind: file}}\n  maps:\n"
	  "    - {process: P1, region: file, at: 0x10000}\n"
	  "    - {process: P2, region: file, at: 0x40000, lazy: true}\n"
	  "  named: {F: {region: file, offset: 32}"},
	 ", G: {region: file, offset: 96}",
	 "}\n",
	 2,
	 0},
	{{3,
	  {0, 0},
	  0,
	  "processes: {P1: , P2: {forked_from: P1}}\nmemory:\n"
	  "  regions: {shm: {kind: shared}, own: {kind: private}}\n"
	  "  maps:\n"
	  "    - {process: P1, region: shm, at: 0x10000}\n"
	  "    - {process: P1, region: own, at: 0x20000}\n"
	  "  named: {F: {region: shm}"},
	 ", G: {region: own}",
	 "}\n",
	 2,
	 0},
	{{30,
	  {0, 0},
	  HAS_BIRTHS,
	  "processes: {P1: , P2: {forked_from: P1}}\nmemory:\n"
	  "  words: {F: %v"},
	 ", G: 0",
	 "}\n",
	 2,
	 HAS_FORKS},
	{{100,
	  {0, 0},
	  HAS_REMAPS,
	  "memory:\n  regions: {one: {kind: shared}, two: {kind: shared}}\n"
	  "  maps: [{region: one, at: 0x10000}, {region: two, at: 0x20000}]\n"
	  "  named: {F: {region: one}"},
	 ", G: {region: two}",
	 "}\n",
	 1,
	 HAS_REUSE},
	{{10,
	  {0, 0},
	  0,
	  "memory:\n  regions: {heap: {kind: private}}\n"
	  "  maps: [{region: heap, at: 0x10000, lazy: true}]\n"
	  "  named: {F: {region: heap}"},
	 ", G: {region: heap, offset: 64}",
	 "}\n",
	 1,
	 HAS_HEAP},
	/* F is on the list that begins at `head`; thread 1 owns it */
	{{9,
	  {0, 0},
	  0,
	  "memory:\n  regions: {heap: {kind: private}}\n"
	  "  maps: [{region: heap, at: 0x10000}]\n  named:\n"
	  "    head: {region: heap, value: 0x10020}\n"
	  "    futex_offset: {region: heap, offset: 8, value: 0x10}\n"
	  "    first: {region: heap, offset: 0x20, value: 0x10000}\n"
	  "    F: {region: heap, offset: 0x30, value: %o}"},
	 "\n    G: {region: heap, offset: 0x70}",
	 "\n",
	 1,
	 HAS_ROBUST},
};

void generate_memory(struct generator *g)
{
	struct recipe table[COUNT(scenes)];
	const struct scene *scene;
	size_t i;

	for (i = 0; i < COUNT(scenes); i++)
		table[i] = scenes[i].recipe;
	scene = &scenes[generate_pick(g, table, COUNT(scenes), g->themes) -
			table];
	g->has = HAS_CLOCK | HAS_TID | scene->has | g->themes;
	g->process_count = scene->processes;
	g->has_far_words = scene != scenes;
	g->word_count = 1 + generate_chance(g, 50);
	if (g->themes & HAS_CALLS)
		g->word_count = 2;
	generate_text(g, g->out, scene->recipe.text);
	if (g->word_count > 1)
		fputs(scene->word_g, g->out);
	fputs(scene->end, g->out);
}

/* ---- the environment --------------------------------------------------- */

void generate_environment(struct generator *g)
{
	g->is_idle = generate_chance(g, 30);
	g->signals = generate_chance(g, 12);
	g->spurious = generate_chance(g, 8);
}

static void put_environment(struct generator *g)
{
	fprintf(g->out, "explore:\n  environment: {timeouts: %s",
		g->is_idle ? "idle" : "any");
	if (g->signals) {
		fputs(", signals: [", g->out);
		generate_text(g, g->out, "%t]");
	}
	if (g->spurious)
		fprintf(g->out, ", spurious_wakeups: %u", g->spurious);
	fputs("}\n", g->out);
}

/* ---- what is claimed --------------------------------------------------- */

static const struct recipe conditions[] = {
	{4, {0, 0}, 0, "%w <= %v"},
	{3, {0, 0}, 0, "%w == %v"},
	{3, {0, 0}, HAS_RESULT, "%R == %e"},
	{3, {0, 0}, HAS_RESULT, "%R != %e"},
	{2, {0, 0}, HAS_RESULT, "%R == %e implies %w == %v"},
	{2, {0, 0}, 0, "count(blocked(t)) <= 1"},
	{2, {0, 0}, 0, "not blocked(%t)"},
	{2, {0, 0}, 0, "done(%t) or %w == %v"},
	{1, {0, 0}, 0, "queued(%t)"},
	{1, {0, 0}, 0, "woken(%t)"},
	{1, {0, 0}, 0, "holds(%t, wq)"},
	{2, {0, 0}, 0, "key(%t) != key(%t)"},
	{2, {0, 0}, 0, "key(%t) == key(%w)"},
	{2, {0, 0}, 0, "charged(%t) implies not blocked(%t)"},
	{2,
	 {0, 0},
	 0,
	 "forall t in threads. charged(t) implies not returned(t, ETIMEDOUT)"},
	{2, {0, 0}, 0, "forall t in threads. done(t)"},
	{2, {0, 0}, 0, "exists t in threads. blocked(t) and %w == %v"},
	{2, {0, 0}, HAS_BOTH, "count(in(both)) <= 1"},
	{2, {0, 0}, HAS_MARK, "count(marked(t, here)) <= 1"},
	{2,
	 {0, 0},
	 HAS_MARK,
	 "exists t in threads. marked(t, here) and not done(t)"},
	{2, {0, 0}, HAS_GROUP, "forall t in T. not blocked(t)"},
	{2, {0, 0}, HAS_GROUP, "exists t in T. done(t) and %w == %v"},
};

static unsigned int what_there_is(const struct generator *g)
{
	unsigned int has = 0, i;

	for (i = 0; i < g->row_count; i++) {
		has |= g->rows[i].results ? HAS_RESULT : 0;
		has |= g->rows[i].has_mark ? HAS_MARK : 0;
		has |= g->rows[i].has_both ? HAS_BOTH : 0;
		has |= g->rows[i].count > 1 ? HAS_GROUP : 0;
	}
	return has;
}

static void put_properties(struct generator *g, const char *kind,
			   unsigned int count)
{
	unsigned int has = what_there_is(g), i;
	const struct recipe *r;

	if (count)
		fprintf(g->out, "  %s:\n", kind);
	for (i = 0; i < count; i++) {
		r = generate_pick(g, conditions, COUNT(conditions), has);
		fprintf(g->out, "    - {name: %s-%u, that: \"", kind, i);
		generate_text(g, g->out, r->text);
		fputs("\"}\n", g->out);
	}
}

static const struct recipe ends[] = {
	{2, {0, 0}, HAS_RESULT, "  returns: {%R: %e}\n"},
	{2, {0, 0}, 0, "  threads: {%t: done}\n"},
	{3, {0, 0}, 0, "  threads: {%t: blocked}\n"},
	{2, {0, 0}, 0, "  words: {%w: %v}\n"},
	{1, {0, 0}, 0, "  queues: {%w: []}\n"},
	{2, {0, 0}, 0, "  queues: {%w: [%t]}\n"},
	{20, {0, 0}, 0, ""},
};

void generate_claims(struct generator *g)
{
	static const char *const kinds[] = {"always", "never", "eventually",
					    "reachable"};
	size_t i;

	put_environment(g);
	fputs("expect:\n  coverage: any\n", g->out);
	generate_text(
		g, g->out,
		generate_pick(g, ends, COUNT(ends), what_there_is(g))->text);
	for (i = 0; i < COUNT(kinds); i++)
		put_properties(g, kinds[i],
			       generate_chance(g, 25) + generate_chance(g, 5));
}
