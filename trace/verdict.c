/*
 * verdict.c - the names of verdicts.
 */
#include "trace/verdict.h"

#include <string.h>

static const char *const names[VERDICT_KIND_COUNT] = {
	[VERDICT_DEADLOCK] = "deadlock",
	[VERDICT_LOST_WAKEUP] = "lost-wakeup",
	[VERDICT_LIVELOCK] = "livelock",
	[VERDICT_USE_AFTER_FREE] = "use-after-free",
	[VERDICT_DOUBLE_FREE] = "double-free",
	[VERDICT_LEAK] = "leak",
	[VERDICT_LOCK_ORDER] = "lock-order",
	[VERDICT_WRONG_KEY] = "wrong-key",
	[VERDICT_DATA_RACE] = "data-race",
	[VERDICT_KERNEL_BUG] = "kernel-bug",
	[VERDICT_ASSERTION] = "assertion",
	[VERDICT_EXPECTATION] = "expectation",
	[VERDICT_STEP_LIMIT] = "step-limit",
};

const char *verdict_name(enum verdict_kind kind)
{
	return names[kind];
}

bool verdict_parse(const char *name, enum verdict_kind *kind)
{
	for (unsigned int i = 0; i < VERDICT_KIND_COUNT; i++) {
		if (strcmp(names[i], name) == 0) {
			*kind = i;
			return true;
		}
	}
	return false;
}

void verdict_add_evidence(struct verdict *v, uint32_t n)
{
	unsigned int i, at = 0;

	while (at < v->evidence_count && v->evidence[at] < n)
		at++;
	if (!n || v->evidence_count == VERDICT_EVIDENCE_MAX ||
	    (at < v->evidence_count && v->evidence[at] == n))
		return;
	for (i = v->evidence_count++; i > at; i--)
		v->evidence[i] = v->evidence[i - 1];
	v->evidence[at] = n;
}
