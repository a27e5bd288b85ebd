/*
 * operation.h - one operation of a thread's program, as plain data.  Part of
 * scenario.h.
 */
#ifndef SIM_LOADER_OPERATION_H
#define SIM_LOADER_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/loader/diagnostics.h"
#include "sim/loader/limits.h"

/* ---- operations -------------------------------------------------------- */

/* One row each in verbs.c, which says what arguments it takes. */
enum verb {
	VERB_LOAD,
	VERB_STORE,
	VERB_CAS,
	VERB_XCHG,
	VERB_FETCH_ADD,
	VERB_FETCH_SUB,
	VERB_FETCH_OR,
	VERB_FETCH_AND,
	VERB_FETCH_XOR,
	VERB_FUTEX_WAIT,
	VERB_FUTEX_WAIT_BITSET,
	VERB_FUTEX_WAKE,
	VERB_FUTEX_WAKE_BITSET,
	VERB_FUTEX_REQUEUE,
	VERB_FUTEX_CMP_REQUEUE,
	VERB_FUTEX_WAKE_OP,
	VERB_FUTEX_WAITV,
	VERB_FUTEX, /* the raw call */
	VERB_SET_TID_ADDRESS,
	VERB_SET_ROBUST_LIST,
	VERB_GET_ROBUST_LIST,
	VERB_EXIT,
	VERB_EXIT_GROUP,
	VERB_MMAP,
	VERB_MUNMAP,
	VERB_MPROTECT,
	VERB_MREMAP,
	VERB_FORK,
	VERB_CLONE,
	VERB_EXEC,
	VERB_ASPACE_LOCK,
	VERB_ASPACE_UNLOCK,
	VERB_KILL,
	VERB_SIGACTION,
	VERB_SIGMASK,
	VERB_NANOSLEEP,
	VERB_CLOCK_SETTIME,
	VERB_YIELD,
	VERB_MARK,
	VERB_ASSERT,
	VERB_CALL, /* only while loading: the procedure takes its place */
	/* what control flow is made of; it has no word of its own */
	VERB_BRANCH,
	VERB_JUMP,
	VERB_ASSIGN,
	VERB_REGION_ENTER,
	VERB_REGION_LEAVE,
	VERB_SIGRETURN, /* a step: the end of a handler */
	VERB_COUNT,
};

/* Work that makes no step: nobody can come between it and its neighbours. */
static inline bool verb_is_local(enum verb verb)
{
	return verb >= VERB_ASSERT && verb != VERB_SIGRETURN;
}

enum operand_kind {
	OPERAND_NONE, /* not given */
	OPERAND_INTEGER, /* value */
	OPERAND_WORD, /* word index; + value bytes */
	OPERAND_REGISTER, /* an earlier result of the same thread; + value */
};

struct operand {
	enum operand_kind kind;
	uint32_t index;
	int64_t value; /* integers keep their low 64 bits */
	int col;
};

enum timeout_kind {
	TIMEOUT_NONE,
	TIMEOUT_DURATION, /* sec, nsec from a duration with a unit */
	TIMEOUT_RAW, /* SEC:NSEC, unchecked */
	TIMEOUT_BAD, /* an unreadable pointer */
};

/* ---- signals ----------------------------------------------------------- */

/* Numbers are 1 to SIGNALS_MAX; in a set the bit of a number is one below. */
#define SIGNALS_MAX 64u
#define SIGNAL_BIT(number) (UINT64_C(1) << ((number)-1))
#define SIGNAL_KILL 9u
#define SIGNAL_STOP 19u

enum signal_kind {
	SIGNAL_UNSET, /* nobody has said: an empty handler, no restart */
	SIGNAL_IGNORED,
	SIGNAL_BY_DEFAULT,
	SIGNAL_HANDLED, /* by a procedure */
};

enum signal_how {
	SIGNAL_BLOCK,
	SIGNAL_UNBLOCK,
	SIGNAL_SET,
};

/* What the operations on signals say besides args[]. */
struct op_signal {
	uint32_t number; /* kill, sigaction */
	uint32_t thread; /* kill: at whom, or NOWHERE */
	uint32_t process; /* kill: or whose */
	enum signal_kind action; /* sigaction */
	uint32_t handler; /* procedure, of SIGNAL_HANDLED */
	bool restarts; /* SA_RESTART */
	enum signal_how how; /* sigmask */
	uint64_t set;
};

/*
 * One operation.  args[] by position: for the futex verbs
 *	futex_wait W v; futex_wait_bitset W v mask; futex_wake W n;
 *	futex_wake_bitset W n mask; futex_requeue W G (wake, move);
 *	futex_cmp_requeue W v G (wake, move); futex W op val val2 W2 val3;
 * set_tid_address W; set_robust_list H [len]; get_robust_list [tid];
 * munmap addr len; mprotect addr len prot (prot is in .prot);
 * mmap addr len region (.region, .offset, .lazy, .keeps, .prot);
 * mremap old old_len new_len [new]; fork P (.starts);
 * clone T (.starts) [ctid=W] [ptid=W], args[1] and args[2].
 * wake= and move= are the next two args after the positional ones.
 * futex_wake_op W G (wake, wake2; the rest is in .wake_op); the words of
 * futex_waitv are in .more; clock_settime t is in .timeout.
 * What kill, sigaction and sigmask say is in .signal; nanosleep d in .timeout.
 */
#define OP_ARGS_MAX 6
/* Words that one futex_waitv may name: more than any kernel takes. */
#define OP_WORDS_MAX 130u
struct op {
	struct mark mark;
	enum verb verb;
	const char *text; /* the scalar as written */
	uint32_t result; /* register it is stored in, or NOWHERE */
	struct operand args[OP_ARGS_MAX];
	struct operand *more; /* futex_waitv: word, value, word, value ... */
	uint32_t more_count;
	uint32_t wake_op; /* futex_wake_op: op= and cmp=, encoded */
	bool has_word_flags; /* futex_waitv: flags= */
	bool has_clock; /* futex_waitv: clock= */
	uint32_t word_flags;
	uint32_t clock;
	bool is_private; /* flag words */
	bool is_realtime;
	bool is_plain;
	enum timeout_kind timeout; /* timeout= or until= */
	int64_t timeout_sec;
	int64_t timeout_nsec;
	uint32_t region;
	uint64_t offset;
	bool lazy;
	bool keeps; /* mmap: noreplace */
	uint32_t prot;
	uint32_t starts; /* fork: process; clone: thread */
	const char *name; /* mark */
	struct op_signal signal;
	uint32_t index; /* which of the operations that make steps; from 0 */
	uint32_t target; /* branch (if expr is 0), jump: into the array */
	uint32_t procedure; /* call, enter, leave */
	struct expr *expr; /* assert, branch, assign: of own results */
};

#endif
