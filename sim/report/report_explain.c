/*
 * report_explain.c - the step that made a failure certain, as text: the step,
 * what could have happened in its place, and both runs side by side.
 */
#include "sim/report/report_explain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/names.h"

#define ROWS_BEFORE 4u /* steps of the table that both runs have */
#define ROWS_AFTER 12u /* and of each one's own */
#define CELL 44

/* ---- events ------------------------------------------------------------ */

const struct event *explain_step(const struct trace *t, uint32_t after)
{
	uint32_t i;

	for (i = after; i < t->event_count; i++) {
		if (t->events[i].step)
			return &t->events[i];
	}
	return NULL;
}

const char *explain_mover(const struct trace *t, const struct event *e)
{
	if (e->thread >= 0)
		return t->threads[e->thread].name;
	return e->thread == MOVER_CLOCK ? "clock" : "signal";
}

const char *explain_operation(const struct trace *t, const struct event *e)
{
	const struct event *o;
	uint32_t n;

	for (n = e->n; n > 0 && e->thread >= 0; n--) {
		o = &t->events[n - 1];
		if (o->thread != e->thread || !o->step)
			continue;
		if (o->op_index != e->op_index)
			break;
		if (o->text && !o->src)
			return o->text;
	}
	return NULL;
}

/* "woken:A" at the point "woken.load" is "A". */
static const char *short_name(const char *name, const char *point)
{
	size_t size = strcspn(point, ".");

	return !strncmp(name, point, size) && name[size] == ':'
		       ? name + size + 1
		       : name;
}

/* "woken.load A = 1", "user.store F 0 -> 1", "timer.fire [A]" */
static void describe(const struct trace *t, const struct event *e, char *to,
		     size_t size)
{
	char point[POINT_NAME_MAX], value[RESULT_TEXT_MAX];
	FILE *out = fmemopen(to, size, "w");

	if (!out)
		abort();
	fputs(event_point(e->kind, e->object_kind, point), out);
	if (e->object)
		fprintf(out, " %s",
			short_name(t->objects[e->object].name, point));
	if (e->peer >= 0)
		fprintf(out, " [%s]", t->threads[e->peer].name);
	if (e->has_values)
		fprintf(out, " %" PRIu64 " -> %" PRIu64, e->old_value,
			e->new_value);
	else if (e->out)
		fprintf(out, " = %s", result_text(e->out, value));
	fclose(out);
	to[size - 1] = '\0';
}

/* ---- the table --------------------------------------------------------- */

/* Calls that nobody comes between are told by where they begin and block. */
static bool is_row(const struct explain_report *r, const struct event *e)
{
	return e->step &&
	       (r->shown->request.explore.granularity == GRANULARITY_KERNEL ||
		!e->src || e->kind == EVENT_BLOCK);
}

static const struct event *next_row(const struct explain_report *r,
				    const struct trace *t, uint32_t after)
{
	const struct event *e = explain_step(t, after);

	while (e && !is_row(r, e))
		e = explain_step(t, e->n);
	return e;
}

static void print_cell(FILE *out, const struct trace *t, const struct event *e,
		       int width)
{
	char what[128] = "", cell[160] = "";

	if (e) {
		describe(t, e, what, sizeof(what));
		snprintf(cell, sizeof(cell), "%5" PRIu32 "  %s: %s", e->n,
			 explain_mover(t, e), what);
	}
	fprintf(out, "%-*.*s", width, CELL - 2, cell);
}

/* Where the rows that both have begin in the table. */
static uint32_t first_row(const struct explain_report *r)
{
	uint32_t n = r->shared, rows = 0;

	while (n && rows < ROWS_BEFORE)
		rows += is_row(r, &r->failing->events[--n]);
	return n;
}

static void print_shared(const struct explain_report *r, FILE *out)
{
	const struct trace *t = r->failing;
	const struct event *e = next_row(r, t, first_row(r));

	for (; e && e->n <= r->shared; e = next_row(r, t, e->n)) {
		fputs("  ", out);
		print_cell(out, t, e, 0);
		fputc('\n', out);
	}
}

static void print_rest(const struct trace *t, const struct event *e, int width,
		       FILE *out)
{
	char text[64] = "";
	uint32_t count = 0;

	for (; e; e = explain_step(t, e->n))
		count++;
	if (count)
		snprintf(text, sizeof(text), "  ... %" PRIu32 " more step%s",
			 count, count == 1 ? "" : "s");
	fprintf(out, "%-*s", width, text);
}

static void print_ways(const struct explain_report *r, FILE *out)
{
	const struct trace *f = r->failing, *p = r->passing;
	const struct event *a = next_row(r, f, r->shared);
	const struct event *b = next_row(r, p, r->shared);
	uint32_t row;

	for (row = 0; row < ROWS_AFTER && (a || b); row++) {
		fputs(row ? "  " : "> ", out);
		print_cell(out, f, a, b ? CELL : 0);
		print_cell(out, p, b, 0);
		fputc('\n', out);
		a = a ? next_row(r, f, a->n) : NULL;
		b = b ? next_row(r, p, b->n) : NULL;
	}
	if (!a && !b)
		return;
	print_rest(f, a, b ? CELL : 0, out);
	print_rest(p, b, 0, out);
	fputc('\n', out);
}

/* How each thread ends, a line each. */
static void print_ends(const struct explain_report *r, FILE *out)
{
	const struct trace *f = r->failing, *p = r->passing;
	char one[96], other[96];
	uint32_t i;

	for (i = 0; i < f->thread_count; i++) {
		snprintf(one, sizeof(one), "%s: %s", f->threads[i].name,
			 f->threads[i].end);
		snprintf(other, sizeof(other), "%s: %s", p->threads[i].name,
			 p->threads[i].end);
		fprintf(out, "  %-*.*s%s\n", CELL, CELL - 2, one, other);
	}
	fprintf(out, "  %-*s%s\n", CELL, verdict_name(r->shown->kind),
		"no verdict");
}

static void print_table(const struct explain_report *r, FILE *out)
{
	fprintf(out, "\n  %-*s%s\n", CELL, "the failing run",
		"the nearest that passes");
	print_shared(r, out);
	print_ways(r, out);
	print_ends(r, out);
}

/* ---- the conclusion ---------------------------------------------------- */

static void print_bold(const struct explain_report *r, const char *text,
		       FILE *out)
{
	if (r->color)
		fprintf(out, "\033[1m%s\033[0m", text);
	else
		fputs(text, out);
}

static void print_step(const struct explain_report *r, const struct trace *t,
		       FILE *out)
{
	const struct event *e = explain_step(t, r->shared);
	const char *operation;
	char what[128];

	if (!e) {
		fputs("    nothing more happens\n", out);
		return;
	}
	describe(t, e, what, sizeof(what));
	operation = explain_operation(t, e);
	fprintf(out, "    %s: %s", explain_mover(t, e), what);
	if (e->src)
		fprintf(out, " (%s)", e->src);
	if (operation)
		fprintf(out, ", in %s", operation);
	if (e->op)
		fprintf(out, ", line %d", e->op);
	fputc('\n', out);
}

/* "step 51", or "steps 51 to 60" where a thread stops less often. */
static void name_steps(const struct explain_report *r, char *to, size_t size)
{
	const struct trace *t = r->failing;
	const struct event *first = explain_step(t, r->shared);
	uint32_t last = r->certain;

	if (!first) {
		snprintf(to, size, "the end");
		return;
	}
	while (last > first->n && !t->events[last - 1].step)
		last--;
	if (last > first->n)
		snprintf(to, size, "steps %" PRIu32 " to %" PRIu32, first->n,
			 last);
	else
		snprintf(to, size, "step %" PRIu32, first->n);
}

static void print_decision(const struct explain_report *r, FILE *out)
{
	char steps[64];

	name_steps(r, steps, sizeof(steps));
	print_bold(r, steps, out);
	fprintf(out, " decide%s it: no run that begins so passes\n",
		strncmp(steps, "steps", 5) ? "s" : "");
	print_step(r, r->failing, out);
	fputs("  a run could still pass, if instead\n", out);
	print_step(r, r->passing, out);
}

static void print_between(const struct explain_report *r, FILE *out)
{
	print_bold(r, "inconclusive", out);
	fprintf(out, ": --budget %" PRIu64 " was not enough\n", r->budget);
	if (r->e->has_passing)
		fprintf(out, "  after event %" PRIu32 " a run can still pass\n",
			r->shared);
	else
		fputs("  no run that passes was found\n", out);
	fprintf(out, "  after event %" PRIu32 " none does\n", r->certain);
}

static void print_files(const struct explain_report *r, FILE *out)
{
	if (r->schedule)
		fprintf(out, "\npassing run: %s\n", r->schedule);
	if (r->trace)
		fprintf(out, "trace: %s\n", r->trace);
	if (r->picture)
		fprintf(out, "picture: %s\n", r->picture);
}

void report_explain_text(const struct explain_report *r, FILE *out)
{
	const struct shown *shown = r->shown;

	print_bold(r, shown->scenario->name, out);
	if (scenario_has_combination(shown->scenario))
		fprintf(out, " [%s, %s]: %s\n", shown->request.profile,
			shown->scenario->combination,
			verdict_name(shown->kind));
	else
		fprintf(out, ", profile %s: %s\n", shown->request.profile,
			verdict_name(shown->kind));
	fprintf(out, "  %" PRIu32 " step%s, %" PRIu32 " preemption%s\n\n",
		shown->steps, shown->steps == 1 ? "" : "s", shown->preemptions,
		shown->preemptions == 1 ? "" : "s");
	switch (r->e->end) {
	case EXPLAIN_STEP:
		print_decision(r, out);
		break;
	case EXPLAIN_NEVER:
		print_bold(r, "no interleaving passes", out);
		fputs(": every one of them has a verdict\n", out);
		break;
	case EXPLAIN_SPENT:
		print_between(r, out);
		break;
	}
	if (r->e->was_cut)
		fputs("  runs that reach the bound on steps count as not "
		      "passing; see --steps\n",
		      out);
	if (r->passing)
		print_table(r, out);
	print_files(r, out);
}
