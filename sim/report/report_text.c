/* report_text.c - the story of a run for a terminal. */
#include <inttypes.h>
#include <string.h>

#include "sim/run/names.h"
#include "sim/report/report.h"

/* Rows of results at either end; what is between more of them is counted. */
#define ENDS 250u

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_BAD,
	STYLE_GOOD,
};

static const char *const codes[] = {"", "\033[1m", "\033[2m", "\033[1;31m",
				    "\033[1;32m"};

struct printer {
	FILE *out;
	bool color;
};

static void styled(const struct printer *p, enum style style, const char *text)
{
	if (p->color && style != STYLE_PLAIN)
		fprintf(p->out, "%s%s\033[0m", codes[style], text);
	else
		fputs(text, p->out);
}

/* "10ms", "1.5ms": the largest unit that leaves few digits. */
static void print_time(const struct printer *p, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}};
	uint64_t fraction;
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		fraction = ns % units[i].ns;
		if (ns < units[i].ns || fraction % (units[i].ns / 1000))
			continue;
		fprintf(p->out, "%" PRIu64, ns / units[i].ns);
		fraction /= units[i].ns / 1000;
		if (fraction)
			fprintf(p->out, ".%03" PRIu64, fraction);
		fputs(units[i].name, p->out);
		return;
	}
	fprintf(p->out, "%" PRIu64 "ns", ns);
}

/* ---- results ----------------------------------------------------------- */

static int name_width(const struct sim *sim)
{
	size_t width = 6;
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (strlen(sim->tasks[i].name) > width)
			width = strlen(sim->tasks[i].name);
	}
	return (int)width;
}

static const char *text_of(const struct result *r)
{
	return r->op->text;
}

static int text_width(const struct sim *sim)
{
	const struct result *r;
	size_t width = 24;

	for (r = sim->results; r; r = r->next) {
		if (strlen(text_of(r)) > width)
			width = strlen(text_of(r));
	}
	return (int)(width > 60 ? 60 : width);
}

static uint32_t result_count(const struct sim *sim)
{
	const struct result *r;
	uint32_t count = 0;

	for (r = sim->results; r; r = r->next)
		count++;
	return count;
}

static void print_result(const struct printer *p, const struct sim *sim,
			 const struct result *r, int names, int texts)
{
	char text[RESULT_TEXT_MAX];
	const char *value = result_text(r->value, text);

	fprintf(p->out, "%6" PRIu32 "  %-*s  %-*s  ", r->event, names,
		sim->tasks[r->thread].name, texts, text_of(r));
	styled(p, r->value < 0 ? STYLE_BOLD : STYLE_PLAIN, value);
	fprintf(p->out, "%*s  ",
		(int)(strlen(value) < 12 ? 12 - strlen(value) : 0), "");
	print_time(p, r->time_ns);
	fputc('\n', p->out);
}

/* A program that spins has more results than anybody wants to see. */
static void print_results(const struct printer *p, const struct sim *sim)
{
	int names = name_width(sim), texts = text_width(sim);
	uint32_t count = result_count(sim), i = 0;
	const struct result *r;

	if (sim->results)
		fprintf(p->out, "%6s  %-*s  %-*s  %-12s  %s\n", "step", names,
			"thread", texts, "operation", "result", "at");
	for (r = sim->results; r; r = r->next, i++) {
		if (i < ENDS || i + ENDS >= count)
			print_result(p, sim, r, names, texts);
		else if (i == ENDS)
			fprintf(p->out, "%6s  %" PRIu32 " more\n", "...",
				count - 2 * ENDS);
	}
}

/* ---- states ------------------------------------------------------------ */

static void print_entry(const struct printer *p, const struct state_entry *e)
{
	/* Words are aligned: the last bit says that the flag was given. */
	bool is_private = e->key & 1;
	uint32_t i;

	fprintf(p->out, "    0x%" PRIx64, e->key - is_private);
	if (e->word)
		fprintf(p->out, " (%s)", e->word);
	fputs(is_private ? ", with the private flag: " : ": ", p->out);
	for (i = 0; i < e->waiter_count; i++)
		fprintf(p->out, "%s%s (bits 0x%" PRIx32 ")", i ? ", " : "",
			e->waiters[i].thread, e->waiters[i].bitset);
	fputs(e->waiter_count ? "\n" : "empty\n", p->out);
}

static void print_tables(const struct printer *p, const struct state *s)
{
	const struct state_table *t;
	uint32_t i, j;

	for (i = 0; i < s->table_count; i++) {
		t = &s->tables[i];
		fprintf(p->out, "  %s table of %s%s\n",
			t->is_shared ? "shared" : "private", t->handle,
			t->entry_count ? "" : ": empty");
		for (j = 0; j < t->entry_count; j++)
			print_entry(p, &t->entries[j]);
	}
	if (s->shared_tables || s->operations)
		fprintf(p->out,
			"  shared tables: %" PRIu32 ", operations since the "
			"last sweep: %" PRIu64 "\n",
			s->shared_tables, s->operations);
}

static void print_blocked(const struct printer *p,
			  const struct state_blocked *b)
{
	fprintf(p->out, "  %s is blocked in %s on %s", b->thread, b->text,
		b->on);
	if (b->what)
		fprintf(p->out, " %s", b->what);
	if (b->has_expected && b->expected != b->value)
		fprintf(p->out,
			", expecting %" PRIu32 " where there is %" PRIu32,
			b->expected, b->value);
	fputc('\n', p->out);
}

static void print_state(const struct printer *p, const struct state *s)
{
	uint32_t i;

	fputc('\n', p->out);
	styled(p, STYLE_BOLD,
	       strcmp(s->at, "end") ? "state shown at " : "end state at ");
	print_time(p, s->time_ns);
	fputc('\n', p->out);
	if (s->word_count) {
		fputs("  words:", p->out);
		for (i = 0; i < s->word_count; i++)
			fprintf(p->out, " %s=%" PRIu32, s->words[i].name,
				s->words[i].value);
		fputc('\n', p->out);
	}
	print_tables(p, s);
	for (i = 0; i < s->blocked_count; i++)
		print_blocked(p, &s->blocked[i]);
	if (!s->blocked_count)
		fputs("  nobody is blocked\n", p->out);
}

/* ---- verdicts ---------------------------------------------------------- */

static void print_verdict(const struct printer *p, const struct run *run,
			  const struct verdict *v)
{
	const char *path;
	int line = v->line;

	styled(p, STYLE_BAD, verdict_name(v->kind));
	if (v->line) {
		path = scenario_place(run->request.scenario, &line);
		fprintf(p->out, " (%s:%d)", path, line);
	}
	if (v->at)
		fprintf(p->out, " at step %" PRIu32, v->at);
	fprintf(p->out, "\n    %s\n", v->what);
	if (v->rule && strcmp(v->rule, v->what))
		fprintf(p->out, "    rule: %s\n", v->rule);
}

static void print_conclusion(const struct printer *p, const struct run *run)
{
	const struct expected_bug *bug = &run->request.scenario->bug;

	if (run->error) {
		styled(p, STYLE_BAD, "the schedule cannot be carried out\n");
	} else if (run->is_expected && run->has_bug_shown) {
		styled(p, STYLE_GOOD, "as expected");
		fprintf(p->out, ": the known bug %s (%s) shows\n",
			bug->id ? bug->id : "", verdict_name(bug->kind));
	} else if (run->is_expected) {
		styled(p, STYLE_GOOD, "ok");
		fputs(": nothing is wrong with this run\n", p->out);
	} else {
		styled(p, STYLE_BAD, "not as expected");
		fprintf(p->out, "%s%s\n", run->note ? ": " : "",
			run->note ? run->note : "");
	}
}

static void print_title(const struct printer *p, const struct run *run)
{
	const struct run_request *r = &run->request;
	int q;

	styled(p, STYLE_BOLD, r->scenario->name);
	if (r->schedule && r->schedule->name[0])
		fprintf(p->out, ", schedule %s", r->schedule->name);
	if (scenario_has_combination(r->scenario))
		fprintf(p->out, " [%s, %s]", r->profile,
			r->scenario->combination);
	else
		fprintf(p->out, ", profile %s", r->profile);
	for (q = 0; r->is_overridden && q < QUIRK_COUNT; q++) {
		uint64_t bit = UINT64_C(1) << q;
		uint64_t own = profile_find(r->profile)->quirks;

		if ((own ^ r->quirks) & bit)
			fprintf(p->out, " %s %s",
				r->quirks & bit ? "with" : "without",
				quirk_table[q].name);
	}
	if (r->mode == RUN_RANDOM)
		fprintf(p->out, ", random from seed %" PRIu64, r->seed);
	fputs("\n\n", p->out);
}

void report_text(const struct run *run, const struct report_options *options,
		 FILE *out)
{
	const struct printer p = {out, options->color};
	const struct state *s;
	uint32_t i;

	print_title(&p, run);
	print_results(&p, run->sim);
	for (s = run->states.first; s; s = s->next)
		print_state(&p, s);
	fputc('\n', out);
	for (i = 0; i < run->sim->verdict_count; i++)
		print_verdict(&p, run, &run->sim->verdicts[i]);
	print_conclusion(&p, run);
	if (options->replay && (run->sim->verdict_count || !run->is_expected))
		fprintf(out, "replay: %s\n", options->replay);
	if (options->trace)
		fprintf(out, "trace: %s\n", options->trace);
}
