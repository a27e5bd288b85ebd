/*
 * tell.c - the words of the page: verdict, story, steps, source, commands.
 */
#include "viz/report/report.h"

#include <inttypes.h>
#include <string.h>

#include "viz/canvas/sheet.h"

static void put(struct report *p, const char *text)
{
	html_text(p->out, text ? text : "");
}

/* ---- head -------------------------------------------------------------- */

int slot_title(struct report *p)
{
	put(p, story_title(p->s));
	return 0;
}

int slot_badge(struct report *p)
{
	fprintf(p->out, "<strong class=\"badge %s\">",
		p->t->verdict_count ? "bad" : "ok");
	put(p, sheet_badge(p->s->memory, p->t));
	fputs("</strong>", p->out);
	return 0;
}

static void put_fact(struct report *p, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	fprintf(p->out, "<div><dt>%s</dt><dd>", name);
	put(p, value);
	fputs("</dd></div>", p->out);
}

int slot_facts(struct report *p)
{
	const struct trace *t = p->t;
	struct story *s = p->s;

	fputs("<dl class=\"facts\">", p->out);
	put_fact(p, "scenario", t->scenario);
	put_fact(p, "file", t->file);
	put_fact(p, "schedule", t->schedule);
	put_fact(p, "profile", t->profile);
	if (t->policy && strcmp(t->policy, "random") == 0)
		put_fact(p, "seed", story_format(s, "%" PRIu64, t->seed));
	put_fact(p, "steps", story_format(s, "%u", t->step_count));
	put_fact(p, "ends at", words_of_time(s, t->end_ns));
	if (t->digest)
		put_fact(p, "hash", story_format(s, "%.8s", t->digest));
	put_fact(p, "futexsim", t->tool);
	fputs("</dl>", p->out);
	return 0;
}

int slot_summary(struct report *p)
{
	if (!p->t->summary || !*p->t->summary)
		return 0;
	fputs("<p class=\"summary\">", p->out);
	put(p, p->t->summary);
	fputs("</p>", p->out);
	return 0;
}

int slot_quirks(struct report *p)
{
	const struct trace_strings *q = &p->t->quirks;

	if (!q->count)
		return 0;
	fprintf(p->out,
		"<details><summary>%u quirk%s of the kernel in force"
		"</summary><ul class=\"quirks\">",
		q->count, q->count == 1 ? "" : "s");
	for (unsigned int i = 0; i < q->count; i++) {
		fputs("<li><code>", p->out);
		put(p, q->items[i]);
		fputs("</code></li>", p->out);
	}
	fputs("</ul></details>", p->out);
	return 0;
}

/* ---- verdicts ------------------------------------------------------------ */

static void put_event(struct report *p, uint32_t n)
{
	const struct event *e = &p->t->events[n - 1];
	const char *who = e->thread == MOVER_CLOCK ? "clock"
			  : e->thread == MOVER_SIGNAL
				  ? "signal"
				  : thread_of(p->t, e->thread);

	fprintf(p->out, "<li><a href=\"#step=%u\">step %u</a> <b>", n, n);
	put(p, who);
	fputs("</b> <code>", p->out);
	put(p, words_for(p->s, e));
	fputs("</code></li>", p->out);
}

/* The evidence, and last the step at which it went wrong. */
static void put_evidence(struct report *p, const struct verdict *v)
{
	if (!v->evidence_count && !v->at)
		return;
	fputs("<ol class=\"evidence\">", p->out);
	for (unsigned int i = 0; i < v->evidence_count; i++)
		if (v->evidence[i] != v->at)
			put_event(p, v->evidence[i]);
	if (v->at)
		put_event(p, v->at);
	fputs("</ol>", p->out);
}

static void put_sentence(struct report *p, const char *text)
{
	size_t size = strlen(text);

	html_story(p, text);
	if (size && !strchr(".!?", text[size - 1]))
		fputc('.', p->out);
}

static void put_verdict(struct report *p, const struct verdict *v)
{
	fputs("<li><p><strong>", p->out);
	put(p, verdict_name(v->kind));
	fputs("</strong> ", p->out);
	put_sentence(p, v->what ? v->what : "");
	fputs("</p>", p->out);
	if (v->rule && *v->rule) {
		fputs("<p class=\"rule\">Rule: ", p->out);
		put_sentence(p, v->rule);
		if (v->line)
			fprintf(p->out, " <span>Line %d.</span>", v->line);
		fputs("</p>", p->out);
	}
	put_evidence(p, v);
	fputs("</li>", p->out);
}

/* Those that follow from the first are told to who asks. */
static void put_others(struct report *p)
{
	const struct trace *t = p->t;

	if (t->verdict_count < 2)
		return;
	fprintf(p->out,
		"<details><summary>%u more verdict%s</summary>"
		"<ul class=\"verdicts\">",
		t->verdict_count - 1, t->verdict_count == 2 ? "" : "s");
	for (unsigned int i = 1; i < t->verdict_count; i++)
		put_verdict(p, &t->verdicts[i]);
	fputs("</ul></details>", p->out);
}

int slot_verdicts(struct report *p)
{
	const struct trace *t = p->t;

	if (!t->verdict_count) {
		fputs("<p class=\"well\">Nothing went wrong in this run.</p>",
		      p->out);
		return 0;
	}
	fputs("<ul class=\"verdicts first\">", p->out);
	put_verdict(p, &t->verdicts[0]);
	fputs("</ul><div class=\"beside\">", p->out);
	if (p->r->decisive)
		fprintf(p->out,
			"<p>Step <a href=\"#step=%u\">%u</a> decides it: no "
			"run that begins so passes.</p>",
			p->r->decisive, p->r->decisive);
	if (t->expected)
		fputs("<p>The scenario expects this: the bug is known.</p>",
		      p->out);
	put_others(p);
	fputs("</div>", p->out);
	return 0;
}

/* ---- who ran when ---------------------------------------------------------
 */

static const char *lane_name(const struct report *p, const struct row *row)
{
	return row->look == LOOK_GAP || row->lane < 0
		       ? "…"
		       : p->s->lanes[row->lane].name;
}

/* Locks come and go; they are no part of what happened. */
static bool is_told(const struct row *row)
{
	return row->is_violation || row->is_evidence ||
	       (row->look != LOOK_LOCK && !row->folded);
}

static unsigned int run_end(const struct story *s, unsigned int first)
{
	unsigned int end = first + 1;

	while (end < s->row_count && !s->rows[end].is_cut)
		end++;
	return end;
}

static void put_run(struct report *p, unsigned int first, unsigned int end)
{
	const struct row *rows = p->s->rows;
	const char *comma = "";

	fprintf(p->out, "<li><a href=\"#step=%u\">%u</a> <b>", rows[first].n,
		rows[first].n);
	put(p, lane_name(p, &rows[first]));
	fputs("</b> ", p->out);
	for (unsigned int i = first; i < end; i++) {
		if (!is_told(&rows[i]))
			continue;
		fprintf(p->out, "%s<code%s>", comma,
			rows[i].is_violation  ? " class=\"bad\""
			: rows[i].is_evidence ? " class=\"proof\""
					      : "");
		put(p, rows[i].text);
		fputs("</code>", p->out);
		comma = ", ";
	}
	fputs("</li>", p->out);
}

int slot_runs(struct report *p)
{
	const struct story *s = p->s;
	unsigned int i, end;

	fputs("<ol class=\"runs\">", p->out);
	for (i = 0; i < s->row_count; i = end) {
		end = run_end(s, i);
		put_run(p, i, end);
	}
	fputs("</ol><ul class=\"caps\">", p->out);
	for (i = 0; i < s->lane_count; i++) {
		const struct lane *lane = &s->lanes[i];

		if (lane->mover < 0 || !lane->cap)
			continue;
		fputs("<li><b>", p->out);
		put(p, lane->name);
		fprintf(p->out, "</b> <span%s>",
			lane->cap_is_bad ? " class=\"bad\"" : "");
		put(p, lane->cap);
		fputs("</span></li>", p->out);
	}
	fputs("</ul>", p->out);
	return 0;
}

/* ---- steps --------------------------------------------------------------- */

static void put_step_row(struct report *p, const struct row *row)
{
	const struct event *e = row_event(p->s, row);
	const char *mark = row->is_violation  ? "✗ "
			   : row->is_evidence ? "• "
					      : "";

	fprintf(p->out, "<tr id=\"step=%u\"%s><th scope=\"row\">", row->n,
		row->is_violation  ? " class=\"bad\""
		: row->is_evidence ? " class=\"proof\""
				   : "");
	fprintf(p->out, "%s<a href=\"#step=%u\">%u</a></th><td>", mark, row->n,
		row->n);
	put(p, words_of_time(p->s, e->time_ns));
	fputs("</td><td>", p->out);
	put(p, lane_name(p, row));
	fputs("</td><td><code>", p->out);
	put(p, row->text);
	fputs("</code></td><td><code>", p->out);
	put(p, e->src);
	fputs("</code></td><td>", p->out);
	if (e->op > 0)
		fprintf(p->out, "%d", e->op);
	fputs("</td></tr>\n", p->out);
}

int slot_steps(struct report *p)
{
	fputs("<div class=\"box\" tabindex=\"0\" role=\"region\" "
	      "aria-label=\"Steps, to be scrolled\"><table class=\"steps\">"
	      "<thead><tr><th scope=\"col\">step</th><th scope=\"col\">time"
	      "</th><th scope=\"col\">who</th><th scope=\"col\">what</th>"
	      "<th scope=\"col\">kernel source</th><th scope=\"col\">line</th>"
	      "</tr></thead><tbody>\n",
	      p->out);
	for (unsigned int i = 0; i < p->s->row_count; i++)
		put_step_row(p, &p->s->rows[i]);
	fputs("</tbody></table></div>", p->out);
	return 0;
}

/* ---- source and commands ------------------------------------------------- */

static bool has_verdict_at(const struct trace *t, int line)
{
	for (unsigned int i = 0; i < t->verdict_count; i++)
		if (t->verdicts[i].line == line)
			return true;
	return false;
}

static void put_line(struct report *p, int number, const char *text,
		     size_t size)
{
	fprintf(p->out, "<span class=\"line%s\" data-line=\"%d\">",
		has_verdict_at(p->t, number) ? " blamed" : "", number);
	put(p, story_format(p->s, "%.*s", (int)size, text));
	fputs("</span>", p->out);
}

int slot_source(struct report *p)
{
	const char *text = p->t->source;
	int number = 1;

	while (text && *text) {
		size_t size = strcspn(text, "\n");

		put_line(p, number++, text, size);
		text += size + (text[size] == '\n');
	}
	return 0;
}

int slot_commands(struct report *p)
{
	for (unsigned int i = 0; i < p->r->command_count; i++) {
		fprintf(p->out, "<li><code id=\"command-%u\">", i + 1);
		put(p, p->r->commands[i]);
		fprintf(p->out,
			"</code><button type=\"button\" data-copy=\""
			"command-%u\" aria-label=\"Copy command %u\">copy"
			"</button></li>",
			i + 1, i + 1);
	}
	return 0;
}
