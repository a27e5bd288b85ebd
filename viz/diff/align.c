/*
 * align.c - pairing what is equal in two sequences.
 *
 * Source: E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986:
 *	   the greedy form, with the reach of each round kept to walk back.
 */
#include <stdlib.h>
#include <string.h>

#include "viz/diff/compare.h"

/* Rounds, each of which finds one difference more; they cost their square. */
#define ROUNDS_MAX 3000
/* Steps in all, for sequences that are long and far apart. */
#define WORK_MAX 100000000ull

struct aligning {
	const uint64_t *a, *b;
	int32_t a_count, b_count;
	uint32_t offset; /* of what is left of the sequences */
	int32_t **reach; /* by round: x on the diagonals -round .. round */
	int rounds;
	uint64_t work;
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

/* x on diagonal @k after @round; the middle of the row is diagonal 0. */
static int32_t reach_of(const struct aligning *g, int round, int k)
{
	return g->reach[round][k + round];
}

/* Whether the best way to diagonal @k comes from the one above: from b. */
static bool comes_from_above(const struct aligning *g, int round, int k)
{
	return k == -round ||
	       (k != round &&
		reach_of(g, round - 1, k - 1) < reach_of(g, round - 1, k + 1));
}

static int32_t start_of(const struct aligning *g, int round, int k)
{
	if (round == 0)
		return 0;
	if (comes_from_above(g, round, k))
		return reach_of(g, round - 1, k + 1);
	return reach_of(g, round - 1, k - 1) + 1;
}

/* Returns whether the end of both is reached. */
static bool advance(struct aligning *g, int round, int k)
{
	int32_t x = start_of(g, round, k), y = x - k;

	while (x < g->a_count && y < g->b_count && y >= 0 &&
	       g->a[x] == g->b[y]) {
		x++;
		y++;
		g->work++;
	}
	g->work++;
	g->reach[round][k + round] = x;
	return x >= g->a_count && y >= g->b_count;
}

/* Returns the diagonal on which the end is reached, or false. */
static bool search(struct aligning *g)
{
	int round, k;

	for (round = 0; round <= ROUNDS_MAX && g->work < WORK_MAX; round++) {
		g->reach[round] = must(
			calloc((size_t)(2 * round + 1), sizeof(**g->reach)));
		g->rounds = round + 1;
		for (k = -round; k <= round; k += 2)
			if (advance(g, round, k))
				return true;
	}
	return false;
}

/* Back from the end: what was passed on a diagonal is a pair. */
static void walk_back(struct aligning *g, uint32_t *pair)
{
	int32_t x = g->a_count, k = g->a_count - g->b_count;

	for (int round = g->rounds - 1; round >= 0; round--) {
		int32_t start = start_of(g, round, k);

		for (; x > start; x--)
			pair[g->offset + (uint32_t)x - 1] =
				g->offset + (uint32_t)(x - k) - 1;
		if (round == 0)
			break;
		if (comes_from_above(g, round, k)) {
			k++;
		} else {
			k--;
			x--;
		}
	}
}

/* What both begin with and end with is paired without searching. */
static void trim(struct aligning *g, uint32_t *pair)
{
	uint32_t begin = 0, a = (uint32_t)g->a_count, b = (uint32_t)g->b_count;

	while (begin < a && begin < b && g->a[begin] == g->b[begin]) {
		pair[begin] = begin;
		begin++;
	}
	while (a > begin && b > begin && g->a[a - 1] == g->b[b - 1])
		pair[--a] = --b;
	g->offset = begin;
	g->a += begin;
	g->b += begin;
	g->a_count = (int32_t)(a - begin);
	g->b_count = (int32_t)(b - begin);
}

bool align_keys(const uint64_t *a, uint32_t a_count, const uint64_t *b,
		uint32_t b_count, uint32_t *pair)
{
	struct aligning g = {
		.a = a,
		.b = b,
		.a_count = (int32_t)a_count,
		.b_count = (int32_t)b_count,
	};
	bool is_found;

	for (uint32_t i = 0; i < a_count; i++)
		pair[i] = ALIGN_NONE;
	trim(&g, pair);
	if (g.a_count == 0 || g.b_count == 0)
		return true;
	g.reach = must(calloc(ROUNDS_MAX + 1, sizeof(*g.reach)));
	is_found = search(&g);
	if (is_found)
		walk_back(&g, pair);
	for (int i = 0; i < g.rounds; i++)
		free(g.reach[i]);
	free(g.reach);
	return is_found;
}
