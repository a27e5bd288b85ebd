/*
 * fake_user.c - the fake kernel's clocks, user memory and address spaces.
 */
#include "tests/fake_kernel.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/fake_private.h"

struct ktimer {
	struct ktimer *next;
	uint64_t deadline_ns;
	bool has_fired;
	struct kwaker *waker; /* a reference */
};

struct kidentity {
	struct kidentity *next;
	uint64_t address;
	unsigned int weak;
};

#define WORDS_MAX 16384u

struct word {
	uint64_t addr;
	uint32_t value;
	bool is_lazy;
};

static uint64_t now_ns;
static uint64_t wall_offset_ns;
static struct ktimer *timers;
static struct kidentity *identities;
static struct fake_process *processes;
static struct word words[WORDS_MAX];
static unsigned int word_count;

void fake_user_init(void)
{
	now_ns = 0;
	wall_offset_ns = 0;
	timers = NULL;
	identities = NULL;
	processes = NULL;
	word_count = 0;
}

/* ---- clocks and timers -----------------------------------------------------
 */

uint64_t kclock_wall_ns_at(const struct ksite *site)
{
	return kclock_monotonic_ns_at(site) + wall_offset_ns;
}

uint64_t kclock_monotonic_ns_at(const struct ksite *site)
{
	uint64_t ns;

	fake_begin(site);
	ns = now_ns;
	fake_end(site);
	return ns;
}

static bool is_due(const struct ktimer *t)
{
	return t->deadline_ns != KTIME_NEVER &&
	       t->deadline_ns <= now_ns + wall_offset_ns;
}

struct ktimer *ktimer_arm_at(uint64_t deadline_ns, const struct ksite *site)
{
	struct ktimer *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	fake_begin(site);
	t->deadline_ns = deadline_ns;
	t->has_fired = is_due(t);
	t->next = timers;
	timers = t;
	fake_end(site);
	return t;
}

bool ktimer_poll_at(struct ktimer *t, struct kwaker *w,
		    const struct ksite *site)
{
	bool has_fired;

	fake_begin(site);
	has_fired = t->has_fired;
	if (!has_fired) {
		kwaker_get(w);
		if (t->waker)
			kwaker_put(t->waker);
		t->waker = w;
	}
	fake_end(site);
	return has_fired;
}

void ktimer_cancel_at(struct ktimer *t, const struct ksite *site)
{
	struct ktimer **at;

	fake_begin(site);
	for (at = &timers; *at != t; at = &(*at)->next)
		;
	*at = t->next;
	if (t->waker)
		kwaker_put(t->waker);
	free(t);
	fake_end(site);
}

static struct ktimer *earliest_due(void)
{
	struct ktimer *t, *first = NULL;

	for (t = timers; t; t = t->next) {
		if (t->has_fired || !is_due(t))
			continue;
		if (!first || t->deadline_ns < first->deadline_ns)
			first = t;
	}
	return first;
}

void fake_clock_advance(uint64_t ns)
{
	struct ktimer *t;

	now_ns += ns;
	while ((t = earliest_due())) {
		t->has_fired = true;
		if (t->waker)
			fake_unpark(t->waker);
	}
}

void fake_set_wall_offset(uint64_t ns)
{
	wall_offset_ns = ns;
}

unsigned int fake_timer_count(void)
{
	const struct ktimer *t;
	unsigned int count = 0;

	for (t = timers; t; t = t->next)
		count++;
	return count;
}

/* ---- user memory ------------------------------------------------------- */

static struct word *find_word(uint64_t addr)
{
	unsigned int i;

	for (i = 0; i < word_count; i++) {
		if (words[i].addr == addr)
			return &words[i];
	}
	return NULL;
}

void fake_store(uint64_t addr, uint32_t value)
{
	struct word *w = find_word(addr);

	if (!w) {
		if (word_count == WORDS_MAX)
			fake_fail("user memory is full");
		w = &words[word_count++];
	}
	*w = (struct word){.addr = addr, .value = value};
}

void fake_store64(uint64_t addr, uint64_t value)
{
	fake_store(addr, (uint32_t)value);
	fake_store(addr + 4, (uint32_t)(value >> 32));
}

void fake_store_timespec(uint64_t addr, int64_t sec, int64_t nsec)
{
	fake_store64(addr, (uint64_t)sec);
	fake_store64(addr + 8, (uint64_t)nsec);
}

uint32_t fake_load(uint64_t addr)
{
	const struct word *w = find_word(addr);

	if (!w)
		fake_fail("nothing is at %#llx", (unsigned long long)addr);
	return w->value;
}

uint64_t fake_load64(uint64_t addr)
{
	return fake_load(addr) | (uint64_t)fake_load(addr + 4) << 32;
}

void fake_forget(uint64_t addr)
{
	struct word *w = find_word(addr);

	if (w)
		*w = words[--word_count];
}

void fake_make_lazy(uint64_t addr)
{
	struct word *w = find_word(addr);

	if (!w)
		fake_fail("nothing is at %#llx", (unsigned long long)addr);
	w->is_lazy = true;
}

/* The word at @addr, brought in if need be; NULL: a fault. */
static struct word *access_word(uint64_t addr)
{
	struct word *w = addr % 4 ? NULL : find_word(addr);

	if (w && w->is_lazy) {
		kaspace_lock();
		w->is_lazy = false;
		kaspace_unlock();
	}
	return w;
}

int kuser_load32_at(uint64_t addr, uint32_t *out, const struct ksite *site)
{
	const struct word *w;

	fake_begin(site);
	w = access_word(addr);
	if (w)
		*out = w->value;
	fake_end(site);
	return w ? 0 : -EFAULT;
}

int kuser_store32_at(uint64_t addr, uint32_t value, const struct ksite *site)
{
	struct word *w;

	fake_begin(site);
	w = access_word(addr);
	if (w)
		w->value = value;
	fake_end(site);
	return w ? 0 : -EFAULT;
}

int kuser_cas32_at(uint64_t addr, uint32_t old, uint32_t new_value,
		   uint32_t *old_out, const struct ksite *site)
{
	struct word *w;

	fake_begin(site);
	w = access_word(addr);
	if (w) {
		*old_out = w->value;
		if (w->value == old)
			w->value = new_value;
	}
	fake_end(site);
	return w ? 0 : -EFAULT;
}

static int read64(uint64_t addr, uint64_t *out, unsigned int count)
{
	const struct word *low, *high;
	unsigned int i;

	for (i = 0; i < count; i++, addr += 8) {
		low = addr % 8 ? NULL : access_word(addr);
		high = access_word(addr + 4);
		if (!low || !high)
			return -EFAULT;
		out[i] = low->value | (uint64_t)high->value << 32;
	}
	return 0;
}

int kuser_read64_at(uint64_t addr, uint64_t *out, unsigned int count,
		    const struct ksite *site)
{
	int status;

	fake_begin(site);
	status = read64(addr, out, count);
	fake_end(site);
	return status;
}

int kuser_write64_at(uint64_t addr, uint64_t value, const struct ksite *site)
{
	struct word *low, *high;

	fake_begin(site);
	low = addr % 8 ? NULL : access_word(addr);
	high = access_word(addr + 4);
	if (low && high) {
		low->value = (uint32_t)value;
		high->value = (uint32_t)(value >> 32);
	}
	fake_end(site);
	return low && high ? 0 : -EFAULT;
}

int kuser_read_timespec_at(uint64_t addr, struct ktimespec *out,
			   const struct ksite *site)
{
	uint64_t parts[2];
	int status;

	fake_begin(site);
	status = read64(addr, parts, 2);
	if (!status)
		*out = (struct ktimespec){(int64_t)parts[0], (int64_t)parts[1]};
	fake_end(site);
	return status;
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

void fake_user_release(void)
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

void fake_user_fini(void)
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
	return false;
}
