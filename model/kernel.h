/*
 * kernel.h - what the futex code asks of a kernel.
 *
 * The model includes nothing else from outside its folder.  One backend is
 * linked into a binary: the simulated machine (sim/), a fake for unit tests
 * or plain pthreads (both in tests/).
 *
 * The law: memory that two tasks can reach is guarded by a mutex of this
 * file, or touched only through this file.
 *
 * Every function says whether it is a *scheduling point* (another task may
 * run between its announcement and its effect; its name in schedules is in
 * brackets) and whether it may *sleep*.  All atomics are sequentially
 * consistent.  Times are nanoseconds.
 *
 * Functions that are scheduling points are macros: they pass the place in the
 * source along, as a struct ksite, and so the list of all points is known
 * without running anything.
 */
#ifndef MODEL_KERNEL_H
#define MODEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A deadline that never comes, and a duration without end. */
#define KTIME_NEVER UINT64_MAX

/* ---- places in the source ---------------------------------------------- */

/*
 * One call of a scheduling point in the model.  The point's name is made of
 * @object (the last identifier of the expression, less "_mutex") and @op.
 */
struct ksite {
	const char *file;
	const char *op;
	const char *object;
	int line;
	int reserved;
};

#define KSITE(op_, object_)                                                    \
	__extension__({                                                        \
		static const struct ksite ksite_ __attribute__((               \
			section("ksites"), used, aligned(8))) = {              \
			__FILE__, op_, object_, __LINE__, 0};                  \
		&ksite_;                                                       \
	})

/* What a mutex, atomic word or reference count is part of. */
enum kobject {
	KOBJECT_WQ, /* the queue of one futex entry */
	KOBJECT_TABLE, /* a futex table; its reference count */
	KOBJECT_REGISTRY, /* the table of shared tables */
	KOBJECT_CLEANUP, /* a waiter's cleanup metadata */
	KOBJECT_WOKEN, /* a waiter's woken flag */
	KOBJECT_CANCELLED, /* a waiter's cancelled flag */
	KOBJECT_STATE, /* a waiter state's reference count */
	KOBJECT_ENTRY, /* a futex entry's reference count */
	KOBJECT_ROBUST, /* a thread's robust list head */
	KOBJECT_CTID, /* a thread's clear-child-tid pointer */
	KOBJECT_COUNT,
};

/* ---- sleeping mutex ---------------------------------------------------- */

/*
 * A sleeping mutex: not reentrant, FIFO, handed over on unlock.  The fields
 * belong to the backend; zeroed memory is not a mutex until kmutex_init.
 */
struct kmutex {
	uint32_t id;
	uint32_t kind; /* enum kobject */
	void *owner;
	void *first;
	void *last;
};

/* Not a scheduling point; does not sleep. */
void kmutex_init(struct kmutex *m, enum kobject kind);

/* [<object>.lock] May sleep.  Locking one's own mutex is a kernel bug. */
#define kmutex_lock(m) kmutex_lock_at((m), KSITE("lock", #m))
void kmutex_lock_at(struct kmutex *m, const struct ksite *site);

/* [<object>.trylock] Does not sleep.  Returns whether it was taken. */
#define kmutex_trylock(m) kmutex_trylock_at((m), KSITE("trylock", #m))
bool kmutex_trylock_at(struct kmutex *m, const struct ksite *site);

/*
 * [<object>.unlock] Does not sleep.  The oldest sleeper becomes the owner
 * and runnable.  Unlocking a mutex that is not one's own is a kernel bug.
 */
#define kmutex_unlock(m) kmutex_unlock_at((m), KSITE("unlock", #m))
void kmutex_unlock_at(struct kmutex *m, const struct ksite *site);

/* Not a scheduling point.  A kernel bug if the caller is not the owner. */
void kmutex_assert_held(const struct kmutex *m);

/* ---- atomic words and reference counts --------------------------------- */

struct katomic {
	uint32_t id;
	uint32_t kind; /* enum kobject */
	uint64_t value;
};

/* Not a scheduling point: nobody else can reach the word yet. */
void katomic_init(struct katomic *a, enum kobject kind, uint64_t value);

/* [<field>.load], [<field>.store], ...: none sleeps; RMWs give the old value.
 */
#define katomic_load(a) katomic_load_at((a), KSITE("load", #a))
uint64_t katomic_load_at(struct katomic *a, const struct ksite *site);
#define katomic_store(a, v) katomic_store_at((a), (v), KSITE("store", #a))
void katomic_store_at(struct katomic *a, uint64_t value,
		      const struct ksite *site);
#define katomic_swap(a, v) katomic_swap_at((a), (v), KSITE("swap", #a))
uint64_t katomic_swap_at(struct katomic *a, uint64_t value,
			 const struct ksite *site);
#define katomic_add(a, v) katomic_add_at((a), (v), KSITE("add", #a))
uint64_t katomic_add_at(struct katomic *a, uint64_t value,
			const struct ksite *site);
#define katomic_sub(a, v) katomic_sub_at((a), (v), KSITE("sub", #a))
uint64_t katomic_sub_at(struct katomic *a, uint64_t value,
			const struct ksite *site);

/* A strong reference count that starts at one (Rust: Arc). */
struct kref {
	uint32_t id;
	uint32_t kind; /* enum kobject */
	uint64_t count;
};

/* Not a scheduling point. */
void kref_init(struct kref *r, enum kobject kind);

/* [ref.get] Does not sleep.  Adds a holder. */
#define kref_get(r) kref_get_at((r), KSITE("get", "ref"))
void kref_get_at(struct kref *r, const struct ksite *site);

/* [ref.put] Does not sleep.  Returns true to the last holder, who frees. */
#define kref_put(r) kref_put_at((r), KSITE("put", "ref"))
bool kref_put_at(struct kref *r, const struct ksite *site);

/* [ref.count] Does not sleep.  Source: Arc::strong_count. */
#define kref_count(r) kref_count_at((r), KSITE("count", "ref"))
uint64_t kref_count_at(struct kref *r, const struct ksite *site);

/* ---- wakers: park and unpark with a permit ----------------------------- */

/*
 * A waker belongs to one wait of one task: a weak reference to the task and
 * a permit.  Many places may hold it; its own reference count is never looked
 * at and so is no scheduling point.
 */
struct kwaker;

/* A waker of the calling task with one reference.  Not a point. */
struct kwaker *kwaker_new(void);
/*
 * A waker for one of several queues that a wait is in: the @index-th word of
 * the call.  To unpark it is to unpark @whole, which it holds and which alone
 * is parked.  Not a point.
 */
struct kwaker *kwaker_new_part(struct kwaker *whole, unsigned int index);
struct kwaker *kwaker_get(struct kwaker *w);
void kwaker_put(struct kwaker *w);

/*
 * [task.block], and [task.resume] once unparked.  If the permit is there,
 * takes it and returns false at once; else sleeps until unparked and returns
 * true.  May wake for no reason: a waker of an earlier wait unblocks the task
 * too.
 */
#define kpark(w) kpark_at((w), KSITE("block", "task"))
bool kpark_at(struct kwaker *w, const struct ksite *site);

/*
 * [task.wake] Does not sleep.  Leaves the permit; if the task is blocked, in
 * whatever it be, makes it runnable; does nothing to a task that has exited.
 */
#define kunpark(w) kunpark_at((w), KSITE("wake", "task"))
void kunpark_at(struct kwaker *w, const struct ksite *site);

/* [task.yield] A scheduling point and nothing else. */
#define kyield() kyield_at(KSITE("yield", "task"))
void kyield_at(const struct ksite *site);

/* ---- interrupt flag ---------------------------------------------------- */

/* [interrupt.register] The next signal to this task wakes @w, once. */
#define kinterrupt_register(w)                                                 \
	kinterrupt_register_at((w), KSITE("register", "interrupt"))
void kinterrupt_register_at(struct kwaker *w, const struct ksite *site);

/* [interrupt.take] Clears the flag and returns what it was. */
#define kinterrupt_take() kinterrupt_take_at(KSITE("take", "interrupt"))
bool kinterrupt_take_at(const struct ksite *site);

/* ---- clocks and timers ----------------------------------------------------
 */

/* [clock.read] */
#define kclock_wall_ns() kclock_wall_ns_at(KSITE("read", "clock"))
uint64_t kclock_wall_ns_at(const struct ksite *site);
#define kclock_monotonic_ns() kclock_monotonic_ns_at(KSITE("read", "clock"))
uint64_t kclock_monotonic_ns_at(const struct ksite *site);

/* The wall clock can be set; the monotonic one cannot. */
enum kclock {
	KCLOCK_WALL,
	KCLOCK_MONOTONIC,
};

struct ktimer;

/*
 * [timer.arm] A timer for the time @deadline_ns on @clock (KTIME_NEVER: it
 * never fires).  A deadline that has passed already has expired at once.
 * Owner: the caller, until ktimer_cancel.
 */
#define ktimer_arm(clock, deadline_ns)                                         \
	ktimer_arm_at((clock), (deadline_ns), KSITE("arm", "timer"))
struct ktimer *ktimer_arm_at(enum kclock clock, uint64_t deadline_ns,
			     const struct ksite *site);

/* [timer.poll] True if it has fired; else it will wake @w when it does. */
#define ktimer_poll(t, w) ktimer_poll_at((t), (w), KSITE("poll", "timer"))
bool ktimer_poll_at(struct ktimer *t, struct kwaker *w,
		    const struct ksite *site);

/* [timer.cancel] Disarms and frees it. */
#define ktimer_cancel(t) ktimer_cancel_at((t), KSITE("cancel", "timer"))
void ktimer_cancel_at(struct ktimer *t, const struct ksite *site);

/* ---- user memory ----------------------------------------------------------
 */

struct ktimespec {
	int64_t sec;
	int64_t nsec;
};

/*
 * Access to the calling task's user memory.  Each may fault: the fault takes
 * the address-space mutex and sleeps, or finds no page and gives -EFAULT.
 * Misaligned addresses give -EFAULT.  Each returns 0 or -EFAULT.
 */
/* [user.load] */
#define kuser_load32(addr, out)                                                \
	kuser_load32_at((addr), (out), KSITE("load", "user"))
int kuser_load32_at(uint64_t addr, uint32_t *out, const struct ksite *site);
/* [user.store] */
#define kuser_store32(addr, v)                                                 \
	kuser_store32_at((addr), (v), KSITE("store", "user"))
int kuser_store32_at(uint64_t addr, uint32_t value, const struct ksite *site);
/* [user.cas] @old_out gets the value that was there. */
#define kuser_cas32(addr, old, new_, old_out)                                  \
	kuser_cas32_at((addr), (old), (new_), (old_out), KSITE("cas", "user"))
int kuser_cas32_at(uint64_t addr, uint32_t old, uint32_t new_value,
		   uint32_t *old_out, const struct ksite *site);
/* [user.read] @size bytes as 64-bit words: a pointer or a list head. */
#define kuser_read64(addr, out, words)                                         \
	kuser_read64_at((addr), (out), (words), KSITE("read", "user"))
int kuser_read64_at(uint64_t addr, uint64_t *out, unsigned int words,
		    const struct ksite *site);
/* [user.write] One 64-bit word. */
#define kuser_write64(addr, v)                                                 \
	kuser_write64_at((addr), (v), KSITE("write", "user"))
int kuser_write64_at(uint64_t addr, uint64_t value, const struct ksite *site);
/*
 * [user.load], [user.fetch] The same for who holds a lock that a fault handler
 * must not wait behind: a page that is absent is -EFAULT, and nobody sleeps.
 */
#define kuser_load32_nofault(addr, out)                                        \
	kuser_load32_nofault_at((addr), (out), KSITE("load", "user"))
int kuser_load32_nofault_at(uint64_t addr, uint32_t *out,
			    const struct ksite *site);

enum kfetch {
	KFETCH_SET,
	KFETCH_ADD,
	KFETCH_OR,
	KFETCH_ANDN, /* the bits of the operand are cleared */
	KFETCH_XOR,
};
/* What the word holds after @op. */
static inline uint32_t kfetch_apply(enum kfetch op, uint32_t old,
				    uint32_t operand)
{
	switch (op) {
	case KFETCH_SET:
		return operand;
	case KFETCH_ADD:
		return old + operand;
	case KFETCH_OR:
		return old | operand;
	case KFETCH_ANDN:
		return old & ~operand;
	case KFETCH_XOR:
		return old ^ operand;
	}
	return old;
}
/* One step: read, modify, write.  @old_out gets the value that was there. */
#define kuser_fetch32_nofault(addr, op, operand, old_out)                      \
	kuser_fetch32_nofault_at((addr), (op), (operand), (old_out),           \
				 KSITE("fetch", "user"))
int kuser_fetch32_nofault_at(uint64_t addr, enum kfetch op, uint32_t operand,
			     uint32_t *old_out, const struct ksite *site);
/* [user.fault] Bring the page of a word in, to be written to. */
#define kuser_fault_in(addr) kuser_fault_in_at((addr), KSITE("fault", "user"))
int kuser_fault_in_at(uint64_t addr, const struct ksite *site);

/* One element of the array that futex_waitv takes. */
struct kwaitv {
	uint64_t val;
	uint64_t uaddr;
	uint32_t flags;
	uint32_t reserved;
};
/* Of the caller's array at @addr, which nobody else writes.  Not a point. */
int kuser_read_waitv(uint64_t addr, unsigned int index, struct kwaitv *out);

/* [timeout.read] A struct timespec of the caller. */
#define kuser_read_timespec(addr, out)                                         \
	kuser_read_timespec_at((addr), (out), KSITE("read", "timeout"))
int kuser_read_timespec_at(uint64_t addr, struct ktimespec *out,
			   const struct ksite *site);

/* ---- address space ---------------------------------------------------------
 */

enum karea_kind {
	KAREA_PRIVATE, /* anonymous, or a private mapping of a file */
	KAREA_SHARED, /* shared pages: MAP_SHARED|MAP_ANONYMOUS, SysV */
	KAREA_FILE, /* MAP_SHARED of a file */
};

/*
 * Something whose address names it for as long as anybody holds it, strongly
 * or weakly: shared pages, a file, the futex handle of one mmap call.
 */
struct kidentity;

/* Weak references: they pin the address, not the thing.  Not points. */
struct kidentity *kidentity_get_weak(struct kidentity *id);
void kidentity_put_weak(struct kidentity *id);
/* Its simulated address. */
uint64_t kidentity_address(const struct kidentity *id);

struct karea {
	enum karea_kind kind;
	uint64_t start; /* first address of the area, bytes */
	uint64_t offset; /* of @start into the pages or file, bytes */
	struct kidentity *pages; /* shared pages, or the file itself */
	struct kidentity *handle; /* KAREA_FILE: made by the mmap call */
	bool is_hidden; /* may not be read */
	bool is_read_only; /* may not be written */
};

/* [aspace.lock], [aspace.trylock], [aspace.unlock]: the calling task's. */
#define kaspace_lock() kaspace_lock_at(KSITE("lock", "aspace"))
void kaspace_lock_at(const struct ksite *site);
#define kaspace_trylock() kaspace_trylock_at(KSITE("trylock", "aspace"))
bool kaspace_trylock_at(const struct ksite *site);
#define kaspace_unlock() kaspace_unlock_at(KSITE("unlock", "aspace"))
void kaspace_unlock_at(const struct ksite *site);

/*
 * The area that holds @addr.  Called with the address-space mutex held, which
 * it asserts; not a point.  Owner: pointers in @area stay the area's.
 */
bool kaspace_find_area(uint64_t addr, struct karea *area);

/*
 * Does another task that has not exited use the calling task's address space?
 * Not a point.
 */
bool kaspace_has_others(void);

/* ---- memory ------------------------------------------------------------ */

/*
 * Zeroed memory.  Not a point: an address depends on the calling task and on
 * how many blocks it has asked for, on nothing else.  Never fails.
 */
void *kalloc(size_t size, const char *what);
void kfree(void *ptr);
/* The simulated address of a block; order among blocks is meaningful. */
uint64_t kaddress(const void *ptr);

/* ---- who am I ---------------------------------------------------------- */

struct futex_system;
struct futex_table;
struct futex_thread;

/* The one futex subsystem of this kernel (Rust: its statics). */
struct futex_system *kfutex_system(void);

enum kscope {
	KSCOPE_PROCESS, /* the calling task's process */
	KSCOPE_ASPACE, /* its address space: CLONE_VM siblings share it */
};
/* The private futex table; borrowed. */
struct futex_table *kprivate_table(enum kscope scope);

/* The calling task, and the task with @tid (0: the caller; NULL: none). */
struct futex_thread *kthread(uint32_t tid);
uint32_t kthread_tid(void);

/* ---- for the observer -------------------------------------------------- */

/*
 * Changes of memory under a queue's or a table's mutex, told to whoever
 * watches.  Not scheduling points; they change nothing.
 */
enum knote {
	KNOTE_QUEUE_PUSH, /* @waker joins the tail of @queue */
	KNOTE_QUEUE_CHARGE, /* it leaves, counted as woken */
	KNOTE_QUEUE_REMOVE, /* it leaves by itself */
	KNOTE_QUEUE_DROP, /* it leaves because it was cancelled */
	KNOTE_QUEUE_DRAIN, /* it leaves, to be appended elsewhere */
	KNOTE_QUEUE_APPEND, /* it joins the tail of @queue after a requeue */
};
#define knote_queue(what, queue, waker)                                        \
	knote_queue_at((what), (queue), (waker), KSITE("note", "queue"))
void knote_queue_at(enum knote what, const struct kmutex *queue,
		    struct kwaker *waker, const struct ksite *site);

/* An entry with @queue enters or leaves @table under @key. */
#define knote_entry(insert, table, key, queue)                                 \
	knote_entry_at((insert), (table), (key), (queue),                      \
		       KSITE("note", "entry"))
void knote_entry_at(bool insert, const struct kmutex *table, uint64_t key,
		    const struct kmutex *queue, const struct ksite *site);

/* A shared table enters or leaves the registry under @identity. */
#define knote_table(insert, table, identity)                                   \
	knote_table_at((insert), (table), (identity), KSITE("note", "table"))
void knote_table_at(bool insert, const struct kmutex *table, uint64_t identity,
		    const struct ksite *site);

/* The calling task has resolved @addr to @key; @region is NULL if private. */
void knote_key(uint64_t addr, uint64_t key, const struct kidentity *region,
	       bool asked_private);

/*
 * What the calling task charges from now on is for the @word-th word of its
 * call.  Not a point.
 */
void knote_waking(unsigned int word);

/* The impossible has happened: ends the run with the verdict kernel-bug. */
#define kbug_on(condition)                                                     \
	do {                                                                   \
		if (condition)                                                 \
			kbug(#condition, KSITE("bug", "kernel"));              \
	} while (0)
_Noreturn void kbug(const char *what, const struct ksite *site);

#endif
