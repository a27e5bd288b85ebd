/*
 * fake_user.c - the fake kernel's clocks, timers and user memory.
 */
#include "tests/fake_kernel.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/fake_private.h"

struct ktimer {
	struct ktimer *next;
	enum kclock clock;
	uint64_t deadline_ns;
	bool has_fired;
	struct kwaker *waker; /* a reference */
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
static struct word words[WORDS_MAX];
static unsigned int word_count;

void fake_user_init(void)
{
	now_ns = 0;
	wall_offset_ns = 0;
	timers = NULL;
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
	uint64_t now = now_ns;

	if (t->clock == KCLOCK_WALL)
		now += wall_offset_ns;
	return t->deadline_ns != KTIME_NEVER && t->deadline_ns <= now;
}

struct ktimer *ktimer_arm_at(enum kclock clock, uint64_t deadline_ns,
			     const struct ksite *site)
{
	struct ktimer *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	fake_begin(site);
	t->clock = clock;
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

static void fire_timers(void)
{
	struct ktimer *t;

	while ((t = earliest_due())) {
		t->has_fired = true;
		if (t->waker)
			fake_unpark(t->waker);
	}
}

void fake_clock_advance(uint64_t ns)
{
	now_ns += ns;
	fire_timers();
}

void fake_set_wall_offset(uint64_t ns)
{
	wall_offset_ns = ns;
	fire_timers();
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

/* What is lazy is not there for who must not sleep. */
static struct word *word_there(uint64_t addr)
{
	struct word *w = addr % 4 ? NULL : find_word(addr);

	return w && !w->is_lazy ? w : NULL;
}

int kuser_load32_nofault_at(uint64_t addr, uint32_t *out,
			    const struct ksite *site)
{
	const struct word *w;

	fake_begin(site);
	w = word_there(addr);
	if (w)
		*out = w->value;
	fake_end(site);
	return w ? 0 : -EFAULT;
}

int kuser_fetch32_nofault_at(uint64_t addr, enum kfetch op, uint32_t operand,
			     uint32_t *old_out, const struct ksite *site)
{
	struct word *w;

	fake_begin(site);
	w = word_there(addr);
	if (w) {
		*old_out = w->value;
		w->value = kfetch_apply(op, w->value, operand);
	}
	fake_end(site);
	return w ? 0 : -EFAULT;
}

int kuser_fault_in_at(uint64_t addr, const struct ksite *site)
{
	const struct word *w;

	fake_begin(site);
	w = access_word(addr);
	fake_end(site);
	return w ? 0 : -EFAULT;
}

/* Three 64-bit words for each element. */
int kuser_read_waitv(uint64_t addr, unsigned int index, struct kwaitv *out)
{
	uint64_t at = addr + 24 * (uint64_t)index;

	if (!find_word(at) || !find_word(at + 20))
		return -EFAULT;
	*out = (struct kwaitv){
		.val = fake_load64(at),
		.uaddr = fake_load64(at + 8),
		.flags = fake_load(at + 16),
		.reserved = fake_load(at + 20),
	};
	return 0;
}

bool fake_has_word(uint64_t addr)
{
	return find_word(addr);
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
