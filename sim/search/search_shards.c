/* search_shards.c - a pass of a search as a row of tasks. */
#include "sim/search/search_shards.h"

#include <errno.h>
#include <stdlib.h>

#include "sim/search/search_state.h"

struct search_pace search_pace = {
	.budget_min = 32768,
	.budget_max = 524288,
	.budget_part = 32,
	.tasks = 128, /* two for each of as many workers as can be */
	.seconds = 3,
};

uint64_t shards_budget(const struct search *s)
{
	uint64_t budget = s->events / search_pace.budget_part;

	/* States that are known are not passed from task to task. */
	if (s->cache)
		return UINT64_MAX;
	if (budget < search_pace.budget_min)
		return search_pace.budget_min;
	return budget < search_pace.budget_max ? budget
					       : search_pace.budget_max;
}

/* ---- the row ----------------------------------------------------------- */

static struct shard *shard_new(void)
{
	struct shard *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	return t;
}

static void shard_free(struct shard *t)
{
	bytes_fini(&t->state);
	bytes_fini(&t->result);
	free(t);
}

static void push(struct shards *h, struct shard *t)
{
	t->next = NULL;
	if (h->last)
		h->last->next = t;
	else
		h->first = t;
	h->last = t;
	h->count++;
}

static struct shard *pop(struct shards *h)
{
	struct shard *t = h->first;

	h->first = t->next;
	if (!h->first)
		h->last = NULL;
	h->count--;
	return t;
}

void shards_begin(struct search *s)
{
	struct shard *t = shard_new();

	s->shards = calloc(1, sizeof(*s->shards));
	if (!s->shards)
		abort();
	shared_init(&s->shards->shared, s->has_stops);
	s->ops->write(s, &t->state);
	t->budget = shards_budget(s);
	t->waiting = 1;
	s->waiting_elsewhere = 0;
	push(s->shards, t);
}

void shards_end(struct search *s)
{
	struct shards *h = s->shards;

	crew_forget(s->crew);
	while (h->first)
		shard_free(pop(h));
	shared_fini(&h->shared);
	free(h);
	s->shards = NULL;
}

/* ---- dividing ---------------------------------------------------------- */

static bool has_room(const struct shards *h)
{
	return h->count < search_pace.tasks;
}

/* Copies of what is left of @t go behind it as long as it can be divided. */
static void push_divided(struct search *s, struct shard *t)
{
	struct shards *h = s->shards;
	struct shard *part = shard_new();

	push(h, t);
	while (has_room(h) && s->ops->split(s, &h->last->state, &part->state)) {
		part->waiting = h->last->waiting /= 2;
		part->budget = h->last->budget;
		push(h, part);
		part = shard_new();
	}
	while (has_room(h) && t != h->last &&
	       s->ops->split(s, &t->state, &part->state)) {
		part->waiting = t->waiting /= 2;
		part->budget = t->budget;
		push(h, part);
		part = shard_new();
	}
	shard_free(part);
}

/* Branches at shared nodes become tasks. */
static void start_branches(struct search *s)
{
	struct shards *h = s->shards;
	struct bytes rest = {NULL, 0, 0};
	struct shared_place place;
	struct shard *t;

	while (has_room(h) &&
	       shared_start(&h->shared, s->thread_count, &place, &rest)) {
		t = shard_new();
		t->place = place;
		t->budget = shards_budget(s);
		t->waiting = shared_part(place.node);
		shared_put(&place, &rest, &t->state);
		push(h, t);
	}
	bytes_fini(&rest);
}

static void share_out(struct search *s, struct shard *t, bool has_more,
		      const struct bytes *state)
{
	struct shards *h = s->shards;
	struct bytes rest = {NULL, 0, 0};

	if (!shared_take(&h->shared, &t->place, state, &rest))
		search_fail(s, -EPROTO, "a task has come back damaged");
	if (has_more) {
		while (h->count + 1 < search_pace.tasks &&
		       !shared_can_start(&h->shared) &&
		       shared_split(&h->shared, &t->place, &rest))
			continue;
		shared_put(&t->place, &rest, &t->state);
		push(h, t);
	} else {
		shared_leave(&h->shared, &t->place);
		shard_free(t);
	}
	bytes_fini(&rest);
	start_branches(s);
}

/* What all but the first task have left, if anybody wants to know. */
static void estimate(struct search *s)
{
	const struct shards *h = s->shards;
	const struct shard *t;
	double sum;

	if (!s->request->progress)
		return;
	sum = shared_waiting(&h->shared);
	for (t = h->first ? h->first->next : NULL; t; t = t->next)
		sum += t->waiting;
	s->waiting_elsewhere = sum;
}

void shards_turn(struct search *s, bool has_more, const struct bytes *state,
		 double waiting)
{
	struct shard *t = pop(s->shards);

	t->budget = shards_budget(s);
	t->waiting = waiting;
	t->is_taken = t->is_done = false;
	if (!s->ops->split) {
		share_out(s, t, has_more, state);
	} else if (has_more) {
		t->state.size = 0;
		bytes_put_block(&t->state, state->data, state->size);
		push_divided(s, t);
	} else {
		shard_free(t);
	}
	estimate(s);
}

bool shards_load(struct search *s, struct reader from)
{
	s->repeated = 0;
	return s->ops->read(s, &from);
}

/* ---- turns ------------------------------------------------------------- */

/*
 * Here, with an eye on all bounds.  A turn that one of them ends goes on at the
 * same place, should the search go on.
 */
static void take_turn(struct search *s)
{
	struct shard *t = s->shards->first;
	struct bytes state = {NULL, 0, 0};
	uint64_t before = s->events;
	bool has_more;

	if (!shards_load(s, bytes_read(&t->state))) {
		search_fail(s, -EPROTO, "a task cannot be read");
		return;
	}
	s->is_at_work = true;
	has_more = search_go_on(s, t->budget);
	s->is_at_work = false;
	if (s->end == RUN_DIVERGED && before) {
		search_fail(s, -EPROTO, "a task has lost its way");
		return;
	}
	s->ops->write(s, &state);
	if (has_more && s->events - before < t->budget) {
		bytes_fini(&t->state);
		t->state = state;
		t->budget -= s->events - before;
		t->is_taken = t->is_done = false;
		return;
	}
	shards_turn(s, has_more, &state, s->ops->waiting(s));
	bytes_fini(&state);
}

static bool is_going_on(const struct search *s)
{
	return s->why == SEARCH_COMPLETE && !s->error;
}

/* One task is not worth the way to a worker, unless it is there already. */
static bool wants_crew(const struct search *s)
{
	return s->request->jobs > 1 &&
	       (s->shards->count > 1 || s->shards->first->is_taken);
}

void shards_run(struct search *s)
{
	while (s->shards->first && is_going_on(s)) {
		if (s->runs && search_must_stop(s))
			break;
		if (!s->crew && wants_crew(s))
			s->crew = crew_new(s, s->request->jobs);
		if (!wants_crew(s) || (crew_wait(s->crew, s) && !crew_turn(s)))
			take_turn(s);
		checkpoint_write(s, false);
	}
}

/* ---- in a file --------------------------------------------------------- */

void shards_write(const struct search *s, struct bytes *to)
{
	const struct shards *h = s->shards;
	const struct shard *t;

	shared_write(&h->shared, to);
	bytes_put(to, h->count);
	for (t = h->first; t; t = t->next) {
		shared_place_write(&t->place, to);
		bytes_put(to, t->budget);
		bytes_put_real(to, t->waiting);
		bytes_put(to, t->state.size);
		bytes_put_block(to, t->state.data, t->state.size);
	}
}

static void shard_read(struct shards *h, struct reader *from)
{
	struct shard *t = shard_new();
	size_t size;

	shared_place_read(&h->shared, from, &t->place);
	t->budget = reader_get(from);
	t->waiting = reader_get_real(from);
	size = reader_get_count(from);
	bytes_put_block(&t->state, reader_get_block(from, size),
			from->is_bad ? 0 : size);
	push(h, t);
}

bool shards_read(struct search *s, struct reader *from)
{
	struct shards *h = s->shards;
	uint32_t i, count;

	while (h->first)
		shard_free(pop(h));
	shared_read(&h->shared, from);
	count = reader_get_count(from);
	for (i = 0; i < count && !from->is_bad; i++)
		shard_read(h, from);
	estimate(s);
	return !from->is_bad;
}
