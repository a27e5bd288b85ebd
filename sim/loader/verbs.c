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
				VERB_WAKE | VERB_WAKE_MOVE | FUTEX_FLAGS, true,
				false},
	[VERB_FUTEX_CMP_REQUEUE] = {"futex_cmp_requeue",
				    "W v G wake=n move=m" FUTEX_USAGE, "AVA",
				    VERB_WAKE | VERB_WAKE_MOVE | FUTEX_FLAGS,
				    true, false},
	[VERB_FUTEX_WAKE_OP] = {"futex_wake_op",
				"W G wake=n wake2=m "
				"op=set|add|or|andn|xor:ARG[:shift] "
				"cmp=eq|ne|lt|le|gt|ge:ARG" FUTEX_USAGE,
				"AA", VERB_WAKE | VERB_WAKE_OP | FUTEX_FLAGS,
				true, false},
	[VERB_FUTEX_WAITV] = {"futex_waitv",
			      "[W v ...] [until=t] [flags=n] "
			      "[clock=n]" FUTEX_USAGE,
			      "W", VERB_UNTIL | VERB_WAITV | FUTEX_FLAGS, true,
			      false},
	[VERB_FUTEX] = {"futex", "W op val val2 W2 val3", "AVVVAV", 0, true,
			false},
	[VERB_SET_TID_ADDRESS] = {"set_tid_address", "W", "A", 0, true, false},
	[VERB_SET_ROBUST_LIST] = {"set_robust_list", "H [len]", "Av", 0, true,
				  false},
	[VERB_GET_ROBUST_LIST] = {"get_robust_list", "[tid [head len]]", "vaa",
				  0, true, false},
	[VERB_EXIT] = {"exit", "", "", 0, false, true},
	[VERB_EXIT_GROUP] = {"exit_group", "", "", 0, false, true},
	[VERB_MMAP] = {"mmap",
		       "addr len region [offset=n] [prot=r|w|rw|none] [lazy] "
		       "[noreplace]",
		       "AVR",
		       VERB_OFFSET | VERB_LAZY | VERB_PROT | VERB_NOREPLACE,
		       true, false},
	[VERB_MUNMAP] = {"munmap", "addr len", "AV", 0, true, false},
	[VERB_MPROTECT] = {"mprotect", "addr len prot", "AVP", 0, true, false},
	[VERB_MREMAP] = {"mremap", "old old_len new_len [new]", "AVVa", 0, true,
			 false},
	[VERB_FORK] = {"fork", "process", "F", 0, true, false},
	[VERB_CLONE] = {"clone", "thread [ctid=W] [ptid=W]", "K",
			VERB_TID_WORDS, true, false},
	[VERB_EXEC] = {"exec", "", "", 0, true, false},
	[VERB_ASPACE_LOCK] = {"aspace_lock", "", "", 0, true, false},
	[VERB_ASPACE_UNLOCK] = {"aspace_unlock", "", "", 0, true, false},
	[VERB_KILL] = {"kill", "thread|process SIGNAL", "TS", 0, true, false},
	[VERB_SIGACTION] = {"sigaction",
			    "SIGNAL handler=PROCEDURE|ignore|default [restart]",
			    "S", VERB_HANDLER | VERB_RESTART, true, false},
	[VERB_SIGMASK] = {"sigmask", "block|unblock|set [SIGNAL...]", "BL", 0,
			  true, false},
	[VERB_NANOSLEEP] = {"nanosleep", "d", "D", 0, true, false},
	[VERB_CLOCK_SETTIME] = {"clock_settime", "t", "D", 0, true, false},
	[VERB_YIELD] = {"yield", "", "", 0, false, false},
	[VERB_MARK] = {"mark", "name", "M", 0, false, false},
	[VERB_ASSERT] = {"assert", "condition", "E", 0, false, false},
	[VERB_CALL] = {"call", "procedure", "C", 0, false, false},
	[VERB_BRANCH] = {"branch", "", "", 0, false, false},
	[VERB_JUMP] = {"jump", "", "", 0, false, false},
	[VERB_ASSIGN] = {"assign", "", "", 0, true, false},
	[VERB_REGION_ENTER] = {"enter", "", "", 0, false, false},
	[VERB_REGION_LEAVE] = {"leave", "", "", 0, false, false},
	[VERB_SIGRETURN] = {"sigreturn", "", "", 0, false, false},
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
