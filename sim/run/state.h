/*
 * state.h - the state of a machine at one moment, as plain data for reports.
 */
#ifndef SIM_RUN_STATE_H
#define SIM_RUN_STATE_H

#include "sim/machine/sim.h"

struct state_waiter {
	const char *thread;
	uint32_t bitset;
};

struct state_entry {
	uint64_t key;
	const char *word; /* its name, or NULL */
	struct state_waiter *waiters; /* head first */
	uint32_t waiter_count;
};

struct state_table {
	bool is_shared;
	const char *owner; /* process or region */
	const char *handle; /* the same, with the number of a file's handle */
	struct state_entry *entries; /* by key */
	uint32_t entry_count;
};

struct state_word {
	const char *name;
	uint32_t value;
};

struct state_blocked {
	const char *thread;
	uint32_t op_index;
	const char *op; /* the verb */
	const char *text;
	const char *on; /* "futex", "mutex:wq" */
	const char *what; /* the word or the mutex, by name */
	bool has_expected;
	uint32_t expected; /* the value it waits on */
	uint32_t value; /* what the word is */
};

struct state {
	struct state *next;
	const char *at; /* "show" or "end" */
	uint64_t time_ns;
	uint32_t shared_tables;
	uint64_t operations;
	struct state_table *tables; /* private ones only with entries */
	uint32_t table_count;
	struct state_word *words;
	uint32_t word_count;
	struct state_blocked *blocked;
	uint32_t blocked_count;
};

struct state_list {
	struct state *first;
	struct state *last;
};

/* Append what is now.  Owner: the simulation's arena. */
void state_take(struct sim *sim, const char *at, struct state_list *list);

#endif
