/*
 * read.c - a trace out of a file of JSON Lines; format.h shows the lines.
 *
 * The file comes from anywhere: nothing in it is believed before it was
 * checked, and every size has a limit.  What hangs on the trace so far goes
 * with it when something is wrong.
 */
#include "trace/trace.h"

#include <stdlib.h>
#include <string.h>

#include "trace/fields.h"
#include "trace/format.h"

static void make_room(struct reader *r)
{
	if (r->size < r->room)
		return;
	r->room = r->room ? 2 * r->room : 4096;
	r->line = realloc(r->line, r->room);
	if (!r->line)
		abort();
}

enum line_result reader_next(struct reader *r)
{
	int c;

	r->line_number++;
	r->size = 0;
	while ((c = getc_unlocked(r->in)) != EOF) {
		make_room(r);
		r->line[r->size++] = (char)c;
		if (c == '\n')
			break;
		if (r->size >= TRACE_HEADER_MAX ||
		    ++r->bytes >= TRACE_BYTES_MAX) {
			reader_fail_at(r, r->size, "the %s is too long",
				       r->bytes >= TRACE_BYTES_MAX ? "file"
								   : "line");
			return LINE_BAD;
		}
	}
	if (ferror(r->in)) {
		reader_fail_at(r, r->size + 1, "cannot be read on");
		return LINE_BAD;
	}
	return r->size > 0 ? LINE_READ : LINE_NONE;
}

json_t *reader_parse(struct reader *r)
{
	json_error_t e;
	json_t *value;

	if (r->line[r->size - 1] != '\n') {
		reader_fail_at(r, r->size + 1,
			       "the file is cut off: the last "
			       "line has no end");
		return NULL;
	}
	value = json_loadb(r->line, r->size, JSON_REJECT_DUPLICATES, &e);
	if (!value)
		reader_fail_at(r, e.column > 0 ? (size_t)e.column : 1, "%s",
			       e.text);
	return value;
}

/*
 * One line into the trace; @done is set by the last.  The digest in the last
 * line is of the lines before it.
 */
static bool take_line(struct reader *r, bool *done)
{
	json_t *line = reader_parse(r);
	bool ok;

	if (!line)
		return false;
	*done = false;
	if (!r->t) {
		ok = read_header(r, line);
	} else if (json_object_get(line, "end")) {
		*done = true;
		ok = read_end(r, line);
	} else if (r->size > TRACE_LINE_MAX) {
		ok = reader_fail_at(r, TRACE_LINE_MAX, "the line is too long");
	} else {
		ok = read_event(r, line);
	}
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
			r->t ? "the file is cut off: the line with the end is "
			       "missing"
			     : "the file is empty");
	return !r->failed;
}

struct trace *trace_read(FILE *in, const char *name,
			 char error[TRACE_ERROR_MAX])
{
	struct reader r = {
		.in = in,
		.name = name,
		.error = error,
		.threads = json_object(),
		.objects = json_object(),
		.digest = digest_new(),
	};

	error[0] = '\0';
	if (!read_all(&r)) {
		trace_free(r.t);
		r.t = NULL;
	}
	json_decref(r.threads);
	json_decref(r.objects);
	digest_free(r.digest);
	free(r.line);
	return r.t;
}
