/* options_help.c - help, made of the tables of options and commands. */
#include "sim/cli/options_internal.h"

#include <string.h>

/* What an option means to one command, where that is not what its row says. */
static const struct variant {
	const char *command;
	enum option_id option;
	const char *summary;
} variants[] = {
	{"explore", OPTION_SCHEDULE,
	 "search from the end of this schedule, which ends in `- explore` "
	 "(default: of all that do, or from the beginning)"},
	{"explore", OPTION_SEED,
	 "number the random strategies start from (default: that of the file, "
	 "or 1)"},
	{"explore", OPTION_TRACE,
	 "write the trace of the first verdict's minimised run (- is stdout; "
	 "default: none)"},
	{"explore", OPTION_OUTPUT,
	 "draw the first verdict's minimised run: " FORM_ENDINGS
	 " (- is text to stdout; default: no picture)"},
	{"draw", OPTION_HIDE,
	 "hide points that match, such as 'ref.*', but for evidence; may be "
	 "repeated"},
	{"diff", OPTION_HIDE,
	 "hide points that match, such as 'ref.*', but for evidence; may be "
	 "repeated"},
	{"report", OPTION_HIDE,
	 "hide points that match, such as 'ref.*', but for evidence; may be "
	 "repeated"},
	{"report", OPTION_OUTPUT,
	 "file to write, such as report.html (- is stdout, the default)"},
	{"report", OPTION_SCHEDULE,
	 "tell of this schedule (default: the first run with a verdict)"},
	{"report", OPTION_PROFILE,
	 "tell of this profile (default: the first run with a verdict)"},
	{"report", OPTION_EXECUTIONS,
	 "bound on the runs of the search (default: that of the file, or what "
	 "takes a fraction of a second)"},
	{"report", OPTION_THEME,
	 "dark: the page is dark at first; light and print: as the reader's "
	 "system says (default: light)"},
	{"diff", OPTION_OUTPUT,
	 "file to write (- is stdout, the default); its ending tells the "
	 "form: .svg .png .pdf .dot .txt"},
	{"diff", OPTION_TO,
	 "svg, png, pdf, dot or txt (default: by the ending of the file, or "
	 "txt)"},
	{"diff", OPTION_AROUND,
	 "only this step, and N steps before and after it; STEP+N is the "
	 "same, STEP alone is STEP±20 (default: all steps)"},
	{"diff", OPTION_FORMAT,
	 "what is printed: text, or JSON that says whether and where they "
	 "differ (default: text)"},
	{"test", OPTION_JOBS,
	 "processes at a time, 1 to 64 (default: one for each processor)"},
	{"quirks", OPTION_JOBS,
	 "processes at a time, 1 to 64 (default: one for each processor)"},
	{"minimize", OPTION_SCHEDULE,
	 "which schedule of the file, if it has several"},
	{"minimize", OPTION_TRACE,
	 "write the trace of the run that it finds (- is stdout; default: "
	 "none)"},
	{"minimize", OPTION_OUTPUT,
	 "write the schedule that it finds (- is stdout, the default); draw "
	 "the run if it ends in " FORM_ENDINGS},
	{"explain", OPTION_SCHEDULE,
	 "which schedule of the file, if it has several"},
	{"explain", OPTION_TRACE,
	 "write the trace of the failing run (- is stdout; default: none)"},
	{"explain", OPTION_OUTPUT,
	 "draw the failing run: " FORM_ENDINGS
	 " (- is text to stdout; default: no picture); any other: write the "
	 "schedule of the nearest run that passes"},
};

static const struct variant *variant_of(const struct command *c,
					enum option_id option)
{
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		if (variants[i].option == option &&
		    !strcmp(variants[i].command, c->name))
			return &variants[i];
	}
	return NULL;
}

#define COLUMN 30
#define COLUMNS 80

/* Words of @text in lines of their own column, which the first is at. */
static void print_wrapped(const char *text, FILE *out)
{
	size_t used = COLUMN, size;

	for (; *text; text += size, text += strspn(text, " ")) {
		size = strcspn(text, " ");
		if (used > COLUMN && used + 1 + size > COLUMNS) {
			fprintf(out, "\n%*s", COLUMN, "");
			used = COLUMN;
		} else if (used > COLUMN) {
			fputc(' ', out);
			used++;
		}
		fwrite(text, 1, size, out);
		used += size;
	}
	fputc('\n', out);
}

/* Bytes of @text that take no column: all but the first of a character. */
static int narrow_bytes(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) == 0x80;
	return count;
}

static void help_option(const struct command *c, enum option_id option,
			FILE *out)
{
	const struct option_row *row = &option_rows[option];
	const struct variant *variant = variant_of(c, option);
	char left[64];

	snprintf(left, sizeof(left), "%s%c%s--%s%s%s", row->letter ? "-" : " ",
		 row->letter ? row->letter : ' ', row->letter ? ", " : "  ",
		 row->name,
		 row->argument && row->kind != VALUE_OPTIONAL ? " " : "",
		 row->argument ? row->argument : "");
	fprintf(out, "  %-*s", COLUMN - 2 + narrow_bytes(left), left);
	if (strlen(left) > COLUMN - 4)
		fprintf(out, "\n%*s", COLUMN, "");
	print_wrapped(variant ? variant->summary : row->summary, out);
}

static void help_command(const struct command *c, FILE *out)
{
	unsigned int i;

	fprintf(out, "usage: futexsim %s [OPTION...] %s\n\n%s.\n\noptions:\n",
		c->name, c->arguments, c->summary);
	for (i = 0; i < OPTION_COUNT; i++) {
		if (option_is_of(c, (enum option_id)i))
			help_option(c, (enum option_id)i, out);
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
	      "Replays futex races that are written down in YAML, searches for "
	      "them, and draws\nthem.\n\ncommands:\n",
	      out);
	for (i = 0; i < command_count; i++)
		fprintf(out, "  %-8s %-12s  %s\n", commands[i].name,
			commands[i].arguments, commands[i].summary);
	fputs("\n'futexsim help COMMAND' tells the options of a command. "
	      "A file named - is\nstandard input or output.\n\n",
	      out);
	fputs(exit_codes, out);
}
