/*
 * model_tasks.h - tasks of the fake kernel that call the model, as its suites
 * need them.
 *
 * Owner: the arguments of a task live until model_teardown().
 */
#ifndef TESTS_MODEL_TASKS_H
#define TESTS_MODEL_TASKS_H

#include <check.h>
#include <errno.h>
#include <string.h>

#include "model/futex.h"
#include "model/wait.h"
#include "tests/fake_kernel.h"

#define ALL FUTEX_BITSET_MATCH_ANY
#define WITH(name) (UINT64_C(1) << QUIRK_##name)

/* Fixtures: the fake kernel with the profile starry-0.5.11, or linux. */
void starry_setup(void);
void linux_setup(void);
void model_teardown(void);
/* The bits of starry-0.5.11. */
uint64_t starry_quirks(void);
/* The kernel is starry-0.5.11, certainly with or without @q. */
void use_quirk(enum quirk q, bool with);

/* The kernel is Linux, but for @q if @with. */
void use_only(enum quirk q, bool with);

/* Two private words; words_setup() is starry_setup() and makes both 0. */
#define F 0x1000u
#define G 0x2000u
void words_setup(void);

/* A page of shared pages in the test's own process, at @start. */
struct kidentity *map_shared(uint64_t start);
/* How many look-ups the registry of shared tables has counted. */
uint64_t shared_lookups(void);

/* A case of @suite with fixtures. */
TCase *case_with(Suite *suite, const char *name, SFun setup);
void add_tests(TCase *tcase, const TTest *const *tests, size_t count);
#define ADD_TESTS(tcase, tests)                                                \
	add_tests((tcase), (tests), sizeof(tests) / sizeof((tests)[0]))

/* A suite of one case with starry_setup(). */
Suite *model_suite(const char *name, const TTest *const *tests, size_t count);
#define MODEL_SUITE(name, tests)                                               \
	model_suite((name), (tests), sizeof(tests) / sizeof((tests)[0]))

/* Tests that run with a quirk, when HAS_QUIRK, and without it. */
#define HAS_QUIRK (_i == 1)
void add_both_ways(TCase *tcase, const TTest *const *tests, size_t count);
#define ADD_BOTH_WAYS(tcase, tests)                                            \
	add_both_ways((tcase), (tests), sizeof(tests) / sizeof((tests)[0]))

/* A queue that is part of no table.  The later one has the higher address. */
struct wait_queue *queue_new(void);
void queue_free(struct wait_queue *q);

/* Conditions: what they answer, and one that must not be asked. */
extern const struct wait_condition holds, fails, faults, unasked;

/* wait_queue_wait_if() on @q; has been run until asleep or done. */
struct fake_task *waiter_new(const char *name, struct wait_queue *q,
			     uint32_t bitset, uint64_t timeout_ns);
/* The same, not yet run, and with a condition. */
struct fake_task *waiter_of(const char *name, struct wait_queue *q,
			    uint32_t bitset, uint64_t timeout_ns,
			    struct wait_condition condition);
/* wait_queue_wake() on @q; not yet run. */
struct fake_task *waker_of(const char *name, struct wait_queue *q,
			   uint64_t count, uint32_t mask);

/* sys_futex(); not yet run. */
struct fake_task *call_of(const char *name, uint64_t uaddr, uint32_t op,
			  uint32_t val, uint64_t timeout, uint64_t uaddr2,
			  uint32_t val3);
/* FUTEX_WAIT without a timeout; has been run until asleep or done. */
struct fake_task *call_wait(const char *name, uint64_t uaddr, uint32_t op,
			    uint32_t val);
/* FUTEX_WAKE by the test's own task. */
long call_wake(uint64_t uaddr, uint32_t op, uint32_t count);

/* futex_thread_exit() of a task with a robust list and a tid word. */
struct fake_task *exit_of(const char *name, uint64_t robust_head,
			  uint64_t clear_child_tid);

/* The keys and waiters of @table: "0x1000: A B, 0x2000: C". */
const char *table_text(const struct futex_table *table);
/* The private table of the test's own process. */
struct futex_table *own_table(void);

#define assert_done(task, expected)                                            \
	ck_assert_int_eq(fake_result(task), expected)
#define assert_asleep(task) ck_assert(fake_is_asleep(task))

#endif
