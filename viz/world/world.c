/*
 * world.c - playing the events of a trace, one after the other.
 */
#include "viz/world/world.h"

#include <stdlib.h>
#include <string.h>

#include "viz/world/plan.h"

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

static struct world_thread *thread_at(struct world *w, int32_t thread)
{
	if (thread < 0 || (unsigned int)thread >= w->t->thread_count)
		return NULL;
	return &w->threads[thread];
}

static void become(struct world_thread *thread, enum world_thread_state state,
		   uint32_t n)
{
	if (!thread || thread->state == WORLD_EXITED)
		return;
	thread->state = state;
	thread->object = 0;
	thread->since = n;
	if (state == WORLD_DONE || state == WORLD_EXITED)
		thread->call = 0;
}

/* ---- queues ------------------------------------------------------------ */

static void push(struct world_queue *q, int32_t thread)
{
	if (q->count == q->room) {
		q->room = q->room ? 2 * q->room : 8;
		q->threads = realloc(q->threads, q->room * sizeof(*q->threads));
		if (!q->threads)
			abort();
	}
	q->threads[q->count++] = thread;
}

static void take_off(struct world_queue *q, int32_t thread)
{
	unsigned int i = 0;

	while (i < q->count && q->threads[i] != thread)
		i++;
	if (i == q->count)
		return;
	memmove(&q->threads[i], &q->threads[i + 1],
		(q->count - i - 1) * sizeof(*q->threads));
	q->count--;
}

/* ---- timers ------------------------------------------------------------ */

static void play_fire(struct world *w, const struct event *e)
{
	struct world_thread *peer = thread_at(w, e->peer);

	if (peer)
		peer->has_timer = false;
}

/* The deadline is told as wall time. */
static uint64_t deadline(const struct world *w, const struct event *arm)
{
	uint64_t ahead = w->plan->wall_ahead_ns;

	if (arm->in == UINT64_MAX)
		return UINT64_MAX;
	return arm->in > ahead ? arm->in - ahead : 0;
}

/* The firing of a timer that is not of the wall clock tells when it was due. */
static uint64_t no_later(const struct world *w, const struct event *arm,
			 uint64_t ns)
{
	uint32_t n = w->plan->fires[arm->n - 1];
	const struct event *fire = n ? &w->t->events[n - 1] : NULL;

	return fire && fire->in != arm->in && fire->time_ns < ns ? fire->time_ns
								 : ns;
}

static void play_arm(struct world *w, const struct event *e)
{
	struct world_thread *thread = &w->threads[e->thread];

	thread->has_timer = !e->out;
	thread->deadline_ns = no_later(w, e, deadline(w, e));
	w->plan->armed_at[e->thread] = e->n;
}

/*
 * Timers of the wall clock are due at another time now.  Which those are shows
 * when they fire: their deadline is what it was as wall time.
 */
static void play_clock_set(struct world *w, const struct event *e)
{
	const struct world_plan *p = w->plan;

	if (e->out != 0 || e->in < e->time_ns)
		return;
	w->plan->wall_ahead_ns = e->in - e->time_ns;
	for (unsigned int i = 0; i < w->t->thread_count; i++) {
		uint32_t arm = w->threads[i].has_timer ? p->armed_at[i] : 0;
		uint32_t fire = arm ? p->fires[arm - 1] : 0;

		if (fire &&
		    w->t->events[fire - 1].in == w->t->events[arm - 1].in)
			w->threads[i].deadline_ns =
				deadline(w, &w->t->events[arm - 1]);
	}
}

/* ---- playing ----------------------------------------------------------- */

static void play_lock(struct world *w, const struct event *e)
{
	if (e->kind != EVENT_TRYLOCK || e->out)
		w->holders[e->object] = e->thread;
}

static void play_unlock(struct world *w, const struct event *e)
{
	w->holders[e->object] = e->peer;
}

static void play_sleep(struct world *w, const struct event *e)
{
	become(thread_at(w, e->thread), WORLD_WAITING, e->n);
	w->threads[e->thread].object = (uint32_t)e->object;
}

static void play_block(struct world *w, const struct event *e)
{
	if (!(e->has_permit && e->permit))
		become(thread_at(w, e->thread), WORLD_PARKED, e->n);
}

static void play_enter(struct world *w, const struct event *e)
{
	w->threads[e->thread].call = e->n;
}

static void play_return(struct world *w, const struct event *e)
{
	w->threads[e->thread].call = 0;
}

static void play_exit(struct world *w, const struct event *e)
{
	become(thread_at(w, e->thread), WORLD_EXITED, e->n);
	w->threads[e->thread].has_timer = false;
}

static void play_cancel(struct world *w, const struct event *e)
{
	w->threads[e->thread].has_timer = false;
}

static void play_join(struct world *w, const struct event *e)
{
	push(&w->queues[e->object], e->peer);
}

static void play_leave(struct world *w, const struct event *e)
{
	take_off(&w->queues[e->object], e->peer);
}

static void play_write(struct world *w, const struct event *e)
{
	if (e->has_values)
		w->words[e->object] = e->new_value;
}

static void (*const plays[EVENT_KIND_COUNT])(struct world *w,
					     const struct event *e) = {
	[EVENT_LOCK] = play_lock,	   [EVENT_TRYLOCK] = play_lock,
	[EVENT_UNLOCK] = play_unlock,	   [EVENT_SLEEP] = play_sleep,
	[EVENT_BLOCK] = play_block,	   [EVENT_ENTER] = play_enter,
	[EVENT_RETURN] = play_return,	   [EVENT_EXIT] = play_exit,
	[EVENT_TIMER_ARM] = play_arm,	   [EVENT_TIMER_CANCEL] = play_cancel,
	[EVENT_TIMER_FIRE] = play_fire,	   [EVENT_CLOCK_SET] = play_clock_set,
	[EVENT_USER_STORE] = play_write,   [EVENT_USER_CAS] = play_write,
	[EVENT_USER_XCHG] = play_write,	   [EVENT_USER_FETCH] = play_write,
	[EVENT_USER_WRITE] = play_write,   [EVENT_QUEUE_PUSH] = play_join,
	[EVENT_QUEUE_APPEND] = play_join,  [EVENT_QUEUE_CHARGE] = play_leave,
	[EVENT_QUEUE_REMOVE] = play_leave, [EVENT_QUEUE_DROP] = play_leave,
	[EVENT_QUEUE_DRAIN] = play_leave,
};

/* Events that mean a change of the thread that makes them, or of an object. */
static bool is_sound(const struct world *w, const struct event *e)
{
	bool is_of_thread =
		e->thread >= 0 && (unsigned int)e->thread < w->t->thread_count;

	return e->object < w->t->object_count &&
	       (is_of_thread || e->kind == EVENT_TIMER_FIRE);
}

static void take_turn(struct world *w, const struct world_turn *turn)
{
	switch (turn->kind) {
	case TURN_STATE:
		become(&w->threads[turn->index],
		       (enum world_thread_state)turn->value, turn->n);
		break;
	case TURN_PERMIT:
		w->threads[turn->index].has_permit = turn->value;
		break;
	case TURN_WORD:
		w->words[turn->index] = turn->value;
		break;
	}
}

static void take_turns(struct world *w)
{
	struct world_plan *p = w->plan;

	while (p->next_turn < p->turn_count && p->turns[p->next_turn].n <= w->n)
		take_turn(w, &p->turns[p->next_turn++]);
}

static void play(struct world *w, const struct event *e)
{
	w->n = e->n;
	if (plays[e->kind] && is_sound(w, e))
		plays[e->kind](w, e);
	take_turns(w);
}

/* ---- for users ---------------------------------------------------------
 */

static void begin(struct world *w)
{
	const struct trace *t = w->t;
	struct world_plan *p = w->plan;

	w->n = 0;
	p->wall_ahead_ns = p->wall_ahead_at_start_ns;
	for (unsigned int i = 0; i < t->thread_count; i++) {
		w->threads[i] = (struct world_thread){
			.state = p->is_late[i] ? WORLD_UNBORN : WORLD_RUNNING,
		};
		p->armed_at[i] = 0;
	}
	for (unsigned int i = 0; i < t->object_count; i++) {
		w->holders[i] = EVENT_NOBODY;
		w->queues[i].count = 0;
		w->words[i] = t->objects[i].value;
	}
	p->next_turn = 0;
	take_turns(w);
}

struct world *world_new(const struct trace *t)
{
	struct world *w = zeroed(1, sizeof(*w));

	w->t = t;
	w->threads = zeroed(t->thread_count, sizeof(*w->threads));
	w->holders = zeroed(t->object_count, sizeof(*w->holders));
	w->queues = zeroed(t->object_count, sizeof(*w->queues));
	w->words = zeroed(t->object_count, sizeof(*w->words));
	w->plan = plan_new(t);
	begin(w);
	return w;
}

void world_free(struct world *w)
{
	if (!w)
		return;
	for (unsigned int i = 0; i < w->t->object_count; i++)
		free(w->queues[i].threads);
	plan_free(w->plan);
	free(w->threads);
	free(w->holders);
	free(w->queues);
	free(w->words);
	free(w);
}

void world_go(struct world *w, uint32_t n)
{
	if (n < w->n)
		begin(w);
	while (w->n < n && w->n < w->t->event_count)
		play(w, &w->t->events[w->n]);
}

bool world_is_touched(const struct world *w, uint32_t object)
{
	uint32_t at =
		object < w->t->object_count ? w->plan->touched_at[object] : 0;

	return at != 0 && at <= w->n;
}

const char *world_state_name(enum world_thread_state state)
{
	static const char *const names[] = {
		[WORLD_UNBORN] = "not begun", [WORLD_RUNNING] = "running",
		[WORLD_PARKED] = "parked",    [WORLD_WAITING] = "waiting",
		[WORLD_DONE] = "done",	      [WORLD_EXITED] = "exited",
	};

	return names[state];
}
