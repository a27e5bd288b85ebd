/*
 * wake_op.c - FUTEX_WAKE_OP: change one word, wake on another, and on the
 * changed one if its old value says so.
 *
 * Both queues are held while the word is read, modified and written, so that
 * the change and the wakes are one step for whoever queues or wakes:
 *
 *	A: FUTEX_WAKE_OP on G		B
 *	G: 0 -> 1
 *					waits for G to change from 1
 *	wakes on G, for it was 0: B	returns, and G is still 1
 *
 * is the quirk wake-op-outside-locks, and a change that is a load and a store,
 * so that what others write in between is lost, wake-op-in-two-steps.
 */
#include <errno.h>
#include <stddef.h>

#include "model/futex.h"
#include "model/syscall.h"

/* The encoded word: four bits, four bits, twelve bits, twelve bits. */
#define OP(encoded) ((encoded) >> 28 & 7)
#define HAS_SHIFT(encoded) ((encoded) >> 31)
#define CMP(encoded) ((encoded) >> 24 & 15)
#define OPARG(encoded) sign_extend12((encoded) >> 12)
#define CMPARG(encoded) sign_extend12(encoded)

enum comparison {
	CMP_EQ,
	CMP_NE,
	CMP_LT,
	CMP_LE,
	CMP_GT,
	CMP_GE,
};

struct wake_op {
	struct futex_call *c;
	struct wait_queue *first; /* of uaddr */
	struct wait_queue *second; /* of uaddr2 */
	struct list woken;
};

static int32_t sign_extend12(uint32_t bits)
{
	bits &= 0xfff;
	return (int32_t)(bits ^ 0x800) - 0x800;
}

/* ---- the word ---------------------------------------------------------- */

/* A shift by more than 31 is one by its low five bits. */
static uint32_t operand_of(uint32_t encoded)
{
	uint32_t operand = (uint32_t)OPARG(encoded);

	return HAS_SHIFT(encoded) ? UINT32_C(1) << (operand & 31) : operand;
}

static int modify_in_two_steps(uint64_t addr, enum kfetch op, uint32_t operand,
			       uint32_t *old)
{
	int error = kuser_load32(addr, old);

	if (error)
		return error;
	return kuser_store32(addr, kfetch_apply(op, *old, operand));
}

static int modify(const struct futex_call *c, uint32_t *old)
{
	uint32_t operand = operand_of(c->val3);
	enum kfetch op = (enum kfetch)OP(c->val3);

	if (OP(c->val3) > KFETCH_XOR)
		return -ENOSYS;
	/* scenarios/wake-op/loses-no-update.yaml */
	if (quirk(QUIRK_WAKE_OP_IN_TWO_STEPS))
		return modify_in_two_steps(c->uaddr2, op, operand, old);
	return kuser_fetch32_nofault(c->uaddr2, op, operand, old);
}

/* Does the old value say that the second queue is woken, too? */
static int compare(uint32_t encoded, int32_t old)
{
	int32_t operand = CMPARG(encoded);

	switch (CMP(encoded)) {
	case CMP_EQ:
		return old == operand;
	case CMP_NE:
		return old != operand;
	case CMP_LT:
		return old < operand;
	case CMP_LE:
		return old <= operand;
	case CMP_GT:
		return old > operand;
	case CMP_GE:
		return old >= operand;
	}
	/* The word has been changed all the same. */
	return -ENOSYS;
}

static int modify_and_compare(const struct futex_call *c)
{
	uint32_t old;
	int error = modify(c, &old);

	return error ? error : compare(c->val3, (int32_t)old);
}

/* ---- the queues -------------------------------------------------------- */

static void lock_both(struct wake_op *w)
{
	bool is_ordered = kaddress(w->first) < kaddress(w->second);

	if (w->first == w->second) {
		kmutex_lock(&w->first->wq_mutex);
		return;
	}
	kmutex_lock(is_ordered ? &w->first->wq_mutex : &w->second->wq_mutex);
	kmutex_lock(is_ordered ? &w->second->wq_mutex : &w->first->wq_mutex);
}

static void unlock_both(struct wake_op *w)
{
	bool is_ordered = kaddress(w->first) < kaddress(w->second);

	if (w->first == w->second) {
		kmutex_unlock(&w->first->wq_mutex);
		return;
	}
	kmutex_unlock(is_ordered ? &w->second->wq_mutex : &w->first->wq_mutex);
	kmutex_unlock(is_ordered ? &w->first->wq_mutex : &w->second->wq_mutex);
}

/* Called with both mutexes held. */
static uint64_t wake_locked(struct wake_op *w, bool holds)
{
	const struct futex_call *c = w->c;
	uint64_t count;

	count = wait_queue_take(w->first, futex_wake_count(c->val),
				FUTEX_BITSET_MATCH_ANY, &w->woken);
	if (!holds)
		return count;
	knote_waking(1);
	return count + wait_queue_take(w->second,
				       futex_wake_count((uint32_t)c->timeout),
				       FUTEX_BITSET_MATCH_ANY, &w->woken);
}

/* Returns how many, or -errno; -EFAULT if the page has to be brought in. */
static int64_t attempt(struct wake_op *w)
{
	/* scenarios/wake-op/change-and-wakes-are-one-step.yaml */
	bool is_outside = quirk(QUIRK_WAKE_OP_OUTSIDE_LOCKS);
	int64_t count = 0;
	int holds = 0;

	if (is_outside)
		holds = modify_and_compare(w->c);
	if (holds < 0)
		return holds;
	lock_both(w);
	if (!is_outside)
		holds = modify_and_compare(w->c);
	if (holds < 0)
		count = holds;
	else
		count = (int64_t)wake_locked(w, holds);
	unlock_both(w);
	waiters_wake_all(&w->woken);
	return count;
}

/* ---- the call ---------------------------------------------------------- */

static long wake_op_on(struct futex_call *c, const struct futex_key *key2,
		       struct futex_table *table2)
{
	struct futex_guard first = futex_table_get_or_insert(c->table, &c->key);
	struct futex_guard second = futex_table_get_or_insert(table2, key2);
	struct wake_op w = {
		.c = c,
		.first = &first.inner->wq,
		.second = &second.inner->wq,
	};
	int64_t count;

	list_init(&w.woken);
	do {
		count = attempt(&w);
	} while (count == -EFAULT && !kuser_fault_in(c->uaddr2));
	futex_guard_drop(&second);
	futex_guard_drop(&first);
	return (long)count;
}

long futex_wake_op(struct futex_call *c)
{
	struct futex_table *table2;
	struct futex_key key2;
	uint32_t word;
	long result = 0;

	if (c->uaddr2 % 4)
		return -EINVAL;
	if (quirk(QUIRK_CALLS_READ_THEIR_WORDS))
		result = kuser_load32(c->uaddr, &word);
	if (!result)
		result = futex_key_get(c->uaddr2, c->mode, FUTEX_WRITE, &key2);
	if (result)
		return result;
	table2 = futex_table_for(&key2);
	result = wake_op_on(c, &key2, table2);
	futex_table_put(table2);
	futex_key_drop(&key2);
	return result;
}
