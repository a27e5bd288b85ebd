/*
 * read_event.c - one event of a trace file.
 */
#include "trace/fields.h"

#include <string.h>

#include "trace/format.h"

static const char *const event_keys[] = {
	"n",  "t",	  "th",	   "point", "kind", "obj",    "obj2", "peer",
	"in", "in2",	  "out",   "old",   "new",  "permit", "text", "note",
	"op", "op_index", "cause", "src",   "clk",  NULL,
};

static bool read_point(struct reader *r, const json_t *line, struct event *e)
{
	const char *name = json_string_value(json_object_get(line, "point"));
	const char *kind = NULL;
	enum object_kind parsed;
	uint32_t object = 0;

	if (!name)
		return reader_fail(r, "point",
				   "field 'point' is missing or "
				   "not a string");
	if (!event_point_parse(name, &e->kind, &parsed))
		return reader_fail(r, "point", "unknown point '%.60s'", name);
	if (!field_object(r, line, "obj", &object) ||
	    !field_object(r, line, "obj2", &e->object2) ||
	    !field_string(r, line, "kind", &kind))
		return false;
	e->object = object;
	e->object_kind = event_usual_object(r->t, e->kind, parsed, object);
	if (kind && !object_kind_parse(kind, &e->object_kind))
		return reader_fail(r, "kind", "unknown kind of object '%.60s'",
				   kind);
	return true;
}

static bool read_values(struct reader *r, const json_t *line, struct event *e)
{
	bool has_old = json_object_get(line, "old") != NULL;
	bool has_new = json_object_get(line, "new") != NULL;

	if (has_old != has_new)
		return reader_fail(r, has_old ? "old" : "new",
				   "'old' and 'new' go together");
	e->has_values = has_old;
	e->has_permit = json_object_get(line, "permit") != NULL;
	return field_unsigned(r, line, "in", UINT64_MAX, &e->in) &&
	       field_unsigned(r, line, "in2", UINT64_MAX, &e->in2) &&
	       field_signed(r, line, "out", &e->out) &&
	       field_unsigned(r, line, "old", UINT64_MAX, &e->old_value) &&
	       field_unsigned(r, line, "new", UINT64_MAX, &e->new_value) &&
	       field_bool(r, line, "permit", &e->permit);
}

static bool read_place(struct reader *r, const json_t *line, struct event *e)
{
	uint32_t op = 0;
	bool is_note = false;

	if (!field_bool(r, line, "note", &is_note) ||
	    !field_u32(r, line, "op", INT32_MAX, &op) ||
	    !field_u32(r, line, "op_index", UINT32_MAX, &e->op_index) ||
	    !field_u32(r, line, "cause", UINT32_MAX, &e->cause) ||
	    !field_string(r, line, "text", &e->text) ||
	    !field_string(r, line, "src", &e->src))
		return false;
	e->step = !is_note;
	e->op = (int32_t)op;
	if (e->cause >= e->n)
		return reader_fail(r, "cause",
				   "a cause must come before its "
				   "effect");
	return true;
}

static bool read_clock(struct reader *r, const json_t *line, struct event *e)
{
	json_t *array, *value;
	uint32_t *clk;
	uint64_t number;
	size_t i;

	if (!field_array(r, line, "clk", &array) || !array)
		return !r->failed;
	if (json_array_size(array) > r->t->thread_count)
		return reader_fail(r, "clk",
				   "the vector clock is longer than "
				   "the list of threads");
	r->clocks += r->t->thread_count;
	if (r->clocks > TRACE_CLOCKS_MAX)
		return reader_fail(r, "clk",
				   "the vector clocks together are "
				   "over %u numbers",
				   TRACE_CLOCKS_MAX);
	clk = trace_alloc(r->t, r->t->thread_count * sizeof(*clk));
	json_array_foreach(array, i, value)
	{
		if (!value_unsigned(r, value, "clk", UINT32_MAX, &number))
			return false;
		clk[i] = (uint32_t)number;
	}
	e->clk = clk;
	return true;
}

/* Numbers count up by one, time does not go back. */
static bool check_order(struct reader *r, const json_t *line, struct event *e)
{
	uint64_t n = 0;

	if (!field_required(r, line, "n") || !field_required(r, line, "t") ||
	    !field_unsigned(r, line, "n", UINT32_MAX, &n) ||
	    !field_unsigned(r, line, "t", UINT64_MAX, &e->time_ns))
		return false;
	if (n != e->n)
		return reader_fail(r, "n", "event %u is wanted here", e->n);
	if (e->n > 1 && e->time_ns < e[-1].time_ns)
		return reader_fail(r, "t", "time goes back");
	return true;
}

bool read_event(struct reader *r, const json_t *line)
{
	struct event *e;

	if (r->t->event_count >= TRACE_EVENTS_MAX)
		return reader_fail_at(r, 1, "over %u events", TRACE_EVENTS_MAX);
	e = trace_add_event(r->t);
	if (!fields_check(r, line, event_keys) || !check_order(r, line, e) ||
	    !field_mover(r, line, "th", &e->thread) ||
	    !field_mover(r, line, "peer", &e->peer) ||
	    !read_point(r, line, e) || !read_values(r, line, e) ||
	    !read_place(r, line, e))
		return false;
	if (e->step)
		r->t->step_count++;
	return read_clock(r, line, e);
}
