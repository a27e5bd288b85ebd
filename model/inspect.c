/* inspect.c - the state of the tables for reports; changes nothing. */
#include <stddef.h>

#include "model/futex.h"

/* The slot with the lowest key above @after; any if @is_first. */
static const struct futex_slot *next_slot(const struct futex_table *table,
					  uint64_t after, bool is_first)
{
	const struct futex_slot *slot, *best = NULL;
	unsigned int i;

	for (i = 0; i < FUTEX_TABLE_BUCKETS; i++) {
		list_each(slot, &table->buckets[i]) {
			if (!is_first && slot->key <= after)
				continue;
			if (!best || slot->key < best->key)
				best = slot;
		}
	}
	return best;
}

static void visit_entry(const struct futex_slot *slot,
			const struct futex_visitor *visitor)
{
	const struct futex_entry *entry = slot->entry;
	const struct waiter *w;

	visitor->entry(visitor->arg, slot->key, &entry->wq.wq_mutex,
		       entry->ref.count - 1);
	list_each(w, &entry->wq.waiters)
		visitor->waiter(visitor->arg, w->waker, w->bitset,
				w->state->cancelled.value);
}

void futex_table_visit(const struct futex_table *table,
		       const struct futex_visitor *visitor)
{
	const struct futex_slot *slot = next_slot(table, 0, true);

	while (slot) {
		visit_entry(slot, visitor);
		slot = next_slot(table, slot->key, false);
	}
}

void futex_tables_visit(const struct futex_tables *tables,
			void (*visit)(void *arg, uint64_t identity,
				      const struct futex_table *table),
			void *arg)
{
	const struct futex_tables_slot *slot;

	list_each(slot, &tables->map)
		visit(arg, slot->key, slot->table);
}
