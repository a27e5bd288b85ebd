/*
 * trace.h - an execution as data: what was run, every event, how it ended.
 *
 * The machine fills a trace, write.c puts it into a file, read.c gets it back,
 * viz/ draws it.  read(write(t)) equals t.  Everything a picture needs is in
 * here: no scenario file, no simulator.
 *
 * File format: JSON Lines.  First line the header (struct trace less events
 * and end), then one event a line, then one line with the end: verdicts,
 * counts, final state and the digest of all lines before it.  Threads are not
 * called "clock" or "signal": in the file these are the other movers.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include <stddef.h>
#include <stdio.h>

#include "trace/event.h"
#include "trace/verdict.h"

#define TRACE_FORMAT 1

/*
 * Limits of the reader; a file beyond them is refused, not truncated.  The
 * first and the last line may be longer than an event's: they hold the text
 * of the scenario and the state at the end.
 */
#define TRACE_BYTES_MAX (1ull << 30)
#define TRACE_HEADER_MAX (16u << 20)
#define TRACE_LINE_MAX (1u << 20)
#define TRACE_CLOCKS_MAX (64u << 20) /* components of vector clocks */
#define TRACE_EVENTS_MAX 2000000u
#define TRACE_THREADS_MAX 100000u

struct trace_thread {
	const char *name;
	const char *process;
	const char *end; /* "returned -ETIMEDOUT", "blocked: futex",
			    "blocked: mutex:wq", "done", "runnable" */
	bool blocked;
};

/*
 * Something events happen to.  Index 0 is never used.  Names are unique within
 * a trace: "wq:F", "wq:F#2", "table:P1", "aspace:P1", "woken:A", "F".
 */
struct trace_object {
	enum object_kind kind;
	const char *name;
	const char *word; /* OBJECT_WQ: name of the word it is for, or NULL */
	uint64_t key; /* OBJECT_WQ: its key; OBJECT_WORD: its address */
	uint64_t value; /* OBJECT_WORD: at the start */
	bool is_named; /* OBJECT_WORD: declared in the scenario */
};

struct trace_strings {
	const char **items;
	unsigned int count;
};

/*
 * Owner: everything hangs on the trace's own memory; trace_free frees all.
 */
struct trace {
	/* header */
	const char *scenario; /* name */
	const char *title; /* of the diagram; NULL: the scenario's name */
	const char *summary; /* may be NULL */
	const char *schedule; /* name, or "" */
	const char *profile;
	const char *policy; /* "script", "random", "replay" */
	const char *file; /* base name of the scenario file */
	const char *source; /* the scenario's text, to run it again */
	const char *digest; /* of the source: 32 hex digits */
	const char *tool; /* version of futexsim */
	uint64_t seed;
	struct trace_strings quirks; /* in force */
	struct trace_strings focus, hide, highlight; /* diagram: of scenario */
	struct trace_thread *threads;
	unsigned int thread_count;
	uint64_t start_ns; /* virtual time at the start */
	struct trace_object *objects; /* [0] unused */
	unsigned int object_count; /* highest index + 1 */

	struct event *events;
	unsigned int event_count;
	unsigned int step_count; /* events that are steps */

	/* end */
	struct verdict *verdicts;
	unsigned int verdict_count;
	bool expected; /* the run ended as the scenario expects */
	uint64_t end_ns;
	const char *end_state; /* the end state as a JSON object, compact */

	struct trace_pool *pool; /* private to trace.c */
	size_t event_room, object_room, verdict_room;
};

struct trace *trace_new(unsigned int thread_count);
void trace_free(struct trace *t);

/* A copy of @s (of at most @size bytes) that lives as long as the trace. */
const char *trace_string(struct trace *t, const char *s);
/* printf into the trace's memory. */
const char *trace_format(struct trace *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Zeroed memory that lives as long as the trace. */
void *trace_alloc(struct trace *t, size_t size);
/* Append to a list of strings (copied). */
void trace_strings_add(struct trace *t, struct trace_strings *list,
		       const char *s);

/*
 * Append; the caller fills the result.  The pointer is good until the next
 * append.  Events are numbered here, objects get the next index (from 1).
 */
struct event *trace_add_event(struct trace *t);
struct trace_object *trace_add_object(struct trace *t);
struct verdict *trace_add_verdict(struct trace *t);

/*
 * Write the whole trace to @out.
 * Errors: -EIO and the like from the stream.
 */
int trace_write(const struct trace *t, FILE *out);

/*
 * Read a trace from @in; @name is for messages.  On failure returns NULL and
 * fills @error with "name:line:col: error: what".
 */
#define TRACE_ERROR_MAX 512
struct trace *trace_read(FILE *in, const char *name,
			 char error[TRACE_ERROR_MAX]);

#endif
