/*
 * order.c - what comes before what in a trace, and the pair that races.
 */
#include "viz/happens_before/order.h"

#include <stdlib.h>
#include <string.h>

/* Cells of the table of pasts. */
#define CELLS_MAX (8u << 20)

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

static const struct event *event_at(const struct trace *t, uint32_t n)
{
	return &t->events[n - 1];
}

/* ---- clocks ------------------------------------------------------------ */

bool order_has_clocks(const struct trace *t)
{
	for (unsigned int i = 0; i < t->event_count; i++)
		if (t->events[i].thread >= 0 && !t->events[i].clk)
			return false;
	return t->event_count > 0;
}

bool clocks_have(const struct trace *t, uint32_t a, uint32_t b)
{
	const struct event *x = event_at(t, a), *y = event_at(t, b);

	return x->thread >= 0 && x->clk && y->clk &&
	       y->clk[x->thread] >= x->clk[x->thread];
}

/* What the thread of @e had behind it when it came to @e; NULL: nothing. */
static const uint32_t *clock_before(const struct trace *t,
				    const struct event *e)
{
	const struct event *p = e;

	while (p > t->events) {
		p--;
		if (p->thread == e->thread)
			return p->clk;
	}
	for (p = e; p > t->events;) {
		p--;
		if ((p->kind == EVENT_CLONE || p->kind == EVENT_FORK) &&
		    p->peer == e->thread)
			return p->clk;
	}
	return NULL;
}

bool clocks_part(const struct trace *t, uint32_t a, uint32_t b)
{
	const struct event *x = event_at(t, a), *y = event_at(t, b);
	const uint32_t *known;

	if (a >= b || x->thread < 0 || y->thread < 0 ||
	    x->thread == y->thread || !x->clk || !y->clk)
		return false;
	known = clock_before(t, y);
	return !known || known[x->thread] < x->clk[x->thread];
}

/* ---- accesses ---------------------------------------------------------- */

static bool has_faulted(const struct event *e)
{
	return e->out < 0 &&
	       (e->kind == EVENT_USER_LOAD || e->kind == EVENT_USER_STORE ||
		e->kind == EVENT_USER_CAS);
}

bool access_writes(const struct event *e)
{
	if (has_faulted(e))
		return false;
	if (e->kind == EVENT_USER_CAS)
		return e->old_value == e->in2;
	return e->kind == EVENT_STORE || e->kind == EVENT_SWAP ||
	       e->kind == EVENT_ADD || e->kind == EVENT_SUB ||
	       e->kind == EVENT_USER_STORE || e->kind == EVENT_USER_XCHG ||
	       e->kind == EVENT_USER_FETCH || e->kind == EVENT_USER_WRITE;
}

bool access_reads(const struct event *e)
{
	if (has_faulted(e))
		return false;
	return e->kind == EVENT_LOAD || e->kind == EVENT_SWAP ||
	       e->kind == EVENT_ADD || e->kind == EVENT_SUB ||
	       e->kind == EVENT_USER_LOAD || e->kind == EVENT_USER_CAS ||
	       e->kind == EVENT_USER_XCHG || e->kind == EVENT_USER_FETCH ||
	       e->kind == EVENT_USER_READ;
}

bool access_is_plain(const struct event *e)
{
	const char *text = e->src ? NULL : e->text;

	for (; text; text = strchr(text + 1, ' '))
		if (strncmp(text, " plain", 6) == 0 &&
		    (text[6] == ' ' || text[6] == '\0'))
			return true;
	return false;
}

bool accesses_conflict(const struct event *a, const struct event *b)
{
	return a->object && a->object == b->object && a->thread >= 0 &&
	       b->thread >= 0 && a->thread != b->thread &&
	       (access_reads(a) || access_writes(a)) &&
	       (access_reads(b) || access_writes(b)) &&
	       (access_writes(a) || access_writes(b));
}

/* ---- pasts ------------------------------------------------------------- */

int order_lane(const struct order *o, uint32_t n)
{
	int32_t thread = event_at(o->t, n)->thread;

	if (thread >= 0)
		return thread;
	if (thread == MOVER_CLOCK)
		return (int)o->t->thread_count;
	return thread == MOVER_SIGNAL ? (int)o->t->thread_count + 1 : -1;
}

bool order_is_thread(const struct order *o, unsigned int lane)
{
	return lane < o->t->thread_count;
}

static uint32_t *past_of(const struct order *o, uint32_t n)
{
	return o->past + (size_t)order_index(o, n) * o->lane_count;
}

static void join(const struct order *o, uint32_t *to, uint32_t n)
{
	const uint32_t *from = past_of(o, n);

	for (unsigned int i = 0; i < o->lane_count; i++)
		if (to[i] < from[i])
			to[i] = from[i];
}

static bool is_pair(const struct order *o, const struct order_edge *e)
{
	return o->first && e->from == o->first && e->to == o->second;
}

/* Does @e lead to where another of the edges @first .. @end leads as well? */
static bool is_spare(const struct order *o, const struct order_edge *e,
		     const struct order_edge *first,
		     const struct order_edge *end)
{
	unsigned int lane = (unsigned int)order_lane(o, e->from);
	uint32_t before = o->before[order_index(o, e->to)];

	if (!order_is_thread(o, lane)) {
		/* What the clock does has no order of its own. */
		for (const struct order_edge *x = o->edges; x < e; x++)
			if (x->from == e->from &&
			    order_lane(o, x->to) == order_lane(o, e->to))
				return true;
		return false;
	}
	if (before && past_of(o, before)[lane] >= e->from)
		return true;
	for (; first < end; first++) {
		if (first == e || is_pair(o, first))
			continue;
		if (first->from == e->from && first > e)
			continue;
		if (past_of(o, first->from)[lane] >= e->from)
			return true;
	}
	return false;
}

static void fill_past(struct order *o, uint32_t n, struct order_edge *first,
		      struct order_edge *end)
{
	uint32_t before = o->before[order_index(o, n)];
	uint32_t *past = past_of(o, n);
	int lane = order_lane(o, n);

	memset(past, 0, o->lane_count * sizeof(*past));
	if (lane < 0)
		return;
	if (before && order_is_thread(o, (unsigned int)lane))
		join(o, past, before);
	for (struct order_edge *e = first; e < end; e++) {
		e->is_needed = !is_pair(o, e) && !is_spare(o, e, first, end);
		if (!is_pair(o, e))
			join(o, past, e->from);
	}
	past[lane] = n;
}

static void fill_pasts(struct order *o)
{
	struct order_edge *e = o->edges;
	struct order_edge *end = o->edge_count ? e + o->edge_count : e;

	for (uint32_t n = o->begin; n < o->end; n++) {
		struct order_edge *first = e;

		while (e < end && e->to == n)
			e++;
		fill_past(o, n, first, e);
	}
}

bool order_leads(const struct order *o, uint32_t a, uint32_t b)
{
	int lane = order_lane(o, a);

	return lane >= 0 && past_of(o, b)[lane] >= a;
}

/* ---- the pair ---------------------------------------------------------- */

static bool is_here(const struct order *o, uint32_t n)
{
	return n >= o->begin && n < o->end;
}

static bool try_pair(struct order *o, uint32_t first, uint32_t second)
{
	o->first = first;
	o->second = second;
	fill_pasts(o);
	if (!order_leads(o, first, second))
		return true;
	o->first = 0;
	o->second = 0;
	return false;
}

static void find_data_race(struct order *o, const struct verdict *v)
{
	uint32_t first = v->evidence[0], second = v->at;

	if (!is_here(o, first) || !is_here(o, second) || first >= second)
		return;
	if (!try_pair(o, first, second)) {
		order_drop_kernel_reads(o);
		try_pair(o, first, second);
	}
	o->is_known = o->first && !clocks_part(o->t, first, second);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* The latest pair among what the verdict names. */
static void find_pair(struct order *o, const struct verdict *v)
{
	uint32_t named[VERDICT_EVIDENCE_MAX + 1];
	unsigned int count = 0;

	for (unsigned int i = 0; i < v->evidence_count; i++)
		if (is_here(o, v->evidence[i]))
			named[count++] = v->evidence[i];
	if (is_here(o, v->at))
		named[count++] = v->at;
	qsort(named, count, sizeof(*named), by_number);
	for (unsigned int k = count; k-- > 0;) {
		for (unsigned int i = k; i-- > 0;) {
			const struct event *a = event_at(o->t, named[i]);
			const struct event *b = event_at(o->t, named[k]);

			if (accesses_conflict(a, b) &&
			    clocks_part(o->t, a->n, b->n) &&
			    try_pair(o, a->n, b->n))
				return;
		}
	}
}

/* ---- the whole --------------------------------------------------------- */

static void choose_events(struct order *o)
{
	uint32_t count = o->t->event_count, max = CELLS_MAX / o->lane_count;
	uint32_t at = o->t->verdict_count ? o->t->verdicts[0].at : 0;

	if (max > ORDER_EVENTS_MAX)
		max = ORDER_EVENTS_MAX;
	o->begin = 1;
	o->end = count + 1;
	if (count <= max)
		return;
	if (at && at + max / 10 < count)
		o->end = at + max / 10 + 1;
	if (o->end > max)
		o->begin = o->end - max;
	else
		o->end = max + 1;
}

static void link_lanes(struct order *o)
{
	uint32_t *last = zeroed(o->lane_count, sizeof(*last));

	for (uint32_t n = o->begin; n < o->end; n++) {
		int lane = order_lane(o, n);

		if (lane < 0)
			continue;
		o->before[order_index(o, n)] = last[lane];
		last[lane] = n;
	}
	free(last);
}

struct order *order_new(const struct trace *t)
{
	const struct verdict *v = t->verdict_count ? &t->verdicts[0] : NULL;
	struct order *o;
	size_t count;

	if (!order_has_clocks(t))
		return NULL;
	o = zeroed(1, sizeof(*o));
	o->t = t;
	o->lane_count = t->thread_count + 2;
	choose_events(o);
	count = o->end - o->begin;
	o->before = zeroed(count, sizeof(*o->before));
	o->past = zeroed(count * o->lane_count, sizeof(*o->past));
	o->is_unread = zeroed(count, sizeof(*o->is_unread));
	o->is_of_words = v && v->kind == VERDICT_DATA_RACE && v->at &&
			 v->evidence_count > 0;
	link_lanes(o);
	order_find_edges(o);
	if (o->is_of_words)
		find_data_race(o, v);
	else if (v)
		find_pair(o, v);
	fill_pasts(o);
	return o;
}

void order_free(struct order *o)
{
	if (!o)
		return;
	free(o->edges);
	free(o->before);
	free(o->past);
	free(o->is_unread);
	free(o);
}
