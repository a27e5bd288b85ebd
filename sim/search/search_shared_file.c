/* search_shared_file.c - shared nodes, and where tasks are, in a file. */
#include "sim/search/search_shared.h"
#include "sim/search/search_state.h"

static void node_write(const struct shared_node *n, struct bytes *to)
{
	uint32_t i;

	bytes_put(to, n->parent ? n->parent->number + 1 : 0);
	bytes_put(to, n->branch);
	bytes_put(to, (uint64_t)n->is_forced | (uint64_t)n->is_opening << 1);
	choices_write(to, &n->choices);
	bytes_put(to, n->started_count);
	for (i = 0; i < n->started_count; i++)
		footprint_write(to, n->started[i].step);
	wakeup_write(to, n->pending);
}

/* A node is older than those below it. */
void shared_write(const struct shared *h, struct bytes *to)
{
	struct shared_node *n;
	uint32_t number = 0;

	bytes_put(to, h->count);
	for (n = h->first; n; n = n->next) {
		n->number = number++;
		node_write(n, to);
	}
}

static struct shared_node *find_number(const struct shared *h, uint32_t number)
{
	struct shared_node *n = h->first;

	while (n && n->number != number)
		n = n->next;
	return n;
}

static void node_read(struct shared *h, struct reader *from)
{
	uint32_t parent = reader_get_below(from, (uint64_t)h->count + 1);
	uint32_t i, count, flags, number = h->count;
	struct shared_node *n;

	n = shared_node_new(h, parent ? find_number(h, parent - 1) : NULL, 0);
	n->number = number;
	n->branch = reader_get_below(from, UINT32_MAX);
	if (n->parent && n->branch >= n->parent->started_count)
		from->is_bad = true;
	flags = reader_get_below(from, 4);
	n->is_forced = flags & 1;
	n->is_opening = flags >> 1;
	choices_read(from, &n->choices);
	count = reader_get_count(from);
	for (i = 0; i < count && !from->is_bad; i++)
		shared_add_started(n, footprint_read(from));
	n->pending = wakeup_read(from);
}

bool shared_read(struct shared *h, struct reader *from)
{
	uint32_t i, count = reader_get_count(from);

	for (i = 0; i < count && !from->is_bad; i++)
		node_read(h, from);
	return !from->is_bad;
}

void shared_place_write(const struct shared_place *place, struct bytes *to)
{
	bytes_put(to, place->node ? place->node->number + 1 : 0);
	bytes_put(to, place->branch);
}

bool shared_place_read(const struct shared *h, struct reader *from,
		       struct shared_place *place)
{
	uint32_t number = reader_get_below(from, (uint64_t)h->count + 1);

	place->node = number ? find_number(h, number - 1) : NULL;
	place->branch = reader_get_below(from, UINT32_MAX);
	if (place->node) {
		place->node->users++;
		if (place->branch >= place->node->started_count)
			from->is_bad = true;
	}
	return !from->is_bad;
}
