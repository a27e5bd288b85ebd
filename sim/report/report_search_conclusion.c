/*
 * report_search_conclusion.c - the last line of a search's report, and how
 * figures are written.
 */
#include "sim/report/report_search_internal.h"

#include <inttypes.h>

#include "sim/judge/expect.h"

static const char *const codes[] = {"", "\033[1m", "\033[1;31m", "\033[1;32m"};

void search_styled(const struct printer *p, enum style style, const char *text)
{
	if (p->report->color && style != STYLE_PLAIN)
		fprintf(p->out, "%s%s\033[0m", codes[style], text);
	else
		fputs(text, p->out);
}

void search_print_number(const struct printer *p, uint64_t value)
{
	char digits[24];
	size_t i, size;

	size = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, value);
	for (i = 0; i < size; i++) {
		if (i && (size - i) % 3 == 0)
			fputc(',', p->out);
		fputc(digits[i], p->out);
	}
}

void search_print_count(const struct printer *p, uint64_t value,
			const char *what)
{
	search_print_number(p, value);
	fprintf(p->out, " %s%s", what, value == 1 ? "" : "s");
}

static void print_list(const struct printer *p, const struct name_list *list)
{
	uint32_t i;

	for (i = 0; i < list->count; i++)
		fprintf(p->out, "%s%s", i ? ", " : "", list->items[i]);
}

/* ---- the conclusion ---------------------------------------------------- */

static bool means_bug(const struct printer *p)
{
	return expect_means_bug(&p->q->scenario->bug, p->q->profile,
				p->q->is_overridden);
}

static bool has_kind(const struct search_result *r, enum verdict_kind kind)
{
	uint32_t i;

	for (i = 0; i < r->verdict_count; i++) {
		if (r->verdicts[i].kind == kind)
			return true;
	}
	return false;
}

static bool has_bug(const struct search_request *q,
		    const struct search_result *r)
{
	const struct expected_bug *bug = &q->scenario->bug;
	uint32_t i;

	for (i = 0; i < r->verdict_count; i++) {
		if (!r->verdicts[i].is_expected)
			return true;
	}
	return r->verdict_count &&
	       expect_means_bug(bug, q->profile, q->is_overridden) &&
	       !has_kind(r, bug->kind);
}

enum search_conclusion search_conclusion(const struct search_request *q,
					 const struct search_result *r)
{
	if (r->is_expected)
		return SEARCH_AS_EXPECTED;
	if (has_bug(q, r))
		return SEARCH_BUG;
	if (r->coverage < q->explore.coverage || r->end != SEARCH_COMPLETE)
		return SEARCH_INCONCLUSIVE;
	return SEARCH_BUG;
}

/* The bound that was hit, with its value where it has one. */
static void print_bound(const struct printer *p)
{
	const struct search_bounds *b = &p->q->explore.bounds;
	const char *name = search_end_name(p->r->end);
	uint64_t value = NO_BOUND;

	switch (p->r->end) {
	case SEARCH_PREEMPTIONS:
		value = b->preemptions;
		break;
	case SEARCH_STEPS:
		value = b->steps;
		break;
	case SEARCH_EXECUTIONS:
		value = b->executions;
		break;
	case SEARCH_MEMORY:
		value = b->memory;
		break;
	case SEARCH_OUTCOMES:
		value = SEARCH_OUTCOMES_MAX;
		break;
	case SEARCH_TIME:
	case SEARCH_COMPLETE:
	case SEARCH_FIRST_BUG:
	case SEARCH_CANCELLED:
	case SEARCH_SAMPLED:
		break;
	}
	fprintf(p->out, "bound hit: %s", name);
	if (p->r->end == SEARCH_TIME && b->time_ns != NO_BOUND)
		fprintf(p->out, " %.3g s", (double)b->time_ns / 1e9);
	else if (value != NO_BOUND)
		fprintf(p->out, " %" PRIu64, value);
}

/* In what part of all interleavings that was. */
static void print_extent(const struct printer *p)
{
	const struct search_result *r = p->r;
	const struct exploration *e = &p->q->explore;

	switch (r->end) {
	case SEARCH_COMPLETE:
		break;
	case SEARCH_SAMPLED:
		fputs("; a sample, and no more", p->out);
		break;
	case SEARCH_CANCELLED:
		fputs("; interrupted", p->out);
		break;
	case SEARCH_FIRST_BUG:
		fputs("; stopped at the first bug", p->out);
		break;
	case SEARCH_PREEMPTIONS:
	case SEARCH_STEPS:
	case SEARCH_EXECUTIONS:
	case SEARCH_TIME:
	case SEARCH_MEMORY:
	case SEARCH_OUTCOMES:
		fputs(" (", p->out);
		print_bound(p);
		fputc(')', p->out);
		break;
	}
	if (e->preempt_at.count) {
		fputs(", preempted only at ", p->out);
		print_list(p, &e->preempt_at);
	}
	fputc('\n', p->out);
}

/* "any interleaving (24 runs)", "1,000 runs within 2 preemptions" */
static void print_scope(const struct printer *p)
{
	const struct search_result *r = p->r;
	uint64_t preemptions = p->q->explore.bounds.preemptions;

	if (r->coverage == COVERAGE_EXHAUSTIVE && r->end == SEARCH_COMPLETE) {
		fputs("any interleaving (", p->out);
		search_print_count(p, r->runs, "run");
		fputc(')', p->out);
		return;
	}
	search_print_count(p, r->runs, "run");
	if (preemptions != NO_BOUND) {
		fputs(" within ", p->out);
		search_print_count(p, preemptions, "preemption");
	}
}

static void print_bugs(const struct printer *p)
{
	const struct search_result *r = p->r;

	search_styled(p, STYLE_BAD, "not as expected");
	if (r->verdict_count)
		fprintf(p->out, ": %s", verdict_name(r->verdicts[0].kind));
	if (r->verdict_count > 1)
		fprintf(p->out, " and %" PRIu32 " more", r->verdict_count - 1);
	if (r->first_bug_run) {
		fputs(", first in run ", p->out);
		search_print_number(p, r->first_bug_run);
	}
}

static void print_unmet(const struct printer *p)
{
	if (search_conclusion(p->q, p->r) == SEARCH_BUG)
		print_bugs(p);
	else
		search_styled(p, STYLE_BAD, "inconclusive");
	if (p->r->note)
		fprintf(p->out, ": %s", p->r->note);
}

void search_print_conclusion(const struct printer *p)
{
	const struct expected_bug *bug = &p->q->scenario->bug;
	const struct search_result *r = p->r;

	fputc('\n', p->out);
	if (!r->is_expected) {
		print_unmet(p);
	} else if (means_bug(p) && has_kind(r, bug->kind)) {
		search_styled(p, STYLE_GOOD, "as expected");
		fprintf(p->out, ": the known bug %s (%s) shows",
			bug->id ? bug->id : "", verdict_name(bug->kind));
	} else {
		search_styled(p, STYLE_GOOD, "ok");
		fputs(": no bug in ", p->out);
		print_scope(p);
	}
	print_extent(p);
}
