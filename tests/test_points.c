/*
 * test_points.c - the lists that the program prints: points and quirks.
 *
 * Points are found in the source by the linker; what events are called is
 * found by running every shipped scenario.  The two must agree.
 */
#define _GNU_SOURCE
#include "tests/machine.h"
#include "tests/program.h"
#include "tests/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the list of points ------------------------------------------------ */

#define POINTS_MAX 128

struct point {
	char name[POINT_NAME_MAX];
	char *places; /* " model/a.c:1, model/b.c:2," */
	bool stops; /* threads stop there; else it is in traces only */
};

static struct point points[POINTS_MAX];
static unsigned int point_count;

/* A line of the list: a name, blanks, and places or "the machine". */
static void read_point(char *line, bool stops)
{
	struct point *p = &points[point_count++];
	size_t size = strcspn(line, " ");

	ck_assert_uint_lt(point_count, POINTS_MAX);
	ck_assert_uint_lt(size, sizeof(p->name));
	memcpy(p->name, line, size);
	line += size;
	line += strspn(line, " ");
	ck_assert_int_gt(asprintf(&p->places, " %s,", line), 0);
	p->stops = stops;
}

static void read_points(void)
{
	static const char in_traces[] =
		"in traces only, no thread stops there:";
	const struct outcome *o = CALL("points");
	bool stops = true;
	char *line;

	assert_code(o, 0);
	assert_whole_err(o, "");
	point_count = 0;
	for (line = strtok(o->out, "\n"); line; line = strtok(NULL, "\n")) {
		if (!strcmp(line, in_traces))
			stops = false;
		else
			read_point(line, stops);
	}
	ck_assert(!stops);
	ck_assert_uint_gt(point_count, 40);
}

static void forget_points(void)
{
	while (point_count)
		free(points[--point_count].places);
}

static const struct point *find_point(const char *name)
{
	unsigned int i;

	for (i = 0; i < point_count; i++) {
		if (!strcmp(points[i].name, name))
			return &points[i];
	}
	return NULL;
}

static bool is_at(const struct point *p, const char *src)
{
	char place[128];

	snprintf(place, sizeof(place), " %s,", src);
	return strstr(p->places, place);
}

static bool is_anywhere(const char *src)
{
	unsigned int i;

	for (i = 0; i < point_count; i++) {
		if (is_at(&points[i], src))
			return true;
	}
	return false;
}

/* ---- points and the source --------------------------------------------- */

/* A line of a file, from 1.  Owner: good until the next call. */
static const char *source_line(const char *path, int number)
{
	static char line[512];
	FILE *in = fopen(path, "r");

	ck_assert_msg(in != NULL, "%s is not there", path);
	while (number-- > 0)
		ck_assert_msg(fgets(line, sizeof(line), in) != NULL,
			      "%s is shorter", path);
	fclose(in);
	return line;
}

/* Every scheduling point is a call of a function of kernel.h. */
static bool calls_kernel(const char *line)
{
	static const char *const starts[] = {
		"kmutex_",  "katomic_", "kref_",       "kpark(",
		"kunpark(", "kyield(",	"kinterrupt_", "kclock_",
		"ktimer_",  "kuser_",	"kaspace_",
	};
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (strstr(line, starts[i]))
			return true;
	}
	return false;
}

static void check_places(const struct point *p)
{
	char *copy = strdup(p->places), *place, *colon;

	for (place = strtok(copy, " ,"); place; place = strtok(NULL, " ,")) {
		ck_assert_int_eq(strncmp(place, "model/", 6), 0);
		colon = strchr(place, ':');
		ck_assert_ptr_nonnull(colon);
		*colon = '\0';
		ck_assert_msg(calls_kernel(source_line(place, atoi(colon + 1))),
			      "%s: no call in %s:%s", p->name, place,
			      colon + 1);
	}
	free(copy);
}

START_TEST(every_place_of_a_point_is_a_call_in_the_source)
{
	unsigned int i, count = 0;

	read_points();
	for (i = 0; i < point_count; i++) {
		if (!strstr(points[i].places, ".c:"))
			continue;
		check_places(&points[i]);
		count++;
	}
	ck_assert_uint_gt(count, 20);
	forget_points();
}
END_TEST

static const char schedule_to[] = "futexsim: 1\n"
				  "name: to-a-point\n"
				  "threads: {A: [yield]}\n"
				  "schedule: [A: after %s]\n";

static bool is_taken_by_schedules(const char *point)
{
	struct diagnostics d;
	struct scenario *s;
	char text[256];

	snprintf(text, sizeof(text), schedule_to, point);
	diagnostics_init(&d, "test.yaml");
	s = scenario_parse("test.yaml", text, strlen(text), &d);
	diagnostics_fini(&d);
	scenario_free(s);
	return s;
}

START_TEST(the_list_is_what_schedules_may_name)
{
	enum event_kind kind;
	enum object_kind object;
	char name[POINT_NAME_MAX];
	const struct point *p;
	unsigned int i;

	read_points();
	for (i = 0; i < point_count; i++)
		ck_assert_msg(points[i].stops ==
				      is_taken_by_schedules(points[i].name),
			      "%s", points[i].name);
	for (i = 0; event_point_at(i, &kind, &object); i++) {
		p = find_point(event_point(kind, object, name));
		ck_assert_msg(p != NULL, "%s is not in the list", name);
		ck_assert(p->stops == event_is_of_thread(kind));
	}
	forget_points();
}
END_TEST

START_TEST(no_point_is_listed_twice)
{
	unsigned int i;

	read_points();
	for (i = 0; i < point_count; i++)
		ck_assert_ptr_eq(find_point(points[i].name), &points[i]);
	forget_points();
}
END_TEST

/* ---- points and events ------------------------------------------------- */

/*
 * These happen inside a call that is announced as something else: a lock that
 * is busy, the end of a sleep, a page fault and the lock its handler takes.
 */
static bool is_inside_another(const struct event *e)
{
	return e->kind == EVENT_SLEEP || e->kind == EVENT_RESUME ||
	       e->kind == EVENT_USER_FAULT ||
	       (e->object_kind == OBJECT_ASPACE &&
		(e->kind == EVENT_LOCK || e->kind == EVENT_UNLOCK));
}

static bool is_seen[POINTS_MAX];

static void check_event(const struct run *run, const struct event *e)
{
	char name[POINT_NAME_MAX];
	const struct point *p;

	event_point(e->kind, e->object_kind, name);
	p = find_point(name);
	ck_assert_msg(p != NULL, "%s: '%s' is not in the list",
		      run->request.scenario->path, name);
	is_seen[p - points] = true;
	ck_assert(p->stops == (e->step && e->thread >= 0));
	if (!e->src || !e->step || is_at(p, e->src))
		return;
	ck_assert_msg(is_inside_another(e) && is_anywhere(e->src),
		      "%s: '%s' happens at %s, which the list does not say",
		      run->request.scenario->path, name, e->src);
}

static void check_events(const struct run *run)
{
	unsigned int i;

	for (i = 0; i < run->trace->event_count; i++)
		check_event(run, &run->trace->events[i]);
}

START_TEST(every_event_of_the_shipped_scenarios_is_a_listed_point)
{
	unsigned int i, seen = 0;

	read_points();
	ck_assert_uint_gt(each_shipped_run(check_events), 0);
	for (i = 0; i < point_count; i++)
		seen += is_seen[i];
	/* Most of what can happen does happen in some scenario. */
	ck_assert_uint_gt(seen, point_count / 2);
	forget_points();
}
END_TEST

/* ---- quirks ------------------------------------------------------------ */

/* The scenario that the list tells for a quirk. */
static char *scenario_of_quirk(const char *list, const char *quirk)
{
	char head[128];
	const char *at;

	snprintf(head, sizeof(head), "%s\n  ", quirk);
	at = strstr(list, head);
	ck_assert_msg(at != NULL, "%s is not in the list", quirk);
	ck_assert(at == list || at[-1] == '\n');
	at = strstr(at, "\n  scenario: ");
	ck_assert_ptr_nonnull(at);
	at += strlen("\n  scenario: ");
	return strndup(at, strcspn(at, "\n"));
}

START_TEST(every_quirk_and_profile_is_listed)
{
	const struct outcome *o = CALL("quirks");
	char line[128];
	unsigned int i;

	assert_code(o, 0);
	for (i = 0; i < profile_count; i++) {
		snprintf(line, sizeof(line), "\n  %s ", profile_table[i].name);
		assert_out(o, line);
	}
	for (i = 0; i < QUIRK_COUNT; i++) {
		snprintf(line, sizeof(line), "%s\n  %s\n", quirk_table[i].name,
			 quirk_table[i].summary);
		assert_out(o, line);
	}
}
END_TEST

/* The quirk alone, and none at all. */
START_TEST(the_scenario_of_a_quirk_fails_with_it_and_passes_without_it)
{
	char *list = strdup(CALL("quirks")->out), *path;
	const char *quirk;
	int i;

	for (i = 0; i < QUIRK_COUNT; i++) {
		quirk = quirk_table[i].name;
		path = scenario_of_quirk(list, quirk);
		assert_code(CALL("check", path), 0);
		assert_code(CALL("run", "--profile", "linux", "--with", quirk,
				 path),
			    1);
		assert_code(CALL("run", "--profile", "linux", "--without",
				 quirk, path),
			    0);
		free(path);
	}
	free(list);
}
END_TEST

static void setup(void)
{
	folder_setup();
	machine_setup();
}

static void teardown(void)
{
	machine_teardown();
	folder_teardown();
}

Suite *points_suite(void)
{
	Suite *suite = suite_create("points");
	TCase *tc = tcase_create("points");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, every_place_of_a_point_is_a_call_in_the_source);
	tcase_add_test(tc, the_list_is_what_schedules_may_name);
	tcase_add_test(tc, no_point_is_listed_twice);
	tcase_add_test(tc,
		       every_event_of_the_shipped_scenarios_is_a_listed_point);
	tcase_add_test(tc, every_quirk_and_profile_is_listed);
	tcase_add_test(
		tc,
		the_scenario_of_a_quirk_fails_with_it_and_passes_without_it);
	suite_add_tcase(suite, tc);
	return suite;
}
