/*
 * lock_order.c - what each thread holds, edges from mutex to mutex, circles.
 *
 * The futex code nests its mutexes registry, table, queue, and then a waiter's
 * cleanup or the address space; of two queues the one with the lower address
 * comes first.  While every edge goes that way no circle can close, and none
 * is looked for.
 */
#include "sim/judge/lock_order.h"

#include <string.h>

#include "sim/base/hash128.h"
#include "sim/run/names.h"

#define SLOTS_FIRST 16u
/* Edges of a circle: each takes a thread of its own, and is evidence. */
#define CIRCLE_MAX VERDICT_EVIDENCE_MAX

struct held {
	uint32_t mutex;
	uint32_t event;
};

/* What a thread holds, in the order of taking. */
struct holding {
	struct held *items;
	uint32_t count;
	uint32_t room;
	uint32_t asked_at; /* n of the event that put it to sleep */
};

/* @thread locked @to while it held @held, @from among them. */
struct lock_edge {
	struct lock_edge *next;
	uint32_t from;
	uint32_t to;
	uint32_t thread;
	uint32_t held_count;
	const struct held *held;
	uint32_t event;
	const struct ksite *site; /* NULL: a program's own operation */
	const struct op *op; /* NULL in unit tests */
};

struct lock_order {
	struct holding *threads; /* [thread] */
	struct lock_edge *edges; /* newest first */
	struct lock_edge **slots; /* the same by what is in them */
	uint32_t edge_count;
	uint32_t slot_count; /* a power of two */
	bool is_open; /* an edge goes against the order above */
	bool is_told;
};

void lock_order_begin(struct sim *sim)
{
	struct lock_order *l;

	if (sim->ignore >> VERDICT_LOCK_ORDER & 1)
		return;
	l = arena_alloc(&sim->arena, sizeof(*l));
	l->threads =
		arena_alloc(&sim->arena, sim->task_count * sizeof(*l->threads));
	sim->locks = l;
}

/* ---- edges ------------------------------------------------------------- */

static unsigned int depth_of(enum object_kind kind)
{
	if (kind == OBJECT_REGISTRY)
		return 0;
	if (kind == OBJECT_TABLE)
		return 1;
	return kind == OBJECT_WQ ? 2 : 3;
}

static bool goes_inwards(const struct sim *sim, uint32_t from, uint32_t to)
{
	const struct object *a = &sim->objects[from], *b = &sim->objects[to];
	unsigned int outer = depth_of(a->kind), inner = depth_of(b->kind);

	/* Numbers of a thread's objects grow as their addresses do. */
	if (a->kind == OBJECT_WQ && b->kind == OBJECT_WQ)
		return a->serial < b->serial;
	return outer < inner;
}

static uint32_t hash_of(const struct lock_edge *e)
{
	uint64_t n = (uint64_t)e->from << 32 | e->to;

	n ^= (uint64_t)e->thread << 16 | (uint64_t)e->held_count << 56;
	return (uint32_t)(n * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

static bool is_same(const struct lock_edge *a, const struct lock_edge *b)
{
	uint32_t i;

	if (a->from != b->from || a->to != b->to || a->thread != b->thread ||
	    a->held_count != b->held_count)
		return false;
	for (i = 0; i < a->held_count; i++) {
		if (a->held[i].mutex != b->held[i].mutex)
			return false;
	}
	return true;
}

static struct lock_edge **find_slot(const struct lock_order *l,
				    const struct lock_edge *e)
{
	uint32_t at = hash_of(e) & (l->slot_count - 1);

	while (l->slots[at] && !is_same(l->slots[at], e))
		at = (at + 1) & (l->slot_count - 1);
	return &l->slots[at];
}

static void grow(struct sim *sim, struct lock_order *l)
{
	struct lock_edge *e;

	l->slot_count = l->slot_count ? 2 * l->slot_count : SLOTS_FIRST;
	l->slots = arena_alloc(&sim->arena, l->slot_count * sizeof(*l->slots));
	for (e = l->edges; e; e = e->next)
		*find_slot(l, e) = e;
}

/* ---- circles ----------------------------------------------------------- */

/* The way from a new edge back to its beginning. */
struct circle {
	const struct lock_edge *edges[CIRCLE_MAX];
	uint32_t count;
};

static bool share_a_mutex(const struct lock_edge *a, const struct lock_edge *b)
{
	uint32_t i, k;

	for (i = 0; i < a->held_count; i++) {
		for (k = 0; k < b->held_count; k++) {
			if (a->held[i].mutex == b->held[k].mutex)
				return true;
		}
	}
	return false;
}

static bool can_follow(const struct circle *c, const struct lock_edge *e)
{
	uint32_t i;

	if (c->count == CIRCLE_MAX || c->edges[c->count - 1]->to != e->from)
		return false;
	for (i = 0; i < c->count; i++) {
		if (c->edges[i]->thread == e->thread ||
		    share_a_mutex(c->edges[i], e))
			return false;
	}
	return true;
}

static bool close_circle(const struct lock_order *l, struct circle *c)
{
	const struct lock_edge *e;

	if (c->edges[c->count - 1]->to == c->edges[0]->from)
		return true;
	for (e = l->edges; e; e = e->next) {
		if (!can_follow(c, e))
			continue;
		c->edges[c->count++] = e;
		if (close_circle(l, c))
			return true;
		c->count--;
	}
	return false;
}

static const char *edge_text(struct sim *sim, const struct lock_edge *e)
{
	const char *where = "";

	if (e->op)
		where = sim_format(sim, "line %d, ", e->op->mark.line);
	if (e->site)
		where = sim_format(sim, "%s%s:%d, ", where, e->site->file,
				   e->site->line);
	return sim_format(sim, "%s holds %s and locks %s (%sstep %u)",
			  sim->tasks[e->thread].name, object_name(sim, e->from),
			  object_name(sim, e->to), where, e->event);
}

static void tell(struct sim *sim, const struct circle *c)
{
	const struct lock_edge *last = c->edges[0];
	struct verdict *v =
		sim_verdict(sim, VERDICT_LOCK_ORDER, (int32_t)last->thread);
	const char *what = "";
	uint32_t i;

	if (!v)
		return;
	sim->locks->is_told = true;
	for (i = 0; i < c->count; i++) {
		what = sim_format(sim, "%s%s%s", what, i ? "; " : "",
				  edge_text(sim, c->edges[i]));
		if (i)
			verdict_add_evidence(v, c->edges[i]->event);
	}
	v->rule = "mutexes are locked in one order";
	v->what = sim_format(sim, "%s; no thread gets on if each has its first",
			     what);
	v->line = last->op ? last->op->mark.line : 0;
	v->at = last->event;
}

static void look_for_circle(struct sim *sim, const struct lock_edge *e)
{
	struct circle c = {.edges = {e}, .count = 1};

	if (sim->locks->is_open && !sim->locks->is_told &&
	    close_circle(sim->locks, &c))
		tell(sim, &c);
}

/* ---- locking ----------------------------------------------------------- */

static const struct held *copy_of(struct sim *sim, const struct holding *h)
{
	size_t size = h->count * sizeof(*h->items);

	return memcpy(arena_alloc(&sim->arena, size), h->items, size);
}

static void add_edge(struct sim *sim, const struct lock_edge *wanted,
		     const struct holding *h)
{
	struct lock_order *l = sim->locks;
	struct lock_edge *e, **slot;

	if (2 * l->edge_count >= l->slot_count)
		grow(sim, l);
	slot = find_slot(l, wanted);
	if (*slot)
		return;
	e = arena_alloc(&sim->arena, sizeof(*e));
	*e = *wanted;
	e->held = copy_of(sim, h);
	e->next = l->edges;
	l->edges = e;
	l->edge_count++;
	*slot = e;
	l->is_open |= !goes_inwards(sim, e->from, e->to);
	look_for_circle(sim, e);
}

/* One edge from each mutex that the thread holds. */
static void add_edges(struct sim *sim, const struct task *task, uint32_t to,
		      const struct ksite *site, uint32_t event)
{
	const struct holding *h = &sim->locks->threads[task->index];
	struct lock_edge e = {
		.to = to,
		.thread = task->index,
		.held = h->items,
		.held_count = h->count,
		.event = event,
		.site = site,
		.op = task->op,
	};
	uint32_t i;

	for (i = 0; i < h->count; i++) {
		e.from = h->items[i].mutex;
		if (e.from != to)
			add_edge(sim, &e, h);
	}
}

static void take(struct sim *sim, struct holding *h, uint32_t mutex)
{
	struct held *items = h->items;

	if (h->count == h->room) {
		h->room = h->room ? 2 * h->room : 4;
		h->items =
			arena_alloc(&sim->arena, h->room * sizeof(*h->items));
		if (h->count)
			memcpy(h->items, items, h->count * sizeof(*items));
	}
	h->items[h->count++] = (struct held){mutex, sim->event_count};
}

static void give_back(struct holding *h, uint32_t mutex)
{
	uint32_t i = h->count;

	while (i && h->items[i - 1].mutex != mutex)
		i--;
	if (!i)
		return;
	memmove(&h->items[i - 1], &h->items[i],
		(h->count - i) * sizeof(*h->items));
	h->count--;
}

void lock_order_step(struct sim *sim, int32_t mover, const struct step *step)
{
	struct holding *h = &sim->locks->threads[mover];
	uint32_t mutex = (uint32_t)step->object;

	if (step->kind == EVENT_LOCK && h->count)
		add_edges(sim, &sim->tasks[mover], mutex, step->site,
			  sim->event_count);
	if (step->kind == EVENT_LOCK ||
	    (step->kind == EVENT_TRYLOCK && step->out))
		take(sim, h, mutex);
	else if (step->kind == EVENT_UNLOCK)
		give_back(h, mutex);
	else if (step->kind == EVENT_SLEEP)
		h->asked_at = sim->event_count;
}

void lock_order_rest(struct sim *sim)
{
	const struct task *task;
	uint32_t i;

	for (i = 0; sim->locks && i < sim->task_count; i++) {
		task = &sim->tasks[i];
		if (task->state == TASK_SLEEPING)
			add_edges(sim, task, task->mutex->id, task->step.site,
				  sim->locks->threads[i].asked_at);
	}
}

/* ---- the state --------------------------------------------------------- */

bool lock_order_is_open(const struct sim *sim)
{
	return sim->locks && sim->locks->is_open;
}

struct naming {
	const struct sim *sim;
	uint64_t (*name)(void *arg, uint32_t mutex);
	void *arg;
};

/* A mutex that is gone has the number that it had; no other gets it. */
static uint64_t name_of(const struct naming *n, uint32_t mutex)
{
	uint64_t name = n->name(n->arg, mutex);

	return name ? name : n->sim->objects[mutex].serial | UINT64_C(1) << 63;
}

/* Nothing leads to or from what is gone any more, unless it did before. */
static bool is_dead_end(const struct naming *n, uint32_t mutex, bool is_end)
{
	const struct lock_edge *e;

	if (n->name(n->arg, mutex))
		return false;
	for (e = n->sim->locks->edges; e; e = e->next) {
		if ((is_end ? e->from : e->to) == mutex)
			return false;
	}
	return true;
}

static uint64_t gates_of(const struct naming *n, const struct lock_edge *e)
{
	uint64_t sum[2] = {0, 0};
	uint32_t i;

	for (i = 0; i < e->held_count; i++)
		hash128_add(sum, name_of(n, e->held[i].mutex), 0, 1);
	return sum[0];
}

void lock_order_hash(const struct sim *sim, const uint32_t *rank,
		     uint64_t (*name)(void *arg, uint32_t mutex), void *arg,
		     uint64_t sum[2])
{
	struct naming n = {sim, name, arg};
	const struct lock_edge *e;
	uint64_t words[4], hash[2];

	for (e = sim->locks ? sim->locks->edges : NULL; e; e = e->next) {
		if (is_dead_end(&n, e->to, true) ||
		    is_dead_end(&n, e->from, false))
			continue;
		words[0] = name_of(&n, e->from);
		words[1] = name_of(&n, e->to);
		words[2] = rank[e->thread];
		words[3] = gates_of(&n, e);
		hash128_of(words, 4, hash);
		hash128_add(sum, hash[0], hash[1], 1);
	}
}
