/*
 * trace_fixture.h - traces built by hand, for tests of trace/ and viz/.
 *
 * The events of a futex call come in the order in which the machine gives
 * them.  Owner: the caller frees a trace with trace_free.
 */
#ifndef TESTS_TRACE_FIXTURE_H
#define TESTS_TRACE_FIXTURE_H

#include "trace/trace.h"

/* A trace under construction. */
struct fixture {
	struct trace *t;
	uint64_t now;
	int32_t thread; /* whose events are added */
	int32_t line; /* of the scenario */
};

/* Names of threads and processes alternate: "A", "P1", "B", "P1", NULL. */
struct fixture fixture_begin(const char *scenario, const char *const *threads);
/* The object of this name; made if there is none yet. */
uint32_t fixture_object(struct fixture *f, enum object_kind kind,
			const char *name);
/* Add a step; @object is by name or NULL. */
struct event *fixture_step(struct fixture *f, enum event_kind kind,
			   enum object_kind kind_of_object, const char *object);
/* Add a note on the queue @queue about the thread @peer. */
struct event *fixture_note(struct fixture *f, enum event_kind kind,
			   const char *queue, int32_t peer);

void fixture_lock(struct fixture *f, enum object_kind kind, const char *name);
void fixture_unlock(struct fixture *f, enum object_kind kind, const char *name);
/* A load of the word @word that finds @value. */
void fixture_load(struct fixture *f, const char *word, int64_t value);
void fixture_store(struct fixture *f, const char *word, uint64_t old,
		   uint64_t value);
void fixture_enter(struct fixture *f, const char *text);
void fixture_return(struct fixture *f, int64_t result);
/* A futex_wait up to where it blocks; @timeout_ns 0: none. */
void fixture_wait(struct fixture *f, int32_t thread, const char *text,
		  const char *word, const char *table, int64_t value,
		  uint64_t timeout_ns);
/* The beginning of any call: key and table of @table. */
void fixture_key(struct fixture *f, const char *table);
/* The end of a call: its guard on the entry of @word goes. */
void fixture_guard_drop(struct fixture *f, const char *table, const char *word);

/*
 * A waits with a timeout, C without one.  The timer fires; A reads woken = 0;
 * B stores and wakes one, which is charged to A; A returns ETIMEDOUT.
 */
struct trace *fixture_timeout_swallows_wake(void);
/* W of P1 waits on F, R of P2 requeues it to G and wakes it there. */
struct trace *fixture_requeue_across_processes(void);
/* B waits for the queue's mutex, which A holds. */
struct trace *fixture_contended_mutex(void);
/* S interrupts A. */
struct trace *fixture_signal(void);
/* Eight threads in two processes; about sixty rows. */
struct trace *fixture_eight_threads(void);
/* One thread makes @count calls of futex_wake that find nobody. */
struct trace *fixture_many_wakes(unsigned int count);

#endif
