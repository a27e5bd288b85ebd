/*
 * verbs.h - the operations of thread programs: how each is written.
 */
#ifndef SIM_LOADER_VERBS_H
#define SIM_LOADER_VERBS_H

#include <stdbool.h>

#include "sim/loader/scenario.h"

enum verb_option {
	VERB_PRIVATE = 1u << 0, /* flag words */
	VERB_REALTIME = 1u << 1,
	VERB_PLAIN = 1u << 2,
	VERB_LAZY = 1u << 3,
	VERB_TIMEOUT = 1u << 4, /* key=value */
	VERB_UNTIL = 1u << 5,
	VERB_WAKE_MOVE = 1u << 6, /* move=; must be there */
	VERB_OFFSET = 1u << 7,
	VERB_HANDLER = 1u << 8, /* handler=; must be there */
	VERB_RESTART = 1u << 9, /* flag word */
	VERB_WAKE = 1u << 10, /* wake=; must be there */
	VERB_WAKE_OP = 1u << 11, /* wake2=, op= and cmp=; must be there */
	VERB_WAITV = 1u << 12, /* flags= and clock= */
	VERB_PROT = 1u << 13, /* prot= */
	VERB_NOREPLACE = 1u << 14, /* flag word */
	VERB_TID_WORDS = 1u << 15, /* ctid= and ptid= */
};

/*
 * args: one letter for each positional argument:
 *	A	an address: word, result or number
 *	V	a value: number or result
 *	a, v	the same, and may be left out
 *	R	a region
 *	P	a protection: none, r, w, rw
 *	M	a name
 *	C	a procedure
 *	E	a condition, to the end of the text
 *	T	a thread or a process
 *	F	a process to fork
 *	K	a thread to clone
 *	S	a signal
 *	B	block, unblock or set
 *	L	signals, any number of them; the last letter
 *	D	a duration
 *	W	words with a value each, any number of them; the last letter
 */
struct verb_info {
	const char *name;
	const char *usage; /* what follows the name */
	const char *args;
	unsigned int options;
	bool has_result;
	bool ends_thread;
};

/* Those before it have a word of their own; the rest is made of blocks. */
#define VERB_WRITTEN VERB_BRANCH

/* Rows by enum verb. */
extern const struct verb_info verb_table[VERB_COUNT];

const char *verb_name(enum verb verb);
bool verb_find(const char *name, enum verb *verb);

#endif
