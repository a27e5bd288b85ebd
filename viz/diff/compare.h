/*
 * compare.h - two traces, event by event.
 *
 * Events are told by who moves, at which point and with what result, not by
 * their numbers or times: what comes of one thread's steps can be compared
 * however differently the others ran in between.
 */
#ifndef VIZ_DIFF_COMPARE_H
#define VIZ_DIFF_COMPARE_H

#include <stddef.h>

#include "trace/trace.h"

enum difference_kind {
	DIFFERENCE_NONE,
	DIFFERENCE_MOVER, /* somebody else moves */
	DIFFERENCE_POINT, /* the same thread is somewhere else */
	DIFFERENCE_VALUE, /* it does the same, and it comes out otherwise */
	DIFFERENCE_END, /* one of the traces ends */
	DIFFERENCE_VERDICT, /* the same events, judged otherwise */
	DIFFERENCE_KIND_COUNT,
};

struct difference {
	enum difference_kind kind;
	uint32_t n[2]; /* of the events, left and right; 0: there is none */
};

struct comparison {
	const struct trace *t[2]; /* left, right */
	struct difference first; /* in the order of the traces */
	/*
	 * The first step of a thread that differs from the same step of that
	 * thread in the other trace: where the order begins to matter.
	 */
	struct difference effect;
	/* Events that are alike, and those of one trace only. */
	bool is_counted; /* else there were too many differences */
	uint32_t alike, only[2];
};

/* Owner: nothing is to be freed; the traces outlive it. */
void compare_traces(const struct trace *left, const struct trace *right,
		    struct comparison *c);
bool comparison_is_equal(const struct comparison *c);

/* "mover" and so on; "none". */
const char *difference_name(enum difference_kind kind);
/* "somebody else moves" */
const char *difference_text(enum difference_kind kind);

/* Do two events have the same mover, by name? */
bool is_same_mover(const struct trace *a, const struct event *x,
		   const struct trace *b, const struct event *y);
/* "A", "clock", "signal" */
const char *name_of_mover(const struct trace *t, int32_t mover);

/* ---- align.c ----------------------------------------------------------- */

#define ALIGN_NONE UINT32_MAX

/*
 * Pair equal keys in order, as many as possible: Myers' algorithm.
 * @pair: by index in @a, index in @b or ALIGN_NONE.
 * Returns false if they are too different: then only what they begin and end
 * with is paired.
 */
bool align_keys(const uint64_t *a, uint32_t a_count, const uint64_t *b,
		uint32_t b_count, uint32_t *pair);

/* Of the events of a trace; the caller frees. */
uint64_t *keys_of_events(const struct trace *t);
/* A key of some bytes; @seed: that of what comes before them. */
uint64_t key_of(const void *data, size_t size, uint64_t seed);
uint64_t key_of_text(const char *text, uint64_t seed);

#endif
