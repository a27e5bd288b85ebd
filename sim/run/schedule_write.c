/*
 * schedule_write.c - a run as a scenario with one schedule.
 *
 * Each hand-over of the run is one line, which says where the thread stops and
 * not how many steps it makes: code that changes elsewhere leaves it true.
 * What came of the run is kept beside it, so that a replay can tell whether it
 * still does.
 */
#include "sim/run/schedule_write.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loader/explore_names.h"
#include "sim/loader/scenario_source.h"
#include "sim/run/schedule_blocks.h"

#define COLUMN 40 /* where the remark of a line begins */
#define REMARK_MAX 48 /* letters of an operation in it */

struct writer {
	FILE *out;
	const struct run *run;
	struct schedule_blocks blocks;
	int indent; /* of the map's keys */
};

static void start_line(const struct writer *w, const char *text)
{
	fprintf(w->out, "%*s%s", w->indent, "", text);
}

/* ---- the scenario ------------------------------------------------------ */

static void write_scenario(struct writer *w)
{
	static const char *const keys[] = {
		"profile",   "quirks",	 "matrix",	 "schedule",
		"schedules", "recorded", "expected_bug",
	};
	const unsigned int count = sizeof(keys) / sizeof(keys[0]);
	const struct run *run = w->run;
	/* A known bug is one of profiles, not of quirks by themselves. */
	bool has_bug = !run->request.is_overridden;

	w->indent = scenario_source_without(run->request.scenario, keys,
					    count - has_bug, w->out);
}

static void write_quirk_list(const struct writer *w, const char *name,
			     uint64_t quirks)
{
	const char *between = "";
	int q;

	fprintf(w->out, "%s: [", name);
	for (q = 0; q < QUIRK_COUNT; q++) {
		if (quirks >> q & 1) {
			fprintf(w->out, "%s%s", between, quirk_table[q].name);
			between = ", ";
		}
	}
	fputc(']', w->out);
}

/* How the quirks in force differ from those of the profile. */
static void write_behaviour(const struct writer *w)
{
	const struct run_request *r = &w->run->request;
	uint64_t own = profile_find(r->profile)->quirks;

	start_line(w, "profile: ");
	fprintf(w->out, "%s\n", r->profile);
	if (own == r->quirks)
		return;
	start_line(w, "quirks: {");
	write_quirk_list(w, "with", r->quirks & ~own);
	fputs(", ", w->out);
	write_quirk_list(w, "without", own & ~r->quirks);
	fputs("}\n", w->out);
}

/* ---- what came of it --------------------------------------------------- */

static void write_verdicts(const struct writer *w)
{
	const struct sim *sim = w->run->sim;
	const char *between = "";
	int kind;

	start_line(w, "  verdicts: [");
	for (kind = 0; kind < VERDICT_KIND_COUNT; kind++) {
		if (!sim_has_verdict(sim, (enum verdict_kind)kind))
			continue;
		fprintf(w->out, "%s%s", between,
			verdict_name((enum verdict_kind)kind));
		between = ", ";
	}
	fputs("]\n", w->out);
}

static void write_marks(const struct writer *w)
{
	const struct schedule_block *b = w->blocks.items;
	int column = 0;
	uint32_t i;

	start_line(w, "  blocks: [");
	for (i = 0; i < w->blocks.count; i++, b++) {
		if (column > 60) {
			fprintf(w->out, "\n%*s", w->indent + 11, "");
			column = 0;
		} else if (i) {
			fputc(' ', w->out);
		}
		column += fprintf(w->out, "%" PRIu32 "-%04x%s", b->steps,
				  schedule_block_mark(b),
				  i + 1 < w->blocks.count ? "," : "");
	}
	fputs("]\n", w->out);
}

static void write_recorded(const struct writer *w, enum granularity granularity)
{
	start_line(w, "recorded:\n");
	write_verdicts(w);
	start_line(w, "  steps: ");
	fprintf(w->out, "%" PRIu32 "\n", w->blocks.steps);
	if (w->run->sim->is_at_limit) {
		start_line(w, "  max_steps: ");
		fprintf(w->out, "%" PRIu32 "\n", w->run->sim->step_count);
	}
	start_line(w, "  granularity: ");
	fprintf(w->out, "%s\n", granularity_name(granularity));
	start_line(w, "  digest: ");
	fprintf(w->out, "\"%016" PRIx64 "\"\n", w->blocks.digest);
	write_marks(w);
}

/* ---- lines ------------------------------------------------------------- */

/* The largest unit that leaves a whole number. */
static int write_duration(FILE *out, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}};
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (ns >= units[i].ns && ns % units[i].ns == 0)
			return fprintf(out, "%" PRIu64 "%s", ns / units[i].ns,
				       units[i].name);
	}
	return fprintf(out, "%" PRIu64 "ns", ns);
}

static int write_stop(const struct writer *w, const struct schedule_block *b,
		      const char *name)
{
	const struct event *last = &w->run->trace->events[b->last - 1];
	char point[POINT_NAME_MAX];

	event_point(last->kind, last->object_kind, point);
	if (b->stop == STOP_DONE)
		return fprintf(w->out, "%s: until done", name);
	if (b->stop == STOP_BLOCKED)
		return fprintf(w->out, "%s: until blocked", name);
	if (b->stop == STOP_STEPS)
		return fprintf(w->out, "%s: %" PRIu32 " steps", name, b->steps);
	if (b->nth == 1)
		return fprintf(w->out, "%s: after %s", name, point);
	return fprintf(w->out, "%s: {after: %s, nth: %" PRIu32 "}", name, point,
		       b->nth);
}

/* Returns how wide it is. */
static int write_move(const struct writer *w, const struct schedule_block *b)
{
	const char *name = w->run->sim->tasks[b->thread].name;
	int width;

	switch (b->kind) {
	case LINE_THREAD:
		return write_stop(w, b, name);
	case LINE_CLOCK:
		width = fprintf(w->out, "clock: advance ");
		return width + write_duration(w->out, b->amount);
	case LINE_TIMER_FIRE:
		return fprintf(w->out, "timer: fire %s", name);
	case LINE_SPURIOUS:
		return fprintf(w->out, "spurious: %s", name);
	case LINE_SIGNAL:
		if (b->process)
			name = w->run->sim->processes[b->process - 1].name;
		if (b->amount == SIGNAL_DEFAULT)
			return fprintf(w->out, "signal: %s", name);
		return fprintf(w->out, "{signal: %s, number: %" PRIu64 "}",
			       name, b->amount);
	case LINE_ALL_STUCK:
	case LINE_ALL_FINISH:
	case LINE_CHECK:
	case LINE_SHOW:
	case LINE_EXPLORE:
		break;
	}
	return 0;
}

/* The operation in which a block ends; NULL if it cannot be told in a line. */
static const char *operation_of(const struct trace *t,
				const struct schedule_block *b)
{
	const struct event *last = &t->events[b->last - 1], *e;
	uint32_t n;

	for (n = b->last; n > 0; n--) {
		e = &t->events[n - 1];
		if (e->thread != last->thread || !e->step)
			continue;
		if (e->op_index != last->op_index)
			return NULL;
		if (e->text && !e->src)
			return strpbrk(e->text, "\n\r") ? NULL : e->text;
	}
	return NULL;
}

static void write_remark(const struct writer *w, const struct schedule_block *b,
			 int width)
{
	const char *operation = operation_of(w->run->trace, b);

	if (b->kind != LINE_THREAD)
		return;
	fprintf(w->out, "%*s# %" PRIu32 " step%s",
		width < COLUMN ? COLUMN - width : 1, "", b->steps,
		b->steps == 1 ? "" : "s");
	if (operation && strlen(operation) <= REMARK_MAX)
		fprintf(w->out, ", in %s", operation);
}

/* ---- lines that move nobody -------------------------------------------- */

/* Where a block scalar begins, its sign is no part of the condition. */
static void write_check(const struct writer *w,
			const struct schedule_line *line)
{
	const char *text = line->text;

	start_line(w, "  - ");
	if (!strncmp(text, "check:", 6)) {
		fputs("check: ", w->out);
		text += 6 + strspn(text + 6, " ");
		if (*text == '>' || *text == '|')
			text += strcspn(text, " ");
		text += strspn(text, " ");
	}
	fprintf(w->out, "%s\n", text);
}

/* Checks that did not hold are part of what is wrong with the run. */
static void write_checks(const struct writer *w, uint32_t first, uint32_t last)
{
	const struct sim *sim = w->run->sim;
	const struct schedule_line *line;
	const struct verdict *v;
	uint32_t i;

	for (i = 0; i < sim->verdict_count; i++) {
		v = &sim->verdicts[i];
		line = schedule_check_of(w->run, v);
		if (line && v->at >= first && v->at < last)
			write_check(w, line);
	}
}

/* It was said that these get stuck: they may sleep in the end. */
static void write_stuck(const struct writer *w)
{
	const struct schedule *schedule = w->run->request.schedule;
	const struct sim *sim = w->run->sim;
	const struct schedule_line *line;
	uint32_t i;

	if (!schedule || sim_can_any_move(sim) || sim_next_timer(sim))
		return;
	for (i = 0; i < schedule->line_count; i++) {
		line = &schedule->lines[i];
		if (line->kind != LINE_THREAD || line->stop != STOP_STUCK ||
		    !task_is_blocked(&sim->tasks[line->thread]))
			continue;
		start_line(w, "  - ");
		fprintf(w->out, "%s: until stuck\n",
			sim->tasks[line->thread].name);
	}
}

/*
 * A run that was ended makes one more move, which the limit keeps from being
 * made, or which is the one that broke the machine and left no event.
 */
static void write_end(const struct writer *w)
{
	const struct sim *sim = w->run->sim;

	if (sim->is_at_limit) {
		start_line(w, sim_can_any_move(sim) ? "  - all: until stuck"
						    : "  - clock: advance 1ns");
		fprintf(w->out,
			"    # the limit of %" PRIu32 " steps ends it\n",
			sim->step_count);
	} else if (sim->step_count > w->blocks.steps && sim->mover >= 0) {
		start_line(w, "  - ");
		fprintf(w->out, "%s: next    # and there it ends\n",
			sim->tasks[sim->mover].name);
	} else {
		write_stuck(w);
	}
}

static void write_lines(const struct writer *w)
{
	const struct schedule_block *b = w->blocks.items;
	uint32_t i, before = 0;

	start_line(w, "schedule:\n");
	for (i = 0; i < w->blocks.count; i++, b++) {
		write_checks(w, before, b->first);
		before = b->first;
		start_line(w, "  - ");
		write_remark(w, b, write_move(w, b));
		fputc('\n', w->out);
	}
	write_checks(w, before, UINT32_MAX);
	write_end(w);
}

int schedule_write(const struct run *run, enum granularity granularity,
		   FILE *out)
{
	struct writer w = {.out = out, .run = run};

	schedule_blocks_of(run, &w.blocks);
	write_scenario(&w);
	write_behaviour(&w);
	write_lines(&w);
	write_recorded(&w, granularity);
	free(w.blocks.items);
	return ferror(out) ? -EIO : 0;
}
