/*
 * test_record.c - records of searches as files: what is written is read back,
 * and what does not fit together is refused with the place.
 */
#include "tests/suites.h"

#include <stdlib.h>
#include <string.h>

#include "trace/record.h"

/* ---- a record by hand --------------------------------------------------- */

/*
 * A goes first, and all is well in two ways that meet again; or B goes first,
 * and it is a bug, or the bound cuts it, or it comes back to the start.
 */
static struct record_outcome outcomes[] = {
	{"A.r=0 B.n=-", "F=1", "", 0, true, 3, 0, 1},
	{"A.r=-", "F=0", "A, B",
	 1u << VERDICT_DEADLOCK | 1u << VERDICT_EXPECTATION, false, UINT64_MAX,
	 2, 4},
};
static struct record_switches switches[] = {
	{0, 1, 2}, {0, 3, 1}, {1, 4, UINT64_MAX}};
static struct record_node nodes[] = {{RECORD_OPEN, 0}, {RECORD_OPEN, 3},
				     {0, 5},	       {1, 7},
				     {RECORD_CUT, 4},  {RECORD_OPEN, 2}};
static struct record_leg to_a[] = {{"A", "load \"F\"", "wq.lock", 3}};
static struct record_leg to_b[] = {{"B", "wq.lock", "wq.lock", 1},
				   {"clock", "timer.fire", "timer.fire", 1}};
static struct record_edge edges[] = {
	{0, 1, to_a, 1, 3, false}, {0, 5, to_b, 2, 9, true},
	{1, 2, to_a, 1, 2, false}, {1, 2, to_b, 2, 1, false},
	{5, 3, to_a, 1, 8, true},  {5, 4, to_b, 2, 0, false},
	{5, 0, to_a, 1, 0, false},
};

static struct record by_hand(void)
{
	return (struct record){
		.scenario = "s",
		.title = "a \xc3\xa9 title",
		.schedule = "",
		.profile = "p",
		.digest = "0123",
		.tool = "0",
		.strategy = "dpor",
		.granularity = "kernel",
		.coverage = "exhaustive",
		.runs = 12,
		.states = 40,
		.moves = UINT64_C(1) << 63,
		.states_are_merged = true,
		.is_truncated = true,
		.outcomes = outcomes,
		.outcome_count = 2,
		.switches = switches,
		.switches_count = 3,
		.nodes = nodes,
		.node_count = 6,
		.edges = edges,
		.edge_count = 7,
		.counterexample = 1,
		.decisive = 5,
	};
}

/* Owner: the caller frees it. */
static char *text_of(const struct record *r)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_int_eq(record_write(r, out), 0);
	fclose(out);
	return text;
}

static struct record *read_back(const char *text, char error[TRACE_ERROR_MAX])
{
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct record *r;

	ck_assert_ptr_nonnull(in);
	r = record_read(in, "r.jsonl", error);
	fclose(in);
	return r;
}

static void expect_error(const char *text, const char *message)
{
	char error[TRACE_ERROR_MAX];

	ck_assert_ptr_null(read_back(text, error));
	ck_assert_str_eq(error, message);
}

static void refuse(const struct record *r, const char *message)
{
	char *text = text_of(r);

	expect_error(text, message);
	free(text);
}

/* @text with the first @part replaced.  Owner: the caller frees it. */
static char *replaced(const char *text, const char *part, const char *by)
{
	const char *at = strstr(text, part);
	char *result = malloc(strlen(text) + strlen(by) + 1);

	ck_assert_msg(at != NULL, "%s", part);
	sprintf(result, "%.*s%s%s", (int)(at - text), text, by,
		at + strlen(part));
	return result;
}

/* ---- there and back ----------------------------------------------------- */

static void same_edge(const struct record_edge *a, const struct record_edge *b)
{
	uint32_t i;

	ck_assert_uint_eq(a->from, b->from);
	ck_assert_uint_eq(a->to, b->to);
	ck_assert_uint_eq(a->runs, b->runs);
	ck_assert_int_eq(a->is_counterexample, b->is_counterexample);
	ck_assert_uint_eq(a->leg_count, b->leg_count);
	for (i = 0; i < a->leg_count; i++) {
		ck_assert_str_eq(a->legs[i].mover, b->legs[i].mover);
		ck_assert_str_eq(a->legs[i].first, b->legs[i].first);
		ck_assert_str_eq(a->legs[i].last, b->legs[i].last);
		ck_assert_uint_eq(a->legs[i].steps, b->legs[i].steps);
	}
}

static void same_header(const struct record *a, const struct record *b)
{
	ck_assert_str_eq(a->scenario, b->scenario);
	ck_assert_str_eq(a->title, b->title);
	ck_assert_str_eq(a->schedule, b->schedule);
	ck_assert_str_eq(a->profile, b->profile);
	ck_assert_str_eq(a->digest, b->digest);
	ck_assert_str_eq(a->tool, b->tool);
	ck_assert_str_eq(a->strategy, b->strategy);
	ck_assert_str_eq(a->granularity, b->granularity);
	ck_assert_str_eq(a->coverage, b->coverage);
	ck_assert_uint_eq(a->runs, b->runs);
	ck_assert_uint_eq(a->states, b->states);
	ck_assert_uint_eq(a->moves, b->moves);
	ck_assert_int_eq(a->states_are_merged, b->states_are_merged);
	ck_assert_int_eq(a->is_whole, b->is_whole);
	ck_assert_int_eq(a->is_truncated, b->is_truncated);
	ck_assert_int_eq(a->counterexample, b->counterexample);
	ck_assert_uint_eq(a->decisive, b->decisive);
}

START_TEST(what_is_written_is_read_back)
{
	struct record r = by_hand(), *read;
	char error[TRACE_ERROR_MAX], *text = text_of(&r), *again;
	uint32_t i;

	read = read_back(text, error);
	ck_assert_msg(read != NULL, "%s", error);
	same_header(&r, read);
	ck_assert_uint_eq(read->outcome_count, 2);
	ck_assert_uint_eq(read->switches_count, 3);
	ck_assert_uint_eq(read->node_count, 6);
	ck_assert_uint_eq(read->edge_count, 7);
	ck_assert_str_eq(read->outcomes[1].blocked, "A, B");
	ck_assert_uint_eq(read->outcomes[1].verdicts, outcomes[1].verdicts);
	ck_assert_uint_eq(read->outcomes[1].runs, UINT64_MAX);
	ck_assert_mem_eq(read->switches, switches, sizeof(switches));
	ck_assert_mem_eq(read->nodes, nodes, sizeof(nodes));
	for (i = 0; i < 7; i++)
		same_edge(&edges[i], &read->edges[i]);
	again = text_of(read);
	ck_assert_str_eq(text, again);
	free(again);
	free(text);
	record_free(read);
}
END_TEST

START_TEST(a_record_of_nothing_is_a_start_that_was_cut)
{
	struct record_node start = {RECORD_CUT, 0};
	struct record r = {.scenario = "s", .nodes = &start, .node_count = 1};
	char error[TRACE_ERROR_MAX], *text;
	struct record *read;

	r.counterexample = -1;
	text = text_of(&r);
	read = read_back(text, error);
	ck_assert_msg(read != NULL, "%s", error);
	ck_assert_uint_eq(read->node_count, 1);
	ck_assert_int_eq(read->counterexample, -1);
	ck_assert_ptr_null(read->title);
	free(text);
	record_free(read);
}
END_TEST

START_TEST(a_record_is_known_by_its_beginning)
{
	struct record r = by_hand();
	char *text = text_of(&r);
	char trace[] = "{\"futexsim_trace\":1}\n", nothing[] = "{";
	FILE *in = fmemopen(text, strlen(text), "r");
	char first;

	ck_assert(record_is_one(in));
	/* And it can still be read. */
	ck_assert_uint_eq(fread(&first, 1, 1, in), 1);
	ck_assert_int_eq(first, '{');
	fclose(in);
	in = fmemopen(trace, sizeof(trace) - 1, "r");
	ck_assert(!record_is_one(in));
	fclose(in);
	in = fmemopen(nothing, 1, "r");
	ck_assert(!record_is_one(in));
	fclose(in);
	free(text);
}
END_TEST

/* ---- lines that are wrong ------------------------------------------------ */

static const struct {
	const char *part, *by, *error;
} changes[] = {
	{"futexsim_record", "futexsim_trace",
	 "1:1: error: this is not the record of a search: the first line has "
	 "no 'futexsim_record'"},
	{"_record\":1", "_record\":2",
	 "1:2: error: format 1 is the only one known here"},
	{"\"runs\":12,", "", "1:1: error: field 'runs' is missing"},
	{"\"strategy\"", "\"stratagem\"",
	 "1:113: error: unknown field 'stratagem'"},
	{"\"outcome\":1", "\"outcome\":2",
	 "3:2: error: outcome 1 is wanted here"},
	{"\"deadlock\"", "\"deadlok\"",
	 "3:63: error: unknown verdict 'deadlok'"},
	{"{\"of\":1", "{\"of\":2",
	 "6:2: error: field 'of' is 2, and there are 2 outcomes"},
	{"{\"of\":0,\"switches\":3", "{\"of\":0,\"switches\":1",
	 "5:2: error: switches come in ascending order, by outcome and by "
	 "number"},
	{"{\"node\":2", "{\"node\":3", "9:2: error: node 2 is wanted here"},
	{"5,\"outcome\":0}", "5,\"outcome\":2}",
	 "9:21: error: field 'outcome' is 2, and there are 2 outcomes"},
	{"5,\"outcome\":0}", "5,\"outcome\":0,\"cut\":true}",
	 "9:33: error: a node that is cut has no outcome"},
	{"\"to\":5", "\"to\":6",
	 "14:11: error: field 'to' is 6, and there are 6 nodes"},
	{"{\"from\":1", "{\"from\":2", "15:2: error: node 2 is an end"},
	{"{\"from\":5", "{\"from\":0",
	 "17:2: error: edges come in ascending order of 'from'"},
	{"\"wq.lock\",3]", "\"wq.lock\",0]",
	 "13:27: error: a leg has one step at least"},
	{"\"wq.lock\",3]", "\"wq.lock\"]",
	 "13:27: error: a leg is [mover, first, last, steps]"},
	{"[[\"A\",\"load \\\"F\\\"\",\"wq.lock\",3]]", "[]",
	 "13:27: error: an edge has one leg at least"},
	{"{\"node\":0", "{\"knot\":0",
	 "7:1: error: this line is none of a "
	 "record"},
	{"\"nodes\":6", "\"nodes\":5",
	 "20:35: error: the file has 6 nodes, not as many as this says"},
	{"\"title\":\"a", "\"title\":\"b",
	 "20:56: error: the file was changed after it was written: the digest "
	 "of its lines is "},
	{"\"digest\":\"0", "\"digets\":\"0",
	 "1:97: error: unknown field "
	 "'digets'"},
	{"{\"end\"", "{\"fin\"", "20:1: error: this line is none of a record"},
};

START_TEST(a_wrong_line_is_refused_with_its_place)
{
	struct record r = by_hand();
	char *text = text_of(&r), *wrong;
	char error[TRACE_ERROR_MAX];
	struct record *read;

	wrong = replaced(text, changes[_i].part, changes[_i].by);
	read = read_back(wrong, error);
	ck_assert_ptr_null(read);
	ck_assert_msg(!strncmp(error, "r.jsonl:", 8), "%s", error);
	/* Which digest it is follows from the rest. */
	if (strlen(error + 8) > strlen(changes[_i].error))
		error[8 + strlen(changes[_i].error)] = '\0';
	ck_assert_str_eq(error + 8, changes[_i].error);
	free(wrong);
	free(text);
}
END_TEST

START_TEST(a_file_that_is_cut_off_is_refused)
{
	struct record r = by_hand();
	char *text = text_of(&r);

	*strstr(text, "{\"end\"") = '\0';
	expect_error(text, "r.jsonl:20:1: error: the file is cut off: the line "
			   "with the end is missing");
	*strstr(text, ":3,\"runs\":1}") = '\0';
	expect_error(text, "r.jsonl:5:19: error: the file is cut off: the last "
			   "line has no end");
	free(text);
}
END_TEST

START_TEST(nothing_may_follow_the_end)
{
	struct record r = by_hand();
	char *text = text_of(&r);
	char *longer = malloc(strlen(text) + 4);

	sprintf(longer, "%s{}\n", text);
	expect_error(longer, "r.jsonl:21:1: error: nothing may follow the line "
			     "with the end");
	free(longer);
	free(text);
}
END_TEST

START_TEST(lists_that_are_out_of_order_are_refused)
{
	struct record r = by_hand();
	char *text = text_of(&r);
	char *wrong = replaced(text, "{\"node\":5,\"depth\":2}\n",
			       "{\"of\":1,\"switches\":9,\"runs\":1}\n");

	expect_error(wrong, "r.jsonl:12:2: error: switches come before nodes "
			    "in a record");
	free(wrong);
	free(text);
}
END_TEST

/* ---- lists that do not fit together -------------------------------------- */

START_TEST(a_node_that_no_way_leads_to_is_refused)
{
	struct record r = by_hand();
	struct record_edge fewer[7];

	memcpy(fewer, edges, sizeof(fewer));
	fewer[5].to = 3;
	r.edges = fewer;
	refuse(&r, "r.jsonl:20:1: error: no way leads to node 4");
}
END_TEST

START_TEST(a_node_that_is_open_has_a_way_on)
{
	struct record r = by_hand();
	struct record_node other[6];

	memcpy(other, nodes, sizeof(other));
	other[4].outcome = RECORD_OPEN;
	r.nodes = other;
	refuse(&r, "r.jsonl:20:1: error: node 4 is open, and nothing follows "
		   "it");
}
END_TEST

START_TEST(runs_by_switches_add_up)
{
	struct record r = by_hand();
	struct record_switches other[3];

	memcpy(other, switches, sizeof(other));
	other[1].runs = 2;
	r.switches = other;
	refuse(&r, "r.jsonl:20:1: error: outcome 0 has 3 runs, and by switches "
		   "they are 4");
}
END_TEST

START_TEST(a_record_has_a_node)
{
	struct record r = by_hand();

	r.node_count = r.edge_count = 0;
	refuse(&r, "r.jsonl:7:1: error: there is no node");
}
END_TEST

START_TEST(the_counterexample_is_one_way_to_its_outcome)
{
	const char *no_way = "r.jsonl:20:1: error: the edges of the "
			     "counterexample are not one way to outcome 1";
	struct record r = by_hand();
	struct record_edge other[7];

	memcpy(other, edges, sizeof(other));
	r.edges = other;
	r.counterexample = -1;
	refuse(&r, "r.jsonl:20:1: error: edges are of a counterexample, and "
		   "there is none");
	r.counterexample = 2;
	refuse(&r, "r.jsonl:20:1: error: the counterexample has outcome 2, and "
		   "there are 2 outcomes");
	r.counterexample = 1;
	other[0].is_counterexample = true; /* two ways */
	refuse(&r, no_way);
	other[0].is_counterexample = false;
	other[4].is_counterexample = false; /* too short */
	refuse(&r, no_way);
	other[6].is_counterexample = true; /* back to the start */
	refuse(&r, no_way);
}
END_TEST

/* One by B, one by the clock, three by A; by_hand says that the last decides.
 */
START_TEST(the_step_that_decides_is_of_the_counterexample)
{
	struct record r = by_hand();

	r.decisive = 6;
	refuse(&r, "r.jsonl:20:1: error: step 6 of the counterexample "
		   "decides, and it has 5");
}
END_TEST

Suite *record_suite(void)
{
	const TTest *const tests[] = {
		what_is_written_is_read_back,
		a_record_of_nothing_is_a_start_that_was_cut,
		a_record_is_known_by_its_beginning,
		a_file_that_is_cut_off_is_refused,
		nothing_may_follow_the_end,
		lists_that_are_out_of_order_are_refused,
		a_node_that_no_way_leads_to_is_refused,
		a_node_that_is_open_has_a_way_on,
		runs_by_switches_add_up,
		a_record_has_a_node,
		the_counterexample_is_one_way_to_its_outcome,
		the_step_that_decides_is_of_the_counterexample,
	};
	Suite *suite = suite_create("record");
	TCase *tc = tcase_create("record");
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	tcase_add_loop_test(tc, a_wrong_line_is_refused_with_its_place, 0,
			    sizeof(changes) / sizeof(changes[0]));
	suite_add_tcase(suite, tc);
	return suite;
}
