/* cli.h - the subcommands, one function each; rows in commands.c. */
#ifndef SIM_CLI_CLI_H
#define SIM_CLI_CLI_H

#include "sim/cli/options.h"
#include "sim/run/run.h"

struct search_request;
struct search_result;

int cli_run(const struct options *o, int count, char **arguments);
int cli_check(const struct options *o, int count, char **arguments);
int cli_fmt(const struct options *o, int count, char **arguments);
int cli_explore(const struct options *o, int count, char **arguments);
int cli_minimize(const struct options *o, int count, char **arguments);
int cli_explain(const struct options *o, int count, char **arguments);
int cli_replay(const struct options *o, int count, char **arguments);
int cli_draw(const struct options *o, int count, char **arguments);
int cli_diff(const struct options *o, int count, char **arguments);
int cli_report(const struct options *o, int count, char **arguments);
int cli_trace(const struct options *o, int count, char **arguments);
int cli_points(const struct options *o, int count, char **arguments);
int cli_quirks(const struct options *o, int count, char **arguments);
int cli_test(const struct options *o, int count, char **arguments);
int cli_host(const struct options *o, int count, char **arguments);
int cli_help(const struct options *o, int count, char **arguments);
int cli_version(const struct options *o, int count, char **arguments);

/* The program as it was called, for commands that a user may repeat. */
extern const char *cli_program;

/* ---- shared by them ---------------------------------------------------------
 */

/* All errors of a scenario go to stderr; @o has its parameters.  NULL on any.
 */
struct scenario *cli_load(const char *path, const struct options *o);
/* The same, with the errors to a stream of the caller's. */
struct scenario *cli_load_telling(const char *path, const struct options *o,
				  FILE *errors);

/*
 * Every run that a scenario and the options ask for: profiles times
 * combinations of its matrix times schedules.
 * @each is called for each and gets the request to fill in further.
 * Owner:   but for the first combination, which is @s itself, the scenario of a
 *          request is gone when @each has returned.
 * Returns the highest exit code, or an exit code of an error in the options.
 */
int cli_each_run(const struct scenario *s, const struct options *o,
		 int (*each)(struct run_request *request, void *arg),
		 void *arg);

/* The same for the combination that @s is alone. */
int cli_each_run_of_one(const struct scenario *s, const struct options *o,
			int (*each)(struct run_request *request, void *arg),
			void *arg);

/* Says so if there is no such profile. */
bool cli_has_profile(const char *name);

/* The exit code of a run. */
int cli_exit_code(const struct run *run);

/*
 * Write a file whole or not at all; "-" is stdout.  @write fills the stream and
 * returns 0 or -errno.
 * Returns an exit code, after an error message.
 */
int cli_write(const char *path, int (*write)(FILE *out, void *arg), void *arg);

/* The same for a trace. */
int cli_write_trace(const char *path, struct trace *trace);

/* The same for a run that has a trace, as a schedule to be replayed. */
int cli_write_schedule(const char *path, const struct run *run,
		       enum granularity granularity);

/*
 * Write the schedule of every verdict and of the first outcomes that @result
 * has into @folder, which is made if need be; the result gets their paths.
 * @sim: for making those runs again.
 * Returns an exit code, after an error message.
 */
int cli_write_schedules(const char *folder,
			const struct search_request *request,
			struct search_result *result, struct sim *sim);

/* Does the name of a file say that it is to be a picture; see forms.h? */
bool cli_is_picture(const char *path);

/* Says so if there is no picture of such a name; see OPTION_OUTPUT. */
bool cli_can_draw(const char *path);

/*
 * Draw a trace into such a file, with the focus of @o.
 * Returns an exit code, after an error message.
 */
int cli_draw_trace(const struct options *o, const struct trace *t,
		   const char *path);

/* The same for two traces side by side. */
int cli_draw_diff(const struct options *o, const struct trace *left,
		  const struct trace *right, const char *path);

/* Is the file at @path a trace, and no scenario? */
bool cli_is_trace(const char *path);

/* The scenario that is in a trace.  Returns NULL after an error message. */
struct scenario *cli_trace_scenario(const struct trace *t, const char *path);

/*
 * Open a file to be read from its start; "-" is stdin.  It can be sought.
 * Returns NULL after an error message.
 */
FILE *cli_open_input(const char *path);

/* Read a trace; "-" is stdin.  Returns NULL after an error message. */
struct trace *cli_read_trace(const char *path);

#endif
