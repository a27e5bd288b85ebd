/*
 * fake_private.h - what the files of the fake kernel share among themselves.
 */
#ifndef TESTS_FAKE_PRIVATE_H
#define TESTS_FAKE_PRIVATE_H

#include <pthread.h>

#include "model/futex.h"
#include "tests/fake_kernel.h"

enum fake_state {
	FAKE_READY,
	FAKE_PARKED, /* until something unparks it */
	FAKE_AWAITING, /* a mutex; unparking makes it look again */
	FAKE_DONE,
	FAKE_BUGGED,
	FAKE_FAILED, /* the test has failed while it ran */
};

struct fake_task {
	struct fake_task *next; /* in order of making; the test's is first */
	char *name;
	uint32_t tid;
	enum fake_state state;
	struct futex_thread thread;
	struct fake_process *process;
	struct fake_task *next_sleeper; /* in a mutex' FIFO */
	struct kwaker *interrupt_waker; /* a reference */
	bool interrupted;
	const char *stop_before; /* points */
	const char *stop_after;
	bool has_stopped;
	const char *bug;
	char failure[256];
	long (*run)(void *arg);
	void *arg;
	long result;
	pthread_t pthread;
	pthread_cond_t turn;
	bool has_begun;
	bool is_dying;
};

#define FAKE_AREAS_MAX 8

struct fake_aspace {
	struct kmutex mutex;
	unsigned int area_count;
	struct karea areas[FAKE_AREAS_MAX];
	uint64_t ends[FAKE_AREAS_MAX];
	struct futex_table *table;
	unsigned int users;
};

struct fake_process {
	struct fake_process *next;
	struct fake_aspace *aspace;
	struct futex_table *table;
};

/* Is there a word of user memory? */
bool fake_has_word(uint64_t addr);

extern struct fake_task *fake_current;
extern struct fake_task *fake_tasks; /* the test's own */
extern bool fake_is_broken;

/* A point is about to be passed, and has been passed. */
void fake_begin(const struct ksite *site);
void fake_begin_of(const struct ksite *site, uint32_t kind);
void fake_end(const struct ksite *site);
void fake_point_name(const struct ksite *site, char *buf, size_t size);
void fake_logf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The current task cannot go on in @state. */
void fake_sleep(enum fake_state state);
void fake_make_runnable(struct fake_task *t);
/* Is it the test's own task? */
bool fake_is_own(const struct fake_task *t);
/* Give the processor back to the test. */
void fake_stop(void);
/* The current task is no more. */
void fake_end_of_task(enum fake_state state) __attribute__((noreturn));

void fake_unpark(struct kwaker *w);
const char *fake_waker_name(const struct kwaker *w);
unsigned int fake_waker_count(void);

void fake_wakers_init(void);
void fake_wakers_fini(void);
void fake_tasks_init(void);
void fake_tasks_fini(void);
void fake_tasks_assert_done(void);
void fake_user_init(void);
void fake_aspaces_init(void);
void fake_aspaces_release(void);
void fake_aspaces_fini(void);

#endif
