/*
 * test_perfetto.c - traces for Perfetto: read back, and held against the trace
 * by the rules of viewers of trace events.  That a viewer does load them is
 * tested in tests/web/perfetto.mjs.
 */
#include "tests/exports.h"
#include "tests/machine.h"
#include "tests/suites.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ---- trace events ------------------------------------------------------ */

#define TRACKS_MAX 4096
#define DEPTH_MAX 64

/* What is open on a track: the ends of its slices, innermost last. */
struct track {
	json_int_t ends[DEPTH_MAX];
	unsigned int depth;
	json_int_t pid;
	bool has_name;
};

struct viewer {
	struct track *tracks; /* by tid */
	json_t *flows; /* by id: time of the beginning, or null if it ended */
	json_t *counters; /* by name: latest value */
	json_int_t time;
	unsigned int slices, flows_ended, marks;
};

static json_int_t number_of(const json_t *e, const char *key)
{
	const json_t *value = json_object_get(e, key);

	ck_assert_msg(json_is_integer(value), "no number %s", key);
	return json_integer_value(value);
}

static const char *string_of(const json_t *e, const char *key)
{
	const char *value = json_string_value(json_object_get(e, key));

	ck_assert_msg(value != NULL, "no string %s", key);
	return value;
}

static struct track *track_of(struct viewer *v, const json_t *e)
{
	json_int_t tid = number_of(e, "tid");

	ck_assert_int_gt(tid, 0);
	ck_assert_int_lt(tid, TRACKS_MAX);
	return &v->tracks[tid];
}

static void end_until(struct track *track, json_int_t time)
{
	while (track->depth > 0 && track->ends[track->depth - 1] <= time)
		track->depth--;
}

/* Slices of a track lie side by side or one inside the other. */
static void take_slice(struct viewer *v, const json_t *e)
{
	struct track *track = track_of(v, e);
	json_int_t begin = number_of(e, "ts");
	json_int_t end = begin + number_of(e, "dur");

	ck_assert_int_gt(end, begin);
	ck_assert(track->has_name);
	ck_assert_int_eq(track->pid, number_of(e, "pid"));
	end_until(track, begin);
	if (track->depth > 0)
		ck_assert_int_le(end, track->ends[track->depth - 1]);
	ck_assert_uint_lt(track->depth, DEPTH_MAX);
	track->ends[track->depth++] = end;
	v->slices++;
}

/* An arrow goes from a slice to a later one. */
static void take_flow(struct viewer *v, const json_t *e)
{
	struct track *track = track_of(v, e);
	json_int_t time = number_of(e, "ts");
	char id[24];
	json_t *begin;

	end_until(track, time);
	ck_assert_uint_gt(track->depth, 0);
	snprintf(id, sizeof(id), "%lld", (long long)number_of(e, "id"));
	begin = json_object_get(v->flows, id);
	if (*string_of(e, "ph") == 's') {
		ck_assert_ptr_null(begin);
		json_object_set_new(v->flows, id, json_integer(time));
		return;
	}
	ck_assert_str_eq(string_of(e, "bp"), "e");
	ck_assert(json_is_integer(begin));
	ck_assert_int_lt(json_integer_value(begin), time);
	json_object_set_new(v->flows, id, json_null());
	v->flows_ended++;
}

static void take_name(struct viewer *v, const json_t *e)
{
	struct track *track;

	if (strcmp(string_of(e, "name"), "thread_name") != 0)
		return;
	track = track_of(v, e);
	ck_assert(!track->has_name);
	track->has_name = true;
	track->pid = number_of(e, "pid");
	string_of(json_object_get(e, "args"), "name");
}

static void take_counter(struct viewer *v, const json_t *e)
{
	json_t *args = json_object_get(e, "args");
	void *iter = json_object_iter(args);

	ck_assert_uint_eq(json_object_size(args), 1);
	ck_assert(json_is_integer(json_object_iter_value(iter)));
	json_object_set(v->counters, string_of(e, "name"),
			json_object_iter_value(iter));
}

static void take(struct viewer *v, const json_t *e)
{
	const char *phase = string_of(e, "ph");

	ck_assert_int_ge(number_of(e, "ts"), v->time);
	v->time = number_of(e, "ts");
	ck_assert_int_gt(number_of(e, "pid"), 0);
	string_of(e, "name");
	if (*phase == 'M')
		take_name(v, e);
	else if (*phase == 'X')
		take_slice(v, e);
	else if (*phase == 's' || *phase == 'f')
		take_flow(v, e);
	else if (*phase == 'C')
		take_counter(v, e);
	else if (*phase == 'i')
		v->marks += *string_of(e, "s") == 't';
	else
		ck_abort_msg("an event of kind %s", phase);
}

static void check_flows(const struct viewer *v)
{
	void *i = json_object_iter(v->flows);

	for (; i; i = json_object_iter_next(v->flows, i))
		ck_assert_msg(json_is_null(json_object_iter_value(i)),
			      "arrow %s has no end", json_object_iter_key(i));
}

/* Words in memory that comes and goes change without an access. */
static bool has_maps(const struct trace *t)
{
	for (unsigned int i = 0; i < t->event_count; i++)
		if (t->events[i].kind >= EVENT_MAP &&
		    t->events[i].kind <= EVENT_EXEC)
			return true;
	return false;
}

/* Counters end at what the words are at the end. */
static void check_words(const struct viewer *v, const struct trace *t)
{
	json_t *state = t->end_state ? json_loads(t->end_state, 0, NULL) : NULL;
	json_t *words = json_object_get(state, "words");
	void *i = has_maps(t) ? NULL : json_object_iter(words);

	for (; i; i = json_object_iter_next(words, i)) {
		const char *name = json_object_iter_key(i);
		json_t *value = json_object_iter_value(i);
		json_t *counter = json_object_get(v->counters, name);

		if (counter && json_is_integer(value))
			ck_assert_msg(json_equal(counter, value),
				      "%s: %s is not what it was", t->scenario,
				      name);
	}
	json_decref(state);
}

static struct viewer view(const struct trace *t)
{
	struct viewer v = {
		.tracks = calloc(TRACKS_MAX, sizeof(*v.tracks)),
		.flows = json_object(),
		.counters = json_object(),
	};
	char *text = export_of(t, EXPORT_PERFETTO);
	json_error_t error;
	json_t *file = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	json_t *events = json_object_get(file, "traceEvents");

	ck_assert_msg(file != NULL, "%d: %s", error.line, error.text);
	ck_assert_str_eq(string_of(file, "displayTimeUnit"), "ns");
	string_of(json_object_get(file, "otherData"), "time_base");
	for (size_t i = 0; i < json_array_size(events); i++)
		take(&v, json_array_get(events, i));
	check_flows(&v);
	check_words(&v, t);
	json_decref(file);
	free(text);
	return v;
}

static void close_viewer(struct viewer *v)
{
	json_decref(v->flows);
	json_decref(v->counters);
	free(v->tracks);
}

static bool is_mark(const struct event *e)
{
	return e->kind == EVENT_WAKE || e->kind == EVENT_TIMER_FIRE ||
	       e->kind == EVENT_SIGNAL || e->kind == EVENT_KILL ||
	       e->kind == EVENT_SPURIOUS;
}

static bool is_taking(const struct event *e)
{
	return e->object && e->thread >= 0 &&
	       (e->kind == EVENT_LOCK || (e->kind == EVENT_TRYLOCK && e->out));
}

/*
 * A slice for each event and one for each time a lock is held; an arrow for
 * each event that has a cause; a mark for each wake, timer and signal.
 */
static void check_viewer(const struct trace *t)
{
	struct viewer v = view(t);
	unsigned int slices = t->event_count, causes = 0, marks = 0;

	for (unsigned int i = 0; i < t->event_count; i++) {
		const struct event *e = &t->events[i];

		causes += e->cause != 0;
		marks += is_mark(e);
		slices += is_taking(e);
	}
	ck_assert_uint_eq(v.slices, slices);
	ck_assert_uint_eq(v.flows_ended, causes);
	ck_assert_uint_eq(v.marks, marks);
	close_viewer(&v);
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

	text = export_of(t, EXPORT_PERFETTO);
	snprintf(name, sizeof(name), "%s.perfetto.json", goldens[i].name);
	assert_golden(text, name);
	free(text);
	trace_free(t);
}

START_TEST(trace_events_are_the_golden_ones)
{
	compare(_i);
}
END_TEST

START_TEST(trace_events_of_fixtures_are_what_viewers_read)
{
	struct trace *t = goldens[_i].make();

	check_viewer(t);
	trace_free(t);
}
END_TEST

/* A waits for the mutex at one step and has it at a later one. */
START_TEST(waits_and_locks_last)
{
	struct trace *t = fixture_contended_mutex();
	char *text = export_of(t, EXPORT_PERFETTO);

	ck_assert_ptr_nonnull(strstr(text, "\"name\":\"wait for wq\""));
	ck_assert_ptr_nonnull(
		strstr(text, "\"name\":\"locks: who holds them\""));
	ck_assert_ptr_nonnull(strstr(text, "\"args\":{\"name\":\"wq:F\"}"));
	free(text);
	trace_free(t);
}
END_TEST

/* ---- all that is shipped ----------------------------------------------- */

static unsigned int shipped;

static void view_run(const struct run *run)
{
	if (run->trace->event_count == 0)
		return;
	check_viewer(run->trace);
	shipped++;
}

START_TEST(trace_events_of_all_scenarios_are_what_viewers_read)
{
	shipped = 0;
	each_shipped_run(view_run);
	ck_assert_uint_gt(shipped, 100);
}
END_TEST

Suite *perfetto_suite(void)
{
	Suite *suite = suite_create("perfetto");
	TCase *forms = tcase_create("forms");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(forms, trace_events_are_the_golden_ones, 0,
			    GOLDEN_COUNT);
	tcase_add_loop_test(forms,
			    trace_events_of_fixtures_are_what_viewers_read, 0,
			    GOLDEN_COUNT);
	tcase_add_test(forms, waits_and_locks_last);
	suite_add_tcase(suite, forms);
	tcase_add_checked_fixture(all, machine_setup, machine_teardown);
	tcase_add_test(all,
		       trace_events_of_all_scenarios_are_what_viewers_read);
	tcase_set_timeout(all, 120);
	suite_add_tcase(suite, all);
	return suite;
}
