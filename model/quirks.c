/* quirks.c - profiles, and names. */
#include "model/quirks.h"

#include <string.h>

#include "model/futex.h"

#define BIT(q) (UINT64_C(1) << QUIRK_##q)

/* The seed as it is. */
#define STARRY_0_5_11                                                          \
	(BIT(TIMEOUT_SWALLOWS_WAKE) | BIT(SIGNAL_SWALLOWS_WAKE) |              \
	 BIT(KEY_FROM_AREA_START) | BIT(FILE_KEY_PER_MAPPING) |                \
	 BIT(TEARDOWN_TRY_LOCK) | BIT(REQUEUE_SAME_KEY_COUNTS_WOKEN) |         \
	 BIT(PRIVATE_TABLE_PER_PROCESS) | BIT(GUARD_PUT_AFTER_UNLOCK) |        \
	 BIT(WAKE_COUNT_AS_GIVEN) | BIT(OWNER_DEATH_IN_TWO_STEPS) |            \
	 BIT(OWNER_DEATH_ALWAYS_WAKES) | BIT(TID_CLEARED_BEFORE_ROBUST_LIST) | \
	 BIT(RESTART_STARTS_TIMEOUT_ANEW) |                                    \
	 BIT(PROCESS_SIGNAL_INTERRUPTS_IN_VAIN) |                              \
	 BIT(INTERRUPT_KEPT_IN_USER_MODE) | BIT(NO_WAKE_OP) | BIT(NO_WAITV) |  \
	 BIT(DEADLINES_ON_WALL_CLOCK) | BIT(TIMEOUT_AFTER_THE_WORD) |          \
	 BIT(UNKNOWN_FLAG_IS_INVALID) | BIT(REALTIME_FLAG_IS_INVALID) |        \
	 BIT(REALTIME_WAIT) | BIT(CALLS_READ_THEIR_WORDS) |                    \
	 BIT(KEYS_OF_ANY_ADDRESS) | BIT(PRIVATE_MEETS_SHARED) |                \
	 BIT(PRIVATE_KEY_LOCKS_ASPACE) | BIT(SIGNAL_BEFORE_THE_WORD) |         \
	 BIT(SIGNAL_BEFORE_THE_CLOCK) | BIT(SPURIOUS_WAKE_KEEPS_PLACE) |       \
	 BIT(FAULT_IS_A_MISMATCH) | BIT(FAULT_WITH_THE_QUEUE_LOCKED) |         \
	 BIT(FAILED_CLEAR_WAKES_NOBODY) | BIT(TID_CLEARED_WHEN_ALONE) |        \
	 BIT(RELEASED_PENDING_WORD_IGNORED) | BIT(ROBUST_PI_BIT_IN_THE_WAY) |  \
	 BIT(ROBUST_NEXT_COMES_FIRST) | BIT(ROBUST_PENDING_HEAD_IGNORED) |     \
	 BIT(ROBUST_LIST_HEAD_BEFORE_LENGTH) |                                 \
	 BIT(MOVED_WAITER_KEEPS_OLD_KEY))

/* Each older kernel has all that was not yet mended at its time. */
#define STARRY_PRE_657                                                         \
	(STARRY_0_5_11 | BIT(COMPARE_OUTSIDE_LOCK) |                           \
	 BIT(CLEANUP_NAMES_OLD_QUEUE) | BIT(PRIVATE_FLAG_IGNORED))
#define STARRY_PRE_545 (STARRY_PRE_657 | BIT(NO_CANCEL_CLEANUP))
#define STARRY_PRE_498 (STARRY_PRE_545 | BIT(GUARD_CHECK_OUTSIDE_LOCK))
#define STARRY_PRE_302 (STARRY_PRE_498 | BIT(REQUEUE_IN_TWO_SECTIONS))

/* Of kernels and ports that were never released. */
#define STARRY_1052_DRAFT                                                      \
	((STARRY_0_5_11 & ~BIT(NO_WAKE_OP)) | BIT(WAKE_OP_IN_TWO_STEPS) |      \
	 BIT(WAKE_OP_OUTSIDE_LOCKS))
#define WAITV_DRAFT                                                            \
	((STARRY_0_5_11 & ~BIT(NO_WAITV)) | BIT(WAITV_SETUP_SWALLOWS_WAKE))

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
	{"starry-1052-draft",
	 "0.5.11 with the first version of FUTEX_WAKE_OP that was proposed",
	 STARRY_1052_DRAFT},
	{"waitv-draft",
	 "0.5.11 with futex_waitv as one writes it the first time",
	 WAITV_DRAFT},
	{"linux",
	 "none of the quirks: Linux 6.18, without priority "
	 "inheritance",
	 0},
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
