/*
 * report_search_json.c - the result of a search as one JSON object, a stable
 * shape that scripts rely on.
 */
#include <stdlib.h>

#include "sim/base/json.h"
#include "sim/loader/explore_names.h"
#include "sim/run/names.h"
#include "sim/report/report_params.h"
#include "sim/report/report_search.h"

static json_t *number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

/* A result below zero is an errno, by name. */
static json_t *result(const struct search_value *v)
{
	char text[RESULT_TEXT_MAX];

	if (!v->is_set)
		return json_null();
	if (v->value < 0 && v->value > -4096)
		return json_string(result_text(v->value, text));
	return json_integer(v->value);
}

/* ---- outcomes ---------------------------------------------------------- */

static json_t *kinds_json(uint32_t kinds)
{
	json_t *array = json_array();
	int kind;

	for (kind = 0; kind < VERDICT_KIND_COUNT; kind++) {
		if (kinds >> kind & 1)
			json_append(array, json_string(verdict_name(
						   (enum verdict_kind)kind)));
	}
	return array;
}

static json_t *outcome_json(const struct search_result *r,
			    const struct outcome *o)
{
	json_t *object = json_object(), *results = json_object();
	json_t *words = json_object(), *blocked = json_array();
	uint32_t i;

	for (i = 0; i < r->result_count; i++)
		json_set(results, o->results[i].name, result(&o->results[i]));
	for (i = 0; i < r->word_count; i++)
		json_set(words, o->words[i].name,
			 json_integer(o->words[i].value));
	for (i = 0; i < o->blocked_count; i++)
		json_append(blocked, json_string(o->blocked[i]));
	json_set(object, "runs", number(o->runs));
	json_set(object, "results", results);
	json_set(object, "words", words);
	json_set(object, "blocked", blocked);
	json_set(object, "verdicts", kinds_json(o->verdicts));
	json_set(object, "schedule", text_or_null(o->schedule));
	return object;
}

/* ---- properties and verdicts ------------------------------------------- */

static json_t *property_json(const struct property_count *p)
{
	static const char *const kinds[] = {
		[PROPERTY_ALWAYS] = "always",
		[PROPERTY_NEVER] = "never",
		[PROPERTY_EVENTUALLY] = "eventually",
		[PROPERTY_REACHABLE] = "reachable",
	};
	json_t *object = json_object();

	json_set(object, "name", json_string(p->property->name));
	json_set(object, "kind", json_string(kinds[p->property->kind]));
	json_set(object, "held", number(p->held));
	json_set(object, "of", number(p->of));
	return object;
}

static json_t *verdict_json(const struct search_verdict *v)
{
	json_t *object = json_object();

	json_set(object, "kind", json_string(verdict_name(v->kind)));
	json_set(object, "runs", number(v->runs));
	json_set(object, "preemptions", number(v->preemptions));
	json_set(object, "schedule", text_or_null(v->schedule));
	json_set(object, "what", json_string(v->what));
	return object;
}

static json_t *pass_json(const struct search_pass *p)
{
	json_t *object = json_object();

	json_set(object, "strategy", json_string(strategy_name(p->strategy)));
	json_set(object, "preemptions",
		 p->preemptions == NO_BOUND ? json_null()
					    : number(p->preemptions));
	json_set(object, "runs", number(p->runs));
	json_set(object, "complete", json_boolean(p->is_complete));
	return object;
}

/* ---- the whole --------------------------------------------------------- */

static void set_figures(json_t *object, const struct search_result *r)
{
	json_set(object, "strategy", json_string(strategy_name(r->strategy)));
	json_set(object, "granularity",
		 json_string(granularity_name(r->granularity)));
	json_set(object, "coverage", json_string(coverage_name(r->coverage)));
	json_set(object, "runs", number(r->runs));
	json_set(object, "runs_blocked", number(r->runs_blocked));
	json_set(object, "events", number(r->events));
	json_set(object, "seconds", json_real(r->seconds));
	json_set(object, "peak_bytes", number(r->peak_bytes));
	json_set(object, "bound_hit", text_or_null(search_end_name(r->end)));
}

/* What came after the first version of the shape, at its end. */
static void set_more(json_t *object, const struct search_request *q,
		     const struct search_result *r)
{
	json_t *passes = json_array();
	uint32_t i;

	for (i = 0; i < r->pass_count; i++)
		json_append(passes, pass_json(&r->passes[i]));
	json_set(object, "note", text_or_null(r->note));
	json_set(object, "prefix",
		 text_or_null(q->schedule ? q->schedule->name : NULL));
	json_set(object, "passes", passes);
	json_set(object, "states", number(r->states));
	json_set(object, "runs_cut", number(r->runs_cut));
	json_set(object, "first_bug_run",
		 r->first_bug_run ? number(r->first_bug_run) : json_null());
}

void report_search_json(const struct search_report *report, FILE *out)
{
	const struct search_request *q = report->request;
	const struct search_result *r = report->result;
	json_t *object = json_object(), *outcomes = json_array();
	json_t *properties = json_array(), *verdicts = json_array();
	uint32_t i;

	for (i = 0; i < r->outcome_count; i++)
		json_append(outcomes, outcome_json(r, &r->outcomes[i]));
	for (i = 0; i < r->property_count; i++)
		json_append(properties, property_json(&r->properties[i]));
	for (i = 0; i < r->verdict_count; i++)
		json_append(verdicts, verdict_json(&r->verdicts[i]));
	json_set(object, "scenario", json_string(q->scenario->name));
	json_set(object, "profile", json_string(q->profile));
	set_figures(object, r);
	json_set(object, "outcomes", outcomes);
	json_set(object, "properties", properties);
	json_set(object, "verdicts", verdicts);
	json_set(object, "expected", json_boolean(r->is_expected));
	set_more(object, q, r);
	if (q->scenario->matrix.axis_count)
		json_set(object, "params", report_params_json(q->scenario));
	if (json_dumpf(object, out, JSON_REAL_PRECISION(6)))
		abort();
	fputc('\n', out);
	json_decref(object);
}
