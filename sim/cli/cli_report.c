/*
 * cli_report.c - futexsim report: one HTML file on a trace, or on a run of a
 * scenario and what a search of it saw.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/draw_filter.h"
#include "sim/cli/report_runs.h"

static int take_trace(struct reporting *r, const char *path)
{
	r->trace = cli_read_trace(path);
	if (!r->trace)
		return EXIT_INVALID;
	reporting_add_trace(r, path);
	return 0;
}

static int write_data(FILE *out, void *arg)
{
	const struct reporting *r = arg;

	errno = 0;
	if (fwrite(r->data, 1, r->size, out) != r->size || fflush(out))
		return errno ? -errno : -EIO;
	return 0;
}

static int say_trouble(int result, const char *error)
{
	fprintf(stderr, "futexsim: error: report: %s\n",
		*error ? error : strerror(-result));
	if (result == -ENODATA)
		return EXIT_INVALID;
	return result == -ENOMEM ? EXIT_ENVIRONMENT : EXIT_INTERNAL;
}

static int write_report(struct reporting *r)
{
	char error[VIZ_ERROR_MAX] = "";
	FILE *out;
	int result;

	r->report.trace = r->trace;
	r->report.record = r->record;
	r->report.passing = r->passing;
	out = open_memstream(&r->data, &r->size);
	if (!out)
		return EXIT_ENVIRONMENT;
	result = viz_report(&r->report, &r->viz, out, error);
	if (fclose(out) && !result)
		result = -errno;
	if (result)
		return say_trouble(result, error);
	return cli_write(r->o->output ? r->o->output : "-", write_data, r);
}

static int make_report(struct reporting *r, const char *path)
{
	int code = cli_is_trace(path) ? take_trace(r, path)
				      : reporting_take_scenario(r, path);

	if (code)
		return code;
	if (!r->trace) {
		fprintf(stderr, "%s:1:1: error: there is no run to report\n",
			path);
		return EXIT_INVALID;
	}
	if (!draw_filter_check(&r->viz, r->trace))
		return EXIT_USAGE;
	return write_report(r);
}

int cli_report(const struct options *o, int count, char **arguments)
{
	struct reporting r;
	int code;

	(void)count;
	reporting_init(&r, o);
	code = draw_filter_read(o, &r.viz) ? make_report(&r, arguments[0])
					   : EXIT_USAGE;
	reporting_fini(&r);
	return code;
}
