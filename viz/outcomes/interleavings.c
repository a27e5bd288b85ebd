/*
 * interleavings.c - how many orders of steps end in what.
 *
 * A search that knows states again does not go through their ends again, and
 * so its runs say little about how likely an end is.  The ways through its
 * states do: each state has as many ways to it as those before it together.
 */
#include "viz/outcomes/interleavings.h"

#include <stdlib.h>

#define EXACT_MAX 9007199254740992.0 /* 2^53 */
#define SHARE_OF 1000000000ull /* what parts are measured in */

struct ways {
	const struct record *r;
	uint32_t *waiting; /* edges to a node that were not gone yet */
	uint32_t *first; /* edge of each node; they are in order of from */
	uint32_t *list;
	double *count; /* of ways to a node */
};

static void *room(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

static bool begin(struct ways *w)
{
	const struct record *r = w->r;
	uint32_t e;

	for (e = 0; e < r->edge_count; e++) {
		if (e > 0 && r->edges[e].from < r->edges[e - 1].from)
			return false;
		w->waiting[r->edges[e].to]++;
		w->first[r->edges[e].from + 1]++;
	}
	for (uint32_t n = 0; n < r->node_count; n++)
		w->first[n + 1] += w->first[n];
	return w->waiting[0] == 0;
}

/* Returns false if there is a loop, or a cut. */
static bool go(struct ways *w)
{
	const struct record *r = w->r;
	uint32_t done = 0, count = 1;

	w->count[0] = 1;
	while (done < count) {
		uint32_t node = w->list[done++];

		if (r->nodes[node].outcome == RECORD_CUT)
			return false;
		for (uint32_t e = w->first[node]; e < w->first[node + 1]; e++) {
			uint32_t to = r->edges[e].to;

			w->count[to] += w->count[node];
			if (--w->waiting[to] == 0)
				w->list[count++] = to;
		}
	}
	return count == r->node_count;
}

bool interleavings_count(const struct record *r, double by_class[CLASS_COUNT],
			 double *all)
{
	struct ways w = {.r = r};
	bool ok;

	if (!r->is_whole || !r->states_are_merged || r->is_truncated ||
	    r->node_count == 0)
		return false;
	w.waiting = room(r->node_count, sizeof(*w.waiting));
	w.first = room(r->node_count + 1ul, sizeof(*w.first));
	w.list = room(r->node_count, sizeof(*w.list));
	w.count = room(r->node_count, sizeof(*w.count));
	ok = begin(&w) && go(&w);
	*all = 0;
	for (unsigned int i = 0; i < CLASS_COUNT; i++)
		by_class[i] = 0;
	for (uint32_t n = 0; ok && n < r->node_count; n++) {
		int32_t outcome = r->nodes[n].outcome;

		if (outcome < 0)
			continue;
		by_class[class_of(&r->outcomes[outcome])] += w.count[n];
		*all += w.count[n];
	}
	free(w.waiting);
	free(w.first);
	free(w.list);
	free(w.count);
	return ok && *all > 0;
}

const char *interleavings_text(struct trace *memory, double count)
{
	unsigned int power = 0;

	if (count <= EXACT_MAX)
		return number_text(memory, (uint64_t)count);
	for (; count >= 10; count /= 10)
		power++;
	return trace_format(memory, "about %u × 10^%u", (unsigned int)count,
			    power);
}

const char *interleavings_part(struct trace *memory, double part, double all)
{
	uint64_t share = (uint64_t)(part / all * (double)SHARE_OF);

	if (share == 0 && part > 0)
		share = 1;
	if (share == SHARE_OF && part < all)
		share = SHARE_OF - 1;
	return part_text(memory, share, SHARE_OF);
}
