/*
 * verbs.c - the table of operations.
 */
#include "sim/loader/verbs.h"

#include <stddef.h>
#include <string.h>

#define FUTEX_FLAGS (VERB_PRIVATE | VERB_REALTIME)
#define FUTEX_USAGE " [private] [realtime]"

const struct verb_info verb_table[VERB_COUNT] = {
	[VERB_LOAD] = {"load", "W [plain]", "A", VERB_PLAIN, true, false},
	[VERB_STORE] = {"store", "W v [plain]", "AV", VERB_PLAIN, true, false},
	[VERB_CAS] = {"cas", "W old new [plain]", "AVV", VERB_PLAIN, true,
		      false},
	[VERB_XCHG] = {"xchg", "W v [plain]", "AV", VERB_PLAIN, true, false},
	[VERB_FETCH_ADD] = {"fetch_add", "W v [plain]", "AV", VERB_PLAIN, true,
			    false},
	[VERB_FETCH_SUB] = {"fetch_sub", "W v [plain]", "AV", VERB_PLAIN, true,
			    false},
	[VERB_FETCH_OR] = {"fetch_or", "W v [plain]", "AV", VERB_PLAIN, true,
			   false},
	[VERB_FETCH_AND] = {"fetch_and", "W v [plain]", "AV", VERB_PLAIN, true,
			    false},
	[VERB_FETCH_XOR] = {"fetch_xor", "W v [plain]", "AV", VERB_PLAIN, true,
			    false},
	[VERB_FUTEX_WAIT] = {"futex_wait", "W v [timeout=d]" FUTEX_USAGE, "AV",
			     VERB_TIMEOUT | FUTEX_FLAGS, true, false},
	[VERB_FUTEX_WAIT_BITSET] = {"futex_wait_bitset",
				    "W v mask [until=t]" FUTEX_USAGE, "AVV",
				    VERB_UNTIL | VERB_TIMEOUT | FUTEX_FLAGS,
				    true, false},
	[VERB_FUTEX_WAKE] = {"futex_wake", "W n" FUTEX_USAGE, "AV", FUTEX_FLAGS,
			     true, false},
	[VERB_FUTEX_WAKE_BITSET] = {"futex_wake_bitset", "W n mask" FUTEX_USAGE,
				    "AVV", FUTEX_FLAGS, true, false},
	[VERB_FUTEX_REQUEUE] = {"futex_requeue",
				"W G wake=n move=m" FUTEX_USAGE, "AA",
				VERB_WAKE_MOVE | FUTEX_FLAGS, true, false},
	[VERB_FUTEX_CMP_REQUEUE] = {"futex_cmp_requeue",
				    "W v G wake=n move=m" FUTEX_USAGE, "AVA",
				    VERB_WAKE_MOVE | FUTEX_FLAGS, true, false},
	[VERB_FUTEX] = {"futex", "W op val val2 W2 val3", "AVVVAV", 0, true,
			false},
	[VERB_SET_TID_ADDRESS] = {"set_tid_address", "W", "A", 0, true, false},
	[VERB_SET_ROBUST_LIST] = {"set_robust_list", "H [len]", "Av", 0, true,
				  false},
	[VERB_GET_ROBUST_LIST] = {"get_robust_list", "[tid [head len]]", "vaa",
				  0, true, false},
	[VERB_EXIT] = {"exit", "", "", 0, false, true},
	[VERB_EXIT_GROUP] = {"exit_group", "", "", 0, false, true},
	[VERB_MMAP] = {"mmap", "addr len region [offset=n] [lazy]", "AVR",
		       VERB_OFFSET | VERB_LAZY, true, false},
	[VERB_MUNMAP] = {"munmap", "addr len", "AV", 0, true, false},
	[VERB_MPROTECT] = {"mprotect", "addr len prot", "AVP", 0, true, false},
	[VERB_ASPACE_LOCK] = {"aspace_lock", "", "", 0, true, false},
	[VERB_ASPACE_UNLOCK] = {"aspace_unlock", "", "", 0, true, false},
	[VERB_YIELD] = {"yield", "", "", 0, false, false},
	[VERB_MARK] = {"mark", "name", "M", 0, false, false},
	[VERB_ASSERT] = {"assert", "condition", "E", 0, false, false},
	[VERB_CALL] = {"call", "procedure", "C", 0, false, false},
	[VERB_BRANCH] = {"branch", "", "", 0, false, false},
	[VERB_JUMP] = {"jump", "", "", 0, false, false},
	[VERB_ASSIGN] = {"assign", "", "", 0, true, false},
	[VERB_REGION_ENTER] = {"enter", "", "", 0, false, false},
	[VERB_REGION_LEAVE] = {"leave", "", "", 0, false, false},
};

static const char *const later[] = {
	"futex_wake_op", "futex_waitv", "mremap",	 "fork",
	"clone",	 "exec",	"kill",		 "sigaction",
	"sigmask",	 "nanosleep",	"clock_settime",
};

const char *verb_name(enum verb verb)
{
	return verb_table[verb].name;
}

bool verb_find(const char *name, enum verb *verb)
{
	for (unsigned int i = 0; i < VERB_WRITTEN; i++) {
		if (strcmp(verb_table[i].name, name) == 0) {
			*verb = i;
			return true;
		}
	}
	return false;
}

bool verb_is_later(const char *name)
{
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		if (strcmp(later[i], name) == 0)
			return true;
	}
	return false;
}
