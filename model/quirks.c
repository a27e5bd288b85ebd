/* quirks.c - the tables of quirks and profiles. */
#include "model/quirks.h"

#include <string.h>

#include "model/futex.h"

const struct quirk_info quirk_table[QUIRK_COUNT] = {
	[QUIRK_TIMEOUT_SWALLOWS_WAKE] =
		{
			"timeout-swallows-wake",
			"a wait that times out returns ETIMEDOUT although a "
			"wake-up "
			"was counted for it",
			"seed: timeout() polls woken, then the timer, and "
			"WaitIfFuture::drop looks at neither again; "
			"Linux: futex_unqueue() decides",
			"timeout/swallows-wake.yaml",
			"wait_if_future_drop",
		},
	[QUIRK_SIGNAL_SWALLOWS_WAKE] =
		{
			"signal-swallows-wake",
			"a wait that is interrupted returns EINTR although a "
			"wake-up "
			"was counted for it",
			"seed: interruptible() looks at its flag before it "
			"polls; "
			"Linux: futex_unqueue() decides",
			"signal/swallows-wake.yaml",
			"wait_if_future_drop",
		},
	[QUIRK_KEY_FROM_AREA_START] =
		{
			"key-from-area-start",
			"a shared key counts its offset from the start of the "
			"area "
			"and ignores where in the pages that area begins",
			"seed: FutexKey::new; Linux: get_futex_key() uses the "
			"page "
			"offset",
			"keys/key-from-area-start.yaml",
			"futex_key_new",
		},
	[QUIRK_FILE_KEY_PER_MAPPING] =
		{
			"file-key-per-mapping",
			"a shared mapping of a file is known by a handle that "
			"each "
			"mmap call makes anew",
			"seed: FutexKey::new, Backend::File; Linux: "
			"get_futex_key() "
			"uses the inode",
			"keys/file-key-per-mapping.yaml",
			"futex_key_new",
		},
	[QUIRK_TEARDOWN_TRY_LOCK] =
		{
			"teardown-try-lock",
			"a thread that ends takes a shared futex for a private "
			"one "
			"when the address-space mutex is busy",
			"seed: FutexKey::new_current_teardown; Linux waits",
			"exit/teardown-try-lock.yaml",
			"futex_key_new_current_teardown",
		},
	[QUIRK_REQUEUE_SAME_KEY_COUNTS_WOKEN] =
		{
			"requeue-same-key-counts-woken",
			"a requeue from a futex to itself returns only the "
			"number "
			"woken",
			"seed: wake_requeue_if, Ordering::Equal; Linux: "
			"futex_requeue() counts those it requeues in place",
			"requeue/same-key-counts-woken.yaml",
			"wait_queue_wake_requeue_if",
		},
	[QUIRK_PRIVATE_TABLE_PER_PROCESS] =
		{
			"private-table-per-process",
			"private futexes belong to a process, not to an "
			"address "
			"space: CLONE_VM siblings do not meet",
			"seed: futex_table_for; Linux: a private key holds the "
			"mm",
			"keys/private-table-per-process.yaml",
			"futex_table_for",
		},
	[QUIRK_GUARD_PUT_AFTER_UNLOCK] =
		{
			"guard-put-after-unlock",
			"of two guards dropped at once neither sees itself "
			"alone, and "
			"an empty entry stays in the table",
			"seed: Drop for FutexGuard releases inner after the "
			"table "
			"mutex; Linux has no entries",
			"table/guard-put-after-unlock.yaml",
			"futex_guard_drop",
		},
	[QUIRK_WAKE_COUNT_AS_GIVEN] =
		{
			"wake-count-as-given",
			"FUTEX_WAKE with a count of 0 wakes nobody and with a "
			"negative "
			"one fails; Linux wakes one waiter in both cases",
			"seed: sys_futex and WaitQueue::wake; Linux: "
			"futex_wake() "
			"compares the count after it has woken",
			"wake/count-as-given.yaml",
			"sys_futex",
		},
	[QUIRK_OWNER_DEATH_IN_TWO_STEPS] =
		{
			"owner-death-in-two-steps",
			"the robust word of a dead owner is read and then "
			"written, "
			"and a change in between is lost",
			"seed: handle_futex_death; Linux: compare-and-swap in "
			"a loop",
			"exit/owner-death-in-two-steps.yaml",
			"handle_futex_death",
		},
	[QUIRK_OWNER_DEATH_ALWAYS_WAKES] =
		{
			"owner-death-always-wakes",
			"the death of an owner wakes a waiter even if the word "
			"does "
			"not say that there is one",
			"seed: handle_futex_death; Linux: only with "
			"FUTEX_WAITERS",
			"exit/owner-death-always-wakes.yaml",
			"handle_futex_death",
		},
	[QUIRK_TID_CLEARED_BEFORE_ROBUST_LIST] =
		{
			"tid-cleared-before-robust-list",
			"a joiner is told of a thread's end before its robust "
			"list, "
			"which may lie on the joined stack, has been walked",
			"seed's kernel: do_exit; Linux: exit_mm_release() "
			"walks the "
			"list, mm_release() clears the tid after it",
			"exit/tid-cleared-before-robust-list.yaml",
			"futex_thread_exit",
		},
	[QUIRK_COMPARE_OUTSIDE_LOCK] =
		{
			"compare-outside-lock",
			"FUTEX_CMP_REQUEUE compares the word before it locks "
			"the "
			"queues",
			"starry-kernel before pull request 657",
			"history/compare-outside-lock.yaml",
			"sys_futex",
		},
	[QUIRK_CLEANUP_NAMES_OLD_QUEUE] =
		{
			"cleanup-names-old-queue",
			"a requeued waiter that gives up looks for itself in "
			"the "
			"queue it came from",
			"starry-kernel before pull request 657",
			"history/cleanup-names-old-queue.yaml",
			"wait_queue_wake_requeue_if",
		},
	[QUIRK_PRIVATE_FLAG_IGNORED] =
		{
			"private-flag-ignored",
			"FUTEX_PRIVATE_FLAG has no effect on the key",
			"starry-kernel before pull request 657",
			"history/private-flag-ignored.yaml",
			"sys_futex",
		},
	[QUIRK_NO_CANCEL_CLEANUP] =
		{
			"no-cancel-cleanup",
			"a wait that ends by itself stays in the queue, and "
			"its "
			"second poll passes for a wake-up",
			"starry-kernel before pull request 545",
			"history/no-cancel-cleanup.yaml",
			"wait_if_future_poll",
		},
	[QUIRK_GUARD_CHECK_OUTSIDE_LOCK] =
		{
			"guard-check-outside-lock",
			"a guard that is dropped looks whether its entry is "
			"unused "
			"before it locks the table",
			"starry-kernel before pull request 498",
			"history/guard-check-outside-lock.yaml",
			"futex_guard_drop",
		},
	[QUIRK_REQUEUE_IN_TWO_SECTIONS] =
		{
			"requeue-in-two-sections",
			"a requeue drains the source, unlocks it, and only "
			"then locks "
			"the target",
			"starry-kernel before pull request 302",
			"history/requeue-in-two-sections.yaml",
			"wait_queue_wake_requeue_if",
		},
};

#define BIT(q) (UINT64_C(1) << QUIRK_##q)

/* The seed as it is. */
#define STARRY_0_5_11                                                          \
	(BIT(TIMEOUT_SWALLOWS_WAKE) | BIT(SIGNAL_SWALLOWS_WAKE) |              \
	 BIT(KEY_FROM_AREA_START) | BIT(FILE_KEY_PER_MAPPING) |                \
	 BIT(TEARDOWN_TRY_LOCK) | BIT(REQUEUE_SAME_KEY_COUNTS_WOKEN) |         \
	 BIT(PRIVATE_TABLE_PER_PROCESS) | BIT(GUARD_PUT_AFTER_UNLOCK) |        \
	 BIT(WAKE_COUNT_AS_GIVEN) | BIT(OWNER_DEATH_IN_TWO_STEPS) |            \
	 BIT(OWNER_DEATH_ALWAYS_WAKES) | BIT(TID_CLEARED_BEFORE_ROBUST_LIST))

/* Each older kernel has all that was not yet mended at its time. */
#define STARRY_PRE_657                                                         \
	(STARRY_0_5_11 | BIT(COMPARE_OUTSIDE_LOCK) |                           \
	 BIT(CLEANUP_NAMES_OLD_QUEUE) | BIT(PRIVATE_FLAG_IGNORED))
#define STARRY_PRE_545 (STARRY_PRE_657 | BIT(NO_CANCEL_CLEANUP))
#define STARRY_PRE_498 (STARRY_PRE_545 | BIT(GUARD_CHECK_OUTSIDE_LOCK))
#define STARRY_PRE_302 (STARRY_PRE_498 | BIT(REQUEUE_IN_TWO_SECTIONS))

const struct profile_info profile_table[] = {
	{"starry-0.5.11", "starry-kernel 0.5.11, the seed as it is",
	 STARRY_0_5_11},
	{"starry-pre-657",
	 "before requeue compared under the lock and cleanup travelled with "
	 "the waiter",
	 STARRY_PRE_657},
	{"starry-pre-545", "before a cancelled wait left its queue",
	 STARRY_PRE_545},
	{"starry-pre-498", "before a guard looked at its entry under the lock",
	 STARRY_PRE_498},
	{"starry-pre-302", "before a requeue held both queues", STARRY_PRE_302},
	{"linux", "none of the quirks: Linux, as far as they go", 0},
};

const unsigned int profile_count =
	sizeof(profile_table) / sizeof(profile_table[0]);

const struct profile_info *profile_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < profile_count; i++) {
		if (!strcmp(profile_table[i].name, name))
			return &profile_table[i];
	}
	return NULL;
}

int quirk_find(const char *name)
{
	int i;

	for (i = 0; i < QUIRK_COUNT; i++) {
		if (!strcmp(quirk_table[i].name, name))
			return i;
	}
	return -1;
}

bool quirk(enum quirk q)
{
	return kfutex_system()->quirks >> q & 1;
}
