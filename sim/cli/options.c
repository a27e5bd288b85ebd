/* options.c - parsing of options by their table. */
#define _GNU_SOURCE
#include "sim/cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/loader/diagnostics.h"
#include "sim/cli/options_internal.h"

_Static_assert(OPTION_COUNT <= 64, "a command has 64 bits for options");

bool option_is_of(const struct command *c, enum option_id option)
{
	return c->options >> option & 1 || option == OPTION_HELP;
}

/* What getopt_long wants to know, for the options of one command. */
struct tables {
	struct option longs[OPTION_COUNT + 1];
	char shorts[2 * OPTION_COUNT + 2];
};

static int argument_of(const struct option_row *row)
{
	if (row->kind == VALUE_OPTIONAL)
		return optional_argument;
	return row->argument ? required_argument : no_argument;
}

static void make_tables(const struct command *c, struct tables *t)
{
	unsigned int i, count = 0;
	char *letter = t->shorts;

	memset(t, 0, sizeof(*t));
	*letter++ = ':';
	for (i = 0; i < OPTION_COUNT; i++) {
		if (!option_is_of(c, (enum option_id)i))
			continue;
		t->longs[count].name = option_rows[i].name;
		t->longs[count].has_arg = argument_of(&option_rows[i]);
		t->longs[count++].val = 256 + (int)i;
		if (!option_rows[i].letter)
			continue;
		*letter++ = option_rows[i].letter;
		if (option_rows[i].argument)
			*letter++ = ':';
	}
}

static enum option_id option_of(int val)
{
	int i;

	if (val >= 256)
		return (enum option_id)(val - 256);
	for (i = 0; i < OPTION_COUNT; i++) {
		if (option_rows[i].letter == val)
			break;
	}
	return (enum option_id)i;
}

static void say_unknown(const struct command *c, const char *word)
{
	const char *names[OPTION_COUNT];
	const char *nearest = NULL;
	unsigned int i, count = 0;
	char name[64];

	for (i = 0; i < OPTION_COUNT; i++) {
		if (option_is_of(c, (enum option_id)i))
			names[count++] = option_rows[i].name;
	}
	if (!strncmp(word, "--", 2)) {
		snprintf(name, sizeof(name), "%.*s",
			 (int)strcspn(word + 2, "="), word + 2);
		nearest = nearest_name(name, names, count);
	}
	fprintf(stderr, "futexsim: error: '%s' has no option '%s'", c->name,
		word);
	if (nearest)
		fprintf(stderr, "; nearest: --%s", nearest);
	fprintf(stderr, "\ntry 'futexsim help %s'\n", c->name);
}

static bool is_count_right(const struct command *c, int count)
{
	if (count >= c->arguments_min &&
	    (c->arguments_max < 0 || count <= c->arguments_max))
		return true;
	fprintf(stderr, "futexsim: error: usage: futexsim %s%s%s\n", c->name,
		c->arguments[0] ? " [OPTION...] " : " [OPTION...]",
		c->arguments);
	return false;
}

static const struct options defaults = {
	.seed = 1,
	.bounds = {NO_BOUND, NO_BOUND, NO_BOUND, NO_BOUND, NO_BOUND},
	.jobs = 1,
	.schedules = SCHEDULES_DEFAULT,
	.budget = BUDGET_DEFAULT,
};

int options_parse(const struct command *c, int argc, char **argv,
		  struct options *o)
{
	struct tables t;
	int val, index;

	*o = defaults;
	make_tables(c, &t);
	opterr = 0;
	optind = 1;
	for (;;) {
		index = optind;
		val = getopt_long(argc, argv, t.shorts, t.longs, NULL);
		if (val < 0)
			break;
		if (val == '?') {
			say_unknown(c, argv[index]);
			return -1;
		}
		if (val == ':') {
			fprintf(stderr,
				"futexsim: error: '%s' takes an argument\n",
				argv[optind - 1]);
			return -1;
		}
		if (!option_take(o, &option_rows[option_of(val)], optarg))
			return -1;
	}
	if (!strcmp(o->schedules, "none"))
		o->schedules = NULL;
	if (!o->wants_help && !is_count_right(c, argc - optind))
		return -1;
	return optind;
}

bool wants_color(FILE *out)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fileno(out)) && !(no && *no);
}
