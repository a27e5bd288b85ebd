/*
 * options_table.c - every option there is: its name, its help, what it takes
 * and where that goes.
 */
#include "sim/cli/options_internal.h"

#include "sim/loader/explore_names.h"
#include "sim/search/search.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The last fields of a row: what the option takes, and where that goes. */
#define AT(field) offsetof(struct options, field)
#define FLAG(field) VALUE_NONE, AT(field), 0, 0, 0, NULL, 0
#define TEXT(field) VALUE_TEXT, AT(field), 0, 0, 0, NULL, 0
#define LIST(kind, field, count)                                               \
	VALUE_##kind, AT(field), AT(count), 0, 0, NULL, 0
#define NUMBER(kind, field, min, max)                                          \
	VALUE_##kind, AT(field), 0, (min), (max), NULL, 0
#define MEASURE(kind, field) VALUE_##kind, AT(field), 0, 0, 0, NULL, 0
#define CHOICE(field, given, names)                                            \
	VALUE_CHOICE, AT(field), AT(given), 0, 0, (names), COUNT(names)
#define SWITCH(field, names)                                                   \
	VALUE_SWITCH, AT(field), 0, 0, 0, (names), COUNT(names)

_Static_assert(RECORD_NODES_MAX == 2000000, "so says the help of --record");
_Static_assert(SEARCH_STEPS_DEFAULT == 20000, "so says the help of --steps");

static const char *const formats[] = {"text", "json"};

/* In the order of viz.h, which tells them by name too. */
static const char *const views[] = {"sequence",	  "happens-before", "queues",
				    "lock-order", "exploration",    "outcomes"};
static const char *const themes[] = {"light", "dark", "print"};
static const char *const folds[] = {"auto", "none", "calls"};
_Static_assert(COUNT(views) == VIZ_VIEW_COUNT, "a view has no name");
_Static_assert(COUNT(themes) == VIZ_THEME_COUNT, "a theme has no name");
_Static_assert(COUNT(folds) == VIZ_FOLD_COUNT, "a way to fold has no name");

const struct option_row option_rows[OPTION_COUNT] = {
	[OPTION_SCHEDULE] = {"schedule", 's', "NAME",
			     "run only this schedule (default: all of them)",
			     TEXT(schedule)},
	[OPTION_PROFILE] = {"profile", 'p', "PROFILE",
			    "run this profile (default: those of the file)",
			    TEXT(profile)},
	[OPTION_WITH] = {"with", 0, "QUIRK",
			 "add a quirk to the profile; may be repeated",
			 LIST(LIST, with, with_count)},
	[OPTION_WITHOUT] = {"without", 0, "QUIRK",
			    "take a quirk away; may be repeated",
			    LIST(LIST, without, without_count)},
	[OPTION_TRACE] = {"trace", 't', "OUT.jsonl",
			  "write the trace of the run (- is stdout)",
			  TEXT(trace)},
	[OPTION_RANDOM] = {"random", 0, NULL,
			   "choose every step at random instead of by the "
			   "schedule",
			   FLAG(is_random)},
	[OPTION_SEED] = {"seed", 0, "N",
			 "number the random choices start from (default: 1)",
			 VALUE_NUMBER, AT(seed), AT(has_seed), 0, UINT64_MAX,
			 NULL, 0},
	[OPTION_FORMAT] = {"format", 'f', "text|json",
			   "form of the report (default: text)",
			   SWITCH(is_json, formats)},
	[OPTION_MAX_STEPS] = {"max-steps", 0, "N",
			      "stop a run after so many steps (default: "
			      "1000000)",
			      NUMBER(SMALL_NUMBER, max_steps, 1,
				     EXPLORE_STEPS_MAX)},
	[OPTION_PARAM] = {"param", 'P', "NAME=VALUE",
			  "give a parameter of the scenario another value; may "
			  "be repeated",
			  LIST(SETTING, params, param_count)},
	[OPTION_OUTPUT] = {"output", 'o', "OUT",
			   "file to write (- is stdout, the default); its "
			   "ending tells the form: " FORM_ENDINGS,
			   TEXT(output)},
	[OPTION_FOCUS] = {"focus", 0, "NAME",
			  "always show this thread, object, kind of object "
			  "(wq) or point ('ref.*'); may be repeated",
			  LIST(LIST, focus, focus_count)},
	[OPTION_HIDE] = {"hide", 0, "POINT",
			 "hide points that match, such as 'ref.*'; may be "
			 "repeated",
			 LIST(LIST, hide, hide_count)},
	[OPTION_VIEW] =
		{"view", 0, "VIEW",
		 "of a trace: sequence, happens-before, queues, "
		 "lock-order; of the record of a search: exploration, "
		 "outcomes (default: sequence; exploration, or outcomes as "
		 "text)",
		 CHOICE(view, has_view, views)},
	[OPTION_TO] = {"to", 0, "FORM",
		       "svg, png, pdf, dot, txt, mermaid, html (a report), md "
		       "(a comment for a review), perfetto or shiviz (the "
		       "whole trace for these viewers) (default: by the ending "
		       "of the file; else txt, or dot if the view has no text)",
		       CHOICE(form, has_form, form_names)},
	[OPTION_FOLD] = {"fold", 0, "auto|none|calls",
			 "leave out what has no content, and more if there is "
			 "too much; nothing; calls that touch nothing near the "
			 "violation (default: auto)",
			 CHOICE(fold, has_fold, folds)},
	[OPTION_AROUND] =
		{"around", 0, "STEP±N",
		 "only this step, and N steps before and after it; "
		 "STEP+N is the same, STEP alone is STEP±20, or its call "
		 "with --view queues (default: all steps)",
		 TEXT(around)},
	[OPTION_THEME] = {"theme", 0, "light|dark|print",
			  "colours; print is for black ink on paper (default: "
			  "light)",
			  CHOICE(theme, has_theme, themes)},
	[OPTION_ASCII] = {"ascii", 0, NULL,
			  "text in plain ASCII (default: with lines and arrows "
			  "of Unicode)",
			  FLAG(is_ascii)},
	[OPTION_TAP] = {"tap", 0, NULL, "print TAP instead of a list",
			FLAG(is_tap)},
	[OPTION_JUNIT] = {"junit", 0, "OUT.xml", "also write JUnit XML",
			  TEXT(junit)},

	/* ---- of a search ----------------------------------------------- */
	[OPTION_STRATEGY] = {"strategy", 0, "NAME",
			     "auto, dfs, dpor, source, random, pct or pos "
			     "(default: that of the file, or auto)",
			     CHOICE(strategy, has_strategy, strategy_names)},
	[OPTION_GRANULARITY] = {"granularity", 0, "kernel|call",
				"where a thread may be preempted: at every "
				"step, or where a call begins or blocks "
				"(default: that of the file, or kernel)",
				CHOICE(granularity, has_granularity,
				       granularity_names)},
	[OPTION_PREEMPTIONS] = {"preemptions", 0, "N",
				"bound on the preemptions of a run (default: "
				"that of the file, or none)",
				NUMBER(NUMBER, bounds.preemptions, 0,
				       EXPLORE_PREEMPTIONS_MAX)},
	[OPTION_STEPS] = {"steps", 0, "N",
			  "bound on the steps of a run (default: that of the "
			  "file, or 20000)",
			  NUMBER(NUMBER, bounds.steps, 1, EXPLORE_STEPS_MAX)},
	[OPTION_EXECUTIONS] = {"executions", 0, "N",
			       "stop after so many runs (default: the number "
			       "of the file, or no bound)",
			       NUMBER(NUMBER, bounds.executions, 1,
				      NO_BOUND - 1)},
	[OPTION_TIME] = {"time", 0, "DURATION",
			 "stop after so much time, such as 30s (default: that "
			 "of the file, or no bound)",
			 MEASURE(DURATION, bounds.time_ns)},
	[OPTION_MEMORY] = {"memory", 0, "BYTES",
			   "stop when so much memory is in use, such as 512MiB "
			   "(default: that of the file, or no bound)",
			   MEASURE(BYTES, bounds.memory)},
	[OPTION_DEPTH] = {"depth", 0, "N",
			  "pct: how many steps have to come in order for the "
			  "bug, 1 to 64 (default: that of the file, or 3)",
			  NUMBER(SMALL_NUMBER, depth, 1, EXPLORE_DEPTH_MAX)},
	[OPTION_TIMEOUTS] = {"timeouts", 0, "any|idle|never",
			     "when a deadline may pass: at any step, when no "
			     "thread can move, never (default: as the file "
			     "says, or any)",
			     CHOICE(timeouts, has_timeouts, timeouts_names)},
	[OPTION_CACHE] = {"cache", 0, NULL,
			  "do not search twice from one state; ends loops that "
			  "try again (default: as the file says, or off)",
			  FLAG(has_cache)},
	[OPTION_NO_CACHE] = {"no-cache", 0, NULL,
			     "without the cache that the file asks for "
			     "(default: as the file says)",
			     FLAG(is_without_cache)},
	[OPTION_NO_SYMMETRY] = {"no-symmetry", 0, NULL,
				"tell symmetric threads apart (default: up to "
				"renaming)",
				FLAG(is_without_symmetry)},
	[OPTION_NO_SEARCH] = {"no-search", 0, NULL,
			      "tell of the run alone (default: search the "
			      "scenario, too, for some thousand runs)",
			      FLAG(is_without_search)},
	[OPTION_FIRST_BUG] = {"first-bug", 0, NULL,
			      "stop at the first verdict (default: search on)",
			      FLAG(is_first_bug_enough)},
	[OPTION_JOBS] = {"jobs", 'j', "N",
			 "worker processes, 1 to 64 (default: 1)",
			 VALUE_SMALL_NUMBER, AT(jobs), AT(has_jobs), 1,
			 JOBS_MAX, NULL, 0},
	[OPTION_CHECKPOINT] = {"checkpoint", 0, "FILE",
			       "keep what is left to do in this file, to "
			       "--resume from (default: none)",
			       TEXT(checkpoint)},
	[OPTION_RESUME] = {"resume", 0, "FILE",
			   "go on from a checkpoint (default: from the "
			   "beginning)",
			   TEXT(resume)},
	[OPTION_RECORD] = {"record", 0, "OUT.jsonl",
			   "write the states that the search has seen, the "
			   "moves between them and how runs end, to be drawn "
			   "(- is stdout; at most 2000000 states, each some "
			   "350 bytes of memory; default: none)",
			   TEXT(record)},
	[OPTION_SCHEDULES] =
		{"schedules", 0, "DIR",
		 "folder for the schedules of outcomes and "
		 "verdicts; none: write none (default: " SCHEDULES_DEFAULT ")",
		 TEXT(schedules)},
	[OPTION_BUDGET] = {"budget", 0, "N",
			   "try at most so many runs (default: 100000)",
			   NUMBER(NUMBER, budget, 1, NO_BOUND - 1)},
	[OPTION_QUIET] = {"quiet", 0, NULL,
			  "no progress on stderr (default: a line of it)",
			  FLAG(is_quiet)},
	[OPTION_MUTATE] = {"mutate", 0, "[=NAME]",
			   "change the model in one place after the other and "
			   "say which scenario notices; one mutation by name; "
			   "list: print their names",
			   VALUE_OPTIONAL, AT(mutate), AT(is_mutating), 0, 0,
			   NULL, 0},
	[OPTION_MATRIX] = {"matrix", 0, NULL,
			   "say which scenario below the folders notices which "
			   "quirk",
			   FLAG(is_matrix)},
	[OPTION_CHECK] = {"check", 0, NULL,
			  "name the files that are laid out otherwise, and "
			  "write nothing; exit code 1 if there is one",
			  FLAG(check_only)},
	[OPTION_WRITE] = {"write", 'w', NULL,
			  "replace the files (default: print to stdout)",
			  FLAG(write_back)},
	[OPTION_GAP] = {"gap", 0, "DURATION",
			"real time between two deadlines, or from one to a "
			"move of the clock; doubled while it is too short "
			"(default: 100ms)",
			MEASURE(DURATION, gap)},
	[OPTION_PATIENCE] = {"patience", 0, "DURATION",
			     "how long to wait for what has to happen "
			     "(default: 5s)",
			     MEASURE(DURATION, patience)},
	[OPTION_HELP] = {"help", 'h', NULL, "print this and end",
			 FLAG(wants_help)},
};
