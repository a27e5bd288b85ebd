/*
 * pthread_user.c - user memory and the address space of the host's threads.
 */
#include "tests/pthread_kernel.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "model/futex.h"

struct kidentity {
	uint64_t address;
	int weak;
};

static pthread_mutex_t aspace = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local bool holds_aspace;
static struct kidentity pages = {.address = 0x7000};
static struct kidentity handle = {.address = 0x8000};
static uint32_t memory[(HOST_END - HOST_PRIVATE) / 4];

void host_user_init(void)
{
	memset(memory, 0, sizeof(memory));
}

int host_weak_count(void)
{
	return LOAD(&pages.weak) + LOAD(&handle.weak);
}

/* ---- user memory ------------------------------------------------------- */

static uint32_t *word_at(uint64_t addr)
{
	if (addr % 4 || addr < HOST_PRIVATE || addr >= HOST_END)
		return NULL;
	return &memory[(addr - HOST_PRIVATE) / 4];
}

uint32_t host_load(uint64_t addr)
{
	return LOAD(word_at(addr));
}

void host_store(uint64_t addr, uint32_t value)
{
	STORE(word_at(addr), value);
}

uint32_t host_cas(uint64_t addr, uint32_t old, uint32_t value)
{
	__atomic_compare_exchange_n(word_at(addr), &old, value, false,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return old;
}

uint32_t host_swap(uint64_t addr, uint32_t value)
{
	return SWAP(word_at(addr), value);
}

int kuser_load32_at(uint64_t addr, uint32_t *out, const struct ksite *site)
{
	(void)site;
	if (!word_at(addr))
		return -EFAULT;
	*out = host_load(addr);
	return 0;
}

/* Every page is there. */
int kuser_load32_nofault_at(uint64_t addr, uint32_t *out,
			    const struct ksite *site)
{
	return kuser_load32_at(addr, out, site);
}

int kuser_fetch32_nofault_at(uint64_t addr, enum kfetch op, uint32_t operand,
			     uint32_t *old_out, const struct ksite *site)
{
	uint32_t old;

	(void)site;
	if (!word_at(addr))
		return -EFAULT;
	do {
		old = host_load(addr);
	} while (host_cas(addr, old, kfetch_apply(op, old, operand)) != old);
	*old_out = old;
	return 0;
}

int kuser_fault_in_at(uint64_t addr, const struct ksite *site)
{
	(void)site;
	return word_at(addr) ? 0 : -EFAULT;
}

/* Three 64-bit words for each element. */
int kuser_read_waitv(uint64_t addr, unsigned int index, struct kwaitv *out)
{
	uint64_t parts[3];
	int error =
		kuser_read64_at(addr + 24 * (uint64_t)index, parts, 3, NULL);

	if (error)
		return error;
	*out = (struct kwaitv){
		.val = parts[0],
		.uaddr = parts[1],
		.flags = (uint32_t)parts[2],
		.reserved = (uint32_t)(parts[2] >> 32),
	};
	return 0;
}

int kuser_store32_at(uint64_t addr, uint32_t value, const struct ksite *site)
{
	(void)site;
	if (!word_at(addr))
		return -EFAULT;
	host_store(addr, value);
	return 0;
}

int kuser_cas32_at(uint64_t addr, uint32_t old, uint32_t new_value,
		   uint32_t *old_out, const struct ksite *site)
{
	(void)site;
	if (!word_at(addr))
		return -EFAULT;
	*old_out = host_cas(addr, old, new_value);
	return 0;
}

int kuser_read64_at(uint64_t addr, uint64_t *out, unsigned int words,
		    const struct ksite *site)
{
	unsigned int i;

	(void)site;
	for (i = 0; i < words; i++, addr += 8) {
		if (!word_at(addr) || !word_at(addr + 4))
			return -EFAULT;
		out[i] = host_load(addr) | (uint64_t)host_load(addr + 4) << 32;
	}
	return 0;
}

int kuser_write64_at(uint64_t addr, uint64_t value, const struct ksite *site)
{
	(void)site;
	if (!word_at(addr) || !word_at(addr + 4))
		return -EFAULT;
	host_store(addr, (uint32_t)value);
	host_store(addr + 4, (uint32_t)(value >> 32));
	return 0;
}

int kuser_read_timespec_at(uint64_t addr, struct ktimespec *out,
			   const struct ksite *site)
{
	uint64_t parts[2];
	int error = kuser_read64_at(addr, parts, 2, site);

	if (error)
		return error;
	*out = (struct ktimespec){(int64_t)parts[0], (int64_t)parts[1]};
	return 0;
}

/* ---- address space ----------------------------------------------------- */

struct kidentity *kidentity_get_weak(struct kidentity *id)
{
	ADD(&id->weak, 1);
	return id;
}

void kidentity_put_weak(struct kidentity *id)
{
	SUB(&id->weak, 1);
}

uint64_t kidentity_address(const struct kidentity *id)
{
	return id->address;
}

void kaspace_lock_at(const struct ksite *site)
{
	(void)site;
	pthread_mutex_lock(&aspace);
	holds_aspace = true;
}

bool kaspace_trylock_at(const struct ksite *site)
{
	(void)site;
	holds_aspace = !pthread_mutex_trylock(&aspace);
	return holds_aspace;
}

void kaspace_unlock_at(const struct ksite *site)
{
	(void)site;
	holds_aspace = false;
	pthread_mutex_unlock(&aspace);
}

/* The main thread is there all the time. */
bool kaspace_has_others(void)
{
	return true;
}

bool kaspace_find_area(uint64_t addr, struct karea *area)
{
	if (!holds_aspace)
		kbug("the mutex is not held", KSITE("assert", "aspace"));
	if (!word_at(addr))
		return false;
	*area = (struct karea){.kind = KAREA_PRIVATE, .start = HOST_PRIVATE};
	if (addr >= HOST_FILE)
		*area = (struct karea){.kind = KAREA_FILE,
				       .start = HOST_FILE,
				       .pages = &pages,
				       .handle = &handle};
	else if (addr >= HOST_SHARED)
		*area = (struct karea){.kind = KAREA_SHARED,
				       .start = HOST_SHARED,
				       .pages = &pages};
	return true;
}

/* ---- nobody watches ---------------------------------------------------- */

void knote_queue_at(enum knote what, const struct kmutex *queue,
		    struct kwaker *waker, const struct ksite *site)
{
	(void)what;
	(void)waker;
	(void)site;
	kmutex_assert_held(queue);
}

void knote_entry_at(bool insert, const struct kmutex *table, uint64_t key,
		    const struct kmutex *queue, const struct ksite *site)
{
	(void)insert;
	(void)key;
	(void)queue;
	(void)site;
	kmutex_assert_held(table);
}

void knote_table_at(bool insert, const struct kmutex *table, uint64_t identity,
		    const struct ksite *site)
{
	(void)insert;
	(void)table;
	(void)identity;
	(void)site;
	kmutex_assert_held(&kfutex_system()->shared_tables.registry_mutex);
}

void knote_waking(unsigned int word)
{
	(void)word;
}

void knote_key(uint64_t addr, uint64_t key, const struct kidentity *region,
	       bool asked_private)
{
	(void)addr;
	(void)key;
	(void)region;
	(void)asked_private;
}
