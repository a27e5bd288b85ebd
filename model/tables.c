/* tables.c - the registry of shared tables, its sweep, and the way to it. */
#include <stddef.h>

#include "model/futex.h"
#include "model/quirks.h"
#include "model/table.h"

void futex_tables_init(struct futex_tables *tables)
{
	kmutex_init(&tables->registry_mutex, KOBJECT_REGISTRY);
	list_init(&tables->map);
	tables->operations = 0;
}

/* Called with the registry's mutex held. */
static void sweep(struct futex_tables *tables)
{
	struct futex_tables_slot *slot, *next;

	list_each_safe(slot, next, &tables->map) {
		if (kref_count(&slot->table->ref) > 1 ||
		    !futex_table_is_empty(slot->table))
			continue;
		list_remove(&slot->node);
		knote_table(false, &slot->table->table_mutex, slot->key);
		futex_table_put(slot->table);
		kfree(slot);
	}
}

/* Called with the registry's mutex held. */
static struct futex_tables_slot *find_or_insert(struct futex_tables *tables,
						uint64_t key)
{
	struct futex_tables_slot *slot, *made;

	list_each(slot, &tables->map) {
		if (slot->key == key)
			return slot;
		if (slot->key > key)
			break;
	}
	made = kalloc(sizeof(*made), "futex_tables_slot");
	made->key = key;
	made->table = futex_table_new();
	/* Before @slot, which is the list itself if all keys are lower. */
	list_push_back(&slot->node, &made->node);
	knote_table(true, &made->table->table_mutex, key);
	return made;
}

struct futex_table *futex_tables_get_or_insert(struct futex_tables *tables,
					       uint64_t key)
{
	struct futex_tables_slot *slot;

	kmutex_assert_held(&tables->registry_mutex);
	tables->operations++;
	if (tables->operations == FUTEX_TABLES_SWEEP) {
		tables->operations = 0;
		sweep(tables);
	}
	slot = find_or_insert(tables, key);
	futex_table_get_ref(slot->table);
	return slot->table;
}

/*
 * The table of private futexes.  A process of its own that shares memory has
 * a table of its own here, and its waiters are not found; Linux goes by the
 * address space: scenarios/keys/private-table-per-process.yaml.
 */
static struct futex_table *private_table(void)
{
	enum kscope scope = quirk(QUIRK_PRIVATE_TABLE_PER_PROCESS)
				    ? KSCOPE_PROCESS
				    : KSCOPE_ASPACE;
	struct futex_table *table = kprivate_table(scope);

	futex_table_get_ref(table);
	return table;
}

struct futex_table *futex_table_for(const struct futex_key *key)
{
	struct futex_tables *tables = &kfutex_system()->shared_tables;
	struct futex_table *table;

	if (!key->region)
		return private_table();
	kmutex_lock(&tables->registry_mutex);
	table = futex_tables_get_or_insert(tables,
					   kidentity_address(key->region));
	kmutex_unlock(&tables->registry_mutex);
	return table;
}

void futex_system_init(struct futex_system *system, uint64_t quirks)
{
	system->quirks = quirks;
	futex_tables_init(&system->shared_tables);
}
