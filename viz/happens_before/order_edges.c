/*
 * order_edges.c - what orders events of different threads.
 *
 * One walk over the events remembers what each could be ordered by: who
 * unlocked a lock last, who wrote a word last, which wake-ups a thread has not
 * taken up yet.
 */
#include <stdlib.h>
#include <string.h>

#include "viz/happens_before/order.h"

struct walk {
	struct order *o;
	/* by object: n of the last event of its kind; 0: none */
	uint32_t *unlocked;
	uint32_t *held; /* by the lock that is not given back yet */
	uint32_t *written;
	/* by thread */
	uint32_t *armed;
	uint32_t *born;
	uint32_t *signalled;
	uint32_t *charged;
	uint32_t *permits; /* wake-ups not yet taken, the last one */
	uint32_t *taken; /* taken, but its clock has not come through yet */
	bool *is_begun;
	const char **call; /* the system call it is in */
	uint32_t *chain; /* by event: the wake-up before it in a list */
};

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

static const struct event *event_at(const struct order *o, uint32_t n)
{
	return &o->t->events[n - 1];
}

/*
 * The clock and the senders of signals have no component of their own, so the
 * clocks can say nothing against what they do.
 */
static bool is_in_clocks(const struct order *o, uint32_t from, uint32_t to)
{
	return event_at(o, from)->thread < 0 || event_at(o, to)->thread < 0 ||
	       clocks_have(o->t, from, to);
}

static void add(struct order *o, uint32_t from, uint32_t to,
		enum order_kind kind, uint32_t object)
{
	struct order_edge *e;

	if (from < o->begin || from >= to ||
	    event_at(o, from)->thread == event_at(o, to)->thread ||
	    order_lane(o, from) < 0 || !is_in_clocks(o, from, to))
		return;
	if (o->edge_count == o->edge_room) {
		o->edge_room = o->edge_room ? 2 * o->edge_room : 256;
		o->edges = realloc(o->edges, o->edge_room * sizeof(*o->edges));
		if (!o->edges)
			abort();
	}
	e = &o->edges[o->edge_count++];
	*e = (struct order_edge){from, to, kind, object, false};
}

/* ---- wake-ups ---------------------------------------------------------- */

static void note_wake(struct walk *w, const struct event *e)
{
	struct order *o = w->o;

	if (e->kind != EVENT_WAKE || e->peer < 0)
		return;
	o->is_unread[order_index(o, e->n)] = true;
	if (e->out)
		return;
	w->chain[order_index(o, e->n)] = w->permits[e->peer];
	w->permits[e->peer] = e->n;
}

/* A permit stands for all wake-ups that came while its thread was running. */
static void take_permit(struct walk *w, const struct event *e)
{
	uint32_t n = w->permits[e->thread], last = n;

	w->permits[e->thread] = 0;
	for (; n; n = w->chain[order_index(w->o, n)]) {
		w->o->is_unread[order_index(w->o, n)] = false;
		last = n;
	}
	if (!last)
		return;
	n = w->taken[e->thread];
	w->chain[order_index(w->o, last)] = n;
	w->taken[e->thread] = last;
}

/* Its clock comes through with the first look that joins it. */
static void join_taken(struct walk *w, const struct event *e)
{
	uint32_t n = w->taken[e->thread];

	if (!n || !clocks_have(w->o->t, n, e->n))
		return;
	for (; n; n = w->chain[order_index(w->o, n)])
		add(w->o, n, e->n, ORDER_WAKE, 0);
	w->taken[e->thread] = 0;
}

/* ---- what has a cause -------------------------------------------------- */

static void add_cause(struct walk *w, const struct event *e)
{
	struct order *o = w->o;
	const struct event *cause;

	if (!e->cause || e->cause >= e->n || e->cause < o->begin)
		return;
	cause = event_at(o, e->cause);
	if (cause->kind == EVENT_WAKE) {
		o->is_unread[order_index(o, cause->n)] = false;
		add(o, cause->n, e->n, ORDER_WAKE, 0);
	} else if (cause->kind == EVENT_TIMER_FIRE) {
		add(o, cause->n, e->n, ORDER_FIRE, 0);
	} else if (cause->kind == EVENT_SIGNAL || cause->kind == EVENT_KILL ||
		   cause->kind == EVENT_SPURIOUS) {
		add(o, cause->n, e->n, ORDER_SIGNAL, 0);
	}
}

static void add_signal(struct walk *w, const struct event *e)
{
	uint32_t n = w->signalled[e->thread];
	bool is_taken = (e->kind == EVENT_INTERRUPT_TAKE && e->out) ||
			(e->kind == EVENT_DELIVER && e->in);

	if (!n || !is_taken)
		return;
	add(w->o, n, e->n, ORDER_SIGNAL, 0);
	w->signalled[e->thread] = 0;
}

static void note_kernel_mover(struct walk *w, const struct event *e)
{
	bool is_birth = e->kind == EVENT_CLONE || e->kind == EVENT_FORK;
	bool is_signal = e->kind == EVENT_SIGNAL || e->kind == EVENT_KILL;

	if (e->kind == EVENT_TIMER_ARM && e->thread >= 0)
		w->armed[e->thread] = e->n;
	if (e->peer < 0)
		return;
	if (e->kind == EVENT_TIMER_FIRE && w->armed[e->peer] &&
	    !w->o->is_of_words)
		add(w->o, w->armed[e->peer], e->n, ORDER_ARM, 0);
	if (is_birth && e->out > 0)
		w->born[e->peer] = e->n;
	if (is_signal)
		w->signalled[e->peer] = e->n;
}

/* ---- locks ------------------------------------------------------------- */

static void add_lock(struct walk *w, const struct event *e)
{
	bool is_taken =
		e->kind == EVENT_LOCK || (e->kind == EVENT_TRYLOCK && e->out);

	if (!e->object)
		return;
	if (is_taken && w->unlocked[e->object])
		add(w->o, w->unlocked[e->object], e->n, ORDER_LOCK,
		    (uint32_t)e->object);
	if (is_taken)
		w->held[e->object] = e->n;
	if ((e->kind == EVENT_SLEEP || (e->kind == EVENT_TRYLOCK && !e->out)) &&
	    w->held[e->object])
		add(w->o, w->held[e->object], e->n, ORDER_BUSY,
		    (uint32_t)e->object);
	if (e->kind != EVENT_UNLOCK)
		return;
	w->unlocked[e->object] = e->n;
	w->held[e->object] = 0;
}

/* ---- words ------------------------------------------------------------- */

/* A wake looks at its word, but not at what is in it. */
static bool looks_at_value(const struct walk *w, const struct event *e)
{
	const char *call = e->thread >= 0 ? w->call[e->thread] : NULL;

	if (!w->o->is_of_words || !e->src)
		return true;
	return call && (strstr(call, "futex_wait") || strstr(call, "cmp_"));
}

static void add_word(struct walk *w, const struct event *e)
{
	uint32_t writer;

	if (!e->object || (w->o->is_of_words && e->object_kind != OBJECT_WORD))
		return;
	writer = w->written[e->object];
	if (writer && access_reads(e) && !access_is_plain(e) &&
	    !access_is_plain(event_at(w->o, writer)) && looks_at_value(w, e))
		add(w->o, writer, e->n, ORDER_WORD, (uint32_t)e->object);
	if (access_writes(e))
		w->written[e->object] = e->n;
}

/* ---- user memory alone ------------------------------------------------- */

/* A wait that was charged and says so has learned of the wake. */
static void add_charge(struct walk *w, const struct event *e)
{
	if (e->kind == EVENT_QUEUE_CHARGE && e->peer >= 0)
		w->charged[e->peer] = e->n;
	if (e->kind != EVENT_RETURN || e->thread < 0)
		return;
	if (w->charged[e->thread] && e->out >= 0)
		add(w->o, w->charged[e->thread], e->n, ORDER_WAKE, 0);
	w->charged[e->thread] = 0;
}

/* ---- the walk ---------------------------------------------------------- */

static void note_thread(struct walk *w, const struct event *e)
{
	if (e->thread < 0)
		return;
	if (!w->is_begun[e->thread] && w->born[e->thread])
		add(w->o, w->born[e->thread], e->n, ORDER_BIRTH, 0);
	w->is_begun[e->thread] = true;
	if (e->kind == EVENT_ENTER)
		w->call[e->thread] = e->text;
	if (e->kind == EVENT_ENTER || e->kind == EVENT_RETURN)
		w->permits[e->thread] = 0;
}

static void visit(struct walk *w, const struct event *e)
{
	note_thread(w, e);
	if (w->o->is_of_words) {
		add_charge(w, e);
	} else {
		add_lock(w, e);
		add_cause(w, e);
		if (e->thread >= 0) {
			add_signal(w, e);
			if (e->kind == EVENT_BLOCK && e->permit)
				take_permit(w, e);
			join_taken(w, e);
		}
		note_wake(w, e);
	}
	note_kernel_mover(w, e);
	add_word(w, e);
}

void order_find_edges(struct order *o)
{
	size_t objects = o->t->object_count, threads = o->t->thread_count;
	struct walk w = {
		.o = o,
		.unlocked = zeroed(objects, sizeof(uint32_t)),
		.held = zeroed(objects, sizeof(uint32_t)),
		.written = zeroed(objects, sizeof(uint32_t)),
		.armed = zeroed(threads, sizeof(uint32_t)),
		.born = zeroed(threads, sizeof(uint32_t)),
		.signalled = zeroed(threads, sizeof(uint32_t)),
		.charged = zeroed(threads, sizeof(uint32_t)),
		.permits = zeroed(threads, sizeof(uint32_t)),
		.taken = zeroed(threads, sizeof(uint32_t)),
		.is_begun = zeroed(threads, sizeof(bool)),
		.call = zeroed(threads, sizeof(char *)),
		.chain = zeroed(o->end - o->begin, sizeof(uint32_t)),
	};

	for (uint32_t n = o->begin; n < o->end; n++)
		if (order_lane(o, n) >= 0)
			visit(&w, event_at(o, n));
	free(w.unlocked);
	free(w.held);
	free(w.written);
	free(w.armed);
	free(w.born);
	free(w.signalled);
	free(w.charged);
	free(w.permits);
	free(w.taken);
	free(w.is_begun);
	free(w.call);
	free(w.chain);
}

void order_drop_kernel_reads(struct order *o)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < o->edge_count; i++) {
		const struct order_edge *e = &o->edges[i];

		if (e->kind != ORDER_WORD || !event_at(o, e->to)->src)
			o->edges[kept++] = *e;
	}
	o->edge_count = kept;
}
