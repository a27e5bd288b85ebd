/* cli_run.c - futexsim run and futexsim check. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/report/report.h"
#include "sim/base/shell.h"

struct runner {
	const struct options *o;
	struct sim *sim;
	uint32_t run_count;
	bool is_counting;
};

/* ---- the command that does it again ------------------------------------ */

static void write_command(const struct runner *r, const struct run *run,
			  bool has_trace, FILE *out)
{
	const struct run_request *q = &run->request;
	const struct options *o = r->o;
	unsigned int i;

	shell_word(out, cli_program);
	if (has_trace && o->trace && strcmp(o->trace, "-")) {
		fputs(" replay ", out);
		shell_word(out, o->trace);
		return;
	}
	fputs(" run ", out);
	shell_word(out, q->scenario->path);
	if (q->schedule && q->schedule->name[0])
		fprintf(out, " --schedule %s", q->schedule->name);
	fprintf(out, " --profile %s", q->profile);
	for (i = 0; i < o->with_count; i++)
		fprintf(out, " --with %s", o->with[i]);
	for (i = 0; i < o->without_count; i++)
		fprintf(out, " --without %s", o->without[i]);
	for (i = 0; i < o->param_count; i++) {
		fputs(" -P ", out);
		shell_word(out, o->params[i]);
	}
	if (q->mode == RUN_RANDOM)
		fprintf(out, " --random --seed %" PRIu64, q->seed);
	if (o->max_steps)
		fprintf(out, " --max-steps %" PRIu32, o->max_steps);
}

static char *replay_command(const struct runner *r, const struct run *run,
			    bool has_trace)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	write_command(r, run, has_trace, out);
	fclose(out);
	return text;
}

/* ---- one run ----------------------------------------------------------- */

static void say_error(const struct run *run)
{
	const struct scenario *s = run->request.scenario;
	struct diagnostics d;

	diagnostics_init(&d, s->path);
	diagnostics_set_source(&d, s->source, s->source_size);
	diagnostics_add(&d, run->error_line, run->error_col, "%s", run->error);
	diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
}

static void report(struct runner *r, const struct run *run, bool has_trace)
{
	struct report_options options = {.color = wants_color(stdout)};
	char *command = replay_command(r, run, has_trace);
	bool is_stdout = r->o->trace && !strcmp(r->o->trace, "-");

	/* What came from standard input is gone, unless a trace holds it. */
	if (has_trace || strcmp(run->request.scenario->path, "<stdin>"))
		options.replay = command;
	options.trace = has_trace ? r->o->trace : NULL;
	if (r->o->is_json)
		report_json(run, is_stdout ? stderr : stdout);
	else
		report_text(run, &options, is_stdout ? stderr : stdout);
	free(command);
}

static int run_one(struct run_request *request, void *arg)
{
	struct runner *r = arg;
	struct run run;
	int code, error = 0;

	r->run_count++;
	if (r->is_counting)
		return 0;
	if (r->run_count > 1 && !r->o->is_json)
		putchar('\n');
	request->wants_trace = r->o->trace;
	if (r->o->max_steps)
		request->steps_max = r->o->max_steps;
	run_scenario(r->sim, request, &run);
	code = cli_exit_code(&run);
	if (run.trace) {
		error = cli_write_trace(r->o->trace, run.trace);
		trace_free(run.trace);
	}
	report(r, &run, !error);
	if (run.error) {
		fflush(stdout);
		say_error(&run);
	}
	return error > code ? error : code;
}

/* One trace holds one run. */
static int check_single(struct runner *r, const struct scenario *s, int files)
{
	int error;

	r->is_counting = true;
	error = cli_each_run(s, r->o, run_one, r);
	r->is_counting = false;
	if (error)
		return error;
	if (r->o->trace && (r->run_count > 1 || files > 1)) {
		fputs("futexsim: error: --trace takes one run; choose it with "
		      "--profile and --schedule\n",
		      stderr);
		return EXIT_USAGE;
	}
	r->run_count = 0;
	return 0;
}

static int run_file(struct runner *r, const char *path, int files)
{
	struct scenario *s = cli_load(path, r->o);
	uint32_t before = r->run_count;
	int code;

	if (!s)
		return EXIT_INVALID;
	code = check_single(r, s, files);
	r->run_count = before;
	if (!code)
		code = cli_each_run(s, r->o, run_one, r);
	scenario_free(s);
	return code;
}

int cli_run(const struct options *o, int count, char **arguments)
{
	struct runner r = {.o = o};
	struct sim sim;
	int i, code = 0, one;

	sim_init(&sim);
	r.sim = &sim;
	for (i = 0; i < count; i++) {
		one = run_file(&r, arguments[i], count);
		if (one > code)
			code = one;
	}
	sim_fini(&sim);
	return code;
}

int cli_check(const struct options *o, int count, char **arguments)
{
	struct scenario *s;
	int i, code = 0;

	for (i = 0; i < count; i++) {
		s = cli_load(arguments[i], o);
		if (!s) {
			code = EXIT_INVALID;
			continue;
		}
		printf("%s: ok: scenario '%s', %u threads, %u schedules\n",
		       arguments[i], s->name, s->thread_count,
		       s->schedule_count);
		scenario_free(s);
	}
	return code;
}
