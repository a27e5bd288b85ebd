/* cli_run.c - futexsim run and futexsim check. */
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/run_command.h"
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
	const char *trace = r->o->trace;

	if (!has_trace || !trace || !strcmp(trace, "-")) {
		run_command("run", &run->request, r->o, out);
		return;
	}
	shell_word(out, cli_program);
	fputs(" replay ", out);
	shell_word(out, trace);
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
	struct diagnostics d;

	scenario_diagnostics(run->request.scenario, &d);
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
		      "--profile, --schedule and -P\n",
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

static int count_run(struct run_request *request, void *arg)
{
	uint32_t *count = arg;

	(void)request;
	++*count;
	return 0;
}

/* Of the files that were looked at so far. */
struct names {
	char *(*items)[2]; /* name, path */
	unsigned int count;
};

/* Says so if another file has the name. */
static bool is_new_name(struct names *n, const struct scenario *s)
{
	struct diagnostics d;
	unsigned int i;

	for (i = 0; i < n->count; i++) {
		if (strcmp(n->items[i][0], s->name) ||
		    !strcmp(n->items[i][1], s->path))
			continue;
		scenario_diagnostics(s, &d);
		diagnostics_add(&d, s->name_mark.line, s->name_mark.col,
				"the name '%s' is that of %s, too", s->name,
				n->items[i][1]);
		diagnostics_print(&d, stderr);
		diagnostics_fini(&d);
		return false;
	}
	n->items = realloc(n->items, (n->count + 1) * sizeof(*n->items));
	if (!n->items)
		abort();
	n->items[n->count][0] = strdup(s->name);
	n->items[n->count++][1] = strdup(s->path);
	return true;
}

static void names_fini(struct names *n)
{
	unsigned int i;

	for (i = 0; i < n->count; i++) {
		free(n->items[i][0]);
		free(n->items[i][1]);
	}
	free(n->items);
}

static int check_scenario(const struct options *o, const char *path,
			  struct names *names)
{
	struct scenario *s = cli_load(path, o);
	uint32_t runs = 0;

	if (!s || !is_new_name(names, s)) {
		scenario_free(s);
		return EXIT_INVALID;
	}
	cli_each_run(s, o, count_run, &runs);
	printf("%s: ok: scenario '%s', %u thread%s, %u schedule%s, %u run%s\n",
	       path, s->name, s->thread_count, s->thread_count == 1 ? "" : "s",
	       s->schedule_count, s->schedule_count == 1 ? "" : "s", runs,
	       runs == 1 ? "" : "s");
	scenario_free(s);
	return 0;
}

static int check_inclusion(const char *path)
{
	struct diagnostics d;
	uint32_t procedures, params;
	bool is_good;

	diagnostics_init(&d, path);
	is_good = scenario_check_inclusion(path, &d, &procedures, &params);
	if (is_good)
		printf("%s: ok: to be included: %u procedure%s, %u "
		       "parameter%s\n",
		       path, procedures, procedures == 1 ? "" : "s", params,
		       params == 1 ? "" : "s");
	else
		diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	return is_good ? 0 : EXIT_INVALID;
}

int cli_check(const struct options *o, int count, char **arguments)
{
	struct names names = {NULL, 0};
	int i, one, code = 0;

	for (i = 0; i < count; i++) {
		if (scenario_is_for_inclusion(arguments[i]))
			one = check_inclusion(arguments[i]);
		else
			one = check_scenario(o, arguments[i], &names);
		if (one > code)
			code = one;
	}
	names_fini(&names);
	return code;
}
