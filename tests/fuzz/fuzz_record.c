/*
 * fuzz_record.c - any bytes as the record of a search: read it, write it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "trace/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[TRACE_ERROR_MAX];
	char nothing = '\0';
	FILE *in = fmemopen(size ? (void *)(uintptr_t)data : &nothing,
			    size ? size : 1, "r");
	struct record *r;
	FILE *out;

	if (!in)
		abort();
	record_is_one(in);
	r = record_read(in, "fuzz", error);
	fclose(in);
	if (!r)
		return 0;
	/* What could be read can be written. */
	out = fopen("/dev/null", "w");
	if (!out || record_write(r, out))
		abort();
	fclose(out);
	record_free(r);
	return 0;
}
