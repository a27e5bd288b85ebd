/*
 * syscall.c - futex(2) and the robust list calls: checks, in their order, and
 * dispatch.
 *
 * The order of the checks is part of the behaviour.  A key is looked up, and a
 * shared table made and counted, before a negative count is refused; a value
 * that does not match is reported before an invalid timeout.
 */
#include <errno.h>
#include <stddef.h>

#include "model/futex.h"

#define FUTEX_CMD_MASK 127u
#define NSEC_PER_SEC 1000000000

/* The arguments of one call, parsed. */
struct futex_call {
	uint64_t uaddr;
	uint32_t cmd;
	bool is_realtime;
	enum futex_key_mode mode;
	uint32_t val;
	uint64_t timeout; /* val2 for the requeue commands */
	uint64_t uaddr2;
	uint32_t val3;
	struct futex_key key; /* of uaddr */
	struct futex_table *table;
};

static bool is_known(uint32_t cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAKE || cmd == FUTEX_REQUEUE ||
	       cmd == FUTEX_CMP_REQUEUE || cmd == FUTEX_WAIT_BITSET ||
	       cmd == FUTEX_WAKE_BITSET;
}

static bool is_bitset(uint32_t cmd)
{
	return cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_WAKE_BITSET;
}

/* Steps 1 and 2: what can be said without looking at any memory. */
static int parse(struct futex_call *c, uint32_t op)
{
	uint32_t flags = op & ~FUTEX_CMD_MASK;

	c->cmd = op & FUTEX_CMD_MASK;
	c->is_realtime = flags & FUTEX_CLOCK_REALTIME;
	if (flags & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME))
		return -EINVAL;
	if (!is_known(c->cmd))
		return -ENOSYS;
	if (c->is_realtime && c->cmd != FUTEX_WAIT &&
	    c->cmd != FUTEX_WAIT_BITSET)
		return -EINVAL;
	c->mode = FUTEX_KEY_AUTO;
	/* scenarios/history/private-flag-ignored.yaml */
	if ((flags & FUTEX_PRIVATE_FLAG) && !quirk(QUIRK_PRIVATE_FLAG_IGNORED))
		c->mode = FUTEX_KEY_PRIVATE;
	if (c->uaddr % 4)
		return -EINVAL;
	if (is_bitset(c->cmd) && !c->val3)
		return -EINVAL;
	return 0;
}

/* Seconds and nanoseconds, both in range, as a duration that saturates. */
static uint64_t to_ns(const struct ktimespec *ts)
{
	uint64_t ns;

	if (__builtin_mul_overflow((uint64_t)ts->sec, (uint64_t)NSEC_PER_SEC,
				   &ns) ||
	    __builtin_add_overflow(ns, (uint64_t)ts->nsec, &ns))
		return KTIME_NEVER;
	return ns;
}

static uint64_t saturating_sub(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/*
 * The timeout of a wait as a duration, KTIME_NEVER if there is none.  That of
 * FUTEX_WAIT is relative; that of FUTEX_WAIT_BITSET is a time, and is turned
 * into a duration here and now.
 */
static int read_timeout(const struct futex_call *c, uint64_t *duration_ns)
{
	struct ktimespec ts;
	uint64_t ns;
	int error;

	*duration_ns = KTIME_NEVER;
	if (!c->timeout)
		return 0;
	error = kuser_read_timespec(c->timeout, &ts);
	if (error)
		return error;
	if (ts.sec < 0 || ts.nsec < 0 || ts.nsec >= NSEC_PER_SEC)
		return -EINVAL;
	ns = to_ns(&ts);
	if (c->cmd == FUTEX_WAIT_BITSET && ns != KTIME_NEVER)
		ns = saturating_sub(ns, c->is_realtime ? kclock_wall_ns()
						       : kclock_monotonic_ns());
	*duration_ns = ns;
	return 0;
}

/* A read that faults counts as a condition that does not hold. */
static int word_is_val(void *arg)
{
	const struct futex_call *c = arg;
	uint32_t word;

	return kuser_load32(c->uaddr, &word) == 0 && word == c->val;
}

static long do_wait(struct futex_call *c)
{
	struct wait_condition condition = {word_is_val, c};
	struct futex_guard guard;
	uint64_t timeout_ns;
	uint32_t bitset, word;
	int result;

	result = kuser_load32(c->uaddr, &word);
	if (result)
		return result;
	if (word != c->val)
		return -EAGAIN;
	result = read_timeout(c, &timeout_ns);
	if (result)
		return result;
	bitset = c->cmd == FUTEX_WAIT_BITSET ? c->val3 : FUTEX_BITSET_MATCH_ANY;
	guard = futex_table_get_or_insert(c->table, &c->key);
	result = wait_queue_wait_if_with_cleanup(
		&guard.inner->wq, bitset, timeout_ns,
		futex_table_cleanup_for(c->table, &c->key), condition);
	futex_guard_drop(&guard);
	if (result < 0)
		return result;
	return result ? 0 : -EAGAIN;
}

static long do_wake(struct futex_call *c)
{
	uint32_t mask =
		c->cmd == FUTEX_WAKE_BITSET ? c->val3 : FUTEX_BITSET_MATCH_ANY;
	struct futex_guard guard;
	uint32_t nr_wake = c->val;
	uint64_t count = 0;
	uint32_t word;
	int error;

	/* scenarios/wake/count-as-given.yaml */
	if (!quirk(QUIRK_WAKE_COUNT_AS_GIVEN) && (int32_t)nr_wake < 1)
		nr_wake = 1;
	if ((int32_t)nr_wake < 0)
		return -EINVAL;
	error = kuser_load32(c->uaddr, &word);
	if (error)
		return error;
	guard = futex_table_get(c->table, &c->key);
	if (guard.inner)
		count = wait_queue_wake(&guard.inner->wq, nr_wake, mask);
	kyield();
	futex_guard_drop(&guard);
	return (long)count;
}

/* The condition of FUTEX_CMP_REQUEUE; FUTEX_REQUEUE has none. */
static int word_is_val3(void *arg)
{
	const struct futex_call *c = arg;
	uint32_t word;
	int error;

	if (c->cmd != FUTEX_CMP_REQUEUE)
		return true;
	error = kuser_load32(c->uaddr, &word);
	if (error)
		return error;
	return word == c->val3;
}

static int always(void *arg)
{
	(void)arg;
	return true;
}

/* Nobody waits on the source: only the comparison is left to do. */
static long requeue_nobody(struct futex_call *c)
{
	int holds = word_is_val3(c);

	if (holds < 0)
		return holds;
	return holds ? 0 : -EAGAIN;
}

/* The source entry exists and is guarded. */
static long requeue_from(struct futex_call *c, struct futex_guard *source,
			 struct futex_guard *target,
			 struct futex_wait_cleanup target_cleanup)
{
	struct wait_condition condition = {word_is_val3, c};
	int64_t count;

	/*
	 * Compared before the queues are locked, the word may change in
	 * between, and those who wait for its new value are moved:
	 * scenarios/history/compare-outside-lock.yaml.
	 */
	if (quirk(QUIRK_COMPARE_OUTSIDE_LOCK)) {
		long result = requeue_nobody(c);

		if (result) {
			futex_wait_cleanup_drop(&target_cleanup);
			return result;
		}
		condition.check = always;
	}
	count = wait_queue_wake_requeue_if(&source->inner->wq, c->val,
					   FUTEX_BITSET_MATCH_ANY,
					   (uint32_t)c->timeout, target_cleanup,
					   &target->inner->wq, condition);
	if (count > 0)
		kyield();
	return (long)count;
}

static long requeue_to(struct futex_call *c, const struct futex_key *key2,
		       struct futex_table *table2)
{
	struct futex_guard target = futex_table_get_or_insert(table2, key2);
	struct futex_wait_cleanup target_cleanup =
		futex_table_cleanup_for(table2, key2);
	struct futex_guard source = futex_table_get(c->table, &c->key);
	long result;

	if (source.inner) {
		result = requeue_from(c, &source, &target, target_cleanup);
	} else {
		result = requeue_nobody(c);
		futex_wait_cleanup_drop(&target_cleanup);
	}
	futex_guard_drop(&source);
	futex_guard_drop(&target);
	return result;
}

static long do_requeue(struct futex_call *c)
{
	struct futex_table *table2;
	struct futex_key key2;
	uint32_t word;
	long result;
	int error = 0;

	if ((int32_t)c->val < 0 || (int32_t)(uint32_t)c->timeout < 0)
		return -EINVAL;
	if (c->cmd == FUTEX_REQUEUE)
		error = kuser_load32(c->uaddr, &word);
	if (error)
		return error;
	if (c->uaddr2 % 4)
		return -EINVAL;
	error = kuser_load32(c->uaddr2, &word);
	if (error)
		return error;
	key2 = futex_key_new_current(c->uaddr2, c->mode);
	table2 = futex_table_for(&key2);
	result = requeue_to(c, &key2, table2);
	futex_table_put(table2);
	futex_key_drop(&key2);
	return result;
}

static long dispatch(struct futex_call *c)
{
	if (c->cmd == FUTEX_WAIT || c->cmd == FUTEX_WAIT_BITSET)
		return do_wait(c);
	if (c->cmd == FUTEX_WAKE || c->cmd == FUTEX_WAKE_BITSET)
		return do_wake(c);
	return do_requeue(c);
}

long sys_futex(uint64_t uaddr, uint32_t op, uint32_t val, uint64_t timeout,
	       uint64_t uaddr2, uint32_t val3)
{
	struct futex_call call = {
		.uaddr = uaddr,
		.val = val,
		.timeout = timeout,
		.uaddr2 = uaddr2,
		.val3 = val3,
	};
	long result = parse(&call, op);

	if (result)
		return result;
	call.key = futex_key_new_current(uaddr, call.mode);
	call.table = futex_table_for(&call.key);
	result = dispatch(&call);
	futex_table_put(call.table);
	futex_key_drop(&call.key);
	return result;
}

void futex_thread_init(struct futex_thread *thread)
{
	katomic_init(&thread->robust_list_head, KOBJECT_ROBUST, 0);
	katomic_init(&thread->clear_child_tid, KOBJECT_CTID, 0);
}

long sys_set_robust_list(uint64_t head, uint64_t len)
{
	struct futex_thread *self = kthread(0);

	if (len != ROBUST_LIST_HEAD_SIZE)
		return -EINVAL;
	katomic_store(&self->robust_list_head, head);
	return 0;
}

long sys_get_robust_list(uint32_t tid, uint64_t head_ptr, uint64_t len_ptr)
{
	struct futex_thread *thread = kthread(tid);
	uint64_t head;
	int error;

	if (!thread)
		return -ESRCH;
	head = katomic_load(&thread->robust_list_head);
	error = kuser_write64(head_ptr, head);
	if (error)
		return error;
	return kuser_write64(len_ptr, ROBUST_LIST_HEAD_SIZE);
}

long sys_set_tid_address(uint64_t ptr)
{
	struct futex_thread *self = kthread(0);

	katomic_store(&self->clear_child_tid, ptr);
	return (long)kthread_tid();
}
