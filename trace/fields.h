/*
 * fields.h - lines of a file and the fields of one, checked; private to the
 * readers of traces and of records.
 *
 * Every getter returns false once something was wrong; the first trouble is
 * kept, with the line and the column of its field.  A field that is absent
 * leaves what its pointer points to as it is.
 */
#ifndef TRACE_FIELDS_H
#define TRACE_FIELDS_H

#include <jansson.h>

#include "trace/trace.h"

/* Names of threads or objects -> their index; a JSON object. */
struct reader {
	struct trace *t;
	FILE *in;
	const char *name; /* of the file, for messages */
	char *error; /* TRACE_ERROR_MAX bytes */
	bool failed;
	unsigned int line_number;
	char *line; /* the current one, with its newline */
	size_t size;
	size_t room;
	size_t bytes; /* of the file so far */
	size_t clocks;
	json_t *threads;
	json_t *objects;
	struct digest *digest;
};

enum line_result {
	LINE_READ,
	LINE_NONE, /* the end of the file */
	LINE_BAD,
};

/* Read up to a newline into r->line, which is never longer than the limit. */
enum line_result reader_next(struct reader *r);
/* That line as JSON, NULL if it is not.  Owner: the caller. */
json_t *reader_parse(struct reader *r);

/* Note trouble at a column from 1; 0: none in particular.  Returns false. */
bool reader_fail_at(struct reader *r, size_t col, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same at the field @key of the current line. */
bool reader_fail(struct reader *r, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* @object must be a JSON object, and all its keys among @keys. */
bool fields_check(struct reader *r, const json_t *object,
		  const char *const *keys);
bool field_required(struct reader *r, const json_t *object, const char *key);
bool field_string(struct reader *r, const json_t *object, const char *key,
		  const char **value);
bool field_strings(struct reader *r, const json_t *object, const char *key,
		   struct trace_strings *list);
bool field_bool(struct reader *r, const json_t *object, const char *key,
		bool *value);
bool field_unsigned(struct reader *r, const json_t *object, const char *key,
		    uint64_t max, uint64_t *value);
bool field_u32(struct reader *r, const json_t *object, const char *key,
	       uint32_t max, uint32_t *value);
bool field_signed(struct reader *r, const json_t *object, const char *key,
		  int64_t *value);
/* The name of an object of the trace. */
bool field_object(struct reader *r, const json_t *object, const char *key,
		  uint32_t *value);
/* The name of a thread or of another mover. */
bool field_mover(struct reader *r, const json_t *object, const char *key,
		 int32_t *value);
/* An array of JSON values; @value is borrowed. */
bool field_array(struct reader *r, const json_t *object, const char *key,
		 json_t **value);
/* An unsigned number that stands for itself; @key is for messages. */
bool value_unsigned(struct reader *r, const json_t *value, const char *key,
		    uint64_t max, uint64_t *result);

/* The header and the last line. */
bool read_header(struct reader *r, const json_t *line);
bool read_end(struct reader *r, const json_t *line);
/* One event. */
bool read_event(struct reader *r, const json_t *line);

#endif
