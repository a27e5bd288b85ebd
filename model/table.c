/*
 * table.c - one table: entries, guards, and the end of an entry.
 *
 * The check whether an entry may go is made with the table's mutex held:
 *
 *	A, dropping a guard		B
 *	refs <= 2 and empty: yes
 *					get_or_insert: the same entry
 *					queues itself, sleeps
 *	lock table, remove the key
 *					no wake finds B any more
 *
 * is the quirk guard-check-outside-lock:
 * scenarios/history/guard-check-outside-lock.yaml.
 */
#include "model/table.h"

#include <stddef.h>

#include "model/futex.h"
#include "model/quirks.h"

static struct futex_entry *futex_entry_new(void)
{
	struct futex_entry *entry = kalloc(sizeof(*entry), "futex_entry");

	wait_queue_init(&entry->wq);
	kref_init(&entry->ref, KOBJECT_ENTRY);
	return entry;
}

/* A queue that is dropped drops the waiters it still holds. */
static void futex_entry_put(struct futex_entry *entry)
{
	struct waiter *w;

	if (!kref_put(&entry->ref))
		return;
	while ((w = list_pop_front(&entry->wq.waiters))) {
		kwaker_put(w->waker);
		waiter_state_put(w->state);
		kfree(w);
	}
	kfree(entry);
}

struct futex_table *futex_table_new(void)
{
	struct futex_table *table = kalloc(sizeof(*table), "futex_table");
	unsigned int i;

	kref_init(&table->ref, KOBJECT_TABLE);
	kmutex_init(&table->table_mutex, KOBJECT_TABLE);
	for (i = 0; i < FUTEX_TABLE_BUCKETS; i++)
		list_init(&table->buckets[i]);
	return table;
}

void futex_table_get_ref(struct futex_table *table)
{
	kref_get(&table->ref);
}

void futex_table_put(struct futex_table *table)
{
	struct futex_slot *slot;
	unsigned int i;

	if (!kref_put(&table->ref))
		return;
	for (i = 0; i < FUTEX_TABLE_BUCKETS; i++) {
		while ((slot = list_pop_front(&table->buckets[i]))) {
			futex_entry_put(slot->entry);
			kfree(slot);
		}
	}
	kfree(table);
}

static struct list *bucket(struct futex_table *table, uint64_t key)
{
	return &table->buckets[(key >> 2) % FUTEX_TABLE_BUCKETS];
}

/* Called with the table's mutex held. */
static struct futex_slot *find(struct futex_table *table, uint64_t key)
{
	struct futex_slot *slot;

	kmutex_assert_held(&table->table_mutex);
	list_each(slot, bucket(table, key)) {
		if (slot->key == key)
			return slot;
	}
	return NULL;
}

/* Called with the table's mutex held. */
static struct futex_slot *insert(struct futex_table *table, uint64_t key)
{
	struct futex_slot *slot = kalloc(sizeof(*slot), "futex_slot");

	slot->key = key;
	slot->entry = futex_entry_new();
	list_push_back(bucket(table, key), &slot->node);
	table->entry_count++;
	knote_entry(true, &table->table_mutex, key, &slot->entry->wq.wq_mutex);
	return slot;
}

/* Called with the table's mutex held.  Whatever is under @key goes. */
static void remove_key(struct futex_table *table, uint64_t key)
{
	struct futex_slot *slot = find(table, key);

	if (!slot)
		return;
	list_remove(&slot->node);
	table->entry_count--;
	knote_entry(false, &table->table_mutex, key, &slot->entry->wq.wq_mutex);
	futex_entry_put(slot->entry);
	kfree(slot);
}

bool futex_table_is_empty(struct futex_table *table)
{
	bool is_empty;

	kmutex_lock(&table->table_mutex);
	is_empty = table->entry_count == 0;
	kmutex_unlock(&table->table_mutex);
	return is_empty;
}

static struct futex_guard guard_of(struct futex_table *table,
				   struct futex_slot *slot)
{
	kref_get(&slot->entry->ref);
	return (struct futex_guard){table, slot->key, slot->entry};
}

struct futex_guard futex_table_get(struct futex_table *table,
				   const struct futex_key *key)
{
	struct futex_guard guard = {table, futex_key_as_usize(key), NULL};
	struct futex_slot *slot;

	kmutex_lock(&table->table_mutex);
	slot = find(table, guard.key);
	if (slot)
		guard = guard_of(table, slot);
	kmutex_unlock(&table->table_mutex);
	return guard;
}

struct futex_guard futex_table_get_or_insert(struct futex_table *table,
					     const struct futex_key *key)
{
	uint64_t value = futex_key_as_usize(key);
	struct futex_guard guard;
	struct futex_slot *slot;

	kmutex_lock(&table->table_mutex);
	slot = find(table, value);
	if (!slot)
		slot = insert(table, value);
	guard = guard_of(table, slot);
	kmutex_unlock(&table->table_mutex);
	return guard;
}

struct futex_wait_cleanup futex_table_cleanup_for(struct futex_table *table,
						  const struct futex_key *key)
{
	struct futex_wait_cleanup cleanup = {
		.table = table,
		.key = futex_key_as_usize(key),
	};

	futex_table_get_ref(table);
	/*
	 * A waiter that is moved has come with another key, and who makes the
	 * call lets go of this one:
	 * scenarios/keys/moved-waiter-holds-its-new-key.yaml.
	 */
	if (key->region && !quirk(QUIRK_MOVED_WAITER_KEEPS_OLD_KEY))
		cleanup.region = kidentity_get_weak(key->region);
	return cleanup;
}

void futex_table_remove_waiter(struct futex_table *table, uint64_t key,
			       const struct waiter_state *state)
{
	struct futex_slot *slot;

	kmutex_lock(&table->table_mutex);
	slot = find(table, key);
	if (slot && wait_queue_remove_waiter(&slot->entry->wq, state) &&
	    kref_count(&slot->entry->ref) == 1)
		remove_key(table, key);
	kmutex_unlock(&table->table_mutex);
}

/* Only the table and this guard hold the entry, and nobody sleeps in it. */
static bool is_unused(struct futex_guard *guard)
{
	return kref_count(&guard->inner->ref) <= 2 &&
	       wait_queue_is_empty(&guard->inner->wq);
}

static void guard_drop_checking_outside(struct futex_guard *guard)
{
	struct futex_table *table = guard->table;

	if (is_unused(guard)) {
		kmutex_lock(&table->table_mutex);
		remove_key(table, guard->key);
		kmutex_unlock(&table->table_mutex);
	}
	futex_entry_put(guard->inner);
}

/*
 * The reference goes while the mutex is held, so that of two guards that are
 * dropped at once the second sees itself alone.
 */
static void guard_drop_putting_inside(struct futex_guard *guard)
{
	struct futex_table *table = guard->table;

	kmutex_lock(&table->table_mutex);
	if (is_unused(guard))
		remove_key(table, guard->key);
	futex_entry_put(guard->inner);
	kmutex_unlock(&table->table_mutex);
}

void futex_guard_drop(struct futex_guard *guard)
{
	struct futex_table *table = guard->table;

	if (!guard->inner)
		return;
	if (quirk(QUIRK_GUARD_CHECK_OUTSIDE_LOCK)) {
		guard_drop_checking_outside(guard);
	} else if (!quirk(QUIRK_GUARD_PUT_AFTER_UNLOCK)) {
		guard_drop_putting_inside(guard);
	} else {
		kmutex_lock(&table->table_mutex);
		if (is_unused(guard))
			remove_key(table, guard->key);
		kmutex_unlock(&table->table_mutex);
		/*
		 * Another guard that was dropped between the unlock and here
		 * counted this one, and so leaves the entry to nobody:
		 * scenarios/table/guard-put-after-unlock.yaml.
		 */
		futex_entry_put(guard->inner);
	}
	guard->inner = NULL;
}
