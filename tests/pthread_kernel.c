/*
 * pthread_kernel.c - model/kernel.h on the threads of the host.
 *
 * Every mutex and word is synchronised by itself and by nothing else, for a
 * lock around everything would hide from ThreadSanitizer what it looks for.
 */
#include "tests/pthread_kernel.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "model/futex.h"

#define NSEC_PER_SEC UINT64_C(1000000000)

struct kwaker {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	bool permit; /* guarded by mutex */
	uint64_t deadline_ns; /* only for the sleeper */
	struct kwaker *whole; /* of a part: a reference */
	int refs;
};

struct ktimer {
	uint64_t deadline_ns;
};

struct host_task {
	struct futex_thread thread;
	pthread_mutex_t mutex;
	struct kwaker *waker; /* guarded by mutex */
	int interrupted;
	uint32_t tid;
};

static struct futex_system futexes;
static struct futex_table *private_table;
static struct host_task tasks[HOST_THREADS_MAX + 1];
static _Thread_local struct host_task *self;
static long alive;

/* ---- set-up ---------------------------------------------------------------
 */

void host_init(uint64_t quirks)
{
	uint32_t tid;

	alive = 0;
	futex_system_init(&futexes, quirks);
	private_table = futex_table_new();
	for (tid = 1; tid <= HOST_THREADS_MAX; tid++) {
		tasks[tid] = (struct host_task){.tid = tid};
		pthread_mutex_init(&tasks[tid].mutex, NULL);
		futex_thread_init(&tasks[tid].thread);
	}
	host_user_init();
}

long host_fini(void)
{
	struct futex_tables_slot *slot;

	futex_table_put(private_table);
	while ((slot = list_pop_front(&futexes.shared_tables.map))) {
		futex_table_put(slot->table);
		kfree(slot);
	}
	if (host_weak_count())
		kbug("weak references are left", KSITE("put", "identity"));
	return alive;
}

void host_enter(uint32_t tid)
{
	self = &tasks[tid];
}

void host_leave(void)
{
	pthread_mutex_lock(&self->mutex);
	if (self->waker)
		kwaker_put(self->waker);
	self->waker = NULL;
	pthread_mutex_unlock(&self->mutex);
	self = NULL;
}

struct futex_system *kfutex_system(void)
{
	return &futexes;
}

struct futex_table *kprivate_table(enum kscope scope)
{
	(void)scope;
	return private_table;
}

struct futex_thread *kthread(uint32_t tid)
{
	if (!tid)
		return &self->thread;
	return tid <= HOST_THREADS_MAX ? &tasks[tid].thread : NULL;
}

uint32_t kthread_tid(void)
{
	return self->tid;
}

void kbug(const char *what, const struct ksite *site)
{
	fprintf(stderr, "kernel bug at %s:%d: %s\n", site->file, site->line,
		what);
	abort();
}

/* ---- memory ------------------------------------------------------------ */

void *kalloc(size_t size, const char *what)
{
	void *ptr = calloc(1, size);

	(void)what;
	if (!ptr)
		abort();
	ADD(&alive, 1);
	return ptr;
}

void kfree(void *ptr)
{
	SUB(&alive, 1);
	free(ptr);
}

uint64_t kaddress(const void *ptr)
{
	return (uintptr_t)ptr;
}

/* ---- mutexes, words, reference counts ---------------------------------- */

void kmutex_init(struct kmutex *m, enum kobject kind)
{
	*m = (struct kmutex){.id = 1, .kind = kind};
}

bool kmutex_trylock_at(struct kmutex *m, const struct ksite *site)
{
	void *nobody = NULL;

	(void)site;
	return __atomic_compare_exchange_n(&m->owner, &nobody, self, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

void kmutex_lock_at(struct kmutex *m, const struct ksite *site)
{
	if (LOAD(&m->owner) == self)
		kbug("locks its own mutex", site);
	while (!kmutex_trylock_at(m, site))
		sched_yield();
}

void kmutex_unlock_at(struct kmutex *m, const struct ksite *site)
{
	if (LOAD(&m->owner) != self)
		kbug("unlocks a mutex that is not its own", site);
	STORE(&m->owner, NULL);
}

void kmutex_assert_held(const struct kmutex *m)
{
	if (LOAD(&m->owner) != self)
		kbug("the mutex is not held", KSITE("assert", "mutex"));
}

void katomic_init(struct katomic *a, enum kobject kind, uint64_t value)
{
	*a = (struct katomic){.kind = kind, .value = value};
}

uint64_t katomic_load_at(struct katomic *a, const struct ksite *site)
{
	(void)site;
	return LOAD(&a->value);
}

void katomic_store_at(struct katomic *a, uint64_t value,
		      const struct ksite *site)
{
	(void)site;
	STORE(&a->value, value);
}

uint64_t katomic_swap_at(struct katomic *a, uint64_t value,
			 const struct ksite *site)
{
	(void)site;
	return SWAP(&a->value, value);
}

uint64_t katomic_add_at(struct katomic *a, uint64_t value,
			const struct ksite *site)
{
	(void)site;
	return ADD(&a->value, value);
}

uint64_t katomic_sub_at(struct katomic *a, uint64_t value,
			const struct ksite *site)
{
	(void)site;
	return SUB(&a->value, value);
}

void kref_init(struct kref *r, enum kobject kind)
{
	*r = (struct kref){.kind = kind, .count = 1};
}

void kref_get_at(struct kref *r, const struct ksite *site)
{
	if (ADD(&r->count, 1) == 0)
		kbug("takes a reference to what is gone", site);
}

bool kref_put_at(struct kref *r, const struct ksite *site)
{
	uint64_t old = SUB(&r->count, 1);

	if (old == 0)
		kbug("drops a reference to what is gone", site);
	return old == 1;
}

uint64_t kref_count_at(struct kref *r, const struct ksite *site)
{
	(void)site;
	return LOAD(&r->count);
}

/* ---- wakers, signals --------------------------------------------------- */

struct kwaker *kwaker_new(void)
{
	struct kwaker *w = kalloc(sizeof(*w), "waker");
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&w->mutex, NULL);
	pthread_cond_init(&w->cond, &attr);
	pthread_condattr_destroy(&attr);
	w->deadline_ns = KTIME_NEVER;
	w->refs = 1;
	return w;
}

struct kwaker *kwaker_new_part(struct kwaker *whole, unsigned int index)
{
	struct kwaker *w = kwaker_new();

	(void)index;
	w->whole = kwaker_get(whole);
	return w;
}

struct kwaker *kwaker_get(struct kwaker *w)
{
	ADD(&w->refs, 1);
	return w;
}

void kwaker_put(struct kwaker *w)
{
	if (SUB(&w->refs, 1) != 1)
		return;
	if (w->whole)
		kwaker_put(w->whole);
	pthread_cond_destroy(&w->cond);
	pthread_mutex_destroy(&w->mutex);
	kfree(w);
}

/* Called with the waker's mutex held.  Returns false at the deadline. */
static bool await(struct kwaker *w)
{
	struct timespec until;

	if (w->deadline_ns == KTIME_NEVER)
		return !pthread_cond_wait(&w->cond, &w->mutex);
	until.tv_sec = (time_t)(w->deadline_ns / NSEC_PER_SEC);
	until.tv_nsec = (long)(w->deadline_ns % NSEC_PER_SEC);
	return !pthread_cond_timedwait(&w->cond, &w->mutex, &until);
}

bool kpark_at(struct kwaker *w, const struct ksite *site)
{
	bool has_slept = false;

	(void)site;
	pthread_mutex_lock(&w->mutex);
	while (!w->permit) {
		has_slept = true;
		if (!await(w))
			break;
	}
	w->permit = false;
	pthread_mutex_unlock(&w->mutex);
	return has_slept;
}

void kunpark_at(struct kwaker *w, const struct ksite *site)
{
	(void)site;
	if (w->whole)
		w = w->whole;
	pthread_mutex_lock(&w->mutex);
	w->permit = true;
	pthread_cond_signal(&w->cond);
	pthread_mutex_unlock(&w->mutex);
}

void kyield_at(const struct ksite *site)
{
	(void)site;
	sched_yield();
}

void kinterrupt_register_at(struct kwaker *w, const struct ksite *site)
{
	struct kwaker *old;

	(void)site;
	kwaker_get(w);
	pthread_mutex_lock(&self->mutex);
	old = self->waker;
	self->waker = w;
	pthread_mutex_unlock(&self->mutex);
	if (old)
		kwaker_put(old);
}

bool kinterrupt_take_at(const struct ksite *site)
{
	(void)site;
	return SWAP(&self->interrupted, 0);
}

void host_signal(uint32_t tid)
{
	struct host_task *t = &tasks[tid];

	STORE(&t->interrupted, 1);
	pthread_mutex_lock(&t->mutex);
	if (t->waker)
		kunpark(t->waker);
	pthread_mutex_unlock(&t->mutex);
}

/* ---- clocks and timers ------------------------------------------------- */

uint64_t kclock_monotonic_ns_at(const struct ksite *site)
{
	struct timespec now;

	(void)site;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

/* This host's wall clock starts with the monotonic one. */
uint64_t kclock_wall_ns_at(const struct ksite *site)
{
	return kclock_monotonic_ns_at(site);
}

struct ktimer *ktimer_arm_at(enum kclock clock, uint64_t deadline_ns,
			     const struct ksite *site)
{
	struct ktimer *t = kalloc(sizeof(*t), "timer");

	(void)clock;
	(void)site;
	t->deadline_ns = deadline_ns;
	return t;
}

/* The sleeper itself sees to it that it wakes at the deadline. */
bool ktimer_poll_at(struct ktimer *t, struct kwaker *w,
		    const struct ksite *site)
{
	w->deadline_ns = t->deadline_ns;
	return kclock_monotonic_ns_at(site) >= t->deadline_ns;
}

void ktimer_cancel_at(struct ktimer *t, const struct ksite *site)
{
	(void)site;
	kfree(t);
}
