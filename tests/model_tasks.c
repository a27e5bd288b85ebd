/* model_tasks.c - tasks and fixtures of the suites of model/. */
#include "tests/model_tasks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake_private.h"

#define JOBS_MAX 64

/* The arguments of any of the tasks below. */
struct job {
	struct wait_queue *queue;
	uint32_t bitset;
	uint64_t timeout_ns;
	struct wait_condition condition;
	uint64_t uaddr;
	uint32_t op;
	uint32_t val;
	uint64_t timeout;
	uint64_t uaddr2;
	uint32_t val3;
};

static struct job jobs[JOBS_MAX];
static unsigned int job_count;

/* ---- fixtures ---------------------------------------------------------------
 */

uint64_t starry_quirks(void)
{
	return profile_find("starry-0.5.11")->quirks;
}

void starry_setup(void)
{
	job_count = 0;
	fake_init(starry_quirks());
}

void linux_setup(void)
{
	job_count = 0;
	fake_init(0);
}

void model_teardown(void)
{
	fake_fini();
}

void use_quirk(enum quirk q, bool with)
{
	uint64_t bit = UINT64_C(1) << q;

	fake_set_quirks(with ? starry_quirks() | bit : starry_quirks() & ~bit);
}

void use_only(enum quirk q, bool with)
{
	fake_set_quirks(with ? UINT64_C(1) << q : 0);
}

void words_setup(void)
{
	starry_setup();
	fake_store(F, 0);
	fake_store(G, 0);
	fake_log_clear();
}

struct kidentity *map_shared(uint64_t start)
{
	struct kidentity *pages = fake_identity_new(0x7000);
	struct karea area = {
		.kind = KAREA_SHARED, .start = start, .pages = pages};

	fake_map(fake_process_first(), area, start + 0x1000);
	return pages;
}

uint64_t shared_lookups(void)
{
	return kfutex_system()->shared_tables.operations;
}

TCase *case_with(Suite *suite, const char *name, SFun setup)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, setup, model_teardown);
	suite_add_tcase(suite, tcase);
	return tcase;
}

void add_tests(TCase *tcase, const TTest *const *tests, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
}

void add_both_ways(TCase *tcase, const TTest *const *tests, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		tcase_add_loop_test(tcase, tests[i], 0, 2);
}

Suite *model_suite(const char *name, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(name);

	add_tests(case_with(suite, name, starry_setup), tests, count);
	return suite;
}

static struct job *job_new(struct job values)
{
	if (job_count == JOBS_MAX)
		fake_fail("too many tasks in one test");
	jobs[job_count] = values;
	return &jobs[job_count++];
}

struct wait_queue *queue_new(void)
{
	struct wait_queue *q = kalloc(sizeof(*q), "queue");

	wait_queue_init(q);
	return q;
}

void queue_free(struct wait_queue *q)
{
	ck_assert(list_is_empty(&q->waiters));
	kfree(q);
}

/* ---- conditions -------------------------------------------------------- */

static int answer_yes(void *arg)
{
	(void)arg;
	return 1;
}

static int answer_no(void *arg)
{
	(void)arg;
	return 0;
}

static int answer_fault(void *arg)
{
	(void)arg;
	return -EFAULT;
}

static int refuse_to_answer(void *arg)
{
	(void)arg;
	fake_fail("a condition was asked that should not be");
}

const struct wait_condition holds = {answer_yes, NULL};
const struct wait_condition fails = {answer_no, NULL};
const struct wait_condition faults = {answer_fault, NULL};
const struct wait_condition unasked = {refuse_to_answer, NULL};

/* ---- tasks ------------------------------------------------------------- */

static long run_wait(void *arg)
{
	const struct job *j = arg;

	return wait_queue_wait_if(j->queue, j->bitset, j->timeout_ns,
				  j->condition);
}

struct fake_task *waiter_of(const char *name, struct wait_queue *q,
			    uint32_t bitset, uint64_t timeout_ns,
			    struct wait_condition condition)
{
	return fake_task_new(name, run_wait,
			     job_new((struct job){
				     .queue = q,
				     .bitset = bitset,
				     .timeout_ns = timeout_ns,
				     .condition = condition,
			     }));
}

struct fake_task *waiter_new(const char *name, struct wait_queue *q,
			     uint32_t bitset, uint64_t timeout_ns)
{
	struct fake_task *t = waiter_of(name, q, bitset, timeout_ns, holds);

	fake_run(t);
	return t;
}

static long run_wake(void *arg)
{
	const struct job *j = arg;

	return (long)wait_queue_wake(j->queue, j->val, j->bitset);
}

struct fake_task *waker_of(const char *name, struct wait_queue *q,
			   uint64_t count, uint32_t mask)
{
	return fake_task_new(name, run_wake,
			     job_new((struct job){
				     .queue = q,
				     .bitset = mask,
				     .val = (uint32_t)count,
			     }));
}

static long run_call(void *arg)
{
	const struct job *j = arg;

	return sys_futex(j->uaddr, j->op, j->val, j->timeout, j->uaddr2,
			 j->val3);
}

struct fake_task *call_of(const char *name, uint64_t uaddr, uint32_t op,
			  uint32_t val, uint64_t timeout, uint64_t uaddr2,
			  uint32_t val3)
{
	return fake_task_new(name, run_call,
			     job_new((struct job){
				     .uaddr = uaddr,
				     .op = op,
				     .val = val,
				     .timeout = timeout,
				     .uaddr2 = uaddr2,
				     .val3 = val3,
			     }));
}

struct fake_task *call_wait(const char *name, uint64_t uaddr, uint32_t op,
			    uint32_t val)
{
	struct fake_task *t = call_of(name, uaddr, op, val, 0, 0, ALL);

	fake_run(t);
	return t;
}

long call_wake(uint64_t uaddr, uint32_t op, uint32_t count)
{
	return sys_futex(uaddr, op, count, 0, 0, ALL);
}

static long run_exit(void *arg)
{
	const struct job *j = arg;

	sys_set_robust_list(j->uaddr, ROBUST_LIST_HEAD_SIZE);
	sys_set_tid_address(j->uaddr2);
	return futex_thread_exit();
}

struct fake_task *exit_of(const char *name, uint64_t robust_head,
			  uint64_t clear_child_tid)
{
	return fake_task_new(name, run_exit,
			     job_new((struct job){
				     .uaddr = robust_head,
				     .uaddr2 = clear_child_tid,
			     }));
}

/* ---- looking ----------------------------------------------------------- */

static char text[1024];

static void print_entry(void *arg, uint64_t key, const struct kmutex *queue,
			uint64_t pins)
{
	size_t used = strlen(text);

	(void)arg;
	(void)queue;
	(void)pins;
	snprintf(text + used, sizeof(text) - used, "%s%#" PRIx64 ":",
		 used ? ", " : "", key);
}

static void print_waiter(void *arg, struct kwaker *waker, uint32_t bitset,
			 bool is_cancelled)
{
	size_t used = strlen(text);

	(void)arg;
	(void)bitset;
	snprintf(text + used, sizeof(text) - used, " %s%s",
		 fake_waker_name(waker), is_cancelled ? "(cancelled)" : "");
}

const char *table_text(const struct futex_table *table)
{
	const struct futex_visitor visitor = {print_entry, print_waiter, NULL};

	text[0] = '\0';
	futex_table_visit(table, &visitor);
	return text;
}

struct futex_table *own_table(void)
{
	return kprivate_table(quirk(QUIRK_PRIVATE_TABLE_PER_PROCESS)
				      ? KSCOPE_PROCESS
				      : KSCOPE_ASPACE);
}
