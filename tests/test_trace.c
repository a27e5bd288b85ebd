/*
 * test_trace.c - names of points and verdicts, the trace file.
 */
#define _GNU_SOURCE /* asprintf */
#include "tests/suites.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/trace_fixture.h"
#include "trace/trace.h"

typedef struct trace *fixture_maker(void);

static fixture_maker *const fixtures[] = {
	fixture_timeout_swallows_wake, fixture_requeue_across_processes,
	fixture_contended_mutex,       fixture_signal,
	fixture_eight_threads,
};
#define FIXTURE_COUNT ((int)(sizeof(fixtures) / sizeof(fixtures[0])))

/* ---- helpers ----------------------------------------------------------------
 */

struct text {
	char *data;
	size_t size;
};

static struct text written(const struct trace *t)
{
	struct text text;
	FILE *out = open_memstream(&text.data, &text.size);

	ck_assert_int_eq(trace_write(t, out), 0);
	fclose(out);
	return text;
}

static struct trace *read_back(const char *data, size_t size,
			       char error[TRACE_ERROR_MAX])
{
	FILE *in = fmemopen((void *)(uintptr_t)data, size, "r");
	struct trace *t = trace_read(in, "t.jsonl", error);

	fclose(in);
	return t;
}

static void expect_error(const char *data, const char *message)
{
	char error[TRACE_ERROR_MAX];

	ck_assert_ptr_null(read_back(data, strlen(data), error));
	ck_assert_str_eq(error, message);
}

static void same_string(const char *a, const char *b)
{
	if (!a || !b)
		ck_assert_ptr_eq(a, b);
	else
		ck_assert_str_eq(a, b);
}

static void same_event(const struct event *a, const struct event *b)
{
	struct event x = *a, y = *b;

	same_string(a->text, b->text);
	same_string(a->src, b->src);
	x.text = y.text = x.src = y.src = NULL;
	x.clk = y.clk = NULL;
	ck_assert_uint_eq(x.n, y.n);
	ck_assert_int_eq(x.thread, y.thread);
	ck_assert_int_eq(x.kind, y.kind);
	ck_assert_int_eq(x.object_kind, y.object_kind);
	ck_assert_uint_eq(x.object, y.object);
	ck_assert_uint_eq(x.object2, y.object2);
	ck_assert_int_eq(x.peer, y.peer);
	ck_assert_int_eq(x.op, y.op);
	ck_assert_uint_eq(x.op_index, y.op_index);
	ck_assert_uint_eq(x.cause, y.cause);
	ck_assert_int_eq(x.step, y.step);
	ck_assert_int_eq(x.has_values, y.has_values);
	ck_assert_int_eq(x.has_permit, y.has_permit);
	ck_assert_int_eq(x.permit, y.permit);
	ck_assert_uint_eq(x.time_ns, y.time_ns);
	ck_assert_uint_eq(x.in, y.in);
	ck_assert_uint_eq(x.in2, y.in2);
	ck_assert_int_eq(x.out, y.out);
	ck_assert_uint_eq(x.old_value, y.old_value);
	ck_assert_uint_eq(x.new_value, y.new_value);
}

static void same_verdict(const struct verdict *a, const struct verdict *b)
{
	ck_assert_int_eq(a->kind, b->kind);
	same_string(a->what, b->what);
	same_string(a->rule, b->rule);
	ck_assert_int_eq(a->thread, b->thread);
	ck_assert_int_eq(a->line, b->line);
	ck_assert_uint_eq(a->at, b->at);
	ck_assert_uint_eq(a->evidence_count, b->evidence_count);
	ck_assert_mem_eq(a->evidence, b->evidence, sizeof(a->evidence));
}

static void same_object(const struct trace_object *a,
			const struct trace_object *b)
{
	ck_assert_int_eq(a->kind, b->kind);
	same_string(a->name, b->name);
	same_string(a->word, b->word);
	ck_assert_uint_eq(a->key, b->key);
	ck_assert_uint_eq(a->value, b->value);
	ck_assert_int_eq(a->is_named, b->is_named);
}

static void same_lists(const struct trace *a, const struct trace *b)
{
	ck_assert_uint_eq(a->thread_count, b->thread_count);
	for (unsigned int i = 0; i < a->thread_count; i++) {
		same_string(a->threads[i].name, b->threads[i].name);
		same_string(a->threads[i].process, b->threads[i].process);
		same_string(a->threads[i].end, b->threads[i].end);
		ck_assert_int_eq(a->threads[i].blocked, b->threads[i].blocked);
	}
	ck_assert_uint_eq(a->object_count, b->object_count);
	for (unsigned int i = 1; i < a->object_count; i++)
		same_object(&a->objects[i], &b->objects[i]);
	ck_assert_uint_eq(a->event_count, b->event_count);
	ck_assert_uint_eq(a->step_count, b->step_count);
	for (unsigned int i = 0; i < a->event_count; i++)
		same_event(&a->events[i], &b->events[i]);
	ck_assert_uint_eq(a->verdict_count, b->verdict_count);
	for (unsigned int i = 0; i < a->verdict_count; i++)
		same_verdict(&a->verdicts[i], &b->verdicts[i]);
}

static void same_strings(const struct trace_strings *a,
			 const struct trace_strings *b)
{
	ck_assert_uint_eq(a->count, b->count);
	for (unsigned int i = 0; i < a->count; i++)
		ck_assert_str_eq(a->items[i], b->items[i]);
}

static void same_trace(const struct trace *a, const struct trace *b)
{
	same_string(a->scenario, b->scenario);
	same_string(a->title, b->title);
	same_string(a->summary, b->summary);
	same_string(a->schedule, b->schedule);
	same_string(a->profile, b->profile);
	same_string(a->policy, b->policy);
	same_string(a->file, b->file);
	same_string(a->source, b->source);
	same_string(a->digest, b->digest);
	same_string(a->tool, b->tool);
	same_string(a->end_state, b->end_state);
	same_strings(&a->quirks, &b->quirks);
	same_strings(&a->focus, &b->focus);
	same_strings(&a->hide, &b->hide);
	same_strings(&a->highlight, &b->highlight);
	ck_assert_uint_eq(a->seed, b->seed);
	ck_assert_uint_eq(a->start_ns, b->start_ns);
	ck_assert_uint_eq(a->end_ns, b->end_ns);
	ck_assert_int_eq(a->expected, b->expected);
	same_lists(a, b);
}

/* Write, read, compare, write again, compare. */
static void check_round_trip(struct trace *t)
{
	char error[TRACE_ERROR_MAX];
	struct text first = written(t), second;
	struct trace *back = read_back(first.data, first.size, error);

	ck_assert_msg(back != NULL, "%s", error);
	same_trace(t, back);
	second = written(back);
	ck_assert_uint_eq(first.size, second.size);
	ck_assert_mem_eq(first.data, second.data, first.size);
	free(first.data);
	free(second.data);
	trace_free(back);
}

/* ---- names ------------------------------------------------------------- */

START_TEST(every_point_is_parsed_to_what_it_was_made_of)
{
	char name[POINT_NAME_MAX];
	enum event_kind kind, kind2;
	enum object_kind object, object2;
	unsigned int count = 0;

	while (event_point_at(count, &kind, &object)) {
		event_point(kind, object, name);
		ck_assert(event_point_parse(name, &kind2, &object2));
		ck_assert_msg(kind == kind2 && object == object2, "%s", name);
		count++;
	}
	/* Every kind of event has a point, but for swap, add and sub: kernel
	   words are only loaded and stored. */
	ck_assert_uint_ge(count, EVENT_KIND_COUNT - 3);
}
END_TEST

START_TEST(points_are_named_by_object_and_operation)
{
	char name[POINT_NAME_MAX];

	ck_assert_str_eq(event_point(EVENT_LOCK, OBJECT_WQ, name), "wq.lock");
	ck_assert_str_eq(event_point(EVENT_LOAD, OBJECT_WOKEN, name),
			 "woken.load");
	ck_assert_str_eq(event_point(EVENT_REF_PUT, OBJECT_ENTRY, name),
			 "ref.put");
	ck_assert_str_eq(event_point(EVENT_USER_LOAD, OBJECT_WORD, name),
			 "user.load");
	ck_assert_str_eq(event_point(EVENT_QUEUE_PUSH, OBJECT_QUEUE, name),
			 "queue.push");
	ck_assert_str_eq(event_point(EVENT_RETURN, OBJECT_SYSCALL, name),
			 "syscall.return");
}
END_TEST

START_TEST(an_alias_means_the_point_it_stands_for)
{
	enum event_kind kind;
	enum object_kind object;

	ck_assert(event_point_parse("task.park", &kind, &object));
	ck_assert_int_eq(kind, EVENT_BLOCK);
	ck_assert(event_point_parse("task.unpark", &kind, &object));
	ck_assert_int_eq(kind, EVENT_WAKE);
	ck_assert_int_eq(object, OBJECT_TASK);
}
END_TEST

START_TEST(points_that_cannot_happen_are_not_parsed)
{
	static const char *const names[] = {
		"",	     ".",	   "wq",	"wq.",	     ".lock",
		"wq.load",   "woken.lock", "wq.locked", "user.lock", "q.lock",
		"ref.store", "wq.lock.x",  "none.get"};
	enum event_kind kind;
	enum object_kind object;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_msg(!event_point_parse(names[i], &kind, &object),
			      "%s", names[i]);
}
END_TEST

START_TEST(verdict_names_are_parsed_to_what_they_name)
{
	enum verdict_kind kind;

	for (unsigned int i = 0; i < VERDICT_KIND_COUNT; i++) {
		ck_assert(verdict_parse(verdict_name(i), &kind));
		ck_assert_uint_eq(kind, i);
	}
	ck_assert(!verdict_parse("lost wakeup", &kind));
}
END_TEST

/* ---- writing and reading ----------------------------------------------- */

START_TEST(what_was_written_is_read_back_equal)
{
	struct trace *t = fixtures[_i]();

	check_round_trip(t);
	trace_free(t);
}
END_TEST

START_TEST(all_fields_survive_at_their_limits)
{
	struct trace *t = fixture_signal();
	struct event *e = &t->events[3];
	uint32_t *clk = trace_alloc(t, sizeof(*clk));

	clk[0] = UINT32_MAX;
	t->seed = UINT64_MAX;
	t->start_ns = t->events[0].time_ns;
	t->summary = "one\ntwo";
	t->source = "futexsim: 1\n";
	trace_strings_add(t, &t->quirks, "timeout-swallows-wake");
	trace_strings_add(t, &t->focus, "A");
	trace_strings_add(t, &t->hide, "ref.*");
	trace_strings_add(t, &t->highlight, "woken.load");
	t->objects[1].key = UINT64_MAX;
	t->objects[1].value = 1;
	e->in = UINT64_MAX;
	e->in2 = 1ull << 63;
	e->out = INT64_MIN;
	e->has_values = true;
	e->old_value = UINT64_MAX;
	e->new_value = 0;
	e->has_permit = e->permit = true;
	e->cause = 3;
	e->op = INT32_MAX;
	e->op_index = UINT32_MAX;
	e->clk = clk;
	e->text = "text";
	e->src = "model/wait.c:88";
	e->peer = MOVER_CLOCK;
	/* An object of another kind than the point's name says. */
	e->object_kind = OBJECT_STATE;
	t->events[t->event_count - 1].time_ns = UINT64_MAX;
	t->end_ns = UINT64_MAX;
	check_round_trip(t);
	trace_free(t);
}
END_TEST

START_TEST(a_vector_clock_is_read_back)
{
	static const char *const threads[] = {"A", "P", "B", "P", NULL};
	struct fixture f = fixture_begin("clk", threads);
	uint32_t *clk = trace_alloc(f.t, 2 * sizeof(*clk));
	char error[TRACE_ERROR_MAX];
	struct text text;
	struct trace *back;

	clk[0] = 7;
	fixture_step(&f, EVENT_YIELD, OBJECT_TASK, NULL)->clk = clk;
	text = written(f.t);
	ck_assert_ptr_nonnull(strstr(text.data, "\"clk\":[7]"));
	back = read_back(text.data, text.size, error);
	ck_assert_ptr_nonnull(back->events[0].clk);
	ck_assert_uint_eq(back->events[0].clk[0], 7);
	ck_assert_uint_eq(back->events[0].clk[1], 0);
	free(text.data);
	trace_free(back);
	trace_free(f.t);
}
END_TEST

START_TEST(any_character_in_a_name_survives)
{
	static const char *const threads[] = {"a\"b\\c\x01\x1f\n\t\x7f/",
					      "P\xc3\xa9 \xe2\x86\x92", NULL};
	struct fixture f = fixture_begin("x\xf0\x9f\x8e\x89", threads);

	fixture_enter(&f, "\b\f\r<>&'");
	check_round_trip(f.t);
	trace_free(f.t);
}
END_TEST

/* Each byte that is no UTF-8 becomes one U+FFFD. */
START_TEST(broken_utf8_is_written_as_replacement_characters)
{
	static const char *const threads[] = {"A", "P", NULL};
	struct fixture f = fixture_begin("a\xff\xc0\x80z\xed\xa0\x80", threads);
	char error[TRACE_ERROR_MAX];
	struct text text = written(f.t);
	struct trace *back = read_back(text.data, text.size, error);

	ck_assert_msg(back != NULL, "%s", error);
	ck_assert_str_eq(back->scenario,
			 "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz"
			 "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	free(text.data);
	trace_free(back);
	trace_free(f.t);
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
	struct trace *t = fixture_eight_threads();
	FILE *out = fopen("/dev/full", "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_lt(trace_write(t, out), 0);
	fclose(out);
	trace_free(t);
}
END_TEST

/* ---- what is refused --------------------------------------------------- */

#define HEADER                                                                 \
	"{\"futexsim_trace\":1,\"scenario\":\"s\",\"threads\":[{\"name\":"     \
	"\"A\"}],\"objects\":[{\"kind\":\"wq\",\"name\":\"wq:F\"}]}\n"

/* The trace with one line after the header, and the message it must give. */
static const struct bad {
	const char *line;
	const char *message;
} bad_lines[] = {
	{"", "t.jsonl:2:1: error: the file is cut off: the line with the end "
	     "is missing"},
	{"{\"n\":1", "t.jsonl:2:7: error: the file is cut off: the last line "
		     "has no end"},
	{"[]\n", "t.jsonl:2:1: error: an object is wanted here"},
	{"{\"n\":1,\"n\":1}\n", "t.jsonl:2:10: error: duplicate object key "
				"near '\"n\"'"},
	{"{\"t\":0,\"point\":\"task.yield\"}\n",
	 "t.jsonl:2:1: error: field 'n' is missing"},
	{"{\"n\":2,\"t\":0,\"point\":\"task.yield\"}\n",
	 "t.jsonl:2:2: error: event 1 is wanted here"},
	{"{\"n\":1,\"t\":-1,\"point\":\"task.yield\"}\n",
	 "t.jsonl:2:8: error: field 't' must be a number from 0"},
	{"{\"n\":1,\"t\":\"0x\",\"point\":\"task.yield\"}\n",
	 "t.jsonl:2:8: error: field 't' must be a number from 0"},
	{"{\"n\":1,\"t\":0.5,\"point\":\"task.yield\"}\n",
	 "t.jsonl:2:8: error: field 't' must be a number from 0"},
	{"{\"n\":1,\"t\":0,\"point\":\"wq.open\"}\n",
	 "t.jsonl:2:14: error: unknown point 'wq.open'"},
	{"{\"n\":1,\"t\":0}\n",
	 "t.jsonl:2:1: error: field 'point' is missing or not a string"},
	{"{\"n\":1,\"t\":0,\"th\":\"B\",\"point\":\"task.yield\"}\n",
	 "t.jsonl:2:14: error: field 'th': the header has no 'B'"},
	{"{\"n\":1,\"t\":0,\"obj\":\"wq:G\",\"point\":\"wq.lock\"}\n",
	 "t.jsonl:2:14: error: field 'obj': the header has no 'wq:G'"},
	{"{\"n\":1,\"t\":0,\"point\":\"task.wake\",\"peer\":0}\n",
	 "t.jsonl:2:34: error: field 'peer' must be a name"},
	{"{\"n\":1,\"t\":0,\"point\":\"user.cas\",\"old\":1}\n",
	 "t.jsonl:2:33: error: 'old' and 'new' go together"},
	{"{\"n\":1,\"t\":0,\"point\":\"task.yield\",\"cause\":1}\n",
	 "t.jsonl:2:35: error: a cause must come before its effect"},
	{"{\"n\":1,\"t\":0,\"point\":\"task.yield\",\"colour\":1}\n",
	 "t.jsonl:2:35: error: unknown field 'colour'"},
	{"{\"n\":1,\"t\":0,\"point\":\"task.yield\",\"clk\":[1,1]}\n",
	 "t.jsonl:2:35: error: the vector clock is longer than the list of "
	 "threads"},
	{"{\"n\":1,\"t\":0,\"point\":\"task.yield\",\"text\":\"\\u0000\"}\n",
	 "t.jsonl:2:49: error: \\u0000 is not allowed without "
	 "JSON_ALLOW_NUL near '\"\\u0000\"'"},
	{"{\"end\":{},\"digest\":\"00\"}\n",
	 "t.jsonl:2:11: error: the file was changed after it was written: "
	 "the digest of its lines is "},
};

START_TEST(a_bad_line_is_refused_with_its_place)
{
	const struct bad *bad = &bad_lines[_i];
	char error[TRACE_ERROR_MAX];
	char *data;

	ck_assert_int_gt(asprintf(&data, "%s%s", HEADER, bad->line), 0);
	ck_assert_ptr_null(read_back(data, strlen(data), error));
	/* The digest itself is another matter. */
	if (strstr(bad->message, "digest"))
		error[strlen(bad->message)] = '\0';
	ck_assert_str_eq(error, bad->message);
	free(data);
}
END_TEST

START_TEST(a_bad_header_is_refused_with_its_place)
{
	expect_error("\n", "t.jsonl:1:1: error: '[' or '{' expected near end "
			   "of file");
	expect_error("{\"n\":1}\n", "t.jsonl:1:1: error: this is not a trace: "
				    "the first line has no 'futexsim_trace'");
	expect_error("{\"futexsim_trace\":2}\n",
		     "t.jsonl:1:2: error: format 1 is the only one known here");
	expect_error("{\"futexsim_trace\":1}\n",
		     "t.jsonl:1:1: error: field 'scenario' is missing");
	expect_error("{\"futexsim_trace\":1,\"scenario\":\"s\",\"threads\":"
		     "[{\"name\":\"A\"},{\"name\":\"A\"}]}\n",
		     "t.jsonl:1:36: error: the name 'A' is there twice");
	expect_error("{\"futexsim_trace\":1,\"scenario\":\"s\",\"threads\":"
		     "[{\"name\":\"clock\"}]}\n",
		     "t.jsonl:1:36: error: the name 'clock' is there twice");
	expect_error("{\"futexsim_trace\":1,\"scenario\":\"s\",\"objects\":"
		     "[{\"name\":\"F\",\"kind\":\"thing\"}]}\n",
		     "t.jsonl:1:36: error: unknown kind of object 'thing'");
}
END_TEST

START_TEST(an_empty_file_is_refused)
{
	char error[TRACE_ERROR_MAX];
	FILE *in = fopen("/dev/null", "r");

	ck_assert_ptr_null(trace_read(in, "t.jsonl", error));
	ck_assert_str_eq(error, "t.jsonl:1:1: error: the file is empty");
	fclose(in);
}
END_TEST

/* jansson stops at a depth of 2048. */
START_TEST(deep_nesting_is_refused)
{
	size_t depth = 100000;
	char error[TRACE_ERROR_MAX];
	char *data = malloc(depth + 1);

	memset(data, '[', depth);
	data[depth] = '\n';
	ck_assert_ptr_null(read_back(data, depth + 1, error));
	ck_assert_ptr_nonnull(strstr(error, "t.jsonl:1:"));
	ck_assert_ptr_nonnull(strstr(error, "maximum parsing depth"));
	free(data);
}
END_TEST

START_TEST(a_line_without_end_is_refused_before_it_fills_memory)
{
	char error[TRACE_ERROR_MAX];
	FILE *in = fopen("/dev/zero", "r");

	ck_assert_ptr_nonnull(in);
	ck_assert_ptr_null(trace_read(in, "t.jsonl", error));
	ck_assert_ptr_nonnull(strstr(error, "the line is too long"));
	fclose(in);
}
END_TEST

START_TEST(nothing_may_follow_the_end)
{
	struct trace *t = fixture_signal();
	struct text text = written(t);
	char error[TRACE_ERROR_MAX];
	char *data;

	ck_assert_int_gt(asprintf(&data, "%s{}\n", text.data), 0);
	ck_assert_ptr_null(read_back(data, strlen(data), error));
	ck_assert_ptr_nonnull(strstr(error, "nothing may follow"));
	free(data);
	free(text.data);
	trace_free(t);
}
END_TEST

/*
 * Every byte but those of the last line is covered by the digest: whatever is
 * changed there is noticed, as JSON, as a name, or by the digest.
 */
START_TEST(a_changed_byte_is_noticed)
{
	struct trace *t = fixture_signal();
	struct text text = written(t);
	size_t last = (size_t)(strstr(text.data, "{\"end\"") - text.data);
	char error[TRACE_ERROR_MAX];

	for (size_t i = 0; i < last; i++) {
		text.data[i] ^= (char)(1 << i % 8);
		ck_assert_msg(!read_back(text.data, text.size, error),
			      "byte %zu", i);
		ck_assert_str_ne(error, "");
		text.data[i] ^= (char)(1 << i % 8);
	}
	free(text.data);
	trace_free(t);
}
END_TEST

START_TEST(a_file_that_is_cut_off_anywhere_is_refused)
{
	struct trace *t = fixture_contended_mutex();
	struct text text = written(t);
	char error[TRACE_ERROR_MAX];

	for (size_t size = 1; size < text.size; size += 3) {
		ck_assert_ptr_null(read_back(text.data, size, error));
		ck_assert_str_ne(error, "");
	}
	free(text.data);
	trace_free(t);
}
END_TEST

/* The last line may be anything: never a crash, and no half trace. */
START_TEST(a_damaged_last_line_does_no_harm)
{
	struct trace *t = fixture_timeout_swallows_wake();
	struct text text = written(t);
	size_t last = (size_t)(strstr(text.data, "{\"end\"") - text.data);
	char error[TRACE_ERROR_MAX];

	for (size_t i = last; i < text.size; i++) {
		char before = text.data[i];
		struct trace *back;

		text.data[i] = (char)(i * 37);
		back = read_back(text.data, text.size, error);
		ck_assert(back != NULL || error[0] != '\0');
		trace_free(back);
		text.data[i] = before;
	}
	free(text.data);
	trace_free(t);
}
END_TEST

Suite *trace_suite(void)
{
	Suite *suite = suite_create("trace");
	TCase *names = tcase_create("names");
	TCase *files = tcase_create("files");
	TCase *refused = tcase_create("refused");

	tcase_add_test(names, every_point_is_parsed_to_what_it_was_made_of);
	tcase_add_test(names, points_are_named_by_object_and_operation);
	tcase_add_test(names, an_alias_means_the_point_it_stands_for);
	tcase_add_test(names, points_that_cannot_happen_are_not_parsed);
	tcase_add_test(names, verdict_names_are_parsed_to_what_they_name);
	suite_add_tcase(suite, names);
	tcase_add_loop_test(files, what_was_written_is_read_back_equal, 0,
			    FIXTURE_COUNT);
	tcase_add_test(files, all_fields_survive_at_their_limits);
	tcase_add_test(files, a_vector_clock_is_read_back);
	tcase_add_test(files, any_character_in_a_name_survives);
	tcase_add_test(files, broken_utf8_is_written_as_replacement_characters);
	tcase_add_test(files, a_full_disk_is_an_error);
	suite_add_tcase(suite, files);
	tcase_add_loop_test(refused, a_bad_line_is_refused_with_its_place, 0,
			    sizeof(bad_lines) / sizeof(bad_lines[0]));
	tcase_add_test(refused, a_bad_header_is_refused_with_its_place);
	tcase_add_test(refused, an_empty_file_is_refused);
	tcase_add_test(refused, deep_nesting_is_refused);
	tcase_add_test(refused,
		       a_line_without_end_is_refused_before_it_fills_memory);
	tcase_add_test(refused, nothing_may_follow_the_end);
	tcase_add_test(refused, a_changed_byte_is_noticed);
	tcase_add_test(refused, a_file_that_is_cut_off_anywhere_is_refused);
	tcase_add_test(refused, a_damaged_last_line_does_no_harm);
	tcase_set_timeout(refused, 60);
	suite_add_tcase(suite, refused);
	return suite;
}
