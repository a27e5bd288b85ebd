/*
 * stress_pthread.c - the model under real concurrency, to be built with
 * ThreadSanitizer.
 *
 *	build/tsan/stress		everything; the last line has the sum
 *	build/tsan/stress --probe	whether threads work here at all
 *
 * Each stress runs for a fixed number of rounds.  What must hold at the end
 * holds under every schedule of the host.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "model/futex.h"
#include "tests/pthread_kernel.h"

#define WAITERS 4u
#define ROUNDS 4000u
#define TIME (HOST_PRIVATE + 0x400u) /* a struct timespec of 200 us */

static int passed, failed;

static void expect(bool condition, const char *what, long a, long b)
{
	if (condition) {
		passed++;
		return;
	}
	failed++;
	printf("failed: %s (%ld, %ld)\n", what, a, b);
}

struct work {
	pthread_t thread;
	uint32_t tid;
	void (*run)(struct work *w);
	uint64_t word;
	uint64_t other;
	long woken; /* waits that returned 0 */
	long counted; /* wake-ups that were counted */
	long odd; /* results that must not be */
};

static void *body(void *arg)
{
	struct work *w = arg;

	host_enter(w->tid);
	w->run(w);
	host_leave();
	return NULL;
}

static void start(struct work *w, uint32_t tid, void (*run)(struct work *w),
		  uint64_t word, uint64_t other)
{
	*w = (struct work){
		.tid = tid, .run = run, .word = word, .other = other};
	pthread_create(&w->thread, NULL, body, w);
}

static void join_all(struct work *works, unsigned int count)
{
	while (count--)
		pthread_join(works[count].thread, NULL);
}

static void begin(uint64_t quirks)
{
	host_init(quirks);
	host_enter(HOST_THREADS_MAX);
	kuser_write64(TIME, 0);
	kuser_write64(TIME + 8, 200000);
	host_leave();
}

/* ---- waits against wakes, timeouts, signals, requeues ------------------ */

static void wait_often(struct work *w)
{
	unsigned int i;
	long result;

	for (i = 0; i < ROUNDS; i++) {
		result = sys_futex(w->word, FUTEX_WAIT, 0, TIME, 0, 0);
		w->woken += result == 0;
		w->odd += result && result != -ETIMEDOUT && result != -EINTR;
	}
}

static void wake_often(struct work *w)
{
	unsigned int i;
	long result;

	for (i = 0; i < ROUNDS; i++) {
		result = sys_futex(w->word, FUTEX_WAKE, 1 + i % 2, 0, 0, 0);
		w->odd += result < 0;
		w->counted += result;
		result = sys_futex(w->other, FUTEX_WAKE, 1, 0, 0, 0);
		w->odd += result < 0;
		w->counted += result;
	}
}

/* Moves only, to and fro, so that what it returns counts nobody as woken. */
static void requeue_often(struct work *w)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		w->odd += sys_futex(w->word, FUTEX_REQUEUE, 0, 2, w->other, 0) <
			  0;
		w->odd += sys_futex(w->other, FUTEX_CMP_REQUEUE, 0, 1, w->word,
				    0) < 0;
		w->odd += sys_futex(w->word, FUTEX_CMP_REQUEUE, 0, 1, w->other,
				    1) != -EAGAIN;
	}
}

/* A wake of nobody wakes one on Linux; then it counts. */
static void signal_often(struct work *w)
{
	unsigned int i;
	long result;

	for (i = 0; i < ROUNDS / 4; i++) {
		host_signal(1 + i % WAITERS);
		result = sys_futex(w->word, FUTEX_WAKE, 0, 0, 0, 0);
		w->odd += result < 0;
		w->counted += result;
	}
}

/*
 * Without quirks as many waits return 0 as wake-ups were counted; with those
 * of the seed a timeout or a signal may swallow some, and none is made up.
 */
static void stress_waits(const char *name, uint64_t quirks, uint64_t word,
			 uint64_t other)
{
	struct work works[WAITERS + 3];
	unsigned int i;
	long woken = 0, counted = 0, odd = 0, left;

	begin(quirks);
	for (i = 0; i < WAITERS; i++)
		start(&works[i], i + 1, wait_often, word, other);
	start(&works[i], i + 1, wake_often, word, other);
	start(&works[i + 1], i + 2, requeue_often, word, other);
	start(&works[i + 2], i + 3, signal_often, word, other);
	join_all(works, WAITERS + 3);
	for (i = 0; i < WAITERS + 3; i++) {
		woken += works[i].woken;
		counted += works[i].counted;
		odd += works[i].odd;
	}
	left = host_fini();
	printf("%s: %ld of %ld wake-ups arrived\n", name, woken, counted);
	expect(odd == 0, "a call returned what it must not", odd, 0);
	expect(quirks ? woken <= counted : woken == counted,
	       "wake-ups counted and waits that returned 0", counted, woken);
	expect(left == 0, "blocks leak", left, 0);
}

/* ---- a mutex of futexes ------------------------------------------------ */

static long shared_counter; /* guarded by the mutex in user memory */

/* Drepper, Futexes Are Tricky, mutex 2: 0 free, 1 taken, 2 with waiters. */
static void user_lock(uint64_t word)
{
	uint32_t seen = host_cas(word, 0, 1);

	if (!seen)
		return;
	if (seen != 2)
		seen = host_swap(word, 2);
	while (seen) {
		sys_futex(word, FUTEX_WAIT, 2, 0, 0, 0);
		seen = host_swap(word, 2);
	}
}

static void user_unlock(uint64_t word)
{
	if (host_swap(word, 0) == 2)
		sys_futex(word, FUTEX_WAKE, 1, 0, 0, 0);
}

static void count_under_lock(struct work *w)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		user_lock(w->word);
		shared_counter++;
		user_unlock(w->word);
	}
}

static void stress_mutex(uint64_t quirks, uint64_t word)
{
	struct work works[WAITERS];
	unsigned int i;
	long left;

	begin(quirks);
	shared_counter = 0;
	for (i = 0; i < WAITERS; i++)
		start(&works[i], i + 1, count_under_lock, word, 0);
	join_all(works, WAITERS);
	left = host_fini();
	expect(shared_counter == (long)WAITERS * ROUNDS,
	       "increments under the mutex", shared_counter,
	       (long)WAITERS * ROUNDS);
	expect(left == 0, "blocks leak", left, 0);
}

/* ---- joining threads that die ------------------------------------------ */

#define TID_WORD (HOST_SHARED + 8u)
#define HEAD (HOST_PRIVATE + 0x800u)
#define NODE (HOST_PRIVATE + 0x840u)
#define ROBUST (NODE + 16u)

/* Owns the robust mutex and ends with it. */
static void die(struct work *w)
{
	sys_set_tid_address(w->word);
	sys_set_robust_list(HEAD, ROBUST_LIST_HEAD_SIZE);
	w->odd += futex_thread_exit() != 0;
}

/* As pthread_join does. */
static void join_tid(struct work *w)
{
	uint32_t tid;

	while ((tid = host_load(w->word)))
		sys_futex(w->word, FUTEX_WAIT, tid, 0, 0, 0);
}

static void join_robust(struct work *w)
{
	uint32_t seen;

	while (!((seen = host_load(w->word)) & FUTEX_OWNER_DIED))
		sys_futex(w->word, FUTEX_WAIT, seen, 0, 0, 0);
}

static void stress_exit(uint64_t quirks)
{
	struct work works[3];
	unsigned int round;
	long odd = 0, left = 0;

	for (round = 0; round < 200; round++) {
		begin(quirks);
		host_enter(HOST_THREADS_MAX);
		kuser_write64(HEAD, NODE);
		kuser_write64(HEAD + 8, ROBUST - NODE);
		kuser_write64(NODE, HEAD);
		host_leave();
		host_store(TID_WORD, 1);
		host_store(ROBUST, 1 | FUTEX_WAITERS);
		start(&works[1], 2, join_tid, TID_WORD, 0);
		start(&works[2], 3, join_robust, ROBUST, 0);
		start(&works[0], 1, die, TID_WORD, 0);
		join_all(works, 3);
		odd += works[0].odd;
		left += host_fini();
	}
	expect(odd == 0, "a thread could not exit", odd, 0);
	expect(left == 0, "blocks leak", left, 0);
}

static void do_nothing(struct work *w)
{
	w->woken++;
}

static int probe(void)
{
	struct work w;

	host_init(0);
	start(&w, 1, do_nothing, 0, 0);
	pthread_join(w.thread, NULL);
	return (int)host_fini();
}

int main(int argc, char **argv)
{
	const uint64_t starry = profile_find("starry-0.5.11")->quirks;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && !strcmp(argv[1], "--probe"))
		return probe();
	stress_waits("private, linux", 0, HOST_PRIVATE, HOST_PRIVATE + 4);
	stress_waits("private, starry", starry, HOST_PRIVATE, HOST_PRIVATE + 4);
	stress_waits("shared, linux", 0, HOST_SHARED, HOST_FILE + 4);
	stress_waits("shared, starry", starry, HOST_SHARED, HOST_PRIVATE);
	stress_mutex(0, HOST_PRIVATE);
	stress_mutex(starry, HOST_SHARED);
	stress_exit(0);
	printf("%d passed, %d failed\n", passed, failed);
	return failed ? 1 : 0;
}
