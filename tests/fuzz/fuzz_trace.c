/*
 * fuzz_trace.c - any bytes as a trace: read it, draw it as text.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "trace/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[TRACE_ERROR_MAX];
	char nothing = '\0';
	FILE *in = fmemopen(size ? (void *)(uintptr_t)data : &nothing,
			    size ? size : 1, "r");
	struct trace *t;
	FILE *out;

	if (!in)
		abort();
	t = trace_read(in, "fuzz", error);
	fclose(in);
	if (!t)
		return 0;
	/* What could be read can be written. */
	out = fopen("/dev/null", "w");
	if (!out || trace_write(t, out))
		abort();
	fclose(out);
	trace_free(t);
	return 0;
}
