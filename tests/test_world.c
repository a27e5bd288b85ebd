/*
 * test_world.c - what there is after each event, over every shipped run: it
 * must be what the machine says there is at the end, and each event must find
 * what it can only come upon.
 */
#define _GNU_SOURCE /* asprintf */
#include "tests/machine.h"
#include "tests/suites.h"
#include "tests/trace_fixture.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "viz/world/world.h"

static const struct trace *t;
static struct world *w;
static unsigned int permits, freed, words, runs;

/* Fails the test with the scenario and the event at which the world stands. */
#define REQUIRE(condition, ...)                                                \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, __VA_ARGS__);                          \
			ck_abort_msg("%s [%s]: after event %u: " #condition,   \
				     t->scenario, t->profile, w->n);           \
		}                                                              \
	} while (0)

/* ---- what events find -------------------------------------------------- */

static bool is_blocked(int32_t thread)
{
	return w->threads[thread].state == WORLD_PARKED ||
	       w->threads[thread].state == WORLD_WAITING;
}

/* Who moves can move; who takes a permit has one. */
static void check_mover(const struct event *e)
{
	const struct world_thread *mover;

	if (e->thread < 0)
		return;
	mover = &w->threads[e->thread];
	REQUIRE(mover->state == WORLD_RUNNING, "%s\n",
		t->threads[e->thread].name);
	if (e->kind == EVENT_BLOCK && e->src) {
		permits += e->permit;
		REQUIRE(mover->has_permit == e->permit, "%s\n",
			t->threads[e->thread].name);
	}
	if (e->kind == EVENT_RETURN)
		REQUIRE(mover->call != 0, "returns from nothing\n");
	if (e->kind == EVENT_ENTER)
		REQUIRE(mover->call == 0, "enters twice\n");
}

static void check_lock(const struct event *e)
{
	if (e->kind == EVENT_LOCK)
		REQUIRE(w->holders[e->object] ==
				(e->in ? e->thread : EVENT_NOBODY),
			"%s\n", t->objects[e->object].name);
	if (e->kind == EVENT_SLEEP)
		REQUIRE(w->holders[e->object] == e->peer, "%s\n",
			t->objects[e->object].name);
	if (e->kind == EVENT_TRYLOCK)
		REQUIRE(e->out == (w->holders[e->object] == EVENT_NOBODY),
			"%s\n", t->objects[e->object].name);
	if (e->kind == EVENT_UNLOCK)
		REQUIRE(w->holders[e->object] == e->thread, "%s\n",
			t->objects[e->object].name);
}

static bool is_on(uint32_t queue, int32_t thread)
{
	for (uint32_t i = 0; i < w->queues[queue].count; i++)
		if (w->queues[queue].threads[i] == thread)
			return true;
	return false;
}

static void check_before(const struct event *e)
{
	check_mover(e);
	check_lock(e);
	if (e->kind == EVENT_WAKE || e->kind == EVENT_TIMER_FIRE)
		REQUIRE(e->out == 0 || is_blocked(e->peer), "peer is awake\n");
	if (e->kind == EVENT_WAKE && w->threads[e->peer].state != WORLD_EXITED)
		REQUIRE(e->out == is_blocked(e->peer), "peer sleeps\n");
	if (e->kind >= EVENT_QUEUE_CHARGE && e->kind <= EVENT_QUEUE_DRAIN)
		REQUIRE(is_on((uint32_t)e->object, e->peer), "not queued\n");
	if (e->object_kind == OBJECT_WORD && e->has_values && e->object)
		REQUIRE(w->words[e->object] == e->old_value, "%s\n",
			t->objects[e->object].name);
	if (e->kind == EVENT_USER_LOAD && e->object && e->out >= 0)
		REQUIRE(w->words[e->object] == (uint64_t)e->out, "%s\n",
			t->objects[e->object].name);
	if (e->kind == EVENT_TIMER_FIRE)
		REQUIRE(w->threads[e->peer].has_timer &&
				w->threads[e->peer].deadline_ns <= e->time_ns,
			"fires without being due\n");
}

static void check_after(const struct event *e)
{
	if ((e->kind == EVENT_WAKE || e->kind == EVENT_TIMER_FIRE ||
	     e->kind == EVENT_SPURIOUS || e->kind == EVENT_SIGNAL) &&
	    e->out > 0) {
		freed++;
		REQUIRE(w->threads[e->peer].state == WORLD_RUNNING,
			"was not freed\n");
		REQUIRE(w->threads[e->peer].since == e->n, "late\n");
	}
	if (e->object && e->object < t->object_count)
		REQUIRE(world_is_touched(w, (uint32_t)e->object), "known\n");
}

/* ---- the end ------------------------------------------------------------
 */

static bool begins(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static enum world_thread_state state_at_end(const char *end)
{
	if (begins(end, "blocked: mutex:"))
		return WORLD_WAITING;
	if (begins(end, "blocked"))
		return WORLD_PARKED;
	if (begins(end, "runnable"))
		return WORLD_RUNNING;
	if (begins(end, "not started"))
		return WORLD_UNBORN;
	return begins(end, "exited") ? WORLD_EXITED : WORLD_DONE;
}

static void check_threads(void)
{
	for (unsigned int i = 0; i < t->thread_count; i++) {
		const struct world_thread *thread = &w->threads[i];
		const char *end = t->threads[i].end;
		enum world_thread_state wanted = state_at_end(end);

		REQUIRE(thread->state == wanted, "%s is %s, not %s\n",
			t->threads[i].name, world_state_name(thread->state),
			end);
		if (wanted == WORLD_WAITING)
			REQUIRE(!strcmp(end + strlen("blocked: mutex:"),
					object_kind_name(
						t->objects[thread->object]
							.kind)),
				"%s\n", end);
	}
}

/* The value that is declared is what the machine shows of a word without page.
 */
static bool may_be_unmapped(uint32_t word)
{
	bool may_be = false;

	for (unsigned int i = 0; i < t->event_count; i++) {
		if (t->events[i].object == word)
			may_be = false;
		if (t->events[i].kind == EVENT_UNMAP)
			may_be = true;
	}
	return may_be;
}

static void check_words(const json_t *list)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)list, name, value)
	{
		for (uint32_t i = 1; i < t->object_count; i++) {
			if (t->objects[i].kind != OBJECT_WORD ||
			    strcmp(t->objects[i].name, name) != 0 ||
			    may_be_unmapped(i))
				continue;
			words++;
			REQUIRE((uint32_t)w->words[i] ==
					(uint32_t)json_integer_value(value),
				"%s\n", name);
		}
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct lines {
	char *items[256];
	unsigned int count;
};

/* A queue whose entry has gone is in no table that the machine shows. */
static bool is_in_a_table(uint32_t queue)
{
	bool is_in = false;

	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		if (e->object2 == queue && e->kind == EVENT_ENTRY_INSERT)
			is_in = true;
		if (e->object2 == queue && e->kind == EVENT_ENTRY_REMOVE)
			is_in = false;
	}
	return is_in;
}

/* "0x1000 A B" of each queue that somebody is on, sorted. */
static void queues_of_world(struct lines *l)
{
	for (uint32_t i = 1; i < t->object_count; i++) {
		const struct world_queue *q = &w->queues[i];
		size_t size;
		FILE *out;

		if (q->count == 0 || !is_in_a_table(i))
			continue;
		out = open_memstream(&l->items[l->count++], &size);
		fprintf(out, "0x%llx", (unsigned long long)t->objects[i].key);
		for (uint32_t k = 0; k < q->count; k++)
			fprintf(out, " %s", t->threads[q->threads[k]].name);
		fclose(out);
	}
	qsort(l->items, l->count, sizeof(*l->items), by_text);
}

/* "0x1000 A B" of one entry, if somebody waits there. */
static void add_entry(struct lines *l, const json_t *entry)
{
	json_t *waiters = json_object_get(entry, "waiters"), *waiter;
	size_t size;
	FILE *out;

	if (json_array_size(waiters) == 0)
		return;
	out = open_memstream(&l->items[l->count++], &size);
	fputs(json_string_value(json_object_get(entry, "key")), out);
	for (size_t i = 0; (waiter = json_array_get(waiters, i)); i++)
		fprintf(out, " %s",
			json_string_value(json_object_get(waiter, "thread")));
	fclose(out);
}

static void queues_of_machine(struct lines *l, const json_t *state)
{
	json_t *tables = json_object_get(state, "tables");
	json_t *table, *entries, *entry;

	for (size_t i = 0; (table = json_array_get(tables, i)); i++) {
		entries = json_object_get(table, "entries");
		for (size_t k = 0; (entry = json_array_get(entries, k)); k++)
			add_entry(l, entry);
	}
	qsort(l->items, l->count, sizeof(*l->items), by_text);
}

static void check_queues(const json_t *state)
{
	struct lines a = {.count = 0}, b = {.count = 0};

	queues_of_world(&a);
	queues_of_machine(&b, state);
	REQUIRE(a.count == b.count, "%u queues, machine has %u\n", a.count,
		b.count);
	for (unsigned int i = 0; i < a.count; i++)
		REQUIRE(!strcmp(a.items[i], b.items[i]), "%s: %s\n", a.items[i],
			b.items[i]);
	for (unsigned int i = 0; i < a.count; i++) {
		free(a.items[i]);
		free(b.items[i]);
	}
}

static void check_end(void)
{
	json_error_t error;
	json_t *state = json_loads(t->end_state, 0, &error);

	ck_assert_msg(state != NULL, "%s", error.text);
	check_threads();
	check_words(json_object_get(state, "words"));
	check_queues(state);
	json_decref(state);
}

static void check_run(const struct run *run)
{
	t = run->trace;
	w = world_new(t);
	for (unsigned int i = 0; i < t->event_count; i++) {
		check_before(&t->events[i]);
		world_go(w, i + 1);
		check_after(&t->events[i]);
	}
	check_end();
	world_free(w);
	runs++;
}

START_TEST(every_event_finds_the_world_that_it_needs)
{
	each_shipped_run(check_run);
	ck_assert_uint_gt(runs, 200);
	ck_assert_uint_ge(permits, 5);
	ck_assert_uint_gt(words, 300);
	ck_assert_uint_gt(freed, 100);
}
END_TEST

/* ---- going back -------------------------------------------------------- */

static void assert_same(const struct world *a, const struct world *b)
{
	ck_assert_uint_eq(a->n, b->n);
	for (unsigned int i = 0; i < a->t->thread_count; i++)
		ck_assert_mem_eq(&a->threads[i], &b->threads[i],
				 sizeof(a->threads[i]));
	for (unsigned int i = 0; i < a->t->object_count; i++) {
		ck_assert_int_eq(a->holders[i], b->holders[i]);
		ck_assert_uint_eq(a->words[i], b->words[i]);
		ck_assert_uint_eq(a->queues[i].count, b->queues[i].count);
		if (a->queues[i].count)
			ck_assert_mem_eq(a->queues[i].threads,
					 b->queues[i].threads,
					 a->queues[i].count * sizeof(int32_t));
	}
}

static void check_back(const struct run *run)
{
	struct world *to_and_fro = world_new(run->trace), *fresh;
	uint32_t count = run->trace->event_count;

	for (uint32_t step = 1; step <= 3; step++) {
		world_go(to_and_fro, count);
		world_go(to_and_fro, count * step / 4);
		fresh = world_new(run->trace);
		world_go(fresh, count * step / 4);
		assert_same(to_and_fro, fresh);
		world_free(fresh);
	}
	world_free(to_and_fro);
}

START_TEST(going_back_is_like_coming_there_for_the_first_time)
{
	ck_assert_uint_gt(each_shipped_run(check_back), 100);
}
END_TEST

/* ---- by hand ----------------------------------------------------------- */

static int32_t thread_named(const struct trace *trace, const char *name)
{
	for (unsigned int i = 0; i < trace->thread_count; i++)
		if (!strcmp(trace->threads[i].name, name))
			return (int32_t)i;
	return -1;
}

/*
 * A waits for 10 ms, C for ever: both park on F.  The timer fires: A runs, its
 * timer is gone, it is still queued.  B's charge takes it off, and C stays.
 */
START_TEST(a_waiter_is_queued_until_it_is_charged)
{
	struct trace *trace = fixture_timeout_swallows_wake();
	struct world *world = world_new(trace);
	const struct event *e = trace->events;
	int32_t a = thread_named(trace, "A"), c = thread_named(trace, "C");

	while (e->kind != EVENT_TIMER_FIRE)
		e++;
	world_go(world, e->n - 1);
	ck_assert_int_eq(world->threads[a].state, WORLD_PARKED);
	ck_assert_int_eq(world->threads[c].state, WORLD_PARKED);
	ck_assert(world->threads[a].has_timer);
	world_go(world, e->n);
	ck_assert_int_eq(world->threads[a].state, WORLD_RUNNING);
	ck_assert(!world->threads[a].has_timer);
	while (e->kind != EVENT_QUEUE_CHARGE)
		e++;
	world_go(world, e->n - 1);
	ck_assert_uint_eq(world->queues[e->object].count, 2);
	ck_assert_int_eq(world->queues[e->object].threads[0], a);
	world_go(world, e->n);
	ck_assert_uint_eq(world->queues[e->object].count, 1);
	ck_assert_int_eq(world->queues[e->object].threads[0], c);
	world_free(world);
	trace_free(trace);
}
END_TEST

START_TEST(an_object_is_untouched_until_its_first_event)
{
	struct trace *trace = fixture_timeout_swallows_wake();
	struct world *world = world_new(trace);
	uint32_t object = 0, n = 0;

	for (unsigned int i = 0; i < trace->event_count && !object; i++) {
		object = (uint32_t)trace->events[i].object;
		n = trace->events[i].n;
	}
	world_go(world, n - 1);
	ck_assert(!world_is_touched(world, object));
	world_go(world, n);
	ck_assert(world_is_touched(world, object));
	ck_assert(!world_is_touched(world, trace->object_count + 7));
	world_free(world);
	trace_free(trace);
}
END_TEST

/* Runs @text; the trace lives until the next run. */
static struct world *world_of(const char *text)
{
	struct run_request request = request_of(text, "linux");
	struct run run;

	request.wants_trace = true;
	play_request(&request, &run);
	ck_assert_msg(!run.error, "%d: %s", run.error_line, run.error);
	return world_new(run.trace);
}

static const struct event *nth(const struct trace *trace, enum event_kind kind,
			       unsigned int n)
{
	for (unsigned int i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == kind && --n == 0)
			return &trace->events[i];
	ck_abort_msg("there is no such event");
}

/* The clone is made, then its number is stored, and only then it begins. */
START_TEST(a_clone_begins_when_its_number_is_told)
{
	struct world *world = world_of(SCENARIO("threads:\n"
						"  A: [t = clone T ptid=F]\n"
						"  T: [store G 1]\n"
						"schedule:\n"
						"  - A: until done\n"
						"  - T: until done\n"));
	const struct event *clone = nth(world->t, EVENT_CLONE, 1);
	const struct event *store = nth(world->t, EVENT_USER_STORE, 1);
	int32_t thread = thread_named(world->t, "T");

	ck_assert_uint_gt(store->n, clone->n);
	world_go(world, clone->n);
	ck_assert_int_eq(world->threads[thread].state, WORLD_UNBORN);
	world_go(world, store->n);
	ck_assert_int_eq(world->threads[thread].state, WORLD_RUNNING);
	ck_assert_uint_eq(world->threads[thread].since, store->n);
	world_free(world);
}
END_TEST

/* X kills A, which sleeps, in the step in which its exit_group begins. */
/* The deadline ends A's park and is no permit; B's wake-up finds it awake. */
START_TEST(a_permit_is_of_the_wake_up_that_finds_nobody_asleep)
{
	struct world *world =
		world_of(SCENARIO("threads:\n"
				  "  A: [r = futex_wait F 0 timeout=10ms]\n"
				  "  B: [n = futex_wake F 1]\n"
				  "schedule:\n"
				  "  - A: until blocked\n"
				  "  - clock: advance 10ms\n"
				  "  - A: {after: woken.load, value: 0}\n"
				  "  - B: until done\n"
				  "  - A: until done\n"));
	const struct event *wake = nth(world->t, EVENT_WAKE, 1);
	int32_t a = thread_named(world->t, "A");

	world_go(world, wake->n - 1);
	ck_assert_int_eq(world->threads[a].state, WORLD_RUNNING);
	ck_assert(!world->threads[a].has_permit);
	world_go(world, wake->n);
	ck_assert(world->threads[a].has_permit);
	world_go(world, world->t->event_count);
	ck_assert(!world->threads[a].has_permit);
	world_free(world);
}
END_TEST

START_TEST(who_is_killed_is_free_at_once)
{
	struct world *world = world_of(SCENARIO("threads:\n"
						"  A: [r = futex_wait F 0]\n"
						"  X: [exit_group]\n"
						"schedule:\n"
						"  - A: until blocked\n"
						"  - X: until done\n"
						"  - A: until done\n"));
	const struct event *enter = nth(world->t, EVENT_ENTER, 2);
	int32_t a = thread_named(world->t, "A");

	ck_assert_str_eq(enter->text, "exit_group");
	world_go(world, enter->n - 1);
	ck_assert_int_eq(world->threads[a].state, WORLD_PARKED);
	world_go(world, enter->n);
	ck_assert_int_eq(world->threads[a].state, WORLD_RUNNING);
	world_go(world, world->t->event_count);
	ck_assert_int_eq(world->threads[a].state, WORLD_EXITED);
	world_free(world);
}
END_TEST

Suite *world_suite(void)
{
	const TTest *const tests[] = {
		every_event_finds_the_world_that_it_needs,
		going_back_is_like_coming_there_for_the_first_time,
		a_waiter_is_queued_until_it_is_charged,
		an_object_is_untouched_until_its_first_event,
		a_clone_begins_when_its_number_is_told,
		a_permit_is_of_the_wake_up_that_finds_nobody_asleep,
		who_is_killed_is_free_at_once,
	};

	return MACHINE_SUITE("world", tests);
}
