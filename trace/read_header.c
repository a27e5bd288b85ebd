/*
 * read_header.c - the first and the last line of a trace file.
 */
#include "trace/fields.h"

#include <stdlib.h>
#include <string.h>

#include "trace/format.h"

static const char *const header_keys[] = {
	"futexsim_trace", "tool",    "scenario", "title",  "summary",
	"schedule",	  "profile", "policy",	 "seed",   "file",
	"digest",	  "quirks",  "focus",	 "hide",   "highlight",
	"start",	  "threads", "objects",	 "source", NULL,
};
static const char *const thread_keys[] = {"name", "process", NULL};
static const char *const object_keys[] = {"kind",  "name",  "word", "key",
					  "value", "named", NULL};
static const char *const end_keys[] = {"verdicts", "expected", "t",
				       "events",   "steps",    "threads",
				       "state",	   NULL};
static const char *const last_keys[] = {"end", "digest", NULL};
static const char *const thread_end_keys[] = {"end", "blocked", NULL};
static const char *const verdict_keys[] = {"kind", "what", "rule",     "th",
					   "line", "at",   "evidence", NULL};

/* ---- header ------------------------------------------------------------ */

/* Give @name the number @index in @names, in which it must be new. */
static bool add_name(struct reader *r, json_t *names, const char *key,
		     const char *name, int64_t index)
{
	if (json_object_get(names, name))
		return reader_fail(r, key, "the name '%.60s' is there twice",
				   name);
	json_object_set_new(names, name, json_integer(index));
	return true;
}

static bool read_threads(struct reader *r, json_t *array)
{
	json_t *item;
	size_t i;

	add_name(r, r->threads, "threads", mover_name(MOVER_CLOCK),
		 MOVER_CLOCK);
	add_name(r, r->threads, "threads", mover_name(MOVER_SIGNAL),
		 MOVER_SIGNAL);
	json_array_foreach(array, i, item)
	{
		struct trace_thread *thread = &r->t->threads[i];

		if (!fields_check(r, item, thread_keys) ||
		    !field_required(r, item, "name") ||
		    !field_string(r, item, "name", &thread->name) ||
		    !field_string(r, item, "process", &thread->process) ||
		    !add_name(r, r->threads, "threads", thread->name,
			      (int64_t)i))
			return false;
	}
	return true;
}

static bool read_object(struct reader *r, const json_t *item)
{
	struct trace_object *o = trace_add_object(r->t);
	const char *kind = "";

	if (!fields_check(r, item, object_keys) ||
	    !field_required(r, item, "name") ||
	    !field_required(r, item, "kind") ||
	    !field_string(r, item, "kind", &kind) ||
	    !field_string(r, item, "name", &o->name) ||
	    !field_string(r, item, "word", &o->word) ||
	    !field_unsigned(r, item, "key", UINT64_MAX, &o->key) ||
	    !field_unsigned(r, item, "value", UINT64_MAX, &o->value) ||
	    !field_bool(r, item, "named", &o->is_named))
		return false;
	if (!object_kind_parse(kind, &o->kind))
		return reader_fail(r, "objects",
				   "unknown kind of object "
				   "'%.60s'",
				   kind);
	return add_name(r, r->objects, "objects", o->name,
			r->t->object_count - 1);
}

static bool read_names(struct reader *r, const json_t *line)
{
	json_t *threads, *objects, *item;
	size_t i;

	if (!field_array(r, line, "threads", &threads) ||
	    !field_array(r, line, "objects", &objects))
		return false;
	if (!read_threads(r, threads))
		return false;
	json_array_foreach(objects, i, item)
	{
		if (!read_object(r, item))
			return false;
	}
	return true;
}

static bool read_texts(struct reader *r, const json_t *line)
{
	struct trace *t = r->t;

	return field_string(r, line, "tool", &t->tool) &&
	       field_string(r, line, "scenario", &t->scenario) &&
	       field_string(r, line, "title", &t->title) &&
	       field_string(r, line, "summary", &t->summary) &&
	       field_string(r, line, "schedule", &t->schedule) &&
	       field_string(r, line, "profile", &t->profile) &&
	       field_string(r, line, "policy", &t->policy) &&
	       field_string(r, line, "file", &t->file) &&
	       field_string(r, line, "digest", &t->digest) &&
	       field_string(r, line, "source", &t->source) &&
	       field_strings(r, line, "quirks", &t->quirks) &&
	       field_strings(r, line, "focus", &t->focus) &&
	       field_strings(r, line, "hide", &t->hide) &&
	       field_strings(r, line, "highlight", &t->highlight);
}

bool read_header(struct reader *r, const json_t *line)
{
	const json_t *threads = json_object_get(line, "threads");
	const json_t *format = json_object_get(line, "futexsim_trace");

	if (!format)
		return reader_fail_at(r, 1,
				      "this is not a trace: the first "
				      "line has no 'futexsim_trace'");
	if (!json_is_integer(format) ||
	    json_integer_value(format) != TRACE_FORMAT)
		return reader_fail(r, "futexsim_trace",
				   "format %d is the only one known here",
				   TRACE_FORMAT);
	if (json_array_size(threads) > TRACE_THREADS_MAX)
		return reader_fail(r, "threads", "over %u threads",
				   TRACE_THREADS_MAX);
	r->t = trace_new((unsigned int)json_array_size(threads));
	return fields_check(r, line, header_keys) &&
	       field_required(r, line, "scenario") && read_texts(r, line) &&
	       field_unsigned(r, line, "seed", UINT64_MAX, &r->t->seed) &&
	       field_unsigned(r, line, "start", UINT64_MAX, &r->t->start_ns) &&
	       read_names(r, line);
}

/* ---- end --------------------------------------------------------------- */

static bool read_evidence(struct reader *r, const json_t *item,
			  struct verdict *v)
{
	json_t *array, *value;
	uint64_t n;
	size_t i;

	if (!field_array(r, item, "evidence", &array))
		return false;
	if (json_array_size(array) > VERDICT_EVIDENCE_MAX)
		return reader_fail(r, "evidence", "over %d events of evidence",
				   VERDICT_EVIDENCE_MAX);
	json_array_foreach(array, i, value)
	{
		if (!value_unsigned(r, value, "evidence", r->t->event_count,
				    &n))
			return false;
		v->evidence[v->evidence_count++] = (uint32_t)n;
	}
	return true;
}

static bool read_verdict(struct reader *r, const json_t *item)
{
	struct verdict *v = trace_add_verdict(r->t);
	const char *kind = "";
	uint32_t line = 0;

	if (!fields_check(r, item, verdict_keys) ||
	    !field_required(r, item, "kind") ||
	    !field_string(r, item, "kind", &kind) ||
	    !field_string(r, item, "what", &v->what) ||
	    !field_string(r, item, "rule", &v->rule) ||
	    !field_mover(r, item, "th", &v->thread) ||
	    !field_u32(r, item, "line", INT32_MAX, &line) ||
	    !field_u32(r, item, "at", r->t->event_count, &v->at))
		return false;
	v->line = (int32_t)line;
	if (!verdict_parse(kind, &v->kind))
		return reader_fail(r, "verdicts", "unknown verdict '%.60s'",
				   kind);
	return read_evidence(r, item, v);
}

static bool read_thread_ends(struct reader *r, const json_t *end)
{
	json_t *array, *item;
	size_t i;

	if (!field_array(r, end, "threads", &array))
		return false;
	if (json_array_size(array) != r->t->thread_count)
		return reader_fail(r, "threads",
				   "%zu threads end, but the header has %u",
				   json_array_size(array), r->t->thread_count);
	json_array_foreach(array, i, item)
	{
		struct trace_thread *thread = &r->t->threads[i];

		if (!fields_check(r, item, thread_end_keys) ||
		    !field_string(r, item, "end", &thread->end) ||
		    !field_bool(r, item, "blocked", &thread->blocked))
			return false;
	}
	return true;
}

static bool read_counts(struct reader *r, const json_t *end)
{
	struct trace *t = r->t;
	uint64_t events = UINT64_MAX, steps = UINT64_MAX;

	if (!field_unsigned(r, end, "events", UINT64_MAX, &events) ||
	    !field_unsigned(r, end, "steps", UINT64_MAX, &steps))
		return false;
	if (events != t->event_count)
		return reader_fail(r, "events",
				   "the file has %u events, not as many as "
				   "this says",
				   t->event_count);
	if (steps != t->step_count)
		return reader_fail(r, "steps",
				   "the file has %u steps, not as many as "
				   "this says",
				   t->step_count);
	return true;
}

static bool read_state(struct reader *r, const json_t *end)
{
	const json_t *state = json_object_get(end, "state");
	char *text;

	if (!state)
		return true;
	if (!json_is_object(state))
		return reader_fail(r, "state",
				   "field 'state' must be an "
				   "object");
	text = json_dumps(state, JSON_COMPACT);
	if (!text)
		abort();
	r->t->end_state = trace_string(r->t, text);
	free(text);
	return true;
}

static bool check_digest(struct reader *r, const json_t *line)
{
	const char *digest = "";
	char hex[DIGEST_SIZE];

	if (!field_required(r, line, "digest") ||
	    !field_string(r, line, "digest", &digest))
		return false;
	digest_hex(r->digest, hex);
	if (strcmp(digest, hex) != 0)
		return reader_fail(r, "digest",
				   "the file was changed after it was "
				   "written: the digest of its lines is %s",
				   hex);
	return true;
}

bool read_end(struct reader *r, const json_t *line)
{
	const json_t *end = json_object_get(line, "end");
	json_t *verdicts, *item;
	size_t i;

	if (!fields_check(r, line, last_keys) ||
	    !fields_check(r, end, end_keys) || !check_digest(r, line) ||
	    !field_array(r, end, "verdicts", &verdicts))
		return false;
	json_array_foreach(verdicts, i, item)
	{
		if (!read_verdict(r, item))
			return false;
	}
	return field_bool(r, end, "expected", &r->t->expected) &&
	       field_unsigned(r, end, "t", UINT64_MAX, &r->t->end_ns) &&
	       read_counts(r, end) && read_thread_ends(r, end) &&
	       read_state(r, end);
}
