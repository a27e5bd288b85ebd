/*
 * test_shiviz.c - logs for ShiViz: read back, and held against the trace by the
 * rules of ShiViz's parser and by what vector clocks are.
 */
#include "tests/exports.h"
#include "tests/machine.h"
#include "tests/suites.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ---- logs with clocks -------------------------------------------------- */

#define PARSER "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)"

/* One event of a log. */
struct entry {
	const char *host;
	json_t *clock;
	unsigned int n;
};

static json_int_t component(const struct entry *e, const char *host)
{
	return json_integer_value(json_object_get(e->clock, host));
}

static struct entry parse(char **rest)
{
	struct entry e = {.host = strsep(rest, " ")};
	const char *clock = strsep(rest, "\n");
	char *text = strsep(rest, "\n");

	ck_assert_ptr_nonnull(text);
	e.clock = json_loads(clock, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_msg(json_is_object(e.clock), "%s", clock);
	e.n = (unsigned int)strtoul(text, NULL, 10);
	return e;
}

/* "A 7", the name of an event in the tables below. */
static const char *key_of(const char *host, json_int_t time)
{
	static char key[128];

	snprintf(key, sizeof(key), "%s %lld", host, (long long)time);
	return key;
}

/* What @e names is there, and what that has @e has too. */
static void check_clock(const struct entry *entries, json_t *indices,
			const struct entry *e)
{
	void *i = json_object_iter(e->clock);

	for (; i; i = json_object_iter_next(e->clock, i)) {
		json_int_t time = json_integer_value(json_object_iter_value(i));
		const char *key = key_of(json_object_iter_key(i), time);
		json_t *index = json_object_get(indices, key);
		const struct entry *seen;
		void *k;

		ck_assert_int_gt(time, 0);
		ck_assert_msg(index != NULL, "no event %s", key);
		seen = &entries[json_integer_value(index)];
		k = json_object_iter(seen->clock);
		for (; k; k = json_object_iter_next(seen->clock, k))
			ck_assert_int_ge(
				component(e, json_object_iter_key(k)),
				json_integer_value(json_object_iter_value(k)));
	}
}

/*
 * What ShiViz demands: a host's own component begins at 1 and grows by one;
 * others name events that are there.  And what a clock is: it has all that was
 * before what it has.
 */
static void check_rules(const struct entry *entries, unsigned int count)
{
	json_t *indices = json_object(); /* of events, by host and time */
	json_t *times = json_object(); /* by host */

	for (unsigned int i = 0; i < count; i++) {
		const struct entry *e = &entries[i];
		json_t *before = json_object_get(times, e->host);
		json_int_t own = component(e, e->host);

		ck_assert_int_eq(own, 1 + json_integer_value(before));
		json_object_set_new(times, e->host, json_integer(own));
		json_object_set_new(indices, key_of(e->host, own),
				    json_integer(i));
		check_clock(entries, indices, e);
	}
	json_decref(indices);
	json_decref(times);
}

/* Is it so in the trace that @a is before @b, which comes later in it? */
static bool is_before(const struct trace *t, const struct event *a,
		      const struct event *b)
{
	if (a->thread == b->thread)
		return true;
	if (a->thread >= 0)
		return b->thread >= 0 && b->clk[a->thread] >= a->clk[a->thread];
	/* The kernel's: before what it causes, and what comes after that. */
	for (uint32_t i = a->n; i < b->n; i++) {
		const struct event *effect = &t->events[i];
		const struct event *cause =
			effect->cause ? &t->events[effect->cause - 1] : NULL;

		if (cause && cause->thread == a->thread && cause->n >= a->n &&
		    (effect == b || is_before(t, effect, b)))
			return true;
	}
	return false;
}

static void check_order(const struct entry *entries, const struct trace *t)
{
	for (unsigned int k = 0; k < t->event_count; k++) {
		const struct entry *later = &entries[k];

		for (unsigned int i = 0; i < k; i++) {
			const struct entry *e = &entries[i];
			bool is_ordered = component(later, e->host) >=
					  component(e, e->host);

			ck_assert_msg(is_ordered == is_before(t, &t->events[i],
							      &t->events[k]),
				      "%s: %u and %u", t->scenario, e->n,
				      later->n);
		}
	}
}

static void check_log(const struct trace *t)
{
	char *text = export_of(t, EXPORT_SHIVIZ), *rest = text;
	struct entry *entries = calloc(t->event_count, sizeof(*entries));

	ck_assert_str_eq(strsep(&rest, "\n"), PARSER);
	ck_assert_str_eq(strsep(&rest, "\n"), "");
	for (unsigned int i = 0; i < t->event_count; i++) {
		entries[i] = parse(&rest);
		ck_assert_uint_eq(entries[i].n, i + 1);
	}
	ck_assert_str_eq(rest, "");
	check_rules(entries, t->event_count);
	check_order(entries, t);
	for (unsigned int i = 0; i < t->event_count; i++)
		json_decref(entries[i].clock);
	free(entries);
	free(text);
}

/* ---- traces made by hand ----------------------------------------------- */

static const struct golden {
	const char *name;
	struct trace *(*make)(void);
} goldens[] = {
	{"timeout-swallows-wake", fixture_timeout_swallows_wake},
	{"requeue-across-processes", fixture_requeue_across_processes},
	{"nasty-names", fixture_nasty_names},
};
#define GOLDEN_COUNT ((int)(sizeof(goldens) / sizeof(goldens[0])))

static void compare(int i)
{
	struct trace *t = goldens[i].make();
	char name[64], *text;

	fixture_clocks(t);
	text = export_of(t, EXPORT_SHIVIZ);
	snprintf(name, sizeof(name), "%s.shiviz.log", goldens[i].name);
	assert_golden(text, name);
	free(text);
	trace_free(t);
}

START_TEST(log_is_the_golden_one)
{
	compare(_i);
}
END_TEST

START_TEST(logs_of_fixtures_keep_the_rules)
{
	struct trace *t = goldens[_i].make();

	fixture_clocks(t);
	check_log(t);
	trace_free(t);
}
END_TEST

START_TEST(log_needs_clocks_and_says_so)
{
	struct trace *t = fixture_contended_mutex();
	char error[VIZ_ERROR_MAX] = "";

	ck_assert_ptr_null(export_with(t, EXPORT_SHIVIZ, NULL, error));
	ck_assert_str_eq(error, "the trace has no vector clocks");
	trace_free(t);
}
END_TEST

/* Spaces end a name, and braces would be a clock. */
START_TEST(hosts_are_words_and_differ)
{
	static const char *const threads[] = {
		"a b", "P1", "a_b", "P1", "clock", "P1", "{\"", "P1", NULL};
	struct fixture f = fixture_begin("hosts", threads);
	char *text;

	for (f.thread = 0; f.thread < 4; f.thread++)
		fixture_store(&f, "F", 0, 1);
	fixture_clocks(f.t);
	check_log(f.t);
	text = export_of(f.t, EXPORT_SHIVIZ);
	ck_assert_ptr_nonnull(strstr(text, "\na_b {\"a_b\":1}\n1 "));
	ck_assert_ptr_nonnull(strstr(text, "\na_b_2 {\"a_b\":1, "));
	ck_assert_ptr_nonnull(strstr(text, "\nclock_2 {"));
	ck_assert_ptr_nonnull(strstr(text, "\n__ {"));
	free(text);
	trace_free(f.t);
}
END_TEST

/* ---- all that is shipped ----------------------------------------------- */

static unsigned int shipped;

/* Each fourth run; each pair of its events is looked at. */
static void log_run(const struct run *run)
{
	if (run->trace->event_count == 0 || run->trace->event_count > 300)
		return;
	if (shipped++ % 4 == 0)
		check_log(run->trace);
}

START_TEST(logs_order_events_as_the_trace_does)
{
	shipped = 0;
	each_shipped_run(log_run);
	ck_assert_uint_gt(shipped, 100);
}
END_TEST

Suite *shiviz_suite(void)
{
	Suite *suite = suite_create("shiviz");
	TCase *forms = tcase_create("forms");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(forms, log_is_the_golden_one, 0, GOLDEN_COUNT);
	tcase_add_loop_test(forms, logs_of_fixtures_keep_the_rules, 0,
			    GOLDEN_COUNT);
	tcase_add_test(forms, log_needs_clocks_and_says_so);
	tcase_add_test(forms, hosts_are_words_and_differ);
	suite_add_tcase(suite, forms);
	tcase_add_checked_fixture(all, machine_setup, machine_teardown);
	tcase_add_test(all, logs_order_events_as_the_trace_does);
	tcase_set_timeout(all, 120);
	suite_add_tcase(suite, all);
	return suite;
}
