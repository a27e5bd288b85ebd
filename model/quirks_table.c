/*
 * quirks_table.c - what each quirk is: its name, what it does, where it is
 * known from, the scenario that shows it, the function that branches.
 */
#include "model/quirks.h"

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
	[QUIRK_RESTART_STARTS_TIMEOUT_ANEW] =
		{
			"restart-starts-timeout-anew",
			"a timed call that is made again after a handler has "
			"all of its time before it again; Linux says EINTR",
			"seed's kernel: SA_RESTART issues the call again with "
			"its arguments; Linux: ERESTART_RESTARTBLOCK",
			"signal/restart-with-a-timeout.yaml",
			"restart_after_handler",
		},
	[QUIRK_PROCESS_SIGNAL_INTERRUPTS_IN_VAIN] =
		{
			"process-signal-interrupts-in-vain",
			"a signal to a process interrupts one thread, another "
			"takes it, and the first says EINTR for no signal",
			"seed's kernel: every way back to user mode looks for "
			"signals of the process, and nothing restarts a call "
			"without one; Linux: get_signal() finds none and "
			"restarts",
			"signal/taken-by-another.yaml",
			"restart_without_signal",
		},
	[QUIRK_INTERRUPT_KEPT_IN_USER_MODE] =
		{
			"interrupt-kept-in-user-mode",
			"a signal that comes between two calls of a thread "
			"interrupts the second",
			"seed's kernel: the flag is cleared at the end of a "
			"call; Linux: the handler has run before the next "
			"instruction of the program",
			"signal/between-two-calls.yaml",
			"restart_flag_is_kept",
		},
	[QUIRK_NO_WAKE_OP] =
		{
			"no-wake-op",
			"FUTEX_WAKE_OP is not there: ENOSYS",
			"seed: sys_futex has six commands; starry-kernel has "
			"it since pull request 1052",
			"wake-op/not-there.yaml",
			"sys_futex",
		},
	[QUIRK_NO_WAITV] =
		{
			"no-waitv",
			"futex_waitv is not there: ENOSYS",
			"seed: no such system call; Linux has it since 5.16",
			"waitv/not-there.yaml",
			"sys_futex_waitv",
		},
	[QUIRK_DEADLINES_ON_WALL_CLOCK] =
		{
			"deadlines-on-wall-clock",
			"every deadline is kept on the wall clock, so that "
			"setting that clock ends waits early or late",
			"seed: timeout() adds durations to the wall clock; "
			"Linux: hrtimers on CLOCK_MONOTONIC, and on "
			"CLOCK_REALTIME if asked for",
			"clock/set-forward.yaml",
			"timeout_future_init",
		},
	[QUIRK_TIMEOUT_AFTER_THE_WORD] =
		{
			"timeout-after-the-word",
			"a wait looks at its word before it reads its timeout: "
			"EAGAIN, however bad the timeout",
			"seed: sys_futex; Linux: futex() reads the timeout "
			"before anything else",
			"timeout/read-before-the-word.yaml",
			"sys_futex",
		},
	[QUIRK_UNKNOWN_FLAG_IS_INVALID] =
		{
			"unknown-flag-is-invalid",
			"a flag that does not exist is EINVAL; Linux takes it "
			"for part of the command, ENOSYS",
			"seed: sys_futex; Linux: FUTEX_CMD_MASK is all but the "
			"two flags",
			"syscall/unknown-flags.yaml",
			"sys_futex",
		},
	[QUIRK_REALTIME_FLAG_IS_INVALID] =
		{
			"realtime-flag-is-invalid",
			"FUTEX_CLOCK_REALTIME with a command that does not "
			"wait is EINVAL; Linux: ENOSYS",
			"seed: sys_futex; Linux: do_futex()",
			"syscall/clock-without-a-deadline.yaml",
			"sys_futex",
		},
	[QUIRK_REALTIME_WAIT] =
		{
			"realtime-wait",
			"FUTEX_WAIT takes FUTEX_CLOCK_REALTIME and its timeout "
			"stays relative; Linux: ENOSYS",
			"seed: sys_futex; Linux: do_futex(), since 5.13 again "
			"as before 4.5",
			"syscall/realtime-wait.yaml",
			"sys_futex",
		},
	[QUIRK_CALLS_READ_THEIR_WORDS] =
		{
			"calls-read-their-words",
			"wakes and requeues read words that they have no need "
			"of, and fail if they cannot",
			"seed: sys_futex; Linux: a private key is the address, "
			"whatever is there",
			"syscall/private-words-are-not-read.yaml",
			"sys_futex",
		},
	[QUIRK_KEYS_OF_ANY_ADDRESS] =
		{
			"keys-of-any-address",
			"a shared key is made of any address, mapped or not, "
			"even in memory that nobody can write",
			"seed: FutexKey::new; Linux: get_futex_key() needs the "
			"page, and refuses private memory that is read-only",
			"keys/read-only-memory.yaml",
			"futex_key_get",
		},
	[QUIRK_PRIVATE_MEETS_SHARED] =
		{
			"private-meets-shared",
			"on private memory calls with the private flag and "
			"without meet",
			"seed: FutexKey::new gives both one key; Linux: "
			"FUT_OFF_MMSHARED",
			"keys/private-flag-on-private-memory.yaml",
			"futex_key_new",
		},
	[QUIRK_PRIVATE_KEY_LOCKS_ASPACE] =
		{
			"private-key-locks-aspace",
			"a private key takes the address-space mutex and waits "
			"for whoever is in mmap",
			"seed: FutexKey::new_current; starry-kernel until pull "
			"request 981; Linux: no lock",
			"keys/private-key-needs-no-lock.yaml",
			"futex_key_get",
		},
	[QUIRK_SIGNAL_BEFORE_THE_WORD] =
		{
			"signal-before-the-word",
			"a signal that is pending hides that the word has "
			"changed: EINTR instead of EAGAIN, and nothing is "
			"queued",
			"seed: interruptible() looks at its flag before the "
			"first poll; Linux: futex_wait_setup() comes first",
			"signal/hides-a-changed-word.yaml",
			"interruptible_poll",
		},
	[QUIRK_SIGNAL_BEFORE_THE_CLOCK] =
		{
			"signal-before-the-clock",
			"a signal beside a deadline that has passed: EINTR "
			"instead of ETIMEDOUT",
			"seed: interruptible() looks at its flag before it "
			"polls the timer; Linux: __futex_wait() looks at the "
			"timer first",
			"signal/beats-a-deadline.yaml",
			"interruptible_poll",
		},
	[QUIRK_SPURIOUS_WAKE_KEEPS_PLACE] =
		{
			"spurious-wake-keeps-place",
			"a waiter that wakes for no reason sleeps on where it "
			"was; Linux starts again, at the word and at the end "
			"of the queue",
			"seed: a pending poll changes nothing; Linux: "
			"__futex_wait() goes back to retry",
			"wait/woken-for-no-reason.yaml",
			"block_on_interruptible",
		},
	[QUIRK_FAULT_IS_A_MISMATCH] =
		{
			"fault-is-a-mismatch",
			"a fault in the locked look at the word is EAGAIN; "
			"Linux: EFAULT",
			"seed: the condition of a wait is a bool; Linux: "
			"futex_wait_setup()",
			"wait/page-gone-under-the-lock.yaml",
			"wait_if_future_poll",
		},
	[QUIRK_FAULT_WITH_THE_QUEUE_LOCKED] =
		{
			"fault-with-the-queue-locked",
			"a page is brought in with the queue locked, and all "
			"who want that queue wait for it",
			"seed: the queue lock is a sleeping mutex since pull "
			"request 302; Linux: pagefault_disable(), then unlocks "
			"and brings it in",
			"aspace/fault-with-the-queue-locked.yaml",
			"sys_futex",
		},
	[QUIRK_FAILED_CLEAR_WAKES_NOBODY] =
		{
			"failed-clear-wakes-nobody",
			"a tid word that cannot be cleared at exit is not "
			"woken either",
			"seed's kernel: do_exit; Linux: mm_release() does not "
			"look whether put_user() failed",
			"exit/tid-word-not-writable.yaml",
			"futex_thread_exit",
		},
	[QUIRK_TID_CLEARED_WHEN_ALONE] =
		{
			"tid-cleared-when-alone",
			"the last thread in an address space clears its tid "
			"word, too, and wakes",
			"seed's kernel: do_exit; Linux: mm_release() asks "
			"whether anybody else uses the memory",
			"exit/alone-in-its-memory.yaml",
			"futex_thread_exit",
		},
	[QUIRK_RELEASED_PENDING_WORD_IGNORED] =
		{
			"released-pending-word-ignored",
			"the owner of a robust mutex dies between its release "
			"and the wake-up, and nobody is woken",
			"seed: handle_futex_death; Linux: a pending word of 0 "
			"wakes one, since 5.5",
			"exit/released-and-not-woken.yaml",
			"handle_futex_death",
		},
	[QUIRK_ROBUST_PI_BIT_IN_THE_WAY] =
		{
			"robust-pi-bit-in-the-way",
			"a robust list entry whose pointer has bit 0 set ends "
			"the walk",
			"seed: exit_robust_list takes it for an address; "
			"Linux: fetch_robust_entry()",
			"exit/robust-pi-bit.yaml",
			"handle_futex_death",
		},
	[QUIRK_ROBUST_NEXT_COMES_FIRST] =
		{
			"robust-next-comes-first",
			"the death of a mutex is not told if the pointer to "
			"the next one cannot be read",
			"seed: exit_robust_list; Linux: looks after the entry "
			"first",
			"exit/robust-last-entry.yaml",
			"futex_thread_exit",
		},
	[QUIRK_ROBUST_PENDING_HEAD_IGNORED] =
		{
			"robust-pending-head-ignored",
			"a pending entry that is the head of the list is not "
			"looked after",
			"seed: exit_robust_list; Linux: any that is not null",
			"exit/robust-pending-head.yaml",
			"futex_thread_exit",
		},
	[QUIRK_ROBUST_LIST_HEAD_BEFORE_LENGTH] =
		{
			"robust-list-head-before-length",
			"get_robust_list writes the head, and the length only "
			"if that went well",
			"seed's kernel: sys_get_robust_list; Linux: the length "
			"first",
			"syscall/robust-list-length-first.yaml",
			"sys_get_robust_list",
		},
	[QUIRK_MOVED_WAITER_KEEPS_OLD_KEY] =
		{
			"moved-waiter-keeps-old-key",
			"a waiter that was requeued holds on to the region of "
			"its first word and not to that of its present one",
			"seed: the key is a local of sys_futex, and "
			"FutexWaitCleanup has only the table and the offset; "
			"Linux: requeue_futex() takes a reference of the "
			"target's key",
			"keys/moved-waiter-holds-its-new-key.yaml",
			"futex_table_cleanup_for",
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
	[QUIRK_WAKE_OP_IN_TWO_STEPS] =
		{
			"wake-op-in-two-steps",
			"FUTEX_WAKE_OP loads and stores its word, and what is "
			"written in between is lost",
			"starry-kernel, pull request 1052, first revision",
			"wake-op/loses-no-update.yaml",
			"futex_wake_op",
		},
	[QUIRK_WAKE_OP_OUTSIDE_LOCKS] =
		{
			"wake-op-outside-locks",
			"FUTEX_WAKE_OP changes its word before it locks the "
			"queues, and wakes who waits for the new value",
			"starry-kernel, pull request 1052, first revision",
			"wake-op/change-and-wakes-are-one-step.yaml",
			"futex_wake_op",
		},
	[QUIRK_WAITV_SETUP_SWALLOWS_WAKE] =
		{
			"waitv-setup-swallows-wake",
			"futex_waitv fails for one word although another was "
			"woken while it queued",
			"what futex_wait_multiple_setup() of Linux takes care "
			"not to do",
			"waitv/woken-while-it-queues.yaml",
			"sys_futex_waitv",
		},
};
