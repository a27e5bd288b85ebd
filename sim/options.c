/* options.c - parsing, and help, from one table. */
#define _GNU_SOURCE
#include "sim/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/diagnostics.h"

struct option_row {
	const char *name;
	char letter; /* 0: only the long form */
	const char *argument;
	const char *summary;
};

static const struct option_row rows[OPTION_COUNT] = {
	[OPTION_SCHEDULE] = {"schedule", 's', "NAME",
			     "run only this schedule (default: all of them)"},
	[OPTION_PROFILE] = {"profile", 'p', "PROFILE",
			    "run this profile (default: those of the file)"},
	[OPTION_WITH] = {"with", 0, "QUIRK",
			 "add a quirk to the profile; may be repeated"},
	[OPTION_WITHOUT] = {"without", 0, "QUIRK",
			    "take a quirk away; may be repeated"},
	[OPTION_TRACE] = {"trace", 't', "OUT.jsonl",
			  "write the trace of the run (- is stdout)"},
	[OPTION_RANDOM] = {"random", 0, NULL,
			   "choose every step at random instead of by the "
			   "schedule"},
	[OPTION_SEED] = {"seed", 0, "N",
			 "number the random choices start from (default: 1)"},
	[OPTION_FORMAT] = {"format", 'f', "text|json",
			   "form of the report (default: text)"},
	[OPTION_MAX_STEPS] = {"max-steps", 0, "N",
			      "stop a run after so many steps (default: "
			      "1000000)"},
	[OPTION_PARAM] = {"param", 'P', "NAME=VALUE",
			  "give a parameter of the scenario another value; may "
			  "be repeated"},
	[OPTION_OUTPUT] = {"output", 'o', "OUT",
			   "file to write: .svg .png .pdf .dot .txt (- is "
			   "text to stdout)"},
	[OPTION_FOCUS] = {"focus", 0, "NAME",
			  "always show this thread, object or point; may be "
			  "repeated"},
	[OPTION_HIDE] = {"hide", 0, "POINT",
			 "hide points that match, such as 'ref.*'; may be "
			 "repeated"},
	[OPTION_ASCII] = {"ascii", 0, NULL, "text form in plain ASCII"},
	[OPTION_TAP] = {"tap", 0, NULL, "print TAP instead of a list"},
	[OPTION_JUNIT] = {"junit", 0, "OUT.xml", "also write JUnit XML"},
	[OPTION_HELP] = {"help", 'h', NULL, "print this and end"},
};

static bool takes(const struct command *c, enum option_id option)
{
	return c->options >> option & 1 || option == OPTION_HELP;
}

/* ---- parsing ----------------------------------------------------------------
 */

static bool parse_number(const char *text, const char *name, uint64_t max,
			 uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *value <= max)
		return true;
	fprintf(stderr,
		"futexsim: error: --%s takes a number from 0 to %llu, not "
		"'%s'\n",
		name, (unsigned long long)max, text);
	return false;
}

static bool add(const char **list, unsigned int *count, const char *value)
{
	if (*count == OPTION_LIST_MAX) {
		fprintf(stderr,
			"futexsim: error: an option is given more "
			"than %u times\n",
			OPTION_LIST_MAX);
		return false;
	}
	list[(*count)++] = value;
	return true;
}

static bool parse_format(struct options *o, const char *value)
{
	o->is_json = !strcmp(value, "json");
	if (o->is_json || !strcmp(value, "text"))
		return true;
	fprintf(stderr,
		"futexsim: error: --format is text or json, not "
		"'%s'\n",
		value);
	return false;
}

static bool parse_steps(struct options *o, const char *value)
{
	uint64_t number;

	if (!parse_number(value, "max-steps", 100000000, &number))
		return false;
	o->max_steps = (uint32_t)number;
	return true;
}

static bool add_param(struct options *o, const char *value)
{
	const char *equals = strchr(value, '=');

	if (equals && equals != value)
		return add(o->params, &o->param_count, value);
	fprintf(stderr, "futexsim: error: --param takes NAME=VALUE, not '%s'\n",
		value);
	return false;
}

static bool take(struct options *o, enum option_id option, const char *value)
{
	switch (option) {
	case OPTION_SCHEDULE:
		o->schedule = value;
		return true;
	case OPTION_PROFILE:
		o->profile = value;
		return true;
	case OPTION_WITH:
		return add(o->with, &o->with_count, value);
	case OPTION_WITHOUT:
		return add(o->without, &o->without_count, value);
	case OPTION_TRACE:
		o->trace = value;
		return true;
	case OPTION_RANDOM:
		o->is_random = true;
		return true;
	case OPTION_SEED:
		return parse_number(value, "seed", UINT64_MAX, &o->seed);
	case OPTION_FORMAT:
		return parse_format(o, value);
	case OPTION_MAX_STEPS:
		return parse_steps(o, value);
	case OPTION_PARAM:
		return add_param(o, value);
	case OPTION_OUTPUT:
		o->output = value;
		return true;
	case OPTION_FOCUS:
		return add(o->focus, &o->focus_count, value);
	case OPTION_HIDE:
		return add(o->hide, &o->hide_count, value);
	case OPTION_ASCII:
		o->is_ascii = true;
		return true;
	case OPTION_TAP:
		o->is_tap = true;
		return true;
	case OPTION_JUNIT:
		o->junit = value;
		return true;
	case OPTION_HELP:
		o->wants_help = true;
		return true;
	case OPTION_COUNT:
		break;
	}
	return false;
}

/* What getopt_long wants to know, for the options of one command. */
struct tables {
	struct option longs[OPTION_COUNT + 1];
	char shorts[2 * OPTION_COUNT + 2];
};

static void make_tables(const struct command *c, struct tables *t)
{
	unsigned int i, count = 0;
	char *letter = t->shorts;

	memset(t, 0, sizeof(*t));
	*letter++ = ':';
	for (i = 0; i < OPTION_COUNT; i++) {
		if (!takes(c, (enum option_id)i))
			continue;
		t->longs[count].name = rows[i].name;
		t->longs[count].has_arg =
			rows[i].argument ? required_argument : no_argument;
		t->longs[count++].val = 256 + (int)i;
		if (!rows[i].letter)
			continue;
		*letter++ = rows[i].letter;
		if (rows[i].argument)
			*letter++ = ':';
	}
}

static enum option_id option_of(int val)
{
	int i;

	if (val >= 256)
		return (enum option_id)(val - 256);
	for (i = 0; i < OPTION_COUNT; i++) {
		if (rows[i].letter == val)
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
		if (takes(c, (enum option_id)i))
			names[count++] = rows[i].name;
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

int options_parse(const struct command *c, int argc, char **argv,
		  struct options *o)
{
	struct tables t;
	int val, index;

	*o = (struct options){.seed = 1};
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
		if (!take(o, option_of(val), optarg))
			return -1;
	}
	if (!o->wants_help && !is_count_right(c, argc - optind))
		return -1;
	return optind;
}

/* ---- help -------------------------------------------------------------- */

static void help_option(const struct option_row *row, FILE *out)
{
	char left[40];

	snprintf(left, sizeof(left), "%s%c%s--%s%s%s", row->letter ? "-" : " ",
		 row->letter ? row->letter : ' ', row->letter ? ", " : "  ",
		 row->name, row->argument ? " " : "",
		 row->argument ? row->argument : "");
	fprintf(out, "  %-26s  %s\n", left, row->summary);
}

static void help_command(const struct command *c, FILE *out)
{
	unsigned int i;

	fprintf(out, "usage: futexsim %s [OPTION...] %s\n\n%s.\n\noptions:\n",
		c->name, c->arguments, c->summary);
	for (i = 0; i < OPTION_COUNT; i++) {
		if (takes(c, (enum option_id)i))
			help_option(&rows[i], out);
	}
}

static const char exit_codes[] =
	"exit codes:\n"
	"  0  as expected                  4  inconclusive: a bound was hit\n"
	"  1  bug or unmet expectation     5  a replay diverged\n"
	"  2  usage                        6  the tool is at fault\n"
	"  3  invalid scenario or trace    7  environment\n";

void options_help(const struct command *c, FILE *out)
{
	unsigned int i;

	if (c) {
		help_command(c, out);
		return;
	}
	fputs("usage: futexsim COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "Replays futex races that are written down in YAML, and draws "
	      "them.\n\ncommands:\n",
	      out);
	for (i = 0; i < command_count; i++)
		fprintf(out, "  %-8s %-12s  %s\n", commands[i].name,
			commands[i].arguments, commands[i].summary);
	fputs("\n'futexsim help COMMAND' tells the options of a command. "
	      "A file named - is\nstandard input or output.\n\n",
	      out);
	fputs(exit_codes, out);
}

bool wants_color(FILE *out)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fileno(out)) && !(no && *no);
}
