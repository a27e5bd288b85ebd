/*
 * happens_before.c - what orders what in a trace, and the pair that nothing
 * orders.
 */
#include "viz/happens_before/happens_before.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "viz/happens_before/figure.h"

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

/* ---- reasons not to draw ----------------------------------------------- */

static int refuse(const struct trace *t, char error[VIZ_ERROR_MAX])
{
	if (t->event_count == 0)
		snprintf(error, VIZ_ERROR_MAX, "the trace has no events");
	else
		snprintf(error, VIZ_ERROR_MAX,
			 "the events have no vector clocks ('clk'), which say "
			 "what comes before what; a run of at most 64 threads "
			 "writes them: futexsim run FILE --trace OUT.jsonl");
	return -ENODATA;
}

static void list_globs(FILE *out, const char *what,
		       const struct trace_strings *globs)
{
	for (unsigned int i = 0; i < globs->count; i++)
		fprintf(out, "%s'%s'", i ? ", " : what, globs->items[i]);
}

/* Name the filter that has left nothing. */
static int tell_filter(const struct figure *f, char error[VIZ_ERROR_MAX])
{
	const struct viz_options *o = f->options;
	FILE *out = fmemopen(error, VIZ_ERROR_MAX, "w");

	if (!out)
		return -ENODATA;
	if (o->around > f->t->event_count)
		fprintf(out,
			"--around %u±%u: the trace has no step %u, its last "
			"one is %u",
			o->around, o->span, o->around, f->t->event_count);
	else if (o->hide.count > 0)
		list_globs(out, "nothing is left by --hide ", &o->hide);
	else if (f->story->hide.count > 0)
		list_globs(out,
			   "nothing is left by 'hide' of the scenario's "
			   "diagram, ",
			   &f->story->hide);
	else
		fputs("no step orders or touches what others do", out);
	if (o->around > 0 && o->around <= f->t->event_count)
		fprintf(out, " in --around %u±%u", o->around, o->span);
	if (o->fold != VIZ_FOLD_NONE)
		fputs("; --fold none shows all steps", out);
	fclose(out);
	error[VIZ_ERROR_MAX - 1] = '\0';
	return -ENODATA;
}

/* ---- texts ------------------------------------------------------------- */

const char *figure_thing(struct figure *f, uint32_t object)
{
	const struct trace_object *o = &f->t->objects[object];
	const char *tail = object_tail(f->t, object);

	if (o->kind == OBJECT_WORD || !strchr(o->name, ':'))
		return o->name;
	return story_format(f->story, "%.*s.%s", (int)strcspn(tail, "#"), tail,
			    object_kind_name(o->kind));
}

static const char *contested(struct figure *f)
{
	const struct order *o = f->order;

	return figure_thing(f, (uint32_t)f->t->events[o->second - 1].object);
}

static const char *title_of(struct figure *f)
{
	if (f->order->first)
		return story_format(f->story, "happens-before: race on %s",
				    contested(f));
	return story_format(f->story, "happens-before: %s",
			    story_title(f->story));
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* What the verdict names, in order of time; returns how many. */
static unsigned int evidence_of(const struct figure *f,
				uint32_t named[VERDICT_EVIDENCE_MAX + 1])
{
	const struct verdict *v = f->story->verdict;
	unsigned int count = 0;

	for (unsigned int i = 0; i < v->evidence_count; i++)
		named[count++] = v->evidence[i];
	if (v->at)
		named[count++] = v->at;
	qsort(named, count, sizeof(*named), by_number);
	return count;
}

static bool is_in_order(const struct order *o, const uint32_t *named,
			unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (named[i] < o->begin || named[i] >= o->end ||
		    (i && !order_leads(o, named[i - 1], named[i])))
			return false;
	return true;
}

/* There is no pair: because all is ordered, or because nothing conflicts. */
static const char *no_pair(struct figure *f)
{
	uint32_t named[VERDICT_EVIDENCE_MAX + 1];
	unsigned int count = evidence_of(f, named);
	bool is_ordered = is_in_order(f->order, named, count);
	const char *text = "";

	if (count < 2)
		return "the verdict names no two steps that could race";
	for (unsigned int i = 0; i < count; i++)
		text = story_format(f->story, "%s%s%u", text,
				    i == 0	 ? ""
				    : is_ordered ? " → "
						 : ", ",
				    named[i]);
	if (is_ordered)
		return story_format(f->story, "all evidence is ordered: %s",
				    text);
	return story_format(f->story,
			    "no two of steps %s are accesses to one thing "
			    "that nothing orders",
			    text);
}

/* What is to be said of the pair, or of there being none. */
static const char *finding(struct figure *f)
{
	const struct order *o = f->order;
	uint32_t a = o->first, b = o->second;

	if (!f->story->verdict)
		return "nothing is violated: no line joins what nothing orders";
	if (!a)
		return no_pair(f);
	if (o->is_known)
		return story_format(f->story,
				    "no path %u → %u and none %u → %u in user "
				    "memory; what comes between them in the "
				    "kernel orders nothing there",
				    a, b, b, a);
	return story_format(f->story,
			    "no path %u → %u and none %u → %u: nothing but "
			    "their own access to %s orders them",
			    a, b, b, a, contested(f));
}

static const char *scope(struct figure *f)
{
	const struct viz_options *o = f->options;
	const struct order *order = f->order;
	const char *text = "";

	if (order->is_of_words)
		text = "drawn is what orders user memory: atomic accesses, "
		       "wake-ups that end a wait, births   ";
	if (order->end - order->begin < f->t->event_count)
		text = story_format(f->story, "%ssteps %u to %u of %u   ", text,
				    order->begin, order->end - 1,
				    f->t->event_count);
	if (o->around)
		text = story_format(f->story, "%saround %u±%u   ", text,
				    o->around, o->span);
	if (f->left_out)
		text = story_format(f->story,
				    "%s%u steps left out, far from the %s   ",
				    text, f->left_out,
				    f->story->verdict ? "violation" : "end");
	if (order->first && f->first < 0)
		text = story_format(f->story,
				    "%sthe pair is not on one row: %s", text,
				    f->box_count ? "it is not all shown" : "");
	return text;
}

/* ---- boxes and lanes --------------------------------------------------- */

static bool is_racing(const struct figure *f, uint32_t n)
{
	return f->order->first &&
	       (n == f->order->first || n == f->order->second);
}

static void describe_boxes(struct figure *f)
{
	const struct verdict *v = f->story->verdict;

	for (unsigned int i = 0; i < f->box_count; i++) {
		struct figure_box *b = &f->boxes[i];

		b->look = story_look(&f->t->events[b->n - 1]);
		b->is_violation = v && v->at == b->n;
		b->is_evidence = story_is_evidence(f->story, b->n);
		b->is_racing = is_racing(f, b->n);
		b->is_unread = f->order->is_unread[order_index(f->order, b->n)];
	}
}

static void describe_thread(struct figure *f, struct figure_lane *l)
{
	const struct trace_thread *t = &f->t->threads[l->mover];
	int lane = story_lane_of(f->story, l->mover);
	bool has_processes = false;

	for (unsigned int i = 1; i < f->t->thread_count; i++)
		if (t->process && f->t->threads[i].process &&
		    strcmp(f->t->threads[0].process,
			   f->t->threads[i].process) != 0)
			has_processes = true;
	l->name = has_processes ? story_format(f->story, "%s (%s)", t->name,
					       t->process)
				: t->name;
	l->cap = t->end;
	if (lane < 0)
		return;
	l->cap = f->story->lanes[lane].cap;
	l->cap_is_bad = f->story->lanes[lane].cap_is_bad;
}

static void describe_lanes(struct figure *f)
{
	for (unsigned int i = 0; i < f->lane_count; i++) {
		struct figure_lane *l = &f->lanes[i];

		if (l->first < 0)
			continue;
		l->mover = f->t->events[f->boxes[l->first].n - 1].thread;
		if (l->mover >= 0)
			describe_thread(f, l);
		else
			l->name = l->mover == MOVER_CLOCK ? "timer" : "signal";
	}
}

/* ---- the whole --------------------------------------------------------- */

static void make(struct figure *f)
{
	size_t events = f->order->end - f->order->begin;

	f->lane_count = f->order->lane_count;
	f->is_shown = zeroed(events, sizeof(*f->is_shown));
	f->boxes = zeroed(events, sizeof(*f->boxes));
	f->box_of = zeroed(events, sizeof(*f->box_of));
	f->lanes = zeroed(f->lane_count, sizeof(*f->lanes));
	figure_choose(f);
	figure_link(f);
	if (figure_limit(f))
		figure_link(f);
	if (f->box_count == 0)
		return;
	describe_boxes(f);
	describe_lanes(f);
	figure_place(f);
}

static void draw(struct figure *f, FILE *out)
{
	struct sheet sheet = {
		.title = title_of(f),
		.lines = {sheet_facts(f->story->memory, f->t), finding(f),
			  scope(f)},
		.line_count = *scope(f) ? 3 : 2,
		.badge = sheet_badge(f->story->memory, f->t),
		.is_bad = f->t->verdict_count > 0,
	};

	figure_draw(f, &sheet, out);
}

static void fini(struct figure *f)
{
	free(f->is_shown);
	free(f->boxes);
	free(f->box_of);
	free(f->links);
	free(f->lanes);
}

int happens_before_dot(const struct trace *t, const struct viz_options *o,
		       FILE *out, char error[VIZ_ERROR_MAX])
{
	struct figure f = {.t = t, .options = o};
	int result = 0;

	f.order = order_new(t);
	if (!f.order)
		return refuse(t, error);
	f.story = story_new(t, o);
	make(&f);
	if (f.box_count == 0)
		result = tell_filter(&f, error);
	else
		draw(&f, out);
	fini(&f);
	story_free(f.story);
	order_free(f.order);
	return result ? result : ferror(out) ? -EIO : 0;
}
