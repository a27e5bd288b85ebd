/*
 * main.c - futexsim: finds the subcommand and hands over.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/loader/diagnostics.h"

static int unknown(const char *name)
{
	const char *names[32];
	const char *nearest;
	unsigned int i;

	for (i = 0; i < command_count; i++)
		names[i] = commands[i].name;
	nearest = nearest_name(name, names, command_count);
	fprintf(stderr, "futexsim: error: no command '%s'", name);
	if (nearest)
		fprintf(stderr, "; nearest: %s", nearest);
	fputs("\ntry 'futexsim help'\n", stderr);
	return EXIT_USAGE;
}

/* A full disk is only told when the stream is flushed. */
static int finish(int code)
{
	if (fflush(stdout) || ferror(stdout)) {
		fputs("futexsim: error: cannot write to standard output\n",
		      stderr);
		return EXIT_ENVIRONMENT;
	}
	return code;
}

int main(int argc, char **argv)
{
	const struct command *c;
	struct options options;
	const char *name;
	int first;

	/* No time zone reaches an output. */
	setenv("TZ", "UTC0", 1);
	if (argc > 0 && argv[0][0])
		cli_program = argv[0];
	if (argc < 2) {
		options_help(NULL, stderr);
		return EXIT_USAGE;
	}
	name = argv[1];
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	if (!strcmp(name, "--version"))
		name = "version";
	c = command_find(name);
	if (!c)
		return unknown(name);
	first = options_parse(c, argc - 1, argv + 1, &options);
	if (first < 0)
		return EXIT_USAGE;
	if (options.wants_help) {
		options_help(c, stdout);
		return finish(0);
	}
	return finish(c->run(&options, argc - 1 - first, argv + 1 + first));
}
