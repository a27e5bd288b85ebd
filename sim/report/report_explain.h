/*
 * report_explain.h - the step that made a failure certain, told to a person
 * and to a program.
 */
#ifndef SIM_REPORT_REPORT_EXPLAIN_H
#define SIM_REPORT_REPORT_EXPLAIN_H

#include <stdio.h>

#include "sim/search/search_explain.h"
#include "sim/cli/shown.h"

struct explain_report {
	const struct shown *shown;
	const struct explanation *e;
	const struct trace *failing;
	const struct trace *passing; /* NULL: there is none */
	uint32_t shared; /* n of the last event that both have */
	uint32_t certain; /* n of the first event after which nothing passes */
	uint64_t budget;
	bool color;
	const char *schedule; /* files, or NULL: of the passing run */
	const char *trace; /* and of the failing one */
	const char *picture;
};

void report_explain_text(const struct explain_report *report, FILE *out);

/* One JSON object on one line. */
void report_explain_json(const struct explain_report *report, FILE *out);

/* The first step of @t after the event @after; NULL if there is none. */
const struct event *explain_step(const struct trace *t, uint32_t after);
/* Whose it is: "A", "clock", "signal". */
const char *explain_mover(const struct trace *t, const struct event *e);
/* The operation it is part of, "futex_wait F 0"; NULL if it is of none. */
const char *explain_operation(const struct trace *t, const struct event *e);

#endif
