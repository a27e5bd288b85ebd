/*
 * agent.h - the bare threads that carry out a scenario on the host's kernel.
 *
 * An agent is a thread of its own making: it has no thread-local storage and
 * uses no libc, so that its tid word, its robust list and its signals are the
 * scenario's alone.  It does one command at a time, written into its block by
 * the conductor (enact.c), and sleeps on the block in between.
 *
 * All blocks stand in one shared mapping that every process inherits, at the
 * same address everywhere.  A block is the bottom of a slot of AGENT_SLOT bytes
 * that is aligned to its size; the rest of the slot is the agent's stack.
 */
#ifndef SIM_HOST_AGENT_H
#define SIM_HOST_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGENT_SLOT 0x10000u
#define AGENT_LEVELS 4u
#define AGENT_WORDS_MAX 130u
#define AGENT_PLACE_MAX 48u
#define AGENT_ARGS 6u

enum agent_work {
	AGENT_CALL, /* the system call number, args */
	AGENT_LOAD, /* the word at args[0] */
	AGENT_CHANGE, /* that word, by change and args[1], args[2] */
	AGENT_SPAWN, /* a child as the spawn of its block says */
	AGENT_RETURN, /* from the handler of a signal */
};

/* How AGENT_CHANGE makes the new value of the old one. */
enum agent_change {
	AGENT_SET, /* args[1] */
	AGENT_CAS, /* args[2], if it is args[1] */
	AGENT_ADD,
	AGENT_SUB,
	AGENT_OR,
	AGENT_AND,
	AGENT_XOR,
};

/* struct clone_args of clone3(2), version 2: up to set_tid. */
struct agent_spawn {
	uint64_t flags;
	uint64_t pidfd;
	uint64_t child_tid;
	uint64_t parent_tid;
	uint64_t exit_signal;
	uint64_t stack;
	uint64_t stack_size;
	uint64_t tls;
	uint64_t set_tid;
	uint64_t set_tid_size;
};

/* A command and its answer. */
struct agent_slot {
	/* Each counts commands; the thread behind the later one sleeps on it.
	 */
	uint32_t asked; /* written by the conductor */
	uint32_t answered; /* written by the agent */
	enum agent_work work;
	enum agent_change change;
	uint64_t number;
	uint64_t args[AGENT_ARGS];
	int64_t result;
	int64_t timespec[2]; /* for a call to point to */
	uint64_t scratch[4]; /* likewise */
	struct agent_block *child; /* of AGENT_SPAWN */
};

/* struct futex_waitv of futex_waitv(2). */
struct agent_word {
	uint64_t value;
	uint64_t address;
	uint32_t flags;
	uint32_t reserved;
};

/*
 * The handler of a signal takes commands of its own, so that its operations are
 * made where a handler's are; the call that it came in between has not answered
 * yet.  So there is a slot for each level.
 */
struct agent_block {
	struct agent_slot slots[AGENT_LEVELS];
	uint32_t level; /* of handlers that it is in */
	uint32_t entered; /* how many handlers it has come to, */
	uint32_t left; /* and how many it has left */
	struct agent_spawn spawn; /* how it is made itself */
	int32_t set_tid[2]; /* innermost namespace first */
	bool is_warden; /* ends with the conductor; sets up signals */
	int lifeline[2]; /* a pipe whose second end the conductor keeps */
	char place[AGENT_PLACE_MAX]; /* "PID/task/TID" as the host has it */
	struct agent_word words[AGENT_WORDS_MAX]; /* for a call to point to */
};

/*
 * Start @child as its spawn says.  Returns the pid in the caller's namespace or
 * -errno.  Safe in a thread without libc.
 */
long agent_spawn(struct agent_block *child);

/* What rt_sigaction(2) takes. */
struct agent_action {
	uint64_t handler;
	uint64_t flags;
	uint64_t restorer;
	uint64_t mask;
};

/*
 * An action without effect, and one that takes commands for the time that the
 * handler runs.
 */
struct agent_action agent_empty_action(void);
struct agent_action agent_handler_action(bool restarts);

#endif
