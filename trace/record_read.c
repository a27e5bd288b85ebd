/*
 * record_read.c - the record of a search out of a file of JSON Lines;
 * record_format.h shows the lines.
 *
 * Nothing in the file is believed before it was checked.  Lists are read into
 * memory that grows, and move into the record when they are complete.
 */
#include "trace/record.h"

#include <stdlib.h>
#include <string.h>

#include "trace/format.h"
#include "trace/record_format.h"

static const char *const header_keys[] = {
	RECORD_KEY,  "tool",	       "scenario", "title",	  "schedule",
	"profile",   "digest",	       "strategy", "granularity", "coverage",
	"runs",	     "states",	       "moves",	   "merged",	  "whole",
	"truncated", "counterexample", "decisive", NULL,
};
static const char *const last_keys[] = {"end", "digest", NULL};

/* ---- the first line ---------------------------------------------------- */

static bool read_texts(struct reader *r, const json_t *line)
{
	struct record *record = record_reader(r)->record;

	return field_string(r, line, "tool", &record->tool) &&
	       field_string(r, line, "scenario", &record->scenario) &&
	       field_string(r, line, "title", &record->title) &&
	       field_string(r, line, "schedule", &record->schedule) &&
	       field_string(r, line, "profile", &record->profile) &&
	       field_string(r, line, "digest", &record->digest) &&
	       field_string(r, line, "strategy", &record->strategy) &&
	       field_string(r, line, "granularity", &record->granularity) &&
	       field_string(r, line, "coverage", &record->coverage);
}

static bool read_figures(struct reader *r, const json_t *line)
{
	struct record *record = record_reader(r)->record;
	uint32_t shown = 0;

	if (json_object_get(line, "counterexample")) {
		if (!field_u32(r, line, "counterexample", INT32_MAX, &shown))
			return false;
		record->counterexample = (int32_t)shown;
	}
	return field_u32(r, line, "decisive", UINT32_MAX, &record->decisive) &&
	       record_u64(r, line, "runs", UINT64_MAX, &record->runs) &&
	       record_u64(r, line, "states", UINT64_MAX, &record->states) &&
	       record_u64(r, line, "moves", UINT64_MAX, &record->moves) &&
	       field_bool(r, line, "merged", &record->states_are_merged) &&
	       field_bool(r, line, "whole", &record->is_whole) &&
	       field_bool(r, line, "truncated", &record->is_truncated);
}

static bool read_first(struct reader *r, const json_t *line)
{
	const json_t *format = json_object_get(line, RECORD_KEY);

	if (!format)
		return reader_fail_at(r, 1,
				      "this is not the record of a search: the "
				      "first line has no '" RECORD_KEY "'");
	if (!json_is_integer(format) ||
	    json_integer_value(format) != RECORD_FORMAT)
		return reader_fail(r, RECORD_KEY,
				   "format %d is the only one known here",
				   RECORD_FORMAT);
	return fields_check(r, line, header_keys) &&
	       field_required(r, line, "scenario") && read_texts(r, line) &&
	       read_figures(r, line);
}

/* ---- the end ----------------------------------------------------------- */

/* Into the memory of the record. */
static void *settle(struct record_reader *rr, enum record_part part,
		    uint32_t *count)
{
	struct record_list *list = &rr->lists[part];
	void *items = trace_alloc(rr->reader.t, list->count * list->size);

	if (list->count)
		memcpy(items, list->items, list->count * list->size);
	*count = list->count;
	return items;
}

static bool check_digest(struct reader *r, const json_t *line)
{
	const char *digest = "";
	char hex[DIGEST_SIZE];

	if (!field_required(r, line, "digest") ||
	    !field_string(r, line, "digest", &digest))
		return false;
	digest_hex(r->digest, hex);
	return !strcmp(digest, hex) ||
	       reader_fail(r, "digest",
			   "the file was changed after it was written: the "
			   "digest of its lines is %s",
			   hex);
}

static bool check_counts(struct reader *r, const json_t *end)
{
	uint32_t count = 0;
	int part;

	for (part = 0; part < RECORD_PARTS; part++) {
		if (!record_u32(r, end, record_part_names[part], UINT32_MAX,
				&count))
			return false;
		if (count != record_reader(r)->lists[part].count)
			return reader_fail(r, record_part_names[part],
					   "the file has %u %s, not as many as "
					   "this says",
					   record_reader(r)->lists[part].count,
					   record_part_names[part]);
	}
	return true;
}

static bool read_last(struct reader *r, const json_t *line)
{
	struct record_reader *rr = record_reader(r);
	struct record *record = rr->record;
	const json_t *end = json_object_get(line, "end");

	if (!fields_check(r, line, last_keys) ||
	    !fields_check(r, end, record_part_names) ||
	    !check_digest(r, line) || !check_counts(r, end))
		return false;
	record->outcomes = settle(rr, RECORD_OUTCOMES, &record->outcome_count);
	record->switches = settle(rr, RECORD_SWITCHES, &record->switches_count);
	record->nodes = settle(rr, RECORD_NODES, &record->node_count);
	record->edges = settle(rr, RECORD_EDGES, &record->edge_count);
	return record_check(r, record);
}

/* ---- the file ---------------------------------------------------------- */

static bool take_line(struct reader *r, bool *done)
{
	json_t *line = reader_parse(r);
	bool ok;

	if (!line)
		return false;
	*done = r->line_number > 1 && json_object_get(line, "end");
	if (r->line_number == 1)
		ok = read_first(r, line);
	else if (*done)
		ok = read_last(r, line);
	else
		ok = record_read_line(r, line);
	json_decref(line);
	if (ok)
		digest_add(r->digest, r->line, r->size);
	return ok;
}

static bool read_all(struct reader *r)
{
	enum line_result result;
	bool done = false;

	while ((result = reader_next(r)) == LINE_READ) {
		if (done)
			return reader_fail_at(r, 1,
					      "nothing may follow the "
					      "line with the end");
		if (!take_line(r, &done))
			return false;
	}
	if (result == LINE_NONE && !done)
		return reader_fail_at(
			r, 1, "%s",
			r->line_number > 1
				? "the file is cut off: the line with the end "
				  "is missing"
				: "the file is empty");
	return !r->failed;
}

struct record *record_read(FILE *in, const char *name,
			   char error[TRACE_ERROR_MAX])
{
	struct record *record = record_new();
	struct record_reader rr = {
		.reader =
			{
				.t = record->memory,
				.in = in,
				.name = name,
				.error = error,
				.digest = digest_new(),
			},
		.record = record,
		.lists = {{.size = sizeof(*record->outcomes),
			   .max = RECORD_OUTCOMES_MAX},
			  {.size = sizeof(*record->switches),
			   .max = RECORD_SWITCHES_MAX},
			  {.size = sizeof(*record->nodes),
			   .max = RECORD_NODES_MAX},
			  {.size = sizeof(*record->edges),
			   .max = RECORD_EDGES_MAX}},
		.strings = json_object(),
	};
	int part;

	error[0] = '\0';
	if (!read_all(&rr.reader)) {
		record_free(record);
		record = NULL;
	}
	for (part = 0; part < RECORD_PARTS; part++)
		free(rr.lists[part].items);
	json_decref(rr.strings);
	digest_free(rr.reader.digest);
	free(rr.reader.line);
	return record;
}
