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
	QUIRK_COMPARE_OUTSIDE_LOCK,
	QUIRK_CLEANUP_NAMES_OLD_QUEUE,
	QUIRK_PRIVATE_FLAG_IGNORED,
	QUIRK_NO_CANCEL_CLEANUP,
	QUIRK_GUARD_CHECK_OUTSIDE_LOCK,
	QUIRK_REQUEUE_IN_TWO_SECTIONS,
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
