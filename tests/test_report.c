/*
 * test_report.c - the report as text: that it is one file which asks for
 * nothing, lets in its own script alone, and takes no markup from a trace.
 * What it does in a browser is for tests/web/report.mjs.
 */
#define _GNU_SOURCE /* memmem */
#include "tests/suites.h"

#include <check.h>
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <resolv.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>

#include "tests/trace_fixture.h"
#include "viz/viz.h"

struct page {
	char *text;
	size_t size;
};

static struct page page_of(const struct viz_report *report,
			   const struct viz_options *options)
{
	struct page page;
	char error[VIZ_ERROR_MAX] = "";
	FILE *out = open_memstream(&page.text, &page.size);

	ck_assert_int_eq(viz_report(report, options, out, error), 0);
	ck_assert_str_eq(error, "");
	fclose(out);
	return page;
}

static struct page page_of_trace(const struct trace *t)
{
	struct viz_report report = {.trace = t};

	return page_of(&report, NULL);
}

static unsigned int count(const char *text, const char *what)
{
	unsigned int found = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		found++;
	return found;
}

static bool has(const struct page *page, const char *what)
{
	return strstr(page->text, what) != NULL;
}

/* What stands between @open and the next @close; to be freed. */
static char *between(const struct page *page, const char *open,
		     const char *close)
{
	const char *from = strstr(page->text, open);
	const char *to;

	ck_assert_msg(from != NULL, "no %s", open);
	from += strlen(open);
	to = strstr(from, close);
	ck_assert_ptr_nonnull(to);
	return strndup(from, to ? (size_t)(to - from) : 0);
}

/* ---- one file ---------------------------------------------------------- */

START_TEST(a_report_asks_for_nothing_beside_itself)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct page page = page_of_trace(t);

	/* Each picture names what SVG is; nothing else has an address. */
	ck_assert_uint_eq(
		count(page.text, "http"),
		count(page.text, "http-equiv=") +
			count(page.text,
			      "xmlns=\"http://www.w3.org/2000/svg\"") +
			count(page.text, "\"http://www.w3.org/2000/svg\", "));
	ck_assert(!has(&page, " src="));
	ck_assert(!has(&page, "<link"));
	ck_assert(!has(&page, "@import"));
	ck_assert(!has(&page, "url("));
	free(page.text);
	trace_free(t);
}
END_TEST

/* What the policy lets in besides is what has another hash: nothing. */
static void assert_hashed(const char *policy, const char *directive,
			  const char *content)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	char text[64], wanted[128];
	SHA2_CTX context;

	SHA256Init(&context);
	SHA256Update(&context, (const uint8_t *)content, strlen(content));
	SHA256Final(digest, &context);
	ck_assert_int_gt(b64_ntop(digest, sizeof(digest), text, sizeof(text)),
			 0);
	snprintf(wanted, sizeof(wanted), "; %s 'sha256-%s';", directive, text);
	ck_assert_msg(strstr(policy, wanted) != NULL, "%s is not in %s", wanted,
		      policy);
}

START_TEST(the_policy_lets_in_the_style_and_the_script_and_nothing_else)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct page page = page_of_trace(t);
	char *policy =
		between(&page, "\"Content-Security-Policy\" content=\"", "\"");
	char *style = between(&page, "<style>", "</style>");
	char *script = between(&page, "<script>", "</script>");

	ck_assert_int_eq(strncmp(policy, "default-src 'none'; ", 20), 0);
	assert_hashed(policy, "style-src", style);
	assert_hashed(policy, "script-src", script);
	ck_assert(!strstr(policy, "unsafe"));
	ck_assert_uint_eq(count(page.text, "<style"), 1);
	/* The script and its data. */
	ck_assert_uint_eq(count(page.text, "<script"), 2);
	/* The policy would refuse them. */
	ck_assert(!has(&page, " style="));
	ck_assert(!has(&page, " onclick="));
	free(policy);
	free(style);
	free(script);
	free(page.text);
	trace_free(t);
}
END_TEST

START_TEST(pictures_are_cleaned_and_their_ids_differ)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct page page = page_of_trace(t);
	json_t *ids = json_object();
	const char *at = page.text;

	ck_assert_uint_ge(count(page.text, "<svg "), 2);
	ck_assert(!has(&page, "<?xml"));
	ck_assert(!has(&page, "<!--"));
	ck_assert(!has(&page, "xlink:"));
	/* Graphviz gives both sizes, in points. */
	ck_assert(!has(&page, " height=\""));
	ck_assert_uint_eq(count(page.text, "<title>"), 1);
	ck_assert(has(&page, "id=\"s1\""));
	ck_assert(has(&page, "id=\"row1\""));
	while ((at = strstr(at, " id=\""))) {
		size_t size = strcspn(at += 5, "\"");
		char *id = strndup(at, size);

		ck_assert_msg(!json_object_get(ids, id), "twice: %s", id);
		json_object_set_new(ids, id, json_true());
		free(id);
	}
	json_decref(ids);
	free(page.text);
	trace_free(t);
}
END_TEST

START_TEST(colours_of_pictures_are_variables_of_the_style)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct page page = page_of_trace(t);

	ck_assert(!has(&page, "fill=\"#"));
	ck_assert(!has(&page, "stroke=\"#"));
	/* Red, light and dark. */
	ck_assert(has(&page, "--b3001b:#B3001B;"));
	ck_assert(has(&page, "--b3001b:#FF6B7A;"));
	free(page.text);
	trace_free(t);
}
END_TEST

START_TEST(one_trace_gives_one_text)
{
	struct trace *a = fixture_eight_threads(), *b = fixture_eight_threads();
	struct page first = page_of_trace(a), second = page_of_trace(b);

	ck_assert_uint_eq(first.size, second.size);
	ck_assert_int_eq(memcmp(first.text, second.text, first.size), 0);
	/* 35 KiB of it are style and script. */
	ck_assert_uint_lt(first.size, 400 * 1024);
	free(first.text);
	free(second.text);
	trace_free(a);
	trace_free(b);
}
END_TEST

/* ---- what others wrote ------------------------------------------------- */

#define EVIL "</script><script>alert(1)</script><img src=x onerror=alert(2)>'\""

/* Every text that a file can bring. */
static struct trace *evil_trace(void)
{
	static const char *const threads[] = {"<b>A", "P<1>", "B&\"'", "P<1>",
					      NULL};
	struct fixture f = fixture_begin(EVIL, threads);
	struct trace *t = f.t;
	struct verdict *v;

	t->title = t->summary = t->schedule = t->file = t->tool = EVIL;
	t->profile = t->digest = EVIL;
	t->source = "name: " EVIL "\n" EVIL "\n";
	trace_strings_add(t, &t->quirks, EVIL);
	fixture_enter(&f, EVIL);
	t->events[0].src = EVIL;
	t->events[0].op = 2;
	fixture_return(&f, 0);
	v = trace_add_verdict(t);
	v->kind = VERDICT_EXPECTATION;
	v->what = "step 1 " EVIL;
	v->rule = EVIL;
	v->thread = 0;
	v->line = 1;
	v->at = 1;
	t->end_state = "{}";
	return t;
}

START_TEST(no_text_of_a_trace_becomes_markup)
{
	struct trace *t = evil_trace();
	struct viz_report report = {
		.trace = t,
		.commands = {EVIL},
		.command_count = 1,
	};
	struct page page = page_of(&report, NULL);

	ck_assert(!has(&page, "<img"));
	ck_assert(!has(&page, "<b>A"));
	ck_assert(!has(&page, "alert(1)</script>"));
	ck_assert_uint_eq(count(page.text, "<script"), 2);
	ck_assert(has(&page, "&lt;img src=x onerror=alert(2)&gt;&#39;&quot;"));
	ck_assert(has(&page, "\\u003cimg src=x"));
	free(page.text);
	trace_free(t);
}
END_TEST

START_TEST(the_data_are_json_and_say_what_was_said)
{
	struct trace *t = evil_trace();
	struct page page = page_of_trace(t);
	char *text = between(&page, "id=\"data\">", "</script>");
	json_t *data = json_loads(text, 0, NULL);
	json_t *step = json_array_get(json_object_get(data, "steps"), 0);

	ck_assert_ptr_nonnull(data);
	ck_assert(!strpbrk(text, "<>&"));
	ck_assert_str_eq(json_string_value(json_array_get(
				 json_object_get(data, "threads"), 0)),
			 "<b>A");
	ck_assert_str_eq(json_string_value(json_object_get(step, "src")), EVIL);
	ck_assert_int_eq(json_integer_value(json_object_get(step, "line")), 2);
	json_decref(data);
	free(text);
	free(page.text);
	trace_free(t);
}
END_TEST

/* ---- what it tells ------------------------------------------------------- */

START_TEST(steps_in_the_verdicts_words_are_links)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct page page;
	struct verdict *v = &t->verdicts[0];

	v->what = "see step 3, steps 4, 5 and 6, footstep 7 and step x";
	page = page_of_trace(t);
	ck_assert(has(&page, "see step <a href=\"#step=3\">3</a>, "
			     "steps <a href=\"#step=4\">4</a>, "
			     "<a href=\"#step=5\">5</a> and "
			     "<a href=\"#step=6\">6</a>, footstep 7 and "
			     "step x."));
	free(page.text);
	trace_free(t);
}
END_TEST

START_TEST(every_row_has_its_step_in_the_table_and_in_the_data)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct page page = page_of_trace(t);
	char *text = between(&page, "id=\"data\">", "</script>");
	json_t *data = json_loads(text, 0, NULL);
	json_t *steps = json_object_get(data, "steps"), *step;
	size_t i;
	char id[64];

	ck_assert_uint_gt(json_array_size(steps), 20);
	json_array_foreach(steps, i, step)
	{
		snprintf(id, sizeof(id), "id=\"step=%lld\"",
			 (long long)json_integer_value(
				 json_object_get(step, "n")));
		ck_assert_uint_eq(count(page.text, id), 1);
	}
	json_decref(data);
	free(text);
	free(page.text);
	trace_free(t);
}
END_TEST

START_TEST(a_view_that_is_not_there_says_why)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct page page = page_of_trace(t);
	char *exploration =
		between(&page, "id=\"view-exploration\"", "</section>");

	ck_assert(strstr(exploration, "class=\"absent\""));
	ck_assert(strstr(exploration, "of no search"));
	free(exploration);
	free(page.text);
	trace_free(t);
}
END_TEST

START_TEST(commands_are_there_to_be_copied)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct viz_report report = {
		.trace = t,
		.commands = {"futexsim run 'a & b.yaml'"},
		.command_count = 1,
	};
	struct page page = page_of(&report, NULL);

	ck_assert(has(&page, "<code id=\"command-1\">futexsim run &#39;a "
			     "&amp; b.yaml&#39;</code>"));
	free(page.text);
	trace_free(t);
}
END_TEST

START_TEST(a_theme_that_is_asked_for_is_there_at_once)
{
	struct trace *t = fixture_signal();
	struct viz_report report = {.trace = t};
	struct page light = page_of(&report, NULL);
	struct page dark =
		page_of(&report, &(struct viz_options){.theme = VIZ_DARK});

	ck_assert(has(&light, "<html lang=\"en\">"));
	ck_assert(has(&dark, "<html lang=\"en\" data-theme=\"dark\">"));
	/* The pictures are the same: their colours are variables. */
	ck_assert_uint_eq(dark.size,
			  light.size + strlen(" data-theme=\"dark\""));
	free(light.text);
	free(dark.text);
	trace_free(t);
}
END_TEST

START_TEST(a_trace_without_events_is_refused)
{
	static const char *const threads[] = {"A", "P1", NULL};
	struct fixture f = fixture_begin("empty", threads);
	struct viz_report report = {.trace = f.t};
	char error[VIZ_ERROR_MAX] = "";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_int_eq(viz_report(&report, NULL, out, error), -ENODATA);
	ck_assert_str_ne(error, "");
	fclose(out);
	free(text);
	trace_free(f.t);
}
END_TEST

Suite *report_suite(void)
{
	Suite *s = suite_create("report");
	TCase *c = tcase_create("report");

	tcase_add_test(c, a_report_asks_for_nothing_beside_itself);
	tcase_add_test(
		c,
		the_policy_lets_in_the_style_and_the_script_and_nothing_else);
	tcase_add_test(c, pictures_are_cleaned_and_their_ids_differ);
	tcase_add_test(c, colours_of_pictures_are_variables_of_the_style);
	tcase_add_test(c, one_trace_gives_one_text);
	tcase_add_test(c, no_text_of_a_trace_becomes_markup);
	tcase_add_test(c, the_data_are_json_and_say_what_was_said);
	tcase_add_test(c, steps_in_the_verdicts_words_are_links);
	tcase_add_test(c, every_row_has_its_step_in_the_table_and_in_the_data);
	tcase_add_test(c, a_view_that_is_not_there_says_why);
	tcase_add_test(c, commands_are_there_to_be_copied);
	tcase_add_test(c, a_theme_that_is_asked_for_is_there_at_once);
	tcase_add_test(c, a_trace_without_events_is_refused);
	suite_add_tcase(s, c);
	return s;
}
