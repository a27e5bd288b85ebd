/*
 * fake_aspace.c - the fake kernel's processes and their address spaces.
 */
#include "tests/fake_kernel.h"

#include <stdlib.h>

#include "tests/fake_private.h"

struct kidentity {
	struct kidentity *next;
	uint64_t address;
	unsigned int weak;
};

static struct kidentity *identities;
static struct fake_process *processes;

void fake_aspaces_init(void)
{
	identities = NULL;
	processes = NULL;
}

/* ---- identities -------------------------------------------------------- */

struct kidentity *fake_identity_new(uint64_t address)
{
	struct kidentity *id = calloc(1, sizeof(*id));

	if (!id)
		abort();
	id->address = address;
	id->next = identities;
	identities = id;
	return id;
}

struct kidentity *kidentity_get_weak(struct kidentity *id)
{
	id->weak++;
	return id;
}

void kidentity_put_weak(struct kidentity *id)
{
	if (!id->weak)
		kbug("drops a weak reference it has not got",
		     KSITE("put", "identity"));
	id->weak--;
}

uint64_t kidentity_address(const struct kidentity *id)
{
	return id->address;
}

/* ---- processes --------------------------------------------------------- */

struct fake_process *fake_process_new(struct fake_process *with)
{
	struct fake_process *p = calloc(1, sizeof(*p)), **at = &processes;

	if (!p)
		abort();
	if (with)
		p->aspace = with->aspace;
	else
		p->aspace = calloc(1, sizeof(*p->aspace));
	if (!p->aspace)
		abort();
	if (!p->aspace->users++) {
		kmutex_init(&p->aspace->mutex, KOBJECT_COUNT);
		p->aspace->table = futex_table_new();
	}
	p->table = futex_table_new();
	while (*at)
		at = &(*at)->next;
	*at = p;
	return p;
}

struct fake_process *fake_process_first(void)
{
	return processes ? processes : fake_process_new(NULL);
}

void fake_aspaces_release(void)
{
	const struct kidentity *id;
	struct fake_process *p;

	for (p = processes; p; p = p->next) {
		futex_table_put(p->table);
		if (p->aspace->users-- == 1)
			futex_table_put(p->aspace->table);
	}
	for (id = identities; id; id = id->next) {
		if (id->weak)
			fake_fail("%u weak references are left", id->weak);
	}
}

/* The first process to have an address space frees it. */
static bool is_first_user(const struct fake_process *process)
{
	const struct fake_process *p;

	for (p = processes; p != process; p = p->next) {
		if (p->aspace == process->aspace)
			return false;
	}
	return true;
}

void fake_aspaces_fini(void)
{
	struct fake_process *p, *next;
	struct kidentity *id;

	for (p = processes; p; p = p->next) {
		if (!is_first_user(p))
			p->aspace = NULL;
	}
	for (p = processes; p; p = next) {
		next = p->next;
		free(p->aspace);
		free(p);
	}
	while ((id = identities)) {
		identities = id->next;
		free(id);
	}
}

struct futex_table *kprivate_table(enum kscope scope)
{
	switch (scope) {
	case KSCOPE_PROCESS:
		return fake_current->process->table;
	case KSCOPE_ASPACE:
		return fake_current->process->aspace->table;
	}
	abort();
}

/* ---- address spaces ---------------------------------------------------- */

void fake_map(struct fake_process *p, struct karea area, uint64_t end)
{
	struct fake_aspace *a = p->aspace;

	if (a->area_count == FAKE_AREAS_MAX)
		fake_fail("the address space is full");
	a->areas[a->area_count] = area;
	a->ends[a->area_count] = end;
	a->area_count++;
}

void fake_unmap_all(struct fake_process *p)
{
	p->aspace->area_count = 0;
}

void fake_aspace_lock(struct fake_process *p)
{
	kmutex_lock_at(&p->aspace->mutex, KSITE("lock", "aspace"));
}

void fake_aspace_unlock(struct fake_process *p)
{
	kmutex_unlock_at(&p->aspace->mutex, KSITE("unlock", "aspace"));
}

void kaspace_lock_at(const struct ksite *site)
{
	kmutex_lock_at(&fake_current->process->aspace->mutex, site);
}

bool kaspace_trylock_at(const struct ksite *site)
{
	return kmutex_trylock_at(&fake_current->process->aspace->mutex, site);
}

void kaspace_unlock_at(const struct ksite *site)
{
	kmutex_unlock_at(&fake_current->process->aspace->mutex, site);
}

bool kaspace_find_area(uint64_t addr, struct karea *area)
{
	const struct fake_aspace *a = fake_current->process->aspace;
	unsigned int i;

	kmutex_assert_held(&a->mutex);
	for (i = 0; i < a->area_count; i++) {
		if (addr < a->areas[i].start || addr >= a->ends[i])
			continue;
		*area = a->areas[i];
		return true;
	}
	/* A word that is in no area is private memory. */
	*area = (struct karea){.kind = KAREA_PRIVATE, .start = addr};
	return fake_has_word(addr);
}

bool kaspace_has_others(void)
{
	const struct fake_task *t;

	for (t = fake_tasks; t; t = t->next) {
		if (t != fake_current && t->state < FAKE_DONE &&
		    t->process->aspace == fake_current->process->aspace)
			return true;
	}
	return false;
}
