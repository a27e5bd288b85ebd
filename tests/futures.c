/*
 * futures.c - a search that leaves nothing out and hashes every state.
 */
#include "tests/futures.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/search_cache.h"
#include "sim/search/search_internal.h"
#include "sim/search/state_hash.h"
#include "tests/oracle.h"

/* Ends that are told apart; a scenario with more is too big. */
#define ENDS_MAX 512u
#define SLOTS (1u << 16)

struct ends {
	uint64_t bits[ENDS_MAX / 64];
};

struct moment {
	struct choices left;
	uint64_t hash[2];
	struct ends ends;
	uint16_t mover;
};

struct known {
	struct known *next;
	uint64_t hash[2];
	struct ends ends;
};

struct walk {
	struct futures *futures;
	struct moment places[SEARCH_STEPS_DEFAULT];
	uint32_t count;
	struct known *slots[SLOTS];
	char *texts[ENDS_MAX];
	uint32_t text_count;
	bool is_too_big;
};

/* There is one walk at a time; strategies have no place for it. */
static struct walk *walk;

/* ---- comparing --------------------------------------------------------- */

static void put_ends(FILE *out, const char *title, const struct ends *these,
		     const struct ends *without)
{
	uint32_t i;

	fprintf(out, "%s\n", title);
	for (i = 0; i < walk->text_count; i++) {
		if ((these->bits[i / 64] & ~without->bits[i / 64]) >> i % 64 &
		    1)
			fprintf(out, "  %s\n", walk->texts[i]);
	}
}

static void complain(const struct known *k, const struct moment *p)
{
	size_t size;
	FILE *out;
	uint32_t i;

	if (walk->futures->difference)
		return;
	out = open_memstream(&walk->futures->difference, &size);
	put_ends(out, "only the first:", &k->ends, &p->ends);
	put_ends(out, "only the second:", &p->ends, &k->ends);
	fprintf(out, "movers of the second:");
	for (i = 0; i + 1 < walk->count; i++)
		fprintf(out, " %u", walk->places[i].mover);
	fprintf(out, "\n");
	fclose(out);
}

/* All that can follow is known. */
static void leave(const struct moment *p)
{
	struct known **slot = &walk->slots[p->hash[0] % SLOTS];
	struct known *k;

	for (k = *slot; k; k = k->next) {
		if (k->hash[0] != p->hash[0] || k->hash[1] != p->hash[1])
			continue;
		if (memcmp(&k->ends, &p->ends, sizeof(k->ends)))
			complain(k, p);
		return;
	}
	k = malloc(sizeof(*k));
	if (!k)
		abort();
	*k = (struct known){
		.next = *slot,
		.hash = {p->hash[0], p->hash[1]},
		.ends = p->ends,
	};
	*slot = k;
	walk->futures->states++;
}

/* ---- as a strategy ----------------------------------------------------- */

static void begin_run(struct search *s)
{
	(void)s;
}

static uint16_t take(struct search *s, struct moment *p)
{
	p->mover = choices_next(&p->left, s->thread_count, 0);
	choices_remove(&p->left, s->thread_count, p->mover);
	return p->mover;
}

static uint16_t choose(struct search *s, const struct choices *c)
{
	struct moment *p = &walk->places[s->depth];

	if (s->depth < walk->count)
		return p->mover;
	*p = (struct moment){.left = *c};
	state_hash_take(s->sim.hasher, s, p->hash);
	walk->count++;
	walk->futures->places++;
	return take(s, p);
}

static bool end_run(struct search *s)
{
	struct moment *p;
	uint32_t i, k;

	for (; walk->count; walk->count--) {
		p = &walk->places[walk->count - 1];
		i = walk->count - 1;
		if (choices_count(&p->left)) {
			take(s, p);
			s->repeated = i;
			return true;
		}
		leave(p);
		for (k = 0; i && k < ENDS_MAX / 64; k++)
			p[-1].ends.bits[k] |= p->ends.bits[k];
	}
	return false;
}

static const struct strategy_ops ops = {
	.begin_run = begin_run,
	.choose = choose,
	.end_run = end_run,
	.comes_back = true,
};

/* ---- the walk ---------------------------------------------------------- */

static void note_end(struct search *s)
{
	char *text = ending_of_run(&s->sim, walk->futures->up_to_renaming);
	uint32_t i = 0;

	while (i < walk->text_count && strcmp(walk->texts[i], text))
		i++;
	if (i < walk->text_count)
		free(text);
	else if (i < ENDS_MAX)
		walk->texts[walk->text_count++] = text;
	walk->is_too_big |= i == ENDS_MAX;
	if (i < ENDS_MAX && walk->count)
		walk->places[walk->count - 1].ends.bits[i / 64] |= UINT64_C(1)
								   << i % 64;
}

static void walk_all(struct search *s)
{
	struct futures *f = walk->futures;

	do {
		search_run_once(s);
		walk->is_too_big |=
			s->end != RUN_AT_REST || ++f->runs > f->runs_max;
		if (walk->is_too_big)
			return;
		note_end(s);
	} while (end_run(s));
	f->is_complete = !walk->is_too_big;
}

static void walk_free(void)
{
	struct known *k, *next;
	uint32_t i;

	for (i = 0; i < SLOTS; i++) {
		for (k = walk->slots[i]; k; k = next) {
			next = k->next;
			free(k);
		}
	}
	for (i = 0; i < walk->text_count; i++)
		free(walk->texts[i]);
	free(walk);
}

void futures_compare(struct futures *f)
{
	struct search_request r = {
		.scenario = f->scenario,
		.profile = f->profile,
		.explore = f->explore,
		.has_cache = true,
		.has_symmetry = f->up_to_renaming,
		.jobs = 1,
	};
	struct search *s = calloc(1, sizeof(*s));
	struct search_result result = {0};

	walk = calloc(1, sizeof(*walk));
	if (!s || !walk)
		abort();
	walk->futures = f;
	r.explore.strategy = STRATEGY_DFS;
	run_quirks(r.scenario, r.profile, &r.quirks);
	if (search_init(s, &r, &result))
		abort();
	s->strategy = STRATEGY_DFS;
	s->ops = &ops;
	s->preemptions_max = NO_BOUND;
	s->cache = cache_new(s);
	walk_all(s);
	cache_free(s->cache);
	search_fini(s);
	free(s);
	walk_free();
}
