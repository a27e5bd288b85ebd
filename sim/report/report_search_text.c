/* report_search_text.c - what a search has found, for a terminal. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loader/explore_names.h"
#include "sim/report/report_search_internal.h"
#include "sim/base/shell.h"

/* ---- the figures ------------------------------------------------------- */

static void print_title(const struct printer *p)
{
	const struct search_request *q = p->q;
	uint64_t own = profile_find(q->profile)->quirks;
	int i;

	search_styled(p, STYLE_BOLD, q->scenario->name);
	if (q->schedule)
		fprintf(p->out, ", from the end of schedule %s",
			q->schedule->name[0] ? q->schedule->name
					     : "`schedule`");
	if (scenario_has_combination(q->scenario))
		fprintf(p->out, " [%s, %s]", q->profile,
			q->scenario->combination);
	else
		fprintf(p->out, ", profile %s", q->profile);
	for (i = 0; q->is_overridden && i < QUIRK_COUNT; i++) {
		if ((own ^ q->quirks) >> i & 1)
			fprintf(p->out, " %s %s",
				q->quirks >> i & 1 ? "with" : "without",
				quirk_table[i].name);
	}
	fprintf(p->out, ": %s at granularity %s, %s\n",
		strategy_name(p->r->strategy),
		granularity_name(p->r->granularity),
		p->r->coverage == COVERAGE_ANY ? "part of it"
					       : coverage_name(p->r->coverage));
}

static void print_figures(const struct printer *p)
{
	const struct search_result *r = p->r;

	fputs("  ", p->out);
	search_print_count(p, r->runs, "run");
	fputs(" (", p->out);
	search_print_number(p, r->runs_blocked);
	fputs(" blocked), ", p->out);
	if (r->runs_cut) {
		search_print_number(p, r->runs_cut);
		fputs(" cut by the bound on steps, ", p->out);
	}
	if (r->states) {
		search_print_count(p, r->states, "state");
		fputs(", ", p->out);
	}
	search_print_count(p, r->events, "event");
	fprintf(p->out, ", %.3f s, %.1f MiB\n", r->seconds,
		(double)r->peak_bytes / (1 << 20));
}

/* Of one pass the line above has said it all. */
static void print_passes(const struct printer *p)
{
	const struct search_pass *pass = p->r->passes;
	uint32_t i;

	if (p->r->pass_count < 2)
		return;
	fputs("  passes: ", p->out);
	for (i = 0; i < p->r->pass_count; i++, pass++) {
		fprintf(p->out, "%s%s", i ? "; " : "",
			strategy_name(pass->strategy));
		if (pass->preemptions != NO_BOUND) {
			fputs(" with ", p->out);
			search_print_count(p, pass->preemptions, "preemption");
		}
		fputs(", ", p->out);
		search_print_count(p, pass->runs, "run");
		if (!pass->is_complete)
			fputs(", not all", p->out);
	}
	fputc('\n', p->out);
}

/* ---- properties -------------------------------------------------------- */

static size_t property_width(const struct search_result *r)
{
	size_t width = 0, size;
	uint32_t i;

	for (i = 0; i < r->property_count; i++) {
		size = strlen(r->properties[i].property->name);
		if (size > width)
			width = size;
	}
	return width;
}

static void print_properties(const struct printer *p)
{
	int width = (int)property_width(p->r);
	const struct property_count *c;
	uint32_t i;

	if (p->r->property_count)
		fputs("\nproperties\n", p->out);
	for (i = 0; i < p->r->property_count; i++) {
		c = &p->r->properties[i];
		fprintf(p->out, "  %-*s  ", width, c->property->name);
		if (!c->held) {
			fputs("Never\n", p->out);
		} else if (c->held == c->of) {
			fputs("Always\n", p->out);
		} else {
			fputs("Sometimes ", p->out);
			search_print_number(p, c->held);
			fputs(" of ", p->out);
			search_print_number(p, c->of);
			fputc('\n', p->out);
		}
	}
}

/* ---- verdicts ---------------------------------------------------------- */

static void print_replay(const struct printer *p, const char *path)
{
	fputs("    replay: ", p->out);
	shell_word(p->out, p->report->program);
	fputs(" replay ", p->out);
	shell_word(p->out, path);
	fputc('\n', p->out);
}

static void print_verdict(const struct printer *p,
			  const struct search_verdict *v)
{
	fputs("  ", p->out);
	search_styled(p, v->is_expected ? STYLE_BOLD : STYLE_BAD,
		      verdict_name(v->kind));
	if (v->movers.count) {
		fputs(" in ", p->out);
		search_print_count(p, v->runs, "run");
		fputs(", ", p->out);
		search_print_count(p, v->preemptions, "preemption");
	}
	fprintf(p->out, "\n    %s\n", v->what);
	if (v->schedule)
		print_replay(p, v->schedule);
}

static void print_verdicts(const struct printer *p)
{
	uint32_t i;

	if (p->r->verdict_count)
		fputs("\nverdicts\n", p->out);
	for (i = 0; i < p->r->verdict_count; i++)
		print_verdict(p, &p->r->verdicts[i]);
	if (p->report->trace)
		fprintf(p->out, "    trace: %s\n", p->report->trace);
	if (p->report->picture)
		fprintf(p->out, "    picture: %s\n", p->report->picture);
}

/* ---- the whole --------------------------------------------------------- */

/* Schedules that are no prefix take no part. */
static void print_aside(const struct printer *p)
{
	const struct scenario *s = p->q->scenario;
	uint32_t i, count = 0;

	for (i = 0; i < s->schedule_count; i++)
		count += !schedule_is_prefix(&s->schedules[i]);
	if (!count)
		return;
	fputs("  ", p->out);
	search_print_count(p, count, "schedule");
	fprintf(p->out, " left aside: only one that ends in `- explore` is "
			"where a search begins\n");
}

void report_search_text(const struct search_report *report, FILE *out)
{
	const struct printer p = {report, report->request, report->result, out};

	print_title(&p);
	print_figures(&p);
	print_passes(&p);
	print_aside(&p);
	fputc('\n', out);
	search_print_outcomes(report->result, out);
	print_properties(&p);
	print_verdicts(&p);
	if (report->record)
		fprintf(out, "\nrecord: %s\n", report->record);
	search_print_conclusion(&p);
}
