/* run_command.c - the command line that makes a run again. */
#include "sim/cli/run_command.h"

#include <inttypes.h>
#include <string.h>

#include "sim/base/shell.h"
#include "sim/cli/cli.h"

/* Has the parameter a value on the command line? */
static bool is_given(const struct options *o, const char *name)
{
	size_t length = strlen(name);
	unsigned int i;

	for (i = 0; i < o->param_count; i++) {
		if (!strncmp(o->params[i], name, length) &&
		    o->params[i][length] == '=')
			return true;
	}
	return false;
}

/* What is not given is the first value of each axis of the matrix. */
static void put_params(const struct scenario *s, const struct options *o,
		       FILE *out)
{
	unsigned int i;

	for (i = 0; i < o->param_count; i++) {
		fputs(" -P ", out);
		shell_word(out, o->params[i]);
	}
	for (i = 0; i < s->matrix.axis_count; i++) {
		const struct matrix_axis *axis = &s->matrix.axes[i];

		if (!is_given(o, axis->name))
			fprintf(out, " -P %s=%" PRId64, axis->name,
				axis->values[0]);
	}
}

void run_arguments(const char *name, const char *path,
		   const struct run_request *q, const struct options *o,
		   FILE *out)
{
	unsigned int i;

	fprintf(out, " %s ", name);
	shell_word(out, path);
	if (q->schedule && q->schedule->name[0])
		fprintf(out, " --schedule %s", q->schedule->name);
	fprintf(out, " --profile %s", q->profile);
	for (i = 0; i < o->with_count; i++)
		fprintf(out, " --with %s", o->with[i]);
	for (i = 0; i < o->without_count; i++)
		fprintf(out, " --without %s", o->without[i]);
	put_params(q->scenario, o, out);
	if (q->mode == RUN_RANDOM)
		fprintf(out, " --random --seed %" PRIu64, q->seed);
	if (o->max_steps)
		fprintf(out, " --max-steps %" PRIu32, o->max_steps);
}

void run_command(const char *name, const struct run_request *q,
		 const struct options *o, FILE *out)
{
	shell_word(out, cli_program);
	run_arguments(name, q->scenario->path, q, o, out);
}
