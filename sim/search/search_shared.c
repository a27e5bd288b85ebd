/* search_shared.c - nodes of a reduction at which several tasks search. */
#include "sim/search/search_shared.h"

#include <stdlib.h>

#include "sim/search/search_dpor.h"
#include "sim/search/search_state.h"

void shared_init(struct shared *h, bool is_coarse)
{
	*h = (struct shared){.is_coarse = is_coarse};
}

/* ---- nodes ------------------------------------------------------------- */

struct shared_node *shared_node_new(struct shared *h,
				    struct shared_node *parent, uint32_t branch)
{
	struct shared_node *n = calloc(1, sizeof(*n));

	if (!n)
		abort();
	n->parent = parent;
	n->branch = branch;
	n->depth = parent ? parent->depth + 1 : 0;
	n->previous = h->last;
	if (h->last)
		h->last->next = n;
	else
		h->first = n;
	h->last = n;
	h->count++;
	if (parent)
		parent->users++;
	return n;
}

static void node_free(struct shared *h, struct shared_node *n)
{
	uint32_t i;

	if (n->previous)
		n->previous->next = n->next;
	else
		h->first = n->next;
	if (n->next)
		n->next->previous = n->previous;
	else
		h->last = n->previous;
	h->count--;
	for (i = 0; i < n->started_count; i++)
		free((void *)(uintptr_t)n->started[i].step);
	free(n->started);
	wakeup_free(n->pending);
	free(n);
}

void shared_fini(struct shared *h)
{
	while (h->first)
		node_free(h, h->first);
}

void shared_add_started(struct shared_node *n, struct footprint *step)
{
	if (n->started_count == n->started_room) {
		n->started_room = n->started_room ? 2 * n->started_room : 4;
		n->started = realloc(n->started,
				     n->started_room * sizeof(*n->started));
		if (!n->started)
			abort();
	}
	n->started[n->started_count++] =
		(struct sleeper){.step = step, .is_own = true};
}

static bool is_started(const struct shared_node *n, uint16_t mover)
{
	uint32_t i;

	for (i = 0; i < n->started_count; i++) {
		if (n->started[i].step->mover == mover)
			return true;
	}
	return false;
}

/* Nobody will come to it any more, nor to those above that it kept. */
static void release(struct shared *h, struct shared_node *n)
{
	struct shared_node *parent;

	for (; n && !n->users && !n->pending; n = parent) {
		parent = n->parent;
		node_free(h, n);
		if (parent)
			parent->users--;
	}
}

void shared_leave(struct shared *h, struct shared_place *place)
{
	if (!place->node)
		return;
	place->node->users--;
	release(h, place->node);
	place->node = NULL;
}

/* ---- what a task has found --------------------------------------------- */

struct steps {
	const struct footprint **items;
	uint32_t count;
	uint32_t room;
};

static void steps_push(struct steps *s, const struct footprint *f)
{
	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		s->items = realloc(s->items, s->room * sizeof(*s->items));
		if (!s->items)
			abort();
	}
	s->items[s->count++] = f;
}

/* Each new sequence of a tree of branches, in order. */
static void take_branches(const struct shared *h, struct shared_node *n,
			  const struct wakeup *w, struct steps *s)
{
	for (; w; w = w->next) {
		steps_push(s, w->step);
		if (w->child)
			take_branches(h, n, w->child, s);
		else if (w->is_new)
			wakeup_insert_steps(&n->pending, n->started,
					    n->started_count, s->items,
					    s->count, h->is_coarse);
		s->count--;
	}
}

/* It has made the first step of its branch. */
static void take_opening(struct shared_place *place, struct footprint *step)
{
	struct shared_node *n = place->node;

	if (!step || !n->is_opening || place->branch != n->started_count - 1) {
		free(step);
		return;
	}
	free((void *)(uintptr_t)n->started[place->branch].step);
	n->started[place->branch].step = step;
	n->is_opening = false;
}

/* Where a task's way passes the shared node at @depth. */
static struct shared_node *node_at(const struct shared_place *place,
				   uint32_t depth)
{
	struct shared_node *n = place->node;

	while (n->depth > depth)
		n = n->parent;
	return n;
}

static uint32_t frozen_count(const struct shared_place *place)
{
	return place->node ? place->node->depth + 1 : 0;
}

bool shared_take(struct shared *h, struct shared_place *place,
		 const struct bytes *state, struct bytes *rest)
{
	struct reader from = bytes_read(state);
	uint32_t i, frozen = reader_get_count(&from);
	struct dpor_node node = {.mover = 0};
	struct steps steps = {NULL, 0, 0};
	struct footprint *step;

	if (frozen != frozen_count(place))
		return false;
	for (i = 0; i < frozen && !from.is_bad; i++) {
		saved_node_read(&from, &node, false, &step);
		if (i + 1 == frozen && !from.is_bad)
			take_opening(place, step);
		else
			free(step);
		if (!from.is_bad)
			take_branches(h, node_at(place, i), node.pending,
				      &steps);
		dpor_node_clear(&node);
	}
	free(node.sleepers);
	free(steps.items);
	rest->size = 0;
	bytes_put_block(rest, from.at, reader_left(&from));
	return !from.is_bad;
}

/* ---- what a task begins with ------------------------------------------- */

/* What was started later is known to it, but does not sleep in it. */
static void put_node(const struct shared_node *n, uint32_t branch,
		     struct bytes *state)
{
	uint32_t i;

	for (i = 0; i < n->started_count; i++)
		n->started[i].is_late = i >= branch;
	saved_node_write(state, &(struct saved_node){
					.mover = n->started[branch].step->mover,
					.is_forced = n->is_forced,
					.tried = n->started_count,
					.choices = n->choices,
					.sleepers = n->started,
					.sleeper_count = n->started_count,
					.pending = n->pending,
				});
}

static void put_way(const struct shared_node *n, uint32_t branch,
		    struct bytes *state)
{
	if (n->parent)
		put_way(n->parent, n->branch, state);
	put_node(n, branch, state);
}

static void wakeup_age(struct wakeup *w)
{
	for (; w; w = w->next) {
		w->is_new = false;
		wakeup_age(w->child);
	}
}

void shared_put(const struct shared_place *place, const struct bytes *rest,
		struct bytes *state)
{
	struct shared_node *n;

	for (n = place->node; n; n = n->parent)
		wakeup_age(n->pending);
	state->size = 0;
	bytes_put(state, frozen_count(place));
	if (place->node)
		put_way(place->node, place->branch, state);
	bytes_put_block(state, rest->data, rest->size);
}

/* ---- sharing out ------------------------------------------------------- */

/* A node of a task becomes a shared one; its branches are to be started. */
static void share(struct shared *h, struct shared_place *place,
		  struct dpor_node *from, struct footprint *step)
{
	struct shared_node *n = shared_node_new(h, place->node, place->branch);
	uint32_t i;

	n->choices = from->choices;
	n->is_forced = from->is_forced;
	for (i = 0; i < from->sleeper_count; i++)
		shared_add_started(
			n,
			(struct footprint *)(uintptr_t)from->sleepers[i].step);
	from->sleeper_count = 0;
	shared_add_started(n, step);
	n->pending = from->pending;
	from->pending = NULL;
	n->users = 1;
	if (place->node)
		place->node->users--;
	place->node = n;
	place->branch = n->started_count - 1;
}

/* How many nodes of @rest are to be shared; 0 for none. */
static uint32_t find_split(const struct bytes *rest)
{
	struct reader from = bytes_read(rest);
	uint32_t i, found = 0, count = reader_get_count(&from);
	struct dpor_node node = {.mover = 0};

	/* The step of the last one was not made yet. */
	for (i = 0; i + 1 < count && !found && !from.is_bad; i++) {
		saved_node_read(&from, &node, false, NULL);
		if (node.pending)
			found = i + 1;
		dpor_node_clear(&node);
	}
	free(node.sleepers);
	return from.is_bad ? 0 : found;
}

bool shared_split(struct shared *h, struct shared_place *place,
		  struct bytes *rest)
{
	uint32_t i, count, split = find_split(rest);
	struct reader from = bytes_read(rest);
	struct dpor_node node = {.mover = 0};
	struct bytes left = {NULL, 0, 0};
	struct footprint *step;

	if (!split)
		return false;
	count = reader_get_count(&from);
	for (i = 0; i < split; i++) {
		saved_node_read(&from, &node, false, &step);
		if (step)
			share(h, place, &node, step);
		dpor_node_clear(&node);
	}
	free(node.sleepers);
	bytes_put(&left, count - split);
	bytes_put_block(&left, from.at, reader_left(&from));
	bytes_fini(rest);
	*rest = left;
	return true;
}

/* The one nearest to the beginning: what follows is likely to be much. */
static struct shared_node *find_start(const struct shared *h)
{
	struct shared_node *n, *best = NULL;

	for (n = h->first; n; n = n->next) {
		if (n->pending && !n->is_opening &&
		    (!best || n->depth < best->depth))
			best = n;
	}
	return best;
}

bool shared_can_start(const struct shared *h)
{
	return find_start(h);
}

static struct wakeup *take_first(struct shared_node *n)
{
	struct wakeup *w = n->pending;

	n->pending = w->next;
	w->next = NULL;
	return w;
}

static void start(struct shared_node *n, struct wakeup *w,
		  struct shared_place *place, struct bytes *rest)
{
	n->is_opening = true;
	n->users++;
	shared_add_started(n, w->step);
	w->step = footprint_new(0, NULL, 0, true);
	*place = (struct shared_place){n, n->started_count - 1};
	rest->size = 0;
	bytes_put(rest, 0);
	wakeup_write(rest, w->child);
}

bool shared_start(struct shared *h, uint32_t threads,
		  struct shared_place *place, struct bytes *rest)
{
	struct shared_node *n;
	struct wakeup *w;
	bool is_good;

	while ((n = find_start(h))) {
		w = take_first(n);
		is_good = choices_have(&n->choices, threads, w->step->mover) &&
			  !is_started(n, w->step->mover);
		if (is_good)
			start(n, w, place, rest);
		wakeup_free(w);
		if (is_good)
			return true;
		release(h, n);
	}
	return false;
}

/* ---- how much there is ------------------------------------------------- */

static uint32_t pending_count(const struct shared_node *n)
{
	const struct wakeup *w;
	uint32_t count = 0;

	for (w = n->pending; w; w = w->next)
		count++;
	return count;
}

double shared_part(const struct shared_node *n)
{
	double part = 1;

	for (; n; n = n->parent)
		part /= n->started_count + pending_count(n);
	return part;
}

double shared_waiting(const struct shared *h)
{
	const struct shared_node *n;
	double waiting = 0;

	for (n = h->first; n; n = n->next) {
		if (n->pending)
			waiting += shared_part(n) * pending_count(n);
	}
	return waiting;
}
