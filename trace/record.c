/*
 * record.c - the memory of a record, and how its file begins.
 */
#include "trace/record.h"

#include <string.h>

#include "trace/record_format.h"

struct record *record_new(void)
{
	struct trace *memory = trace_new(0);
	struct record *r = trace_alloc(memory, sizeof(*r));

	r->memory = memory;
	r->counterexample = -1;
	return r;
}

void record_free(struct record *r)
{
	/* The record itself is in that memory. */
	if (r)
		trace_free(r->memory);
}

bool record_is_one(FILE *in)
{
	static const char wanted[] = "{\"" RECORD_KEY "\":";
	char begin[sizeof(wanted) - 1];
	size_t size = fread(begin, 1, sizeof(begin), in);

	/* Of no use in a pipe; then the caller has to know. */
	if (fseek(in, 0, SEEK_SET))
		clearerr(in);
	return size == sizeof(begin) && !memcmp(begin, wanted, size);
}
