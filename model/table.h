/*
 * table.h - from keys to wait queues, and who keeps an entry alive.
 *
 * An entry is held by the table and by every guard: a guard is what a system
 * call holds while it uses the entry.  The last guard of an empty entry takes
 * it out of the table.  Private futexes live in a table of their process,
 * shared ones in a table for each mapped thing, which the registry finds; every
 * hundredth look-up the registry drops tables that nobody uses.
 *
 * Lock order: registry, then table, then queue.
 */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/key.h"
#include "model/list.h"
#include "model/wait_queue.h"

/* The registry sweeps at every so many operations. */
#define FUTEX_TABLES_SWEEP 100u

/* Source:  FutexEntry. */
struct futex_entry {
	struct wait_queue wq; /* first: its address is the entry's */
	struct kref ref;
};

#define FUTEX_TABLE_BUCKETS 16u

/* Source:  FutexTable. */
struct futex_table {
	struct kref ref;
	struct kmutex table_mutex;
	uint64_t entry_count; /* guarded by table_mutex */
	struct list buckets[FUTEX_TABLE_BUCKETS]; /* guarded by table_mutex */
};

/* One entry under its key. */
struct futex_slot {
	struct list node;
	uint64_t key;
	struct futex_entry *entry; /* a reference */
};

/* A system call's hold on an entry.  Source: FutexGuard. */
struct futex_guard {
	struct futex_table *table; /* borrowed */
	uint64_t key;
	struct futex_entry *inner; /* a reference; NULL: no guard */
};

/* A new, empty table with one reference. */
struct futex_table *futex_table_new(void);
void futex_table_get_ref(struct futex_table *table);
/* The last holder frees it and the entries in it. */
void futex_table_put(struct futex_table *table);

/* Source:  FutexTable::is_empty. */
bool futex_table_is_empty(struct futex_table *table);

/* The entry of @key if there is one; else a guard without inner. */
struct futex_guard futex_table_get(struct futex_table *table,
				   const struct futex_key *key);
/* The entry of @key, made if need be. */
struct futex_guard futex_table_get_or_insert(struct futex_table *table,
					     const struct futex_key *key);
/* Cleanup metadata, with a reference, for a waiter queued under @key. */
struct futex_wait_cleanup futex_table_cleanup_for(struct futex_table *table,
						  const struct futex_key *key);
/* Take a cancelled waiter off, and the entry with it if nobody needs it. */
void futex_table_remove_waiter(struct futex_table *table, uint64_t key,
			       const struct waiter_state *state);

/* Source:  Drop for FutexGuard. */
void futex_guard_drop(struct futex_guard *guard);

/* One shared table under the address of what is mapped. */
struct futex_tables_slot {
	struct list node;
	uint64_t key;
	struct futex_table *table; /* a reference */
};

/* Source:  FutexTables, SHARED_FUTEX_TABLES. */
struct futex_tables {
	struct kmutex registry_mutex;
	struct list map; /* by key, ascending; guarded by registry_mutex */
	uint64_t operations; /* guarded by registry_mutex */
};

void futex_tables_init(struct futex_tables *tables);
/* The table under @key, made if need be; a reference.  May sweep. */
struct futex_table *futex_tables_get_or_insert(struct futex_tables *tables,
					       uint64_t key);

/* The table that @key belongs in; a reference.  Source: futex_table_for. */
struct futex_table *futex_table_for(const struct futex_key *key);

#endif
