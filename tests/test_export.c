/*
 * test_export.c - traces as Mermaid and Markdown.
 *
 * That Mermaid itself takes the diagrams, and what it makes of them, is tested
 * in tests/web/mermaid.mjs; here it is their form.
 */
#include "tests/exports.h"
#include "tests/machine.h"
#include "tests/suites.h"

#include <stdlib.h>
#include <string.h>

static const struct golden {
	const char *name;
	struct trace *(*make)(void);
} goldens[] = {
	{"timeout-swallows-wake", fixture_timeout_swallows_wake},
	{"requeue-across-processes", fixture_requeue_across_processes},
	{"contended-mutex", fixture_contended_mutex},
	{"signal", fixture_signal},
	{"nasty-names", fixture_nasty_names},
};
#define GOLDEN_COUNT ((int)(sizeof(goldens) / sizeof(goldens[0])))

static void compare(int i, enum export form, const char *ending)
{
	struct trace *t = goldens[i].make();
	char *text = export_of(t, form);
	char name[64];

	snprintf(name, sizeof(name), "%s.%s", goldens[i].name, ending);
	assert_golden(text, name);
	free(text);
	trace_free(t);
}

START_TEST(mermaid_is_the_golden_one)
{
	compare(_i, EXPORT_MERMAID, "mmd");
}
END_TEST

START_TEST(markdown_is_the_golden_one)
{
	compare(_i, EXPORT_MARKDOWN, "md");
}
END_TEST

/* ---- the form of a diagram --------------------------------------------- */

#define IDS_MAX 64

struct checker {
	char ids[IDS_MAX][32];
	unsigned int id_count;
	unsigned int depth; /* of boxes and frames */
	unsigned int notes, arrows, frames;
};

static bool starts(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* The id that @p begins with, which must have been declared. */
static const char *skip_id(const struct checker *c, const char *p)
{
	size_t size = strspn(p, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	for (unsigned int i = 0; i < c->id_count; i++)
		if (strlen(c->ids[i]) == size &&
		    strncmp(c->ids[i], p, size) == 0)
			return p + size;
	ck_abort_msg("nobody has the id of '%s'", p);
	return p;
}

/* No markup but line breaks; numbers are the only use of # and ;. */
static void check_text(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (starts(p, "<br/>"))
			p += strlen("<br/>");
		ck_assert_msg(!strchr("<>&;\"`|{}$%@\\", *p), "'%c' in %s", *p,
			      text);
		if (*p != '#')
			continue;
		p += 1 + strspn(p + 1, "0123456789");
		ck_assert_msg(*p == ';', "a number without end in %s", text);
	}
}

static void check_participant(struct checker *c, const char *line)
{
	size_t size = strcspn(line, " ");

	ck_assert_uint_lt(c->id_count, IDS_MAX);
	ck_assert_uint_lt(size, sizeof(c->ids[0]));
	memcpy(c->ids[c->id_count], line, size);
	c->ids[c->id_count++][size] = '\0';
	ck_assert(!line[size] || starts(line + size, " as "));
	check_text(line + size);
}

static void check_note(struct checker *c, const char *line)
{
	line = skip_id(c, line);
	if (*line == ',')
		line = skip_id(c, line + 1);
	ck_assert_msg(starts(line, ": "), "%s", line);
	check_text(line + 2);
	c->notes++;
}

static void check_arrow(struct checker *c, const char *line)
{
	line = skip_id(c, line);
	ck_assert_msg(starts(line, "->>") || starts(line, "-->>"), "%s", line);
	line = skip_id(c, strchr(line, '>') + 2);
	ck_assert_msg(starts(line, ": "), "%s", line);
	check_text(line + 2);
	c->arrows++;
}

static void check_line(struct checker *c, const char *line)
{
	ck_assert_msg(starts(line, "    "), "%s", line);
	line += 4;
	if (starts(line, "accTitle: ") || starts(line, "accDescr: ")) {
		check_text(strchr(line, ':') + 1);
	} else if (starts(line, "box ") || starts(line, "rect rgba(")) {
		ck_assert_uint_eq(c->depth++, 0);
		check_text(line);
		c->frames += *line == 'r';
	} else if (strcmp(line, "end") == 0) {
		ck_assert_uint_eq(c->depth--, 1);
	} else if (starts(line, "participant ")) {
		check_participant(c, line + strlen("participant "));
	} else if (starts(line, "Note over ")) {
		check_note(c, line + strlen("Note over "));
	} else {
		check_arrow(c, line);
	}
}

static struct checker check_mermaid(const char *text)
{
	struct checker c = {0};
	char *copy = strdup(text), *rest = copy;

	ck_assert_str_eq(strsep(&rest, "\n"), "sequenceDiagram");
	for (char *line; (line = strsep(&rest, "\n")) && rest;)
		check_line(&c, line);
	ck_assert_uint_eq(c.depth, 0);
	ck_assert_uint_gt(c.notes, 0);
	free(copy);
	return c;
}

/* ---- what a diagram has ------------------------------------------------ */

START_TEST(diagrams_of_fixtures_are_statements_that_mermaid_knows)
{
	struct trace *t = goldens[_i].make();
	char *text = export_of(t, EXPORT_MERMAID);

	check_mermaid(text);
	free(text);
	trace_free(t);
}
END_TEST

/* The timer is armed and fires, and B wakes A: three arrows, one fault. */
START_TEST(race_has_its_arrows_its_fault_and_its_evidence)
{
	struct trace *t = fixture_timeout_swallows_wake();
	char *text = export_of(t, EXPORT_MERMAID);
	struct checker c = check_mermaid(text);

	ck_assert_uint_eq(c.arrows, 3);
	ck_assert_uint_eq(c.frames, 1);
	ck_assert_ptr_nonnull(strstr(text, "    A-->>timer: "));
	ck_assert_ptr_nonnull(strstr(text, "    timer->>A: "));
	ck_assert_ptr_nonnull(strstr(text, "    B->>A: "));
	ck_assert_ptr_nonnull(strstr(text, "✗ "));
	ck_assert_ptr_nonnull(strstr(text, "• "));
	ck_assert_ptr_nonnull(strstr(text, "✗ LOST WAKE-UP: "));
	ck_assert_ptr_nonnull(strstr(text, "C parked forever"));
	free(text);
	trace_free(t);
}
END_TEST

/* Two processes, the kernel's timer or not: a box each. */
START_TEST(processes_are_boxes)
{
	struct trace *t = fixture_requeue_across_processes();
	char *text = export_of(t, EXPORT_MERMAID);

	ck_assert_ptr_nonnull(strstr(text, "    box process P1\n"));
	ck_assert_ptr_nonnull(strstr(text, "    box process P2\n"));
	ck_assert_ptr_null(strstr(text, "box kernel"));
	free(text);
	trace_free(t);
}
END_TEST

/* 40 calls of 20 events and more: only without folding is it too long. */
START_TEST(diagram_beyond_what_mermaid_takes_is_an_error_that_says_so)
{
	struct viz_options options = {.fold = VIZ_FOLD_NONE};
	struct trace *t = fixture_many_wakes(400);
	char error[VIZ_ERROR_MAX] = "";
	char *text = export_of(t, EXPORT_MERMAID);

	ck_assert_uint_lt(strlen(text), 50000);
	free(text);
	ck_assert_ptr_null(export_with(t, EXPORT_MERMAID, &options, error));
	ck_assert_ptr_nonnull(strstr(error, "and Mermaid takes 50000"));
	ck_assert_ptr_null(export_with(t, EXPORT_MARKDOWN, &options, error));
	trace_free(t);
}
END_TEST

START_TEST(trace_that_shows_nothing_is_an_error_that_says_why)
{
	static const char *const threads[] = {"A", "P1", NULL};
	struct fixture f = fixture_begin("empty", threads);
	char error[VIZ_ERROR_MAX];

	for (enum export form = EXPORT_MERMAID; form <= EXPORT_SHIVIZ; form++) {
		error[0] = '\0';
		ck_assert_ptr_null(export_with(f.t, form, NULL, error));
		ck_assert_str_eq(error, "the trace has no events");
	}
	trace_free(f.t);
}
END_TEST

START_TEST(filter_that_leaves_nothing_is_named)
{
	static const char *all[] = {"*"};
	struct viz_options options = {.hide = {all, 1}};
	struct trace *t = fixture_contended_mutex();
	char error[VIZ_ERROR_MAX] = "";

	ck_assert_ptr_null(export_with(t, EXPORT_MERMAID, &options, error));
	ck_assert_msg(strstr(error, "--hide '*'") != NULL, "%s", error);
	error[0] = '\0';
	ck_assert_ptr_null(export_with(t, EXPORT_MARKDOWN, &options, error));
	ck_assert_msg(strstr(error, "--hide '*'") != NULL, "%s", error);
	trace_free(t);
}
END_TEST

/* ---- a comment --------------------------------------------------------- */

/* Table rows have five bars that are not escaped, whatever is in them. */
static void check_table(const char *text)
{
	unsigned int rows = 0;

	for (const char *p = text; (p = strchr(p, '\n')) && p[1];) {
		unsigned int bars = 0;

		if (*++p != '|')
			continue;
		for (; *p != '\n'; p++)
			bars += *p == '|' && p[-1] != '\\';
		ck_assert_uint_eq(bars, 5);
		rows++;
	}
	ck_assert_uint_gt(rows, 2);
}

START_TEST(comment_has_verdict_story_diagram_table_and_command)
{
	struct trace *t = goldens[_i].make();
	char *text = export_of(t, EXPORT_MARKDOWN);

	ck_assert(starts(text, "### "));
	ck_assert_uint_eq(count_of(text, "\n**Verdict: "), 1);
	ck_assert_uint_eq(count_of(text, "At the end "), 2);
	ck_assert_uint_eq(count_of(text, "\n```mermaid\n"), 1);
	ck_assert_uint_eq(count_of(text, "\n```sh\nfutexsim replay "), 1);
	check_table(text);
	free(text);
	trace_free(t);
}
END_TEST

/*
 * Who waits, who wakes, what goes wrong, in the order of the steps; evidence
 * and fault are marked in the table.
 */
START_TEST(story_tells_the_race)
{
	static const char *const parts[] = {
		"A parks in `", "C parks in `",	      "The timer of A fires",
		"B does `",	"A returns",	      "**What goes wrong:**",
		"At the end A", "C is parked forever"};
	struct trace *t = fixture_timeout_swallows_wake();
	char *text = export_of(t, EXPORT_MARKDOWN);
	const char *p = text;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		p = strstr(p, parts[i]);
		ck_assert_msg(p != NULL, "no '%s' where it belongs", parts[i]);
	}
	ck_assert_uint_eq(count_of(text, "| **✗ "), 1);
	ck_assert_uint_ge(count_of(text, "| • "), 1);
	free(text);
	trace_free(t);
}
END_TEST

/* Runs that are well say what held, and have no fault. */
START_TEST(comment_on_a_good_run_says_what_held)
{
	static const char *const threads[] = {"A", "P1", NULL};
	struct fixture f = fixture_begin("good", threads);
	char *text;

	f.t->summary = "One store is a store.";
	fixture_store(&f, "F", 0, 1);
	text = export_of(f.t, EXPORT_MARKDOWN);
	ck_assert(starts(text, "### ✓ good\n"));
	ck_assert_ptr_nonnull(strstr(text, "**Verdict: ok.** Nothing was found "
					   "in 1 steps"));
	ck_assert_ptr_nonnull(strstr(text, "What held: One store is a store."));
	ck_assert_ptr_null(strstr(text, "✗"));
	free(text);
	trace_free(f.t);
}
END_TEST

/* ---- what is not ours to interpret ------------------------------------- */

/*
 * Outside of code no character is left that means something: no markup, no
 * mention, no number of an issue, no formula.
 */
START_TEST(names_mean_nothing_to_a_forge)
{
	struct trace *t = fixture_nasty_names();
	char *text = export_of(t, EXPORT_MARKDOWN);

	ck_assert_ptr_null(strstr(text, "<img"));
	ck_assert_ptr_null(strstr(text, "<script"));
	ck_assert_ptr_null(strstr(text, " @me $1$"));
	ck_assert_ptr_nonnull(strstr(text, "&lt;img src=x&gt;"));
	ck_assert_ptr_nonnull(strstr(text, "\\`\\|\\*\\_<span>@</span>me"));
	/* Its longest run of backticks is three, so the code has four. */
	ck_assert_ptr_nonnull(strstr(text, "```` mark `` \\| ``` ]]>"));
	free(text);
	trace_free(t);
}
END_TEST

/* "end" would end the box; two threads of one look get two names. */
START_TEST(threads_may_be_called_as_statements_are)
{
	struct trace *t = fixture_nasty_names();
	char *text = export_of(t, EXPORT_MERMAID);

	ck_assert_ptr_nonnull(strstr(text, "    participant t0 as end\n"));
	ck_assert_ptr_nonnull(strstr(text, " as a#59;b#35;c\n"));
	ck_assert_ptr_nonnull(strstr(text, " as wrap#58; x\n"));
	ck_assert_ptr_nonnull(strstr(text, "    participant A\n"));
	ck_assert_ptr_nonnull(strstr(text, "    t0->>A: "));
	free(text);
	trace_free(t);
}
END_TEST

/* ---- all that is shipped ----------------------------------------------- */

static unsigned int shipped;

static void check_run(const struct run *run)
{
	char error[VIZ_ERROR_MAX] = "";
	char *text;

	text = export_with(run->trace, EXPORT_MERMAID, NULL, error);
	if (!text)
		return;
	check_mermaid(text);
	ck_assert_uint_le(strlen(text), 50000);
	free(text);
	text = export_of(run->trace, EXPORT_MARKDOWN);
	check_table(text);
	free(text);
	shipped++;
}

START_TEST(diagrams_and_comments_of_all_scenarios_have_their_form)
{
	shipped = 0;
	each_shipped_run(check_run);
	ck_assert_uint_gt(shipped, 100);
}
END_TEST

Suite *export_suite(void)
{
	Suite *suite = suite_create("export");
	TCase *forms = tcase_create("forms");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(forms, mermaid_is_the_golden_one, 0, GOLDEN_COUNT);
	tcase_add_loop_test(forms, markdown_is_the_golden_one, 0, GOLDEN_COUNT);
	tcase_add_loop_test(
		forms, diagrams_of_fixtures_are_statements_that_mermaid_knows,
		0, GOLDEN_COUNT);
	tcase_add_loop_test(forms,
			    comment_has_verdict_story_diagram_table_and_command,
			    0, GOLDEN_COUNT);
	tcase_add_test(forms, race_has_its_arrows_its_fault_and_its_evidence);
	tcase_add_test(forms, processes_are_boxes);
	tcase_add_test(
		forms,
		diagram_beyond_what_mermaid_takes_is_an_error_that_says_so);
	tcase_add_test(forms,
		       trace_that_shows_nothing_is_an_error_that_says_why);
	tcase_add_test(forms, filter_that_leaves_nothing_is_named);
	tcase_add_test(forms, story_tells_the_race);
	tcase_add_test(forms, comment_on_a_good_run_says_what_held);
	tcase_add_test(forms, names_mean_nothing_to_a_forge);
	tcase_add_test(forms, threads_may_be_called_as_statements_are);
	suite_add_tcase(suite, forms);
	tcase_add_checked_fixture(all, machine_setup, machine_teardown);
	tcase_add_test(all,
		       diagrams_and_comments_of_all_scenarios_have_their_form);
	tcase_set_timeout(all, 120);
	suite_add_tcase(suite, all);
	return suite;
}
