/*
 * verdict.h - what can be wrong with an execution.
 *
 * One enumeration; the same word in text, JSON, expectations and pictures.
 */
#ifndef TRACE_VERDICT_H
#define TRACE_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

enum verdict_kind {
	VERDICT_DEADLOCK,
	VERDICT_LOST_WAKEUP,
	VERDICT_LIVELOCK,
	VERDICT_USE_AFTER_FREE,
	VERDICT_DOUBLE_FREE,
	VERDICT_LEAK,
	VERDICT_LOCK_ORDER,
	VERDICT_WRONG_KEY,
	VERDICT_DATA_RACE,
	VERDICT_KERNEL_BUG,
	VERDICT_ASSERTION,
	VERDICT_EXPECTATION,
	VERDICT_STEP_LIMIT,
	VERDICT_KIND_COUNT,
};

#define VERDICT_EVIDENCE_MAX 8

/*
 * One finding.  Owner: the strings belong to whoever holds the verdict (the
 * run or the trace).
 */
struct verdict {
	enum verdict_kind kind;
	const char *what; /* the story in one or two sentences, no full stop
			     is added */
	const char *rule; /* the invariant that is violated, one line */
	int32_t thread; /* whose; EVENT_NOBODY if nobody's in particular */
	int32_t line; /* of the scenario; 0: none */
	uint32_t at; /* n of the violating event; 0: the end */
	uint32_t evidence[VERDICT_EVIDENCE_MAX]; /* n of further events */
	unsigned int evidence_count;
};

/* "lost-wakeup" and so on. */
const char *verdict_name(enum verdict_kind kind);
/*
 * Add an event to the evidence, in the order of their numbers; 0, repetitions
 * and more than fit are left out.
 */
void verdict_add_evidence(struct verdict *v, uint32_t n);
bool verdict_parse(const char *name, enum verdict_kind *kind);

#endif
