/* test_table.c - entries, guards, tables and the registry with its sweep. */
#include "tests/model_tasks.h"
#include "tests/suites.h"

#include <stdio.h>

static struct futex_key key_of(uint64_t value)
{
	return (struct futex_key){.value = value};
}

static struct futex_guard guard_of(struct futex_table *t, uint64_t value)
{
	struct futex_key key = key_of(value);

	return futex_table_get_or_insert(t, &key);
}

/* ---- entries and guards ------------------------------------------------ */

START_TEST(get_finds_nothing_in_an_empty_table_and_makes_nothing)
{
	struct futex_table *t = futex_table_new();
	struct futex_key key = key_of(0x1000);
	struct futex_guard guard = futex_table_get(t, &key);

	ck_assert_ptr_null(guard.inner);
	ck_assert(futex_table_is_empty(t));
	fake_log_clear();
	futex_guard_drop(&guard);
	fake_assert_log("");
	futex_table_put(t);
}
END_TEST

START_TEST(an_entry_is_made_once_and_then_found)
{
	struct futex_table *t = futex_table_new();
	struct futex_key key = key_of(0x1000);
	struct futex_guard a = guard_of(t, 0x1000), b = guard_of(t, 0x1000);
	struct futex_guard c = futex_table_get(t, &key);

	fake_assert_notes("entry+0x1000");
	ck_assert_ptr_eq(a.inner, b.inner);
	ck_assert_ptr_eq(a.inner, c.inner);
	/* The table and three guards. */
	ck_assert_uint_eq(a.inner->ref.count, 4);
	futex_guard_drop(&c);
	futex_guard_drop(&b);
	ck_assert(!futex_table_is_empty(t));
	futex_guard_drop(&a);
	fake_assert_notes("entry-0x1000");
	ck_assert(futex_table_is_empty(t));
	futex_table_put(t);
}
END_TEST

/* The second key falls into the bucket of the first, the third does not. */
START_TEST(every_key_has_an_entry_of_its_own)
{
	struct futex_table *t = futex_table_new();
	struct futex_guard a = guard_of(t, 0x1000);
	struct futex_guard b = guard_of(t, 0x1000 + 4 * FUTEX_TABLE_BUCKETS);
	struct futex_guard c = guard_of(t, 0x1004);

	ck_assert_ptr_ne(a.inner, b.inner);
	ck_assert_ptr_ne(a.inner, c.inner);
	ck_assert_str_eq(table_text(t), "0x1000:, 0x1004:, 0x1040:");
	futex_guard_drop(&b);
	ck_assert_str_eq(table_text(t), "0x1000:, 0x1004:");
	futex_guard_drop(&a);
	futex_guard_drop(&c);
	futex_table_put(t);
}
END_TEST

/*
 * The count and the queue are looked at under the table's mutex; the guard's
 * own reference goes after it.
 */
START_TEST(a_guard_checks_under_the_mutex_and_lets_go_after_it)
{
	struct futex_table *t = futex_table_new();
	struct futex_guard guard = guard_of(t, 0x1000);

	fake_log_clear();
	futex_guard_drop(&guard);
	fake_assert_log("table.lock ref.count(entry) wq.lock wq.unlock "
			"ref.put(entry) table.unlock ref.put(entry)");
	ck_assert_uint_eq(fake_alive("futex_entry"), 0);
	futex_table_put(t);
}
END_TEST

/* With another holder the queue is not even looked at. */
START_TEST(a_guard_leaves_an_entry_that_somebody_else_uses)
{
	struct futex_table *t = futex_table_new();
	struct futex_guard a = guard_of(t, 0x1000), b = guard_of(t, 0x1000);

	fake_log_clear();
	futex_guard_drop(&a);
	fake_assert_log("table.lock ref.count(entry) table.unlock "
			"ref.put(entry)");
	ck_assert(!futex_table_is_empty(t));
	futex_guard_drop(&b);
	futex_table_put(t);
}
END_TEST

/* A sleeper in the queue keeps the entry, though no guard does. */
START_TEST(a_guard_leaves_an_entry_with_a_sleeper)
{
	struct futex_table *t = futex_table_new();
	struct futex_guard guard = guard_of(t, 0x1000);
	struct wait_queue *q = &guard.inner->wq;
	struct fake_task *a = waiter_new("A", q, ALL, KTIME_NEVER);

	futex_guard_drop(&guard);
	ck_assert_str_eq(table_text(t), "0x1000: A");
	fake_signal(a);
	fake_run(a);
	guard = guard_of(t, 0x1000);
	ck_assert_ptr_eq(&guard.inner->wq, q);
	futex_guard_drop(&guard);
	ck_assert(futex_table_is_empty(t));
	futex_table_put(t);
}
END_TEST

/* ---- removing a waiter by its cleanup ---------------------------------- */

static const struct waiter_state *only_state(const struct wait_queue *q)
{
	return ((const struct waiter *)(const void *)q->waiters.next)->state;
}

START_TEST(removing_the_last_waiter_removes_an_entry_that_nobody_holds)
{
	struct futex_table *t = futex_table_new();
	struct futex_guard guard = guard_of(t, 0x1000);
	const struct waiter_state *state;

	waiter_new("A", &guard.inner->wq, ALL, KTIME_NEVER);
	state = only_state(&guard.inner->wq);
	futex_guard_drop(&guard);
	fake_log_clear();
	futex_table_remove_waiter(t, 0x1000, state);
	fake_assert_log("table.lock wq.lock ref.put(state) wq.unlock "
			"ref.count(entry) ref.put(entry) table.unlock");
	fake_assert_notes("remove:A entry-0x1000");
	ck_assert(futex_table_is_empty(t));
	/* A's queue is gone: let it not look at it again. */
	fake_abandon();
}
END_TEST

START_TEST(removing_the_last_waiter_leaves_an_entry_that_is_guarded)
{
	struct futex_table *t = futex_table_new();
	struct futex_guard guard = guard_of(t, 0x1000);

	waiter_new("A", &guard.inner->wq, ALL, KTIME_NEVER);
	futex_table_remove_waiter(t, 0x1000, only_state(&guard.inner->wq));
	ck_assert_str_eq(table_text(t), "0x1000:");
	fake_end_all();
	futex_guard_drop(&guard);
	futex_table_put(t);
}
END_TEST

START_TEST(removing_one_of_two_waiters_leaves_the_entry)
{
	struct futex_table *t = futex_table_new();
	struct futex_guard guard = guard_of(t, 0x1000);
	struct wait_queue *q = &guard.inner->wq;

	waiter_new("A", q, ALL, KTIME_NEVER);
	waiter_new("B", q, ALL, KTIME_NEVER);
	futex_guard_drop(&guard);
	fake_log_clear();
	futex_table_remove_waiter(t, 0x1000, only_state(q));
	ck_assert_str_eq(table_text(t), "0x1000: B");
	ck_assert_ptr_null(strstr(fake_log(), "ref.count"));
	fake_end_all();
	guard = guard_of(t, 0x1000);
	futex_guard_drop(&guard);
	futex_table_put(t);
}
END_TEST

START_TEST(removing_a_waiter_under_an_unknown_key_does_nothing)
{
	struct futex_table *t = futex_table_new();

	fake_log_clear();
	futex_table_remove_waiter(t, 0x1000, NULL);
	fake_assert_log("table.lock table.unlock");
	futex_table_put(t);
}
END_TEST

/* ---- the life of a table ----------------------------------------------- */

START_TEST(cleanup_metadata_holds_its_table)
{
	struct futex_table *t = futex_table_new();
	struct futex_key key = key_of(0x1000);
	struct futex_wait_cleanup cleanup = futex_table_cleanup_for(t, &key);

	ck_assert_ptr_eq(cleanup.table, t);
	ck_assert_uint_eq(cleanup.key, 0x1000);
	futex_table_put(t);
	ck_assert(futex_table_is_empty(t));
	futex_wait_cleanup_drop(&cleanup);
}
END_TEST

/* fake_fini() would find the entry, the waiter, its state and its waker. */
START_TEST(the_last_holder_of_a_table_frees_what_is_in_it)
{
	struct futex_table *t = futex_table_new();
	struct waiter_state *s =
		waiter_state_new((struct futex_wait_cleanup){NULL, 0, NULL});
	struct futex_guard guard = guard_of(t, 0x1000);
	struct wait_queue *q = &guard.inner->wq;
	struct kwaker *waker = kwaker_new();

	kmutex_lock(&q->wq_mutex);
	wait_queue_push(q, waker, ALL, s);
	kmutex_unlock(&q->wq_mutex);
	kwaker_put(waker);
	waiter_state_put(s);
	futex_guard_drop(&guard);
	ck_assert_uint_eq(fake_alive("waiter_state"), 1);
	futex_table_put(t);
	ck_assert_uint_eq(fake_alive("waiter_state"), 0);
}
END_TEST

static char seen[256];

static void see_entry(void *arg, uint64_t key, const struct kmutex *queue,
		      uint64_t pins)
{
	size_t used = strlen(seen);

	(void)arg;
	ck_assert_uint_eq(queue->kind, KOBJECT_WQ);
	snprintf(seen + used, sizeof(seen) - used, "%#x/%u ", (unsigned int)key,
		 (unsigned int)pins);
}

static void see_waiter(void *arg, struct kwaker *waker, uint32_t bitset,
		       bool is_cancelled)
{
	size_t used = strlen(seen);

	(void)arg;
	(void)waker;
	snprintf(seen + used, sizeof(seen) - used, "[%x%s] ", bitset,
		 is_cancelled ? " cancelled" : "");
}

/* By ascending key, though 0x1040 shares a bucket with 0x1000. */
START_TEST(a_visitor_sees_keys_ascending_pins_and_waiters_in_order)
{
	const struct futex_visitor visitor = {see_entry, see_waiter, NULL};
	struct futex_table *t = futex_table_new();
	struct futex_guard b = guard_of(t, 0x1040), a = guard_of(t, 0x1000);
	struct futex_guard c = guard_of(t, 0x1004), d = guard_of(t, 0x1004);
	struct fake_task *x = waiter_new("X", &a.inner->wq, 0x5, 10);

	waiter_new("Y", &a.inner->wq, 0x6, KTIME_NEVER);
	fake_clock_advance(10);
	fake_run_past(x, "cancelled.store");
	seen[0] = '\0';
	fake_log_clear();
	futex_table_visit(t, &visitor);
	ck_assert_str_eq(seen, "0x1000/1 [5 cancelled] [6] 0x1004/2 0x1040/1 ");
	fake_assert_log("");
	fake_end_all();
	futex_guard_drop(&d);
	futex_guard_drop(&c);
	futex_guard_drop(&a);
	futex_guard_drop(&b);
	futex_table_put(t);
}
END_TEST

START_TEST(a_visitor_sees_nothing_in_an_empty_table)
{
	struct futex_table *t = futex_table_new();

	ck_assert_str_eq(table_text(t), "");
	futex_table_put(t);
}
END_TEST

/* ---- the registry ------------------------------------------------------ */

static struct futex_tables *registry(void)
{
	return &kfutex_system()->shared_tables;
}

static struct futex_table *shared_table(struct kidentity *id)
{
	struct futex_key key = {.value = 0, .region = id};

	return futex_table_for(&key);
}

/* So many look-ups of @id, each of which lets go at once. */
static void look_up(struct kidentity *id, unsigned int times)
{
	while (times--)
		futex_table_put(shared_table(id));
}

START_TEST(a_private_key_belongs_into_the_table_of_the_process)
{
	struct futex_key key = key_of(0x1000);
	struct futex_table *t = futex_table_for(&key);

	ck_assert_ptr_eq(t, own_table());
	ck_assert_uint_eq(t->ref.count, 2);
	ck_assert_uint_eq(registry()->operations, 0);
	ck_assert_ptr_null(strstr(fake_log(), "registry.lock"));
	futex_table_put(t);
}
END_TEST

START_TEST(every_mapped_thing_has_a_shared_table_of_its_own)
{
	struct kidentity *shm = fake_identity_new(0x7000);
	struct kidentity *lib = fake_identity_new(0x8000);
	struct futex_table *a, *b, *c;

	fake_log_clear();
	a = shared_table(shm);
	fake_assert_log("registry.lock ref.get(table) registry.unlock");
	fake_assert_notes("table+0x7000");
	b = shared_table(shm);
	c = shared_table(lib);
	fake_assert_notes("table+0x8000");
	ck_assert_ptr_eq(a, b);
	ck_assert_ptr_ne(a, c);
	ck_assert_uint_eq(registry()->operations, 3);
	ck_assert_uint_eq(a->ref.count, 3);
	futex_table_put(a);
	futex_table_put(b);
	futex_table_put(c);
}
END_TEST

static void see_table(void *arg, uint64_t identity,
		      const struct futex_table *table)
{
	size_t used = strlen(seen);

	(void)arg;
	(void)table;
	snprintf(seen + used, sizeof(seen) - used, "%#x ",
		 (unsigned int)identity);
}

START_TEST(shared_tables_are_in_the_order_of_what_is_mapped)
{
	look_up(fake_identity_new(0x8000), 1);
	look_up(fake_identity_new(0x7000), 1);
	look_up(fake_identity_new(0x9000), 1);
	look_up(fake_identity_new(0x8800), 1);
	seen[0] = '\0';
	futex_tables_visit(registry(), see_table, NULL);
	ck_assert_str_eq(seen, "0x7000 0x8000 0x8800 0x9000 ");
}
END_TEST

/*
 * The first look-up makes the table of 0x7000; the 99th of all leaves it, the
 * 100th sweeps it away.
 */
START_TEST(the_hundredth_look_up_sweeps_tables_that_nobody_uses)
{
	struct kidentity *old = fake_identity_new(0x7000);
	struct kidentity *id = fake_identity_new(0x8000);

	look_up(old, 1);
	look_up(id, 98);
	ck_assert_uint_eq(registry()->operations, 99);
	fake_log_clear();
	look_up(id, 1);
	/* Its own table goes too, and is made anew: the sweep comes first. */
	fake_assert_notes("table-0x7000 table-0x8000 table+0x8000");
	ck_assert_uint_eq(registry()->operations, 0);
	look_up(old, 1);
	fake_assert_notes("table+0x7000");
	ck_assert_uint_eq(registry()->operations, 1);
}
END_TEST

START_TEST(the_sweep_spares_a_table_that_is_held)
{
	struct kidentity *held = fake_identity_new(0x7000);
	struct kidentity *id = fake_identity_new(0x8000);
	struct futex_table *t = shared_table(held);

	look_up(id, 98);
	fake_log_clear();
	look_up(id, 1);
	fake_assert_notes("table-0x8000 table+0x8000");
	ck_assert_ptr_eq(shared_table(held), t);
	futex_table_put(t);
	futex_table_put(t);
}
END_TEST

/* Nobody holds the table, but somebody could sleep in its entry. */
START_TEST(the_sweep_spares_a_table_that_is_not_empty)
{
	struct kidentity *used = fake_identity_new(0x7000);
	struct kidentity *id = fake_identity_new(0x8000);
	struct futex_table *t = shared_table(used);
	struct futex_guard guard = guard_of(t, 0x10);

	futex_table_put(t);
	look_up(id, 98);
	fake_log_clear();
	look_up(id, 1);
	fake_assert_notes("table-0x8000 table+0x8000");
	futex_guard_drop(&guard);
}
END_TEST

/* The count comes first; a table that is held is not locked. */
START_TEST(the_sweep_locks_only_tables_that_nobody_holds)
{
	struct futex_table *t = shared_table(fake_identity_new(0x7000));

	registry()->operations = FUTEX_TABLES_SWEEP - 1;
	fake_log_clear();
	look_up(fake_identity_new(0x8000), 1);
	fake_assert_log("registry.lock ref.count(table) ref.get(table) "
			"registry.unlock ref.put(table)");
	futex_table_put(t);
	registry()->operations = FUTEX_TABLES_SWEEP - 1;
	fake_log_clear();
	look_up(fake_identity_new(0x9000), 1);
	fake_assert_log("registry.lock "
			"ref.count(table) table.lock table.unlock "
			"ref.put(table) "
			"ref.count(table) table.lock table.unlock "
			"ref.put(table) "
			"ref.get(table) registry.unlock ref.put(table)");
}
END_TEST

START_TEST(looking_up_without_the_registry_mutex_is_a_kernel_bug)
{
	fake_assert_bug(futex_tables_get_or_insert(registry(), 0x7000));
}
END_TEST

Suite *table_suite(void)
{
	const TTest *const tests[] = {
		get_finds_nothing_in_an_empty_table_and_makes_nothing,
		an_entry_is_made_once_and_then_found,
		every_key_has_an_entry_of_its_own,
		a_guard_checks_under_the_mutex_and_lets_go_after_it,
		a_guard_leaves_an_entry_that_somebody_else_uses,
		a_guard_leaves_an_entry_with_a_sleeper,
		removing_the_last_waiter_removes_an_entry_that_nobody_holds,
		removing_the_last_waiter_leaves_an_entry_that_is_guarded,
		removing_one_of_two_waiters_leaves_the_entry,
		removing_a_waiter_under_an_unknown_key_does_nothing,
		cleanup_metadata_holds_its_table,
		the_last_holder_of_a_table_frees_what_is_in_it,
		a_visitor_sees_keys_ascending_pins_and_waiters_in_order,
		a_visitor_sees_nothing_in_an_empty_table,
		a_private_key_belongs_into_the_table_of_the_process,
		every_mapped_thing_has_a_shared_table_of_its_own,
		shared_tables_are_in_the_order_of_what_is_mapped,
		the_hundredth_look_up_sweeps_tables_that_nobody_uses,
		the_sweep_spares_a_table_that_is_held,
		the_sweep_spares_a_table_that_is_not_empty,
		the_sweep_locks_only_tables_that_nobody_holds,
		looking_up_without_the_registry_mutex_is_a_kernel_bug,
	};

	return MODEL_SUITE("table", tests);
}
