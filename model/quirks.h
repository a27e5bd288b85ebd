/*
 * quirks.h - the named places where one kernel behaves unlike another.
 *
 * A quirk is something that Linux does not do.  The model branches on
 * quirk(NAME) at exactly the place where the behaviours part; a profile is a
 * set of quirks.
 */
#ifndef MODEL_QUIRKS_H
#define MODEL_QUIRKS_H

#include <stdbool.h>
#include <stdint.h>

enum quirk {
	QUIRK_TIMEOUT_SWALLOWS_WAKE,
	QUIRK_SIGNAL_SWALLOWS_WAKE,
	QUIRK_KEY_FROM_AREA_START,
	QUIRK_FILE_KEY_PER_MAPPING,
	QUIRK_TEARDOWN_TRY_LOCK,
	QUIRK_REQUEUE_SAME_KEY_COUNTS_WOKEN,
	QUIRK_PRIVATE_TABLE_PER_PROCESS,
	QUIRK_GUARD_PUT_AFTER_UNLOCK,
	QUIRK_WAKE_COUNT_AS_GIVEN,
	QUIRK_OWNER_DEATH_IN_TWO_STEPS,
	QUIRK_OWNER_DEATH_ALWAYS_WAKES,
	QUIRK_TID_CLEARED_BEFORE_ROBUST_LIST,
	QUIRK_RESTART_STARTS_TIMEOUT_ANEW,
	QUIRK_PROCESS_SIGNAL_INTERRUPTS_IN_VAIN,
	QUIRK_INTERRUPT_KEPT_IN_USER_MODE,
	QUIRK_NO_WAKE_OP,
	QUIRK_NO_WAITV,
	QUIRK_DEADLINES_ON_WALL_CLOCK,
	QUIRK_TIMEOUT_AFTER_THE_WORD,
	QUIRK_UNKNOWN_FLAG_IS_INVALID,
	QUIRK_REALTIME_FLAG_IS_INVALID,
	QUIRK_REALTIME_WAIT,
	QUIRK_CALLS_READ_THEIR_WORDS,
	QUIRK_KEYS_OF_ANY_ADDRESS,
	QUIRK_PRIVATE_MEETS_SHARED,
	QUIRK_PRIVATE_KEY_LOCKS_ASPACE,
	QUIRK_SIGNAL_BEFORE_THE_WORD,
	QUIRK_SIGNAL_BEFORE_THE_CLOCK,
	QUIRK_SPURIOUS_WAKE_KEEPS_PLACE,
	QUIRK_FAULT_IS_A_MISMATCH,
	QUIRK_FAULT_WITH_THE_QUEUE_LOCKED,
	QUIRK_FAILED_CLEAR_WAKES_NOBODY,
	QUIRK_TID_CLEARED_WHEN_ALONE,
	QUIRK_RELEASED_PENDING_WORD_IGNORED,
	QUIRK_ROBUST_PI_BIT_IN_THE_WAY,
	QUIRK_ROBUST_NEXT_COMES_FIRST,
	QUIRK_ROBUST_PENDING_HEAD_IGNORED,
	QUIRK_ROBUST_LIST_HEAD_BEFORE_LENGTH,
	QUIRK_MOVED_WAITER_KEEPS_OLD_KEY,
	QUIRK_COMPARE_OUTSIDE_LOCK,
	QUIRK_CLEANUP_NAMES_OLD_QUEUE,
	QUIRK_PRIVATE_FLAG_IGNORED,
	QUIRK_NO_CANCEL_CLEANUP,
	QUIRK_GUARD_CHECK_OUTSIDE_LOCK,
	QUIRK_REQUEUE_IN_TWO_SECTIONS,
	QUIRK_WAKE_OP_IN_TWO_STEPS,
	QUIRK_WAKE_OP_OUTSIDE_LOCKS,
	QUIRK_WAITV_SETUP_SWALLOWS_WAKE,
	QUIRK_COUNT,
};

struct quirk_info {
	const char *name;
	const char *summary;
	const char *source; /* where the behaviour is known from */
	const char *scenario; /* that fails with it and passes without it */
	const char *place; /* the function of the model that branches */
};

struct profile_info {
	const char *name;
	const char *summary;
	uint64_t quirks; /* bit per enum quirk */
};

/* Rows by enum quirk. */
extern const struct quirk_info quirk_table[QUIRK_COUNT];

/* The first profile is the default. */
extern const struct profile_info profile_table[];
extern const unsigned int profile_count;

/* The row with this name, or NULL. */
const struct profile_info *profile_find(const char *name);
/* The quirk with this name, or -1. */
int quirk_find(const char *name);

/* Whether this kernel has the quirk. */
bool quirk(enum quirk q);

#endif
