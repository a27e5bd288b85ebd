/*
 * exit.c - what a thread leaves behind: its tid word and its robust mutexes.
 *
 * Keys are resolved best-effort here, for a fault may have been taken on the
 * way: see futex_key_new_current_teardown.
 */
#include <errno.h>
#include <stddef.h>

#include "model/futex.h"

/* struct robust_list_head as three 64-bit words. */
enum {
	HEAD_NEXT,
	HEAD_OFFSET,
	HEAD_PENDING,
	HEAD_WORDS,
};

static void wake_one(uint64_t address)
{
	struct futex_table *table;
	struct futex_guard guard;
	struct futex_key key;

	if (quirk(QUIRK_TEARDOWN_TRY_LOCK))
		key = futex_key_new_current_teardown(address);
	else if (futex_key_get(address, FUTEX_KEY_AUTO, FUTEX_READ, &key))
		return;
	table = futex_table_for(&key);
	guard = futex_table_get(table, &key);
	if (guard.inner)
		wait_queue_wake(&guard.inner->wq, 1, FUTEX_BITSET_MATCH_ANY);
	futex_guard_drop(&guard);
	futex_table_put(table);
	futex_key_drop(&key);
}

static void clear_child_tid(struct futex_thread *self)
{
	uint64_t address = katomic_load(&self->clear_child_tid);
	int error;

	/* scenarios/exit/alone-in-its-memory.yaml */
	if (!quirk(QUIRK_TID_CLEARED_WHEN_ALONE) &&
	    (!address || !kaspace_has_others()))
		return;
	error = kuser_store32(address, 0);
	/* scenarios/exit/tid-word-not-writable.yaml */
	if (error && quirk(QUIRK_FAILED_CLEAR_WAKES_NOBODY))
		return;
	wake_one(address);
	kyield();
}

/*
 * Write to a robust word that its owner is dead.  Returns 1 if it was written,
 * 0 if it has changed since @word was read, or -errno.
 */
static int mark_owner_dead(uint64_t address, uint32_t word)
{
	uint32_t dead = (word & ~FUTEX_TID_MASK) | FUTEX_OWNER_DIED;
	uint32_t found;
	int error;

	/*
	 * A plain write loses what a waiter has written since the read:
	 * scenarios/exit/owner-death-in-two-steps.yaml.
	 */
	if (quirk(QUIRK_OWNER_DEATH_IN_TWO_STEPS)) {
		error = kuser_store32(address, dead);
		return error ? error : 1;
	}
	error = kuser_cas32(address, word, dead, &found);
	return error ? error : found == word;
}

/*
 * Bit 0 of a pointer on the list says that the mutex inherits priorities.
 * Linux takes it off; it wakes nobody on such a word, for whoever waits there
 * is woken by other means: scenarios/exit/robust-pi-bit.yaml.
 */
static bool is_pi(uint64_t entry)
{
	return (entry & 1) && !quirk(QUIRK_ROBUST_PI_BIT_IN_THE_WAY);
}

static uint64_t pointer_of(uint64_t entry)
{
	return is_pi(entry) ? entry - 1 : entry;
}

/*
 * The mutex that was about to be taken or released is free: its owner died
 * between the release and the wake-up, or one that was woken died before it
 * took the mutex.  scenarios/exit/released-and-not-woken.yaml
 */
static bool is_released(uint64_t entry, uint32_t word, bool is_pending)
{
	return is_pending && !is_pi(entry) && !word &&
	       !quirk(QUIRK_RELEASED_PENDING_WORD_IGNORED);
}

/* One robust mutex of a thread that dies.  Returns 0 or -errno. */
static int handle_futex_death(uint64_t entry, uint64_t offset, bool is_pending)
{
	uint64_t address = pointer_of(entry) + offset;
	uint32_t word;
	int result;

	do {
		result = kuser_load32(address, &word);
		if (result)
			return result;
		if (is_released(entry, word, is_pending)) {
			wake_one(address);
			return 0;
		}
		if ((word & FUTEX_TID_MASK) != kthread_tid())
			return 0;
		result = mark_owner_dead(address, word);
		if (result < 0)
			return result;
	} while (!result);
	/* scenarios/exit/owner-death-always-wakes.yaml */
	if (!is_pi(entry) &&
	    ((word & FUTEX_WAITERS) || quirk(QUIRK_OWNER_DEATH_ALWAYS_WAKES)))
		wake_one(address);
	return 0;
}

/* Everything on the list but @pending; stops quietly at the limit. */
static int walk_robust_list(uint64_t head, const uint64_t words[HEAD_WORDS])
{
	uint64_t entry = words[HEAD_NEXT], next;
	unsigned int left = ROBUST_LIST_LIMIT;
	int error, end;

	while (pointer_of(entry) != head) {
		end = kuser_read64(pointer_of(entry), &next, 1);
		/* scenarios/exit/robust-last-entry.yaml */
		if (end && quirk(QUIRK_ROBUST_NEXT_COMES_FIRST))
			return end;
		if (pointer_of(entry) != pointer_of(words[HEAD_PENDING])) {
			error = handle_futex_death(entry, words[HEAD_OFFSET],
						   false);
			if (error)
				return error;
		}
		if (end)
			return end;
		entry = next;
		if (--left == 0)
			break;
		kyield();
	}
	return 0;
}

static int exit_robust_list(uint64_t head)
{
	uint64_t words[HEAD_WORDS];
	int error;

	error = kuser_read64(head, words, HEAD_WORDS);
	if (error)
		return error;
	error = walk_robust_list(head, words);
	if (error)
		return error;
	/* scenarios/exit/robust-pending-head.yaml */
	if (!words[HEAD_PENDING] || (words[HEAD_PENDING] == head &&
				     quirk(QUIRK_ROBUST_PENDING_HEAD_IGNORED)))
		return 0;
	return handle_futex_death(words[HEAD_PENDING], words[HEAD_OFFSET],
				  true);
}

static int release_robust_list(struct futex_thread *self)
{
	uint64_t head = katomic_load(&self->robust_list_head);

	return head ? exit_robust_list(head) : 0;
}

int futex_thread_exit(void)
{
	struct futex_thread *self = kthread(0);
	int error;

	/*
	 * Whoever joins the thread may unmap its stack, with the list on it:
	 * scenarios/exit/tid-cleared-before-robust-list.yaml.
	 */
	if (quirk(QUIRK_TID_CLEARED_BEFORE_ROBUST_LIST)) {
		clear_child_tid(self);
		return release_robust_list(self);
	}
	error = release_robust_list(self);
	clear_child_tid(self);
	return error;
}

void futex_thread_exec(void)
{
	struct futex_thread *self = kthread(0);

	release_robust_list(self);
	katomic_store(&self->robust_list_head, 0);
	/* Nobody but itself could see it in the memory that it leaves. */
	if (kaspace_has_others())
		clear_child_tid(self);
	katomic_store(&self->clear_child_tid, 0);
}
