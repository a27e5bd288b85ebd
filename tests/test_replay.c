/*
 * test_replay.c - doing a run again: by the command that its report tells, and
 * from its trace.
 */
#define _GNU_SOURCE
#include "tests/machine.h"
#include "tests/program.h"
#include "tests/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "trace/trace.h"

#define SWALLOWS "scenarios/timeout/swallows-wake.yaml"

static const char unmet[] = "futexsim: 1\n"
			    "name: unmet\n"
			    "memory: {words: {F: 0}}\n"
			    "threads: {A: [store F 1]}\n"
			    "expect: {words: {F: 2}}\n";

/* A trace knows a scenario by the last part of its path: "(a/b:1)", "(b:1)". */
static void shorten_paths(char *text)
{
	char *open, *slash;

	for (open = strstr(text, " ("); open; open = strstr(open + 1, " (")) {
		slash = memrchr(open, '/', strcspn(open, ")\n"));
		if (slash)
			memmove(open + 2, slash + 1, strlen(slash));
	}
}

/* From the end state up to where the report tells how to do it again. */
static char *findings_of(const char *report)
{
	const char *start = strstr(report, "\nend state");
	const char *end = strstr(report, "\nreplay: ");
	char *findings;

	ck_assert_ptr_nonnull(start);
	findings =
		end ? strndup(start, (size_t)(end - start) + 1) : strdup(start);
	shorten_paths(findings);
	return findings;
}

/* The command that a report tells must do the same run again. */
static void assert_replays(const struct outcome *o)
{
	char *report = strdup(o->out), *findings = findings_of(report);
	char *command = strstr(report, "\nreplay: ");
	int code = o->code;

	ck_assert_msg(command != NULL, "no replay command in:\n%s", report);
	command += strlen("\nreplay: ");
	*strchr(command, '\n') = '\0';
	o = program_shell(command);
	assert_code(o, code);
	free(report);
	report = findings_of(o->out);
	ck_assert_str_eq(report, findings);
	free(report);
	free(findings);
}

START_TEST(the_command_that_a_failed_run_tells_does_it_again)
{
	const char *path = file_of("u.yaml", unmet);
	const char *odd = file_of("it's $HOME.yaml", unmet);

	assert_replays(CALL("run", path));
	assert_replays(CALL("run", odd));
	assert_replays(CALL("run", path, "--trace", in_folder("t.jsonl")));
	assert_replays(CALL("run", odd, "--trace", in_folder("a b.jsonl")));
	assert_replays(CALL("run", path, "--random", "--seed", "77"));
	assert_replays(CALL("run", SWALLOWS, "--profile", "linux", "--with",
			    "timeout-swallows-wake"));
	assert_replays(CALL("run", SWALLOWS, "--profile", "linux",
			    "--max-steps", "5"));
}
END_TEST

START_TEST(a_replay_of_a_random_run_is_the_same_run)
{
	const char *trace = in_folder("t.jsonl");
	const struct outcome *o;
	char seed[8];
	char *events;
	int i, code;

	for (i = 1; i <= 5; i++) {
		snprintf(seed, sizeof(seed), "%d", i);
		code = CALL("run", SWALLOWS, "--profile", "starry-0.5.11",
			    "--random", "--seed", seed, "--trace", trace)
			       ->code;
		events = strdup(CALL("trace", "show", trace)->out);
		o = CALL("replay", trace, "--trace", in_folder("u.jsonl"));
		assert_code(o, code);
		o = CALL("trace", "show", in_folder("u.jsonl"));
		/* All but the first line, which says how it was made. */
		ck_assert_str_eq(strchr(o->out, '\n'), strchr(events, '\n'));
		free(events);
	}
}
END_TEST

/* Writes the trace at @path again, with the result of one event changed. */
static void tamper(const char *path, const char *to)
{
	char error[TRACE_ERROR_MAX] = "";
	FILE *file = fopen(path, "r");
	struct trace *t;
	unsigned int i = 0;

	ck_assert_ptr_nonnull(file);
	t = trace_read(file, path, error);
	fclose(file);
	ck_assert_msg(t != NULL, "%s", error);
	while (t->events[i].kind != EVENT_USER_LOAD)
		i++;
	t->events[i].out++;
	file = fopen(to, "w");
	ck_assert_int_eq(trace_write(t, file), 0);
	fclose(file);
	trace_free(t);
}

START_TEST(a_trace_that_is_not_what_happens_diverges_and_exits_5)
{
	const char *trace = in_folder("t.jsonl");
	const char *other = in_folder("u.jsonl");
	const struct outcome *o;

	CALL("run", SWALLOWS, "--profile", "linux", "--trace", trace);
	tamper(trace, other);
	o = CALL("replay", other);
	assert_code(o, 5);
	/* A's first look at F is its sixth event or so. */
	assert_err(o, "u.jsonl:");
	assert_err(o, ": error: the replay diverges at step ");
	assert_err(o, "recorded: step ");
	assert_err(o, "user.load of F, result 1 (model/syscall.c:");
	assert_err(o, "user.load of F, result 0 (model/syscall.c:");
}
END_TEST

START_TEST(a_damaged_trace_exits_3)
{
	const char *trace = in_folder("t.jsonl");
	const struct outcome *o;
	size_t size;
	char *text;

	CALL("run", SWALLOWS, "--profile", "linux", "--trace", trace);
	text = content_of(trace, &size);
	/* One letter of some event: the digest does not fit any more. */
	*strstr(text, "\"point\":\"wq.lock\"") = ' ';
	file_of("letter.jsonl", text);
	text[size / 2] = '\0';
	file_of("half.jsonl", text);
	free(text);
	o = CALL("replay", in_folder("letter.jsonl"));
	assert_code(o, 3);
	assert_err(o, "letter.jsonl:");
	assert_code(CALL("draw", in_folder("letter.jsonl")), 3);
	assert_code(CALL("replay", in_folder("half.jsonl")), 3);
	assert_code(CALL("trace", "show", in_folder("half.jsonl")), 3);
	assert_code(CALL("replay", SWALLOWS), 3);
	assert_code(CALL("replay", "/dev/null"), 3);
	assert_code(CALL("replay", "/nowhere/t.jsonl"), 3);
}
END_TEST

/* ---- the shipped scenarios --------------------------------------------- */

static const char *replayed_path;
static unsigned int replayed;

/* cli_replay() with what it prints thrown away. */
static int replay_quietly(void)
{
	const struct options options = {0};
	char *arguments[] = {(char *)replayed_path};
	int code, old = dup(1);

	ck_assert_int_ge(old, 0);
	fflush(stdout);
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stdout));
	code = cli_replay(&options, 1, arguments);
	fflush(stdout);
	dup2(old, 1);
	close(old);
	return code;
}

static void check_replay(const struct run *run)
{
	FILE *out = fopen(replayed_path, "w");
	int code;

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(trace_write(run->trace, out), 0);
	fclose(out);
	code = replay_quietly();
	ck_assert_msg(code == cli_exit_code(run), "%s [%s]: %d",
		      run->request.scenario->path, run->request.profile, code);
	replayed++;
}

START_TEST(every_run_of_the_shipped_scenarios_can_be_replayed)
{
	machine_setup();
	replayed_path = in_folder("t.jsonl");
	ck_assert_uint_gt(each_shipped_run(check_replay), 0);
	ck_assert_uint_gt(replayed, 0);
	machine_teardown();
}
END_TEST

Suite *replay_suite(void)
{
	const TTest *const tests[] = {
		the_command_that_a_failed_run_tells_does_it_again,
		a_replay_of_a_random_run_is_the_same_run,
		a_trace_that_is_not_what_happens_diverges_and_exits_5,
		a_damaged_trace_exits_3,
		every_run_of_the_shipped_scenarios_can_be_replayed,
	};

	return PROGRAM_SUITE("replay", tests);
}
