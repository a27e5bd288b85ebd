/*
 * write.c - a trace into a file of JSON Lines; format.h shows the lines.
 *
 * Each line is made in memory, added to the digest and handed to the stream,
 * so that the cost is one line however long the trace is.
 */
#include "trace/trace.h"

#include <errno.h>
#include <string.h>

#include "trace/format.h"
#include "trace/line.h"

struct writer {
	const struct trace *t;
	FILE *out;
	struct line line;
	struct digest *digest;
	int error;
};

static void end_line(struct writer *w)
{
	line_close(&w->line, '}');
	line_raw(&w->line, "\n");
	digest_add(w->digest, w->line.data, w->line.size);
	errno = 0;
	if (w->error == 0 &&
	    fwrite(w->line.data, 1, w->line.size, w->out) != w->line.size)
		w->error = errno ? -errno : -EIO;
}

static const char *thread_name(const struct trace *t, int32_t thread)
{
	if (thread >= 0 && (unsigned int)thread < t->thread_count)
		return t->threads[thread].name;
	return mover_name(thread);
}

/* ---- header ------------------------------------------------------------ */

static void put_strings(struct line *l, const char *key,
			const struct trace_strings *list)
{
	if (list->count == 0)
		return;
	line_open(l, key, '[');
	for (unsigned int i = 0; i < list->count; i++)
		line_string(l, NULL, list->items[i]);
	line_close(l, ']');
}

static void put_threads(struct line *l, const struct trace *t)
{
	line_open(l, "threads", '[');
	for (unsigned int i = 0; i < t->thread_count; i++) {
		line_open(l, NULL, '{');
		line_string(l, "name", t->threads[i].name);
		line_string(l, "process", t->threads[i].process);
		line_close(l, '}');
	}
	line_close(l, ']');
}

static void put_object(struct line *l, const struct trace_object *o)
{
	line_open(l, NULL, '{');
	line_string(l, "kind", object_kind_name(o->kind));
	line_string(l, "name", o->name);
	line_string(l, "word", o->word);
	if (o->key != 0)
		line_unsigned(l, "key", o->key);
	if (o->kind == OBJECT_WORD || o->value != 0)
		line_unsigned(l, "value", o->value);
	if (o->is_named)
		line_bool(l, "named", true);
	line_close(l, '}');
}

static void put_header(struct writer *w)
{
	const struct trace *t = w->t;
	struct line *l = &w->line;

	line_start(l);
	line_signed(l, "futexsim_trace", TRACE_FORMAT);
	line_string(l, "tool", t->tool);
	line_string(l, "scenario", t->scenario);
	line_string(l, "title", t->title);
	line_string(l, "summary", t->summary);
	line_string(l, "schedule", t->schedule);
	line_string(l, "profile", t->profile);
	line_string(l, "policy", t->policy);
	line_unsigned(l, "seed", t->seed);
	line_string(l, "file", t->file);
	line_string(l, "digest", t->digest);
	put_strings(l, "quirks", &t->quirks);
	put_strings(l, "focus", &t->focus);
	put_strings(l, "hide", &t->hide);
	put_strings(l, "highlight", &t->highlight);
	line_unsigned(l, "start", t->start_ns);
	put_threads(l, t);
	line_open(l, "objects", '[');
	for (unsigned int i = 1; i < t->object_count; i++)
		put_object(l, &t->objects[i]);
	line_close(l, ']');
	line_string(l, "source", t->source);
	end_line(w);
}

/* ---- events ------------------------------------------------------------ */

static void put_objects(struct line *l, const struct trace *t,
			const struct event *e)
{
	enum event_kind kind;
	enum object_kind parsed = OBJECT_NONE;
	char point[POINT_NAME_MAX];

	line_string(l, "point", event_point(e->kind, e->object_kind, point));
	if (!event_point_parse(point, &kind, &parsed) ||
	    event_usual_object(t, kind, parsed, (uint32_t)e->object) !=
		    e->object_kind)
		line_string(l, "kind", object_kind_name(e->object_kind));
	if (e->object)
		line_string(l, "obj", t->objects[e->object].name);
	if (e->object2)
		line_string(l, "obj2", t->objects[e->object2].name);
	if (e->peer != EVENT_NOBODY)
		line_string(l, "peer", thread_name(t, e->peer));
}

static void put_values(struct line *l, const struct event *e)
{
	unsigned int fields = event_fields(e->kind);

	if (e->in != 0 || (fields & FIELD_IN))
		line_unsigned(l, "in", e->in);
	if (e->in2 != 0 || (fields & FIELD_IN2))
		line_unsigned(l, "in2", e->in2);
	if (e->out != 0 || (fields & FIELD_OUT))
		line_signed(l, "out", e->out);
	if (e->has_values) {
		line_unsigned(l, "old", e->old_value);
		line_unsigned(l, "new", e->new_value);
	}
	if (e->has_permit)
		line_bool(l, "permit", e->permit);
}

static void put_clock(struct line *l, const struct trace *t,
		      const struct event *e)
{
	unsigned int count = t->thread_count;

	if (!e->clk)
		return;
	while (count > 0 && e->clk[count - 1] == 0)
		count--;
	line_open(l, "clk", '[');
	for (unsigned int i = 0; i < count; i++)
		line_unsigned(l, NULL, e->clk[i]);
	line_close(l, ']');
}

static void put_event(struct writer *w, const struct event *e)
{
	struct line *l = &w->line;

	line_start(l);
	line_unsigned(l, "n", e->n);
	line_unsigned(l, "t", e->time_ns);
	line_string(l, "th", thread_name(w->t, e->thread));
	put_objects(l, w->t, e);
	put_values(l, e);
	line_string(l, "text", e->text);
	if (!e->step)
		line_bool(l, "note", true);
	if (e->op != 0)
		line_signed(l, "op", e->op);
	if (e->op_index != 0)
		line_unsigned(l, "op_index", e->op_index);
	if (e->cause != EVENT_NO_CAUSE)
		line_unsigned(l, "cause", e->cause);
	line_string(l, "src", e->src);
	put_clock(l, w->t, e);
	end_line(w);
}

/* ---- end --------------------------------------------------------------- */

static void put_verdict(struct line *l, const struct trace *t,
			const struct verdict *v)
{
	line_open(l, NULL, '{');
	line_string(l, "kind", verdict_name(v->kind));
	line_string(l, "what", v->what);
	line_string(l, "rule", v->rule);
	if (v->thread != EVENT_NOBODY)
		line_string(l, "th", thread_name(t, v->thread));
	if (v->line != 0)
		line_signed(l, "line", v->line);
	if (v->at != 0)
		line_unsigned(l, "at", v->at);
	if (v->evidence_count > 0) {
		line_open(l, "evidence", '[');
		for (unsigned int i = 0; i < v->evidence_count; i++)
			line_unsigned(l, NULL, v->evidence[i]);
		line_close(l, ']');
	}
	line_close(l, '}');
}

static unsigned int count_steps(const struct trace *t)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < t->event_count; i++)
		count += t->events[i].step;
	return count;
}

static void put_thread_ends(struct line *l, const struct trace *t)
{
	line_open(l, "threads", '[');
	for (unsigned int i = 0; i < t->thread_count; i++) {
		line_open(l, NULL, '{');
		line_string(l, "end", t->threads[i].end);
		if (t->threads[i].blocked)
			line_bool(l, "blocked", true);
		line_close(l, '}');
	}
	line_close(l, ']');
}

static void put_end(struct writer *w)
{
	const struct trace *t = w->t;
	struct line *l = &w->line;
	char hex[DIGEST_SIZE];

	digest_hex(w->digest, hex);
	line_start(l);
	line_open(l, "end", '{');
	line_open(l, "verdicts", '[');
	for (unsigned int i = 0; i < t->verdict_count; i++)
		put_verdict(l, t, &t->verdicts[i]);
	line_close(l, ']');
	line_bool(l, "expected", t->expected);
	line_unsigned(l, "t", t->end_ns);
	line_unsigned(l, "events", t->event_count);
	line_unsigned(l, "steps", count_steps(t));
	put_thread_ends(l, t);
	if (t->end_state) {
		line_key(l, "state");
		line_raw(l, t->end_state);
	}
	line_close(l, '}');
	line_string(l, "digest", hex);
	end_line(w);
}

int trace_write(const struct trace *t, FILE *out)
{
	struct writer w = {.t = t, .out = out, .digest = digest_new()};

	put_header(&w);
	for (unsigned int i = 0; i < t->event_count && w.error == 0; i++)
		put_event(&w, &t->events[i]);
	put_end(&w);
	errno = 0;
	if (w.error == 0 && fflush(out) != 0)
		w.error = errno ? -errno : -EIO;
	digest_free(w.digest);
	line_fini(&w.line);
	return w.error;
}
