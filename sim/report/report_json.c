/*
 * report_json.c - the result of a run as one JSON object, a stable shape that
 * scripts rely on.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "sim/base/json.h"
#include "sim/run/names.h"
#include "sim/report/report_params.h"
#include "sim/report/report.h"
#include "sim/loader/verbs.h"

static json_t *hex(uint64_t value)
{
	return json_sprintf("0x%" PRIx64, value);
}

/* A result below zero is an errno, by name. */
static json_t *result(int64_t value)
{
	char text[RESULT_TEXT_MAX];

	if (value < 0 && value > -4096)
		return json_string(result_text(value, text));
	return json_integer(value);
}

/* ---- states ------------------------------------------------------------ */

static json_t *entry_json(const struct state_entry *e)
{
	json_t *object = json_object();
	json_t *waiters = json_array();
	json_t *waiter;
	uint32_t i;

	for (i = 0; i < e->waiter_count; i++) {
		waiter = json_object();
		json_set(waiter, "thread", json_string(e->waiters[i].thread));
		json_set(waiter, "bitset", hex(e->waiters[i].bitset));
		json_append(waiters, waiter);
	}
	json_set(object, "key", hex(e->key));
	json_set(object, "waiters", waiters);
	return object;
}

static json_t *table_json(const struct state_table *t)
{
	json_t *object = json_object();
	json_t *entries = json_array();
	uint32_t i;

	json_set(object, "kind",
		 json_string(t->is_shared ? "shared" : "private"));
	json_set(object, t->is_shared ? "region" : "process",
		 json_string(t->owner));
	for (i = 0; i < t->entry_count; i++)
		json_append(entries, entry_json(&t->entries[i]));
	json_set(object, "entries", entries);
	return object;
}

static json_t *blocked_json(const struct state_blocked *b)
{
	json_t *object = json_object();

	json_set(object, "thread", json_string(b->thread));
	json_set(object, "index", json_integer(b->op_index));
	json_set(object, "op", json_string(b->op));
	json_set(object, "on", json_string(b->on));
	return object;
}

static json_t *state_json(const struct state *s)
{
	json_t *object = json_object();
	json_t *shared = json_object();
	json_t *tables = json_array();
	json_t *words = json_object();
	json_t *blocked = json_array();
	uint32_t i;

	json_set(shared, "tables", json_integer(s->shared_tables));
	json_set(shared, "operations", json_integer((json_int_t)s->operations));
	for (i = 0; i < s->table_count; i++)
		json_append(tables, table_json(&s->tables[i]));
	for (i = 0; i < s->word_count; i++)
		json_set(words, s->words[i].name,
			 json_integer(s->words[i].value));
	for (i = 0; i < s->blocked_count; i++)
		json_append(blocked, blocked_json(&s->blocked[i]));
	json_set(object, "at", json_string(s->at));
	json_set(object, "time", json_integer((json_int_t)s->time_ns));
	json_set(object, "shared", shared);
	json_set(object, "tables", tables);
	json_set(object, "words", words);
	json_set(object, "blocked", blocked);
	return object;
}

char *report_state_json(const struct state *state)
{
	json_t *object = state_json(state);
	char *text = json_dumps(object, JSON_COMPACT);

	json_decref(object);
	if (!text)
		abort();
	return text;
}

/* ---- the run ----------------------------------------------------------- */

static json_t *results_json(const struct sim *sim)
{
	json_t *array = json_array();
	const struct result *r;
	json_t *object;

	for (r = sim->results; r; r = r->next) {
		object = json_object();
		json_set(object, "thread",
			 json_string(sim->tasks[r->thread].name));
		json_set(object, "index", json_integer(r->op_index));
		json_set(object, "op", json_string(verb_name(r->op->verb)));
		json_set(object, "result", result(r->value));
		json_set(object, "time", json_integer((json_int_t)r->time_ns));
		json_append(array, object);
	}
	return array;
}

/* The line in the file that it is of; `file`, if that is an included one. */
static void set_line(json_t *object, const struct scenario *s, int line)
{
	const char *path = s ? scenario_place(s, &line) : NULL;

	json_set(object, "line", json_integer(line));
	if (s && path != s->path)
		json_set(object, "file", json_string(path));
}

json_t *report_params_json(const struct scenario *s)
{
	const struct matrix_axis *axis = s->matrix.axes;
	json_t *object = json_object();
	uint32_t i;

	for (i = 0; i < s->matrix.axis_count; i++, axis++)
		json_set(object, axis->name, json_integer(axis->values[0]));
	return object;
}

static json_t *verdicts_json(const struct sim *sim)
{
	json_t *array = json_array();
	const struct verdict *v;
	json_t *object;
	uint32_t i;

	for (i = 0; i < sim->verdict_count; i++) {
		v = &sim->verdicts[i];
		object = json_object();
		json_set(object, "kind", json_string(verdict_name(v->kind)));
		json_set(object, "what", json_string(v->what));
		set_line(object, sim->scenario, v->line);
		json_append(array, object);
	}
	return array;
}

void report_json(const struct run *run, FILE *out)
{
	const struct run_request *r = &run->request;
	json_t *object = json_object();
	json_t *states = json_array();
	const struct state *s;

	json_set(object, "scenario", json_string(r->scenario->name));
	json_set(object, "schedule",
		 json_string(r->schedule ? r->schedule->name : ""));
	json_set(object, "profile", json_string(r->profile));
	json_set(object, "results", results_json(run->sim));
	for (s = run->states.first; s; s = s->next)
		json_append(states, state_json(s));
	json_set(object, "states", states);
	json_set(object, "verdicts", verdicts_json(run->sim));
	json_set(object, "expected", json_boolean(run->is_expected));
	if (r->scenario->matrix.axis_count)
		json_set(object, "params", report_params_json(r->scenario));
	if (json_dumpf(object, out, 0))
		abort();
	fputc('\n', out);
	json_decref(object);
}
