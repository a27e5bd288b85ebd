/*
 * numbers.c - numbers of runs and states, as texts and as lengths.
 */
#include "viz/outcomes/classes.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

const char *number_text(struct trace *memory, uint64_t n)
{
	char digits[32], text[48];
	size_t count, used = 0;

	snprintf(digits, sizeof(digits), "%" PRIu64, n);
	count = strlen(digits);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			text[used++] = ',';
		text[used++] = digits[i];
	}
	text[used] = '\0';
	return trace_string(memory, text);
}

const char *number_short(struct trace *memory, uint64_t n)
{
	static const char units[] = "kMGTPE";
	unsigned int unit = 0;

	if (n < 1000)
		return trace_format(memory, "%" PRIu64, n);
	while (n >= 1000000) {
		n /= 1000;
		unit++;
	}
	if (n < 10000)
		return trace_format(memory, "%" PRIu64 ".%" PRIu64 "%c",
				    n / 1000, n % 1000 / 100, units[unit]);
	return trace_format(memory, "%" PRIu64 "%c", n / 1000, units[unit]);
}

/* @part / @all of @n, rounded; without overflow. */
static uint64_t share(uint64_t part, uint64_t all, uint64_t n)
{
	while (all >> 40) {
		part >>= 1;
		all >>= 1;
	}
	return (part * n + all / 2) / all;
}

const char *part_text(struct trace *memory, uint64_t part, uint64_t all)
{
	uint64_t tenths;

	if (all == 0)
		return "";
	tenths = share(part, all, 1000);
	if (part > 0 && tenths == 0)
		return "< 0.1 %";
	if (part < all && tenths == 1000)
		return "> 99.9 %";
	return trace_format(memory, "%" PRIu64 ".%" PRIu64 " %%", tenths / 10,
			    tenths % 10);
}

long part_of_length(uint64_t part, uint64_t all, long length)
{
	return (long)share(part, all, (uint64_t)length);
}

const char *counted(struct trace *memory, uint64_t n, const char *thing)
{
	return trace_format(memory, "%s %s%s", number_text(memory, n), thing,
			    n == 1 ? "" : "s");
}

bool search_is_part(const struct record *r)
{
	return r->is_truncated || !r->coverage ||
	       strcmp(r->coverage, "exhaustive") != 0;
}

const char *search_facts(struct trace *memory, const struct record *r)
{
	return trace_format(memory, "%s   %s   %s   %s   %s   %s",
			    r->strategy ? r->strategy : "",
			    r->granularity ? r->granularity : "",
			    r->coverage ? r->coverage : "",
			    counted(memory, r->states, "state"),
			    counted(memory, r->moves, "move"),
			    counted(memory, r->runs, "run"));
}

int search_check_options(const struct viz_options *o, char error[VIZ_ERROR_MAX])
{
	const char *what = o->focus.count  ? "focus"
			   : o->hide.count ? "hide"
			   : o->around	   ? "around"
					   : NULL;

	if (!what)
		return 0;
	snprintf(error, VIZ_ERROR_MAX,
		 "--%s chooses events of a trace; the record of a search holds "
		 "states and ends, and no events",
		 what);
	return -EINVAL;
}
