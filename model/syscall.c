/*
 * syscall.c - futex(2): checks, in their order, waiting and waking, dispatch.
 *
 * The order of the checks is part of the behaviour.  Linux reads the timeout
 * before anything else, and makes the key of a shared word only of memory that
 * it can get at; a private key is an address, whatever is there.  The kernel
 * of the seed makes a key of anything, then reads the word, and the timeout
 * last.
 */
#include "model/syscall.h"

#include <errno.h>
#include <stddef.h>

#include "model/futex.h"

#define FUTEX_CMD_MASK 127u
#define FUTEX_FLAGS (FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)

static bool is_known(uint32_t cmd)
{
	if (cmd == FUTEX_WAKE_OP)
		return !quirk(QUIRK_NO_WAKE_OP);
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAKE || cmd == FUTEX_REQUEUE ||
	       cmd == FUTEX_CMP_REQUEUE || cmd == FUTEX_WAIT_BITSET ||
	       cmd == FUTEX_WAKE_BITSET;
}

static bool is_wait(uint32_t cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET;
}

static bool is_bitset(uint32_t cmd)
{
	return cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_WAKE_BITSET;
}

/* ---- the operation ----------------------------------------------------- */

/* scenarios/syscall/unknown-flags.yaml */
static int split(struct futex_call *c, uint32_t op)
{
	uint32_t flags = op & FUTEX_FLAGS;

	c->cmd = op & ~FUTEX_FLAGS;
	if (quirk(QUIRK_UNKNOWN_FLAG_IS_INVALID)) {
		c->cmd = op & FUTEX_CMD_MASK;
		if (op & ~FUTEX_CMD_MASK & ~FUTEX_FLAGS)
			return -EINVAL;
	}
	c->is_realtime = flags & FUTEX_CLOCK_REALTIME;
	c->mode = FUTEX_KEY_AUTO;
	/* scenarios/history/private-flag-ignored.yaml */
	if ((flags & FUTEX_PRIVATE_FLAG) && !quirk(QUIRK_PRIVATE_FLAG_IGNORED))
		c->mode = FUTEX_KEY_PRIVATE;
	return 0;
}

/* scenarios/syscall/clock-without-a-deadline.yaml, realtime-wait.yaml */
static int check_command(const struct futex_call *c)
{
	if (!is_known(c->cmd))
		return -ENOSYS;
	if (!c->is_realtime || c->cmd == FUTEX_WAIT_BITSET)
		return 0;
	if (c->cmd == FUTEX_WAIT)
		return quirk(QUIRK_REALTIME_WAIT) ? 0 : -ENOSYS;
	return quirk(QUIRK_REALTIME_FLAG_IS_INVALID) ? -EINVAL : -ENOSYS;
}

/* ---- checks ------------------------------------------------------------ */

/* That of FUTEX_WAIT is relative; that of FUTEX_WAIT_BITSET is a time. */
static int read_timeout(struct futex_call *c)
{
	return futex_read_timeout(
		c->timeout, c->cmd == FUTEX_WAIT_BITSET,
		c->is_realtime ? KCLOCK_WALL : KCLOCK_MONOTONIC, &c->until);
}

/* Of a requeue; a wake takes any. */
static bool has_negative_count(const struct futex_call *c)
{
	return (c->cmd == FUTEX_REQUEUE || c->cmd == FUTEX_CMP_REQUEUE) &&
	       ((int32_t)c->val < 0 || (int32_t)(uint32_t)c->timeout < 0);
}

/* What can be said without looking at the words. */
static int parse(struct futex_call *c, uint32_t op)
{
	int error = split(c, op);

	if (error)
		return error;
	/* scenarios/timeout/read-before-the-word.yaml */
	if (is_wait(c->cmd) && !quirk(QUIRK_TIMEOUT_AFTER_THE_WORD)) {
		error = read_timeout(c);
		if (error)
			return error;
	}
	error = check_command(c);
	if (error)
		return error;
	if (c->uaddr % 4)
		return -EINVAL;
	if (is_bitset(c->cmd) && !c->val3)
		return -EINVAL;
	/* The seed looks at them when it has made a key of anything. */
	if (!quirk(QUIRK_KEYS_OF_ANY_ADDRESS) && has_negative_count(c))
		return -EINVAL;
	return 0;
}

/* ---- waiting ----------------------------------------------------------- */

/*
 * A fault handler that waits for the address-space mutex with a queue locked
 * keeps all who want that queue waiting with it:
 * scenarios/aspace/fault-with-the-queue-locked.yaml.
 */
int futex_load_locked(uint64_t addr, uint32_t *word)
{
	if (quirk(QUIRK_FAULT_WITH_THE_QUEUE_LOCKED))
		return kuser_load32(addr, word);
	return kuser_load32_nofault(addr, word);
}

static int word_is_val(void *arg)
{
	const struct futex_call *c = arg;
	uint32_t word;
	int error = futex_load_locked(c->uaddr, &word);

	return error ? error : word == c->val;
}

/* Returns 1, 0 if the word has changed, or -errno. */
static int wait_once(struct futex_call *c)
{
	struct wait_condition condition = {word_is_val, c};
	struct futex_guard guard;
	uint32_t bitset;
	int result;

	bitset = c->cmd == FUTEX_WAIT_BITSET ? c->val3 : FUTEX_BITSET_MATCH_ANY;
	guard = futex_table_get_or_insert(c->table, &c->key);
	result = wait_queue_wait_until(
		&guard.inner->wq, bitset, &c->until,
		futex_table_cleanup_for(c->table, &c->key), condition);
	futex_guard_drop(&guard);
	return result;
}

static long do_wait(struct futex_call *c)
{
	bool has_timeout = !quirk(QUIRK_TIMEOUT_AFTER_THE_WORD);
	uint32_t word;
	int result;

	do {
		/* Brings the page in, if it went between two looks. */
		result = kuser_load32(c->uaddr, &word);
		if (result)
			return result;
		if (word != c->val)
			return -EAGAIN;
		if (!has_timeout)
			result = read_timeout(c);
		has_timeout = true;
		if (result)
			return result;
		result = wait_once(c);
	} while (result == -EFAULT);
	if (result < 0)
		return result;
	return result ? 0 : -EAGAIN;
}

/* ---- waking ------------------------------------------------------------ */

uint32_t futex_wake_count(uint32_t given)
{
	/* scenarios/wake/count-as-given.yaml */
	if (!quirk(QUIRK_WAKE_COUNT_AS_GIVEN) && (int32_t)given < 1)
		return 1;
	return given;
}

static long do_wake(struct futex_call *c)
{
	uint32_t mask =
		c->cmd == FUTEX_WAKE_BITSET ? c->val3 : FUTEX_BITSET_MATCH_ANY;
	uint32_t nr_wake = futex_wake_count(c->val);
	struct futex_guard guard;
	uint64_t count = 0;
	uint32_t word;
	int error = 0;

	if ((int32_t)nr_wake < 0)
		return -EINVAL;
	/* scenarios/syscall/private-words-are-not-read.yaml */
	if (quirk(QUIRK_CALLS_READ_THEIR_WORDS))
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

/* ---- the call ---------------------------------------------------------- */

static long dispatch(struct futex_call *c)
{
	if (is_wait(c->cmd))
		return do_wait(c);
	if (c->cmd == FUTEX_WAKE || c->cmd == FUTEX_WAKE_BITSET)
		return do_wake(c);
	if (c->cmd == FUTEX_WAKE_OP)
		return futex_wake_op(c);
	return futex_requeue(c);
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

	if (!result)
		result = futex_key_get(uaddr, call.mode, FUTEX_READ, &call.key);
	if (result)
		return result;
	call.table = futex_table_for(&call.key);
	result = dispatch(&call);
	futex_table_put(call.table);
	futex_key_drop(&call.key);
	return result;
}
