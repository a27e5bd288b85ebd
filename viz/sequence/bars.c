/*
 * bars.c - what lasts: locks held, threads parked or waiting for a lock,
 * timers armed.
 */
#include "viz/sequence/story.h"

#include <stdlib.h>
#include <string.h>

/* A bar that has begun, by its place in the list; 0: none. */
struct open_bars {
	struct story *s;
	unsigned int *park; /* by thread: bar + 1 */
	unsigned int *wait; /* by thread */
	unsigned int *timer; /* by thread: its timer */
	unsigned int *hold; /* by object */
};

static struct bar *add_bar(struct story *s, enum bar_kind kind, int lane,
			   unsigned int from)
{
	struct bar *bar;

	s->bars = story_grow(s->bars, s->bar_count, &s->bar_room,
			     sizeof(*s->bars));
	bar = &s->bars[s->bar_count++];
	bar->kind = kind;
	bar->lane = lane;
	bar->from = from;
	bar->to = s->row_count;
	bar->colour = LOCK_COLOURS;
	return bar;
}

/* Whether the event comes before all rows. */
static bool is_before(const struct story *s, uint32_t n)
{
	return n < s->first;
}

/*
 * The row in which a bar of @e begins: 0 for what began before the picture;
 * -1 if it has none, as what begins after it.
 */
static int begin_row(const struct story *s, const struct event *e, int lane)
{
	if (lane < 0 || e->n > s->last)
		return -1;
	return is_before(s, e->n) ? 0 : story_lane_row(s, e->n, lane);
}

/* What ends before the picture is not in it; after it, it is cut off. */
static void close_bar(struct story *s, unsigned int *open, uint32_t n,
		      unsigned int row)
{
	struct bar *bar;

	if (*open == 0)
		return;
	bar = &s->bars[*open - 1];
	bar->is_closed = true;
	if (is_before(s, n))
		bar->lane = -1;
	else if (n <= s->last)
		bar->to = row;
	*open = 0;
}

/* ---- locks ----------------------------------------------------------------
 */

/* Tables are the first colour, wait queues the second, while they last. */
static unsigned int choose_colour(struct story *s, uint32_t object)
{
	static const unsigned char orders[3][LOCK_COLOURS] = {
		{0, 2, 3, 1}, {1, 2, 3, 0}, {3, 2, 0, 1}};
	enum object_kind kind = s->t->objects[object].kind;
	const unsigned char *order = orders[kind == OBJECT_TABLE ? 0
					    : kind == OBJECT_WQ	 ? 1
								 : 2];

	for (unsigned int i = 0; i < LOCK_COLOURS; i++) {
		if (s->lock_of_colour[order[i]] != 0)
			continue;
		s->lock_of_colour[order[i]] = object;
		s->colour_count++;
		return order[i];
	}
	return order[s->colour_count++ % LOCK_COLOURS];
}

static unsigned int colour_of(struct story *s, uint32_t object)
{
	if (s->colours[object] == LOCK_COLOURS)
		s->colours[object] = choose_colour(s, object);
	return s->colours[object];
}

/* Cards are of locks that usually have rows. */
static bool is_in_card(const struct row *row, const struct event *e)
{
	return row->folded > 0 && row->look == LOOK_LOCK &&
	       (e->object_kind == OBJECT_WQ || e->object_kind == OBJECT_TABLE);
}

/* Only locks whose taking can be seen have a bar. */
static bool has_row(const struct story *s, const struct event *e, int row)
{
	return row >= 0 && !s->rows[row].is_whole_call &&
	       s->rows[row].look != LOOK_GAP &&
	       (s->rows[row].n == e->n || is_in_card(&s->rows[row], e));
}

/* A card of several critical sections has one bar for each of its locks. */
static bool has_hold(const struct story *s, unsigned int row, uint32_t lock)
{
	for (unsigned int i = s->bar_count; i > 0; i--) {
		const struct bar *bar = &s->bars[i - 1];

		if (bar->kind == BAR_HOLD && bar->from == row &&
		    bar->lock == lock)
			return true;
		if (bar->from < row && bar->kind == BAR_HOLD)
			break;
	}
	return false;
}

static void add_hold(struct open_bars *open, const struct event *e, int lane,
		     unsigned int row)
{
	struct story *s = open->s;
	uint32_t lock = story_same(s, e->object);
	struct bar *bar = add_bar(s, BAR_HOLD, lane, row);

	bar->lock = lock;
	bar->colour = colour_of(s, lock);
	bar->is_open = is_before(s, e->n);
	open->hold[e->object] = s->bar_count;
}

static void begin_hold(struct open_bars *open, const struct event *e)
{
	struct story *s = open->s;
	int lane = story_lane_of(s, e->thread);
	int row = begin_row(s, e, lane);

	/* Its bar may have begun when it was handed over. */
	if (open->hold[e->object] && e->in == 1)
		return;
	open->hold[e->object] = 0;
	if (!is_before(s, e->n) &&
	    (!has_row(s, e, row) ||
	     has_hold(s, (unsigned int)row, story_same(s, e->object))))
		return;
	if (row >= 0)
		add_hold(open, e, lane, (unsigned int)row);
}

static void end_hold(struct open_bars *open, const struct event *e)
{
	int lane = story_lane_of(open->s, e->thread);
	int row = lane < 0 ? -1 : story_lane_row(open->s, e->n, lane);

	close_bar(open->s, &open->hold[e->object], e->n,
		  row < 0 ? 0 : (unsigned int)row);
}

/* From here on it is the peer's, though that one may run much later. */
static void hand_over(struct open_bars *open, const struct event *e)
{
	struct story *s = open->s;
	int lane = story_lane_of(s, e->peer);
	int giver = story_lane_of(s, e->thread);
	int row = begin_row(s, e, giver);

	if (lane < 0 || row < 0)
		return;
	if (!is_before(s, e->n) &&
	    (!has_row(s, e, row) || s->rows[row].arrow != ARROW_HAND))
		return;
	add_hold(open, e, lane, (unsigned int)row);
	s->bars[s->bar_count - 1].is_handed = true;
}

static void begin_wait(struct open_bars *open, const struct event *e)
{
	struct story *s = open->s;
	int lane = story_lane_of(s, e->thread);
	int row = begin_row(s, e, lane);
	uint32_t lock = story_same(s, e->object);
	struct bar *bar;

	close_bar(s, &open->wait[e->thread], e->n, row < 0 ? 0 : (unsigned)row);
	if (!is_before(s, e->n) && !has_row(s, e, row))
		return;
	if (row < 0)
		return;
	bar = add_bar(s, BAR_WAIT, lane, (unsigned int)row);
	bar->lock = lock;
	bar->colour = colour_of(s, lock);
	bar->is_open = is_before(s, e->n);
	bar->note = "waits";
	if (e->peer >= 0)
		bar->note =
			story_format(s, "held by %s", thread_of(s->t, e->peer));
	open->wait[e->thread] = s->bar_count;
}

static void take_mutex(struct open_bars *open, const struct event *e)
{
	if (e->thread < 0 || e->object == 0)
		return;
	if (e->kind == EVENT_UNLOCK) {
		end_hold(open, e);
		if (e->peer >= 0)
			hand_over(open, e);
		return;
	}
	if (e->kind == EVENT_SLEEP) {
		begin_wait(open, e);
		return;
	}
	if (e->kind == EVENT_TRYLOCK && !e->out)
		return;
	close_bar(open->s, &open->wait[e->thread], e->n,
		  story_row_of(open->s, e->n));
	begin_hold(open, e);
}

/* ---- parked threads and timers ----------------------------------------- */

/* "until 10 ms", if a timer ends the park that begins with @e. */
static const char *park_note(struct story *s, const struct event *e)
{
	const char *until;

	for (const struct event *arm = e; arm > s->t->events; arm--) {
		if (arm->thread != e->thread)
			continue;
		if (arm->kind == EVENT_TIMER_CANCEL || arm->kind == EVENT_ENTER)
			break;
		if (arm->kind != EVENT_TIMER_ARM)
			continue;
		until = timer_deadline(s, arm);
		return until ? until : "until timer";
	}
	return "no timeout";
}

static void begin_park(struct open_bars *open, const struct event *e)
{
	struct story *s = open->s;
	int lane = story_lane_of(s, e->thread);
	int row = begin_row(s, e, lane);
	struct bar *bar;

	/* A park in a call that is one row begins with that row. */
	if (row < 0 ||
	    (!is_before(s, e->n) && s->rows[row].n != e->n &&
	     !(s->rows[row].is_whole_call && s->rows[row].end >= e->n)))
		return;
	bar = add_bar(s, BAR_PARK, lane, (unsigned int)row);
	bar->note = "parked";
	bar->note2 = park_note(s, e);
	bar->is_open = is_before(s, e->n);
	open->park[e->thread] = s->bar_count;
}

/* The row whose arrow arms the timer of @e, -1 if there is none. */
static int arming_row(const struct story *s, const struct event *e)
{
	unsigned int row = story_row_of(s, e->n);

	/* The arrow may be on the park's row, which comes after. */
	if (s->rows[row].n < e->n && row + 1 < s->row_count &&
	    s->rows[row + 1].arrow == ARROW_ARM &&
	    s->rows[row + 1].mover == e->thread)
		row++;
	return s->rows[row].arrow == ARROW_ARM ? (int)row : -1;
}

static void begin_timer(struct open_bars *open, const struct event *e)
{
	struct story *s = open->s;
	bool is_open = is_before(s, e->n);
	int row = is_open ? 0 : arming_row(s, e);

	if (s->clock_lane < 0 || row < 0 || e->n > s->last)
		return;
	add_bar(s, BAR_TIMER, s->clock_lane, (unsigned int)row)->is_open =
		is_open;
	open->timer[e->thread] = s->bar_count;
}

/*
 * Whether a signal ends the sleep of who gets it: it may be masked, or only
 * start a handler later on.
 */
static bool ends_park(const struct story *s, const struct event *e)
{
	const struct trace *t = s->t;

	if (e->kind != EVENT_SIGNAL && e->kind != EVENT_KILL)
		return e->kind != EVENT_WAKE || e->out;
	for (uint32_t i = e->n; i < t->event_count; i++)
		if (t->events[i].kind == EVENT_RESUME &&
		    t->events[i].thread == e->peer)
			return t->events[i].cause == 0 ||
			       t->events[i].cause == e->n;
	return !t->threads[e->peer].blocked;
}

static void free_peer(struct open_bars *open, const struct event *e)
{
	unsigned int row = story_row_of(open->s, e->n);

	if (e->peer < 0 || (unsigned int)e->peer >= open->s->t->thread_count)
		return;
	if (e->kind == EVENT_TIMER_FIRE)
		close_bar(open->s, &open->timer[e->peer], e->n, row);
	if (open->park[e->peer] && ends_park(open->s, e))
		close_bar(open->s, &open->park[e->peer], e->n, row);
}

static bool points_at(const struct row *row, int lane)
{
	if (row->arrow == ARROW_NONE)
		return false;
	for (unsigned int i = 0; i < row->stop_count; i++)
		if (row->stops[i] == lane)
			return true;
	return row->arrow_lane == lane;
}

/* A park that was broken off ends in the row that says so. */
static void resume(struct open_bars *open, const struct event *e)
{
	struct story *s = open->s;
	int lane = story_lane_of(s, e->thread);
	unsigned int row = story_row_of(s, e->n);
	unsigned int end = row;

	for (unsigned int i = row + 1; e->cause && i-- > 0;) {
		if (s->rows[i].last < e->cause)
			break;
		if (s->rows[i].arrow == ARROW_SIGNAL &&
		    points_at(&s->rows[i], lane))
			end = i;
	}
	close_bar(s, &open->park[e->thread], e->n, end);
}

static void take_event(struct open_bars *open, const struct event *e)
{
	unsigned int row = story_row_of(open->s, e->n);

	if (event_is_mutex(e))
		take_mutex(open, e);
	if (e->kind == EVENT_WAKE || e->kind == EVENT_TIMER_FIRE ||
	    e->kind == EVENT_SIGNAL || e->kind == EVENT_SPURIOUS ||
	    e->kind == EVENT_KILL)
		free_peer(open, e);
	if (e->thread < 0)
		return;
	if (e->kind == EVENT_RESUME)
		resume(open, e);
	if (event_is_park(e))
		begin_park(open, e);
	if (e->kind == EVENT_TIMER_ARM)
		begin_timer(open, e);
	if (e->kind == EVENT_TIMER_CANCEL)
		close_bar(open->s, &open->timer[e->thread], e->n, row);
}

/* Take out what was over before the picture begins. */
static void drop_early(struct story *s)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < s->bar_count; i++)
		if (s->bars[i].lane >= 0)
			s->bars[kept++] = s->bars[i];
	s->bar_count = kept;
}

/* ---- where they go --------------------------------------------------------
 */

static bool overlaps(const struct bar *a, const struct bar *b)
{
	return a->kind == b->kind && a->lane == b->lane && a->from <= b->to &&
	       b->from <= a->to;
}

/* The nearest place to @wanted where no earlier bar of the lane is. */
static unsigned int free_slot(const struct story *s, unsigned int bar,
			      unsigned int wanted)
{
	for (unsigned int k = 0; k <= s->bar_count; k++) {
		unsigned int slot = k == 0 ? wanted : k - 1;
		unsigned int i = 0;

		while (i < bar && !(s->bars[i].slot == slot &&
				    overlaps(&s->bars[i], &s->bars[bar])))
			i++;
		if (i == bar)
			return slot;
	}
	return wanted;
}

/* Locks of one colour are in one place, left of the boxes. */
static void place_bars(struct story *s)
{
	unsigned int rank[LOCK_COLOURS + 1] = {0};
	unsigned int count = 0;

	for (unsigned int i = 0; i < LOCK_COLOURS; i++)
		if (s->lock_of_colour[i] != 0)
			rank[i] = count++;
	s->slot_count = 0;
	for (unsigned int i = 0; i < s->bar_count; i++) {
		struct bar *bar = &s->bars[i];

		if (bar->kind == BAR_PARK || bar->kind == BAR_WAIT)
			continue;
		bar->slot = free_slot(s, i, rank[bar->colour]);
		if (bar->kind == BAR_HOLD && bar->slot + 1 > s->slot_count)
			s->slot_count = bar->slot + 1;
	}
}

void story_bars(struct story *s)
{
	const struct trace *t = s->t;
	size_t threads = (t->thread_count + 1) * sizeof(unsigned int);
	size_t objects = (t->object_count + 1) * sizeof(unsigned int);
	struct open_bars open = {
		.s = s,
		.park = trace_alloc(s->memory, threads),
		.wait = trace_alloc(s->memory, threads),
		.timer = trace_alloc(s->memory, threads),
		.hold = trace_alloc(s->memory, objects),
	};

	s->colours = trace_alloc(s->memory, objects);
	for (unsigned int i = 0; i < t->object_count; i++)
		s->colours[i] = LOCK_COLOURS;
	for (unsigned int i = 0; i < t->event_count && s->row_count > 0; i++)
		take_event(&open, &t->events[i]);
	drop_early(s);
	place_bars(s);
}
