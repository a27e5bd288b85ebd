/*
 * report_explain_json.c - the step that made a failure certain, as one JSON
 * object, a stable shape that scripts rely on.
 */
#include <stdlib.h>

#include "sim/base/json.h"
#include "sim/report/report_explain.h"

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *step_json(const struct trace *t, uint32_t after)
{
	const struct event *e = t ? explain_step(t, after) : NULL;
	json_t *object = json_object();
	char point[POINT_NAME_MAX];

	if (!e) {
		json_decref(object);
		return json_null();
	}
	json_set(object, "n", number(e->n));
	json_set(object, "thread", json_string(explain_mover(t, e)));
	json_set(object, "point",
		 json_string(event_point(e->kind, e->object_kind, point)));
	json_set(object, "object",
		 text_or_null(e->object ? t->objects[e->object].name : NULL));
	json_set(object, "src", text_or_null(e->src));
	json_set(object, "operation", text_or_null(explain_operation(t, e)));
	json_set(object, "line", e->op ? json_integer(e->op) : json_null());
	return object;
}

static json_t *run_json(const struct trace *t)
{
	json_t *object, *verdicts, *threads;
	uint32_t i;

	if (!t)
		return json_null();
	object = json_object();
	verdicts = json_array();
	threads = json_object();
	for (i = 0; i < t->verdict_count; i++) {
		if (json_array_append_new(
			    verdicts,
			    json_string(verdict_name(t->verdicts[i].kind))))
			abort();
	}
	for (i = 0; i < t->thread_count; i++)
		json_set(threads, t->threads[i].name,
			 json_string(t->threads[i].end));
	json_set(object, "steps", number(t->step_count));
	json_set(object, "verdicts", verdicts);
	json_set(object, "threads", threads);
	return object;
}

static const char *end_name(enum explain_end end)
{
	switch (end) {
	case EXPLAIN_STEP:
		return "step";
	case EXPLAIN_NEVER:
		return "no-interleaving-passes";
	case EXPLAIN_SPENT:
		return "inconclusive";
	}
	return "";
}

void report_explain_json(const struct explain_report *r, FILE *out)
{
	const struct explanation *e = r->e;
	bool is_known = e->end == EXPLAIN_STEP;
	json_t *root = json_object();

	json_set(root, "scenario", json_string(r->shown->scenario->name));
	json_set(root, "profile", json_string(r->shown->request.profile));
	json_set(root, "verdict", json_string(verdict_name(r->shown->kind)));
	json_set(root, "conclusion", json_string(end_name(e->end)));
	json_set(root, "runs", number(e->runs));
	json_set(root, "possible_until",
		 e->has_passing ? number(r->shared) : json_null());
	json_set(root, "certain_from", number(r->certain));
	json_set(root, "step",
		 is_known ? step_json(r->failing, r->shared) : json_null());
	json_set(root, "instead",
		 is_known ? step_json(r->passing, r->shared) : json_null());
	json_set(root, "failing", run_json(r->failing));
	json_set(root, "passing", run_json(r->passing));
	json_set(root, "schedule", text_or_null(r->schedule));
	json_set(root, "trace", text_or_null(r->trace));
	json_set(root, "picture", text_or_null(r->picture));
	json_dumpf(root, out, 0);
	fputc('\n', out);
	json_decref(root);
}
