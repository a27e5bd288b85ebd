/*
 * report_json.c - the result of a run as one JSON object, a stable shape that
 * scripts rely on.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "sim/names.h"
#include "sim/report.h"
#include "sim/verbs.h"

static void append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		abort();
}

static void set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		abort();
}

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
		set(waiter, "thread", json_string(e->waiters[i].thread));
		set(waiter, "bitset", hex(e->waiters[i].bitset));
		append(waiters, waiter);
	}
	set(object, "key", hex(e->key));
	set(object, "waiters", waiters);
	return object;
}

static json_t *table_json(const struct state_table *t)
{
	json_t *object = json_object();
	json_t *entries = json_array();
	uint32_t i;

	set(object, "kind", json_string(t->is_shared ? "shared" : "private"));
	set(object, t->is_shared ? "region" : "process", json_string(t->owner));
	for (i = 0; i < t->entry_count; i++)
		append(entries, entry_json(&t->entries[i]));
	set(object, "entries", entries);
	return object;
}

static json_t *blocked_json(const struct state_blocked *b)
{
	json_t *object = json_object();

	set(object, "thread", json_string(b->thread));
	set(object, "index", json_integer(b->op_index));
	set(object, "op", json_string(b->op));
	set(object, "on", json_string(b->on));
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

	set(shared, "tables", json_integer(s->shared_tables));
	set(shared, "operations", json_integer((json_int_t)s->operations));
	for (i = 0; i < s->table_count; i++)
		append(tables, table_json(&s->tables[i]));
	for (i = 0; i < s->word_count; i++)
		set(words, s->words[i].name, json_integer(s->words[i].value));
	for (i = 0; i < s->blocked_count; i++)
		append(blocked, blocked_json(&s->blocked[i]));
	set(object, "at", json_string(s->at));
	set(object, "time", json_integer((json_int_t)s->time_ns));
	set(object, "shared", shared);
	set(object, "tables", tables);
	set(object, "words", words);
	set(object, "blocked", blocked);
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
		set(object, "thread", json_string(sim->tasks[r->thread].name));
		set(object, "index", json_integer(r->op_index));
		set(object, "op", json_string(verb_name(r->op->verb)));
		set(object, "result", result(r->value));
		set(object, "time", json_integer((json_int_t)r->time_ns));
		append(array, object);
	}
	return array;
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
		set(object, "kind", json_string(verdict_name(v->kind)));
		set(object, "what", json_string(v->what));
		set(object, "line", json_integer(v->line));
		append(array, object);
	}
	return array;
}

void report_json(const struct run *run, FILE *out)
{
	const struct run_request *r = &run->request;
	json_t *object = json_object();
	json_t *states = json_array();
	const struct state *s;

	set(object, "scenario", json_string(r->scenario->name));
	set(object, "schedule",
	    json_string(r->schedule ? r->schedule->name : ""));
	set(object, "profile", json_string(r->profile));
	set(object, "results", results_json(run->sim));
	for (s = run->states.first; s; s = s->next)
		append(states, state_json(s));
	set(object, "states", states);
	set(object, "verdicts", verdicts_json(run->sim));
	set(object, "expected", json_boolean(run->is_expected));
	if (json_dumpf(object, out, 0))
		abort();
	fputc('\n', out);
	json_decref(object);
}
