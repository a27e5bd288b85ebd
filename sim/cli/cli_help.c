/* cli_help.c - futexsim help and futexsim version. */
#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/base/version.h"

int cli_help(const struct options *o, int count, char **arguments)
{
	const struct command *c = count ? command_find(arguments[0]) : NULL;

	(void)o;
	if (count && !c) {
		fprintf(stderr, "futexsim: error: no command '%s'\n",
			arguments[0]);
		return EXIT_USAGE;
	}
	options_help(c, stdout);
	return 0;
}

int cli_version(const struct options *o, int count, char **arguments)
{
	(void)o;
	(void)count;
	(void)arguments;
	printf("futexsim %s\n", FUTEXSIM_VERSION);
	return 0;
}
