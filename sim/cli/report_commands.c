/* report_commands.c - the commands that a report has to be copied. */
#include "sim/cli/report_parts.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/shell.h"
#include "sim/cli/cli.h"
#include "sim/cli/run_command.h"
#include "sim/cli/trace_command.h"

/* The caller writes a command to it, and ends it with end_command. */
static FILE *begin_command(char **text, size_t *size)
{
	FILE *out = open_memstream(text, size);

	if (!out)
		abort();
	return out;
}

static void end_command(struct reporting *r, FILE *out, char **text)
{
	fclose(out);
	r->report.commands[r->report.command_count++] = *text;
}

/* What came from standard input cannot be named. */
static void add_command(struct reporting *r, const char *name,
			const struct run_request *q)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (!strcmp(q->scenario->path, "<stdin>"))
		return;
	out = begin_command(&text, &size);
	fputs(COMMAND_PROGRAM, out);
	run_arguments(name, command_path(q->scenario->path), q, r->o, out);
	end_command(r, out, &text);
}

/* A search begins where a prefix ends, and has no other schedule. */
void reporting_add_explore(struct reporting *r, const struct run_request *run)
{
	struct run_request q = *run;

	if (!schedule_is_prefix(q.schedule))
		q.schedule = NULL;
	add_command(r, "explore", &q);
}

void reporting_add_run(struct reporting *r, const struct run_request *q)
{
	const struct scenario *s = q->scenario;

	if (s->recorded.is_given && strcmp(s->path, "<stdin>"))
		reporting_add_command(r, "replay", s->path);
	else
		add_command(r, "run", q);
}

void reporting_add_command(struct reporting *r, const char *name,
			   const char *path)
{
	char *text = NULL;
	size_t size;
	FILE *out = begin_command(&text, &size);

	fprintf(out, "%s %s ", COMMAND_PROGRAM, name);
	shell_word(out, command_path(path));
	end_command(r, out, &text);
}

void reporting_add_explain(struct reporting *r, const struct run_request *q)
{
	add_command(r, "explain", q);
}

void reporting_add_trace(struct reporting *r, const char *path)
{
	char *command = trace_command(r->trace, path);

	if (command)
		r->report.commands[r->report.command_count++] = command;
}

void reporting_drop_commands(struct reporting *r)
{
	while (r->report.command_count > 0)
		free((char *)r->report.commands[--r->report.command_count]);
}

void reporting_add_replay(struct reporting *r, const struct search_request *q,
			  const struct search_verdict *v)
{
	char *path = NULL;
	size_t size;
	FILE *out;

	if (!v || q->schedule || scenario_has_combination(q->scenario) ||
	    !strcmp(q->scenario->path, "<stdin>"))
		return;
	out = open_memstream(&path, &size);
	if (!out)
		abort();
	fprintf(out, "%s/%s-%s-%s.yaml", SCHEDULES_DEFAULT, q->scenario->name,
		q->profile, verdict_name(v->kind));
	fclose(out);
	reporting_add_command(r, "replay", path);
	reporting_add_command(r, "explain", path);
	free(path);
}
