/*
 * test_loader.c - scenario files: what good ones become, what bad ones are
 * told.
 *
 * tests/bad/NAME.yaml must give exactly the messages in tests/bad/NAME.txt;
 * every file of tests/good/ must load.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario.h"
#include "sim/verbs.h"
#include "tests/suites.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- files ------------------------------------------------------------- */

static char *read_file(const char *path, size_t *size)
{
	FILE *in = fopen(path, "rb");
	char *text = NULL;
	FILE *out = open_memstream(&text, size);
	int c;

	ck_assert_msg(in && out, "%s cannot be read", path);
	while ((c = getc(in)) != EOF)
		putc(c, out);
	fclose(in);
	fclose(out);
	return text;
}

/* What a file is told; NULL if it loads. */
static char *messages_of(const char *path)
{
	struct diagnostics d;
	struct scenario *s;
	char *text = NULL;
	size_t size;
	FILE *out;

	diagnostics_init(&d, path);
	s = scenario_load(path, &d);
	if (!s) {
		out = open_memstream(&text, &size);
		diagnostics_print(&d, out);
		fclose(out);
	}
	scenario_free(s);
	diagnostics_fini(&d);
	return text;
}

static int is_yaml(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".yaml") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Call @check with the path of each file; returns how many there are. */
static int for_each_file(const char *folder, void (*check)(const char *path))
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_yaml, by_name);
	char path[512];

	ck_assert_msg(count >= 0, "%s cannot be read", folder);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder,
			 entries[i]->d_name);
		check(path);
		free(entries[i]);
	}
	free(entries);
	return count;
}

static void check_bad(const char *path)
{
	char *expected, *got = messages_of(path);
	char answer[512];
	size_t size;

	snprintf(answer, sizeof(answer), "%.*s.txt", (int)strlen(path) - 5,
		 path);
	expected = read_file(answer, &size);
	ck_assert_msg(got, "%s is bad, yet it loads", path);
	ck_assert_msg(strcmp(got, expected) == 0, "%s: got\n%sinstead of\n%s",
		      path, got, expected);
	free(got);
	free(expected);
}

START_TEST(each_bad_file_gets_exactly_its_messages)
{
	ck_assert_int_ge(for_each_file("tests/bad", check_bad), 45);
}
END_TEST

static void check_good(const char *path)
{
	char *got = messages_of(path);

	ck_assert_msg(!got, "%s", got);
}

START_TEST(each_good_file_loads)
{
	ck_assert_int_ge(for_each_file("tests/good", check_good), 5);
}
END_TEST

/* ---- one scenario ------------------------------------------------------ */

static struct scenario *load_good(const char *path)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, path);
	s = scenario_load(path, &d);
	if (!s)
		diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	ck_assert_msg(s, "%s does not load", path);
	return s;
}

static struct scenario *parse(const char *text)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, "test.yaml");
	s = scenario_parse("test.yaml", text, strlen(text), &d);
	if (!s)
		diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	return s;
}

/* The first error of a text. */
static void assert_error(const char *text, size_t size, const char *what)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, "test.yaml");
	s = scenario_parse("test.yaml", text, size, &d);
	ck_assert_ptr_null(s);
	ck_assert_uint_ge(d.count, 1);
	ck_assert_msg(strstr(d.items[0].what, what), "got: %s",
		      d.items[0].what);
	diagnostics_fini(&d);
}

/* Lines and columns are counted in the file by hand. */
START_TEST(the_example_of_the_format_becomes_what_it_says)
{
	struct scenario *s =
		load_good("tests/good/lost-wake-of-a-timeout.yaml");
	const struct op *wait = &s->threads[0].ops[0];
	const struct schedule_line *lines = s->schedules[0].lines;

	ck_assert_str_eq(s->name, "lost-wake-of-a-timeout");
	ck_assert_uint_eq(s->process_count, 1);
	ck_assert_str_eq(s->processes[0].name, "P1");
	ck_assert_uint_eq(s->thread_count, 3);
	ck_assert_str_eq(s->threads[1].name, "C");
	ck_assert_str_eq(s->profiles.items[0], "starry-0.5.11");

	ck_assert_int_eq(wait->verb, VERB_FUTEX_WAIT);
	ck_assert_int_eq(wait->mark.line, 11);
	ck_assert_int_eq(wait->mark.col, 7);
	ck_assert_str_eq(wait->text, "r = futex_wait F 0 timeout=10ms");
	ck_assert_int_eq(wait->args[0].kind, OPERAND_WORD);
	ck_assert_int_eq(wait->args[0].col, 22);
	ck_assert_int_eq(wait->args[2].kind, OPERAND_NONE);
	ck_assert_int_eq(wait->timeout, TIMEOUT_DURATION);
	ck_assert_int_eq(wait->timeout_sec, 0);
	ck_assert_int_eq(wait->timeout_nsec, 10000000);
	ck_assert_str_eq(s->threads[0].registers[wait->result], "r");

	ck_assert_str_eq(s->schedules[0].name, "");
	ck_assert_uint_eq(s->schedules[0].line_count, 8);
	ck_assert_int_eq(lines[2].kind, LINE_CLOCK);
	ck_assert_uint_eq(lines[2].duration_ns, 10000000);
	ck_assert_str_eq(lines[3].text, "A: after woken.load");
	ck_assert_int_eq(lines[3].stop, STOP_AFTER);
	ck_assert_int_eq(lines[3].point, EVENT_LOAD);
	ck_assert_int_eq(lines[3].point_object, OBJECT_WOKEN);
	ck_assert_int_eq(lines[5].expr->kind, EXPR_EQ);
	ck_assert_uint_eq(lines[5].expr->left->thread, 2);

	ck_assert_uint_eq(s->return_count, 1);
	ck_assert_int_eq(s->returns[0].value, 0);
	ck_assert_int_eq(s->bug.kind, VERDICT_LOST_WAKEUP);
	ck_assert(s->bug.strict);
	scenario_free(s);
}
END_TEST

/* "charged(A) implies not returned(A, ETIMEDOUT)", its comma in a flow map. */
START_TEST(a_comma_in_parentheses_does_not_end_a_condition)
{
	struct scenario *s =
		load_good("tests/good/lost-wake-of-a-timeout.yaml");
	const struct expr *that = s->properties[0].that;

	ck_assert_uint_eq(s->property_count, 1);
	ck_assert_int_eq(that->kind, EXPR_IMPLIES);
	ck_assert_int_eq(that->left->kind, EXPR_CHARGED);
	ck_assert_int_eq(that->right->kind, EXPR_NOT);
	ck_assert_int_eq(that->right->left->kind, EXPR_RETURNED);
	ck_assert_int_eq(that->right->left->value, -110);
	scenario_free(s);
}
END_TEST

/* ---- memory ------------------------------------------------------------ */

/*
 * Handles of everything.yaml: map 1 and 2 have the label a; 4 names map 3;
 * 5 names P1, which has map 1 of lib.  So {1, 2, 5} and {3, 4} share.
 */
START_TEST(maps_share_handles_by_label_index_and_process)
{
	struct scenario *s = load_good("tests/good/everything.yaml");
	const struct scenario_map *m = s->maps;

	ck_assert_uint_eq(s->map_count, 7);
	ck_assert_uint_eq(m[0].handle_group, 0);
	ck_assert_uint_ne(m[1].handle_group, 0);
	ck_assert_uint_eq(m[1].handle_group, m[2].handle_group);
	ck_assert_uint_eq(m[1].handle_group, m[5].handle_group);
	ck_assert_uint_ne(m[3].handle_group, 0);
	ck_assert_uint_eq(m[3].handle_group, m[4].handle_group);
	ck_assert_uint_ne(m[3].handle_group, m[1].handle_group);
	scenario_free(s);
}
END_TEST

START_TEST(maps_belong_to_who_owns_the_memory)
{
	struct scenario *s = load_good("tests/good/everything.yaml");

	ck_assert_uint_eq(s->process_count, 4);
	ck_assert_uint_eq(s->processes[1].shares_memory_with, 0);
	ck_assert_uint_eq(s->processes[2].forked_from, 1);
	ck_assert_uint_eq(s->maps[0].process, 0); /* declared for P2 */
	ck_assert_uint_eq(s->maps[0].offset, 4096);
	ck_assert_uint_eq(s->maps[0].pages, 2);
	ck_assert_uint_eq(s->maps[0].prot, PROT_R);
	ck_assert(s->maps[0].lazy);
	ck_assert_uint_eq(s->maps[1].pages, 1); /* all of lib */
	ck_assert_uint_eq(s->maps[1].prot, PROT_R | PROT_W);
	scenario_free(s);
}
END_TEST

START_TEST(short_words_live_in_the_last_region)
{
	struct scenario *s = load_good("tests/good/everything.yaml");

	ck_assert_uint_eq(s->region_count, 4);
	ck_assert_str_eq(s->regions[3].name, "words");
	ck_assert_uint_eq(s->regions[3].pages, 1);
	ck_assert_uint_eq(s->word_count, 5);
	ck_assert_uint_eq(s->words[1].region, 3);
	ck_assert_uint_eq(s->words[1].offset, WORDS_STRIDE);
	ck_assert_uint_eq(s->words[1].value, 0xffffffff); /* -1 */
	ck_assert(s->words[1].is_short);
	ck_assert_uint_eq(s->words[3].offset, 4100);
	ck_assert(!s->words[3].is_short);
	scenario_free(s);
}
END_TEST

/* ---- operations -------------------------------------------------------- */

START_TEST(operands_are_words_results_and_numbers)
{
	struct scenario *s = load_good("tests/good/everything.yaml");
	const struct op *a = s->threads[0].ops, *b = s->threads[1].ops;

	ck_assert_int_eq(a[2].args[1].kind, OPERAND_REGISTER);
	ck_assert_int_eq(a[2].args[1].value, 1); /* r+1 */
	ck_assert(a[2].is_plain);
	ck_assert_int_eq(a[3].verb, VERB_CAS); /* old=cas W+4 r-1 ... */
	ck_assert_int_eq(a[3].args[0].kind, OPERAND_WORD);
	ck_assert_int_eq(a[3].args[0].value, 4);
	ck_assert_int_eq(a[3].args[1].value, -1);
	ck_assert_int_eq(a[3].args[2].value, 0x80000000);
	ck_assert_uint_ne(a[3].result, a[0].result);
	ck_assert_int_eq(a[4].args[0].kind, OPERAND_INTEGER);
	ck_assert_int_eq(a[4].args[0].value, 0x10000);
	ck_assert_uint_eq(a[10].result, a[0].result); /* r again */
	ck_assert_uint_eq(s->threads[0].register_count, 2);

	/* futex_wake_bitset F 0x80000000 0xffffffffffffffff */
	ck_assert_int_eq(b[1].args[2].value, -1);
	/* futex_requeue F G wake=1 move=0x100000001 */
	ck_assert_int_eq(b[2].args[2].value, 1);
	ck_assert_int_eq(b[2].args[3].value, 0x100000001);
	/* futex_cmp_requeue F 0 G private move=2^64-1 wake=0 */
	ck_assert_int_eq(b[3].args[3].kind, OPERAND_INTEGER);
	ck_assert_int_eq(b[3].args[3].value, 0);
	ck_assert_int_eq(b[3].args[4].value, -1);
	ck_assert(b[3].is_private);
	scenario_free(s);
}
END_TEST

START_TEST(timeouts_are_durations_raw_numbers_or_bad)
{
	struct scenario *s = load_good("tests/good/everything.yaml");
	const struct op *a = s->threads[0].ops;

	ck_assert_int_eq(a[9].timeout, TIMEOUT_NONE);
	ck_assert_int_eq(a[10].timeout_nsec, 1500000);
	ck_assert(a[10].is_realtime && a[10].is_private);
	ck_assert_int_eq(a[11].timeout, TIMEOUT_RAW);
	ck_assert_int_eq(a[11].timeout_sec, -1);
	ck_assert_int_eq(a[11].timeout_nsec, 1000000000);
	ck_assert_int_eq(a[12].timeout, TIMEOUT_BAD);
	ck_assert_int_eq(a[13].timeout_sec, 3600);
	ck_assert_int_eq(a[14].timeout_sec, 5);
	scenario_free(s);
}
END_TEST

START_TEST(a_program_keeps_what_an_operation_needs)
{
	struct scenario *s = load_good("tests/good/everything.yaml");
	const struct op *b = s->threads[1].ops;

	ck_assert_int_eq(b[8].args[0].kind, OPERAND_NONE); /* no tid */
	ck_assert_int_eq(b[11].verb, VERB_MMAP);
	ck_assert_int_eq(b[11].args[0].kind, OPERAND_REGISTER);
	ck_assert_str_eq(s->regions[b[11].region].name, "heap");
	ck_assert_uint_eq(b[11].offset, 4096);
	ck_assert(b[11].lazy);
	ck_assert_uint_eq(b[11].prot, PROT_R | PROT_W);
	ck_assert_uint_eq(b[12].prot, 0);
	ck_assert_str_eq(b[17].name, "first-stop");
	ck_assert_uint_eq(s->threads[4].op_count, 0);
	scenario_free(s);
}
END_TEST

/* Every verb is in the file of everything, so that none is forgotten. */
START_TEST(every_verb_can_be_written)
{
	struct scenario *s = load_good("tests/good/everything.yaml");
	bool is_there[VERB_COUNT] = {false};

	for (uint32_t i = 0; i < s->thread_count; i++)
		for (uint32_t j = 0; j < s->threads[i].op_count; j++)
			is_there[s->threads[i].ops[j].verb] = true;
	for (unsigned int v = 0; v < VERB_COUNT; v++)
		ck_assert_msg(is_there[v], "%s", verb_name(v));
	scenario_free(s);
}
END_TEST

/* ---- schedules, expectations ------------------------------------------- */

START_TEST(schedule_lines_become_stops)
{
	struct scenario *s = load_good("tests/good/everything.yaml");
	const struct schedule_line *l = s->schedules[0].lines;
	static const enum stop_kind stops[] = {
		STOP_NEXT,   STOP_BLOCKED, STOP_BLOCKED_OR_DONE, STOP_STUCK,
		STOP_BEFORE, STOP_AFTER,   STOP_STEPS,		 STOP_STEPS,
		STOP_BEFORE, STOP_AFTER,   STOP_AFTER,
	};

	ck_assert_uint_eq(s->schedule_count, 3);
	ck_assert_str_eq(s->schedules[0].name, "main");
	for (size_t i = 0; i < COUNT(stops); i++)
		ck_assert_int_eq(l[i].stop, stops[i]);
	ck_assert_uint_eq(l[7].steps, 12);
	ck_assert_uint_eq(l[5].nth, 1);
	ck_assert_uint_eq(l[8].nth, 2);
	ck_assert_uint_eq(l[8].of_word, 0);
	ck_assert_uint_eq(l[8].of_thread, NOWHERE);
	ck_assert_uint_eq(l[9].of_thread, 0);
	ck_assert(l[9].has_value);
	ck_assert_int_eq(l[10].value, -14); /* -EFAULT */
	ck_assert_str_eq(l[9].text, "A: after: woken.load value: 0 of: A");
	scenario_free(s);
}
END_TEST

START_TEST(schedule_lines_move_more_than_threads)
{
	struct scenario *s = load_good("tests/good/everything.yaml");
	const struct schedule_line *l = s->schedules[0].lines;
	static const enum line_kind kinds[] = {
		LINE_CLOCK,  LINE_TIMER_FIRE, LINE_SIGNAL,     LINE_SIGNAL,
		LINE_SIGNAL, LINE_CHECK,      LINE_ALL_FINISH, LINE_ALL_STUCK,
		LINE_SHOW,   LINE_THREAD,
	};

	for (size_t i = 0; i < COUNT(kinds); i++)
		ck_assert_int_eq(l[11 + i].kind, kinds[i]);
	ck_assert_uint_eq(l[13].signal, 10);
	ck_assert_uint_eq(l[14].signal, 12);
	ck_assert_uint_eq(l[15].signal, 12);
	ck_assert_str_eq(l[15].text, "{signal: A, number: SIGUSR2}");
	scenario_free(s);
}
END_TEST

START_TEST(expectations_are_by_index)
{
	struct scenario *s = load_good("tests/good/everything.yaml");

	ck_assert_uint_eq(s->return_count, 3);
	ck_assert_int_eq(s->returns[0].value, -110);
	ck_assert_int_eq(s->returns[1].value, -22);
	ck_assert_str_eq(s->threads[0].registers[s->returns[1].reg], "old");
	ck_assert_uint_eq(s->expect_words[1].value, 0xffffffff);
	ck_assert_uint_eq(s->queues[0].thread_count, 2);
	ck_assert_uint_eq(s->queues[0].threads[0], 2);
	ck_assert_int_eq(s->expect_threads[1].state, THREAD_BLOCKED);
	ck_assert_uint_eq(s->ignore,
			  1u << VERDICT_LEAK | 1u << VERDICT_LOCK_ORDER);
	ck_assert_uint_eq(s->start_ns, 1500);
	ck_assert_uint_eq(s->wall_offset_ns, UINT64_C(3600000000000));
	ck_assert(!s->bug.strict);
	ck_assert_str_eq(s->title, "What, where: all");
	scenario_free(s);
}
END_TEST

/* ---- conditions -------------------------------------------------------- */

/* The condition of a scenario with word F, threads A (result r) and B. */
static struct scenario *parse_check(const char *condition)
{
	char text[1024];
	struct scenario *s;

	snprintf(text, sizeof(text),
		 "futexsim: 1\nname: c\nmemory: {words: {F: 0}}\n"
		 "threads: {A: [r = load F], B: [yield]}\n"
		 "schedule:\n  - check: %s\n",
		 condition);
	s = parse(text);
	ck_assert_msg(s, "%s", condition);
	return s;
}

/* Fully bracketed, so that the tree can be read. */
static void write_expr(const struct expr *e, FILE *out)
{
	static const char *const names[] = {
		[EXPR_NOT] = "not",	    [EXPR_AND] = "and",
		[EXPR_OR] = "or",	    [EXPR_IMPLIES] = "implies",
		[EXPR_IFF] = "iff",	    [EXPR_EQ] = "==",
		[EXPR_NE] = "!=",	    [EXPR_LT] = "<",
		[EXPR_LE] = "<=",	    [EXPR_GT] = ">",
		[EXPR_GE] = ">=",	    [EXPR_ADD] = "+",
		[EXPR_SUB] = "-",	    [EXPR_FORALL] = "forall",
		[EXPR_EXISTS] = "exists",   [EXPR_COUNT] = "count",
		[EXPR_BLOCKED] = "blocked", [EXPR_DONE] = "done",
		[EXPR_QUEUED] = "queued",   [EXPR_WOKEN] = "woken",
		[EXPR_CHARGED] = "charged", [EXPR_RETURNED] = "returned",
		[EXPR_MARKED] = "marked",   [EXPR_HOLDS] = "holds",
	};

	if (e->kind == EXPR_INTEGER) {
		fprintf(out, "%d", (int)e->value);
	} else if (e->kind == EXPR_RESULT) {
		fprintf(out, "%u.%u", e->thread, e->index);
	} else if (e->kind == EXPR_WORD) {
		fprintf(out, "F");
	} else if (e->kind >= EXPR_BLOCKED) {
		fprintf(out, "%s %s%u", names[e->kind], e->is_bound ? "^" : "",
			e->is_bound ? e->index : e->thread);
	} else {
		fprintf(out, "(%s", names[e->kind]);
		if (e->set)
			fprintf(out, " %u", e->set_count);
		fputc(' ', out);
		write_expr(e->left, out);
		if (e->right) {
			fputc(' ', out);
			write_expr(e->right, out);
		}
		fputc(')', out);
	}
}

static const struct {
	const char *text;
	const char *tree;
} conditions[] = {
	/* implies, iff < or < and < not < comparison < + - */
	{"F == 1 or F == 2 and F == 3",
	 "(or (== F 1) (and (== F 2) (== F 3)))"},
	{"F == 1 implies F == 2 or F == 3",
	 "(implies (== F 1) (or (== F 2) (== F 3)))"},
	{"done(A) implies done(B) implies F == 1",
	 "(implies done 0 (implies done 1 (== F 1)))"},
	{"done(A) iff not done(B)", "(iff done 0 (not done 1))"},
	{"not F == 1 and done(A)", "(and (not (== F 1)) done 0)"},
	{"not not done(A)", "(not (not done 0))"},
	{"F + 1 - 2 <= -3", "(<= (- (+ F 1) 2) -3)"},
	{"F - (1 - 2) != A.r", "(!= (- F (- 1 2)) 0.0)"},
	{"A.r == ETIMEDOUT", "(== 0.0 -110)"},
	{"A.r == -EAGAIN", "(== 0.0 -11)"},
	{"F > 0x10 or F >= 0xffffffffffffffff or F < 2",
	 "(or (or (> F 16) (>= F -1)) (< F 2))"},
	{"true and not false", "(and 1 (not 0))"},
	/* A quantifier reaches as far as it can. */
	{"done(A) and forall t in threads. done(t) or done(B)",
	 "(and done 0 (forall 2 (or done ^0 done 1)))"},
	{"forall t in B. exists u in {A, B, A}. done(t) and done(u)",
	 "(forall 1 (exists 2 (and done ^1 done ^0)))"},
	/* A name that is no thread is what count() counts. */
	{"count(done(t) and not blocked(t)) == 2",
	 "(== (count 2 (and done ^0 (not blocked ^0))) 2)"},
	{"forall t in threads. count(queued(u) and queued(t)) < 2",
	 "(forall 2 (< (count 2 (and queued ^0 queued ^1)) 2))"},
	{"returned(A, EINTR) and holds(B, aspace)", "(and returned 0 holds 1)"},
};

START_TEST(conditions_bind_as_the_format_says)
{
	struct scenario *s;
	char *tree = NULL;
	size_t size;
	FILE *out;

	s = parse_check(conditions[_i].text);
	out = open_memstream(&tree, &size);
	write_expr(s->schedules[0].lines[0].expr, out);
	fclose(out);
	ck_assert_str_eq(tree, conditions[_i].tree);
	free(tree);
	scenario_free(s);
}
END_TEST

/* ---- limits ------------------------------------------------------------ */

/* @head, then @count times @item with its number in it, then @tail. */
static char *repeat(const char *head, const char *item, unsigned int count,
		    const char *tail, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	fputs(head, out);
	for (unsigned int i = 0; i < count; i++) {
		const char *number = strchr(item, '#');

		fprintf(out, "%.*s", number ? (int)(number - item) : 0, item);
		if (number)
			fprintf(out, "%u", i);
		fputs(number ? number + 1 : item, out);
	}
	fputs(tail, out);
	fclose(out);
	return text;
}

#define HEAD "futexsim: 1\nname: limit\n"
#define ONE "\nthreads: {A: [yield]}\n"

static const struct limit {
	const char *name;
	const char *head, *item, *tail;
	unsigned int max;
} limits[] = {
	{"SCENARIO_THREADS_MAX", HEAD "threads: {", "T#: [],", "}\n",
	 SCENARIO_THREADS_MAX},
	{"SCENARIO_PROCESSES_MAX", HEAD "processes: {", "P#: {},", "}" ONE,
	 SCENARIO_PROCESSES_MAX},
	{"SCENARIO_OPS_MAX", HEAD "threads: {A: [", "yield,", "]}\n",
	 SCENARIO_OPS_MAX},
	{"SCENARIO_STEPS_MAX", HEAD "threads: {A: [yield]}\nschedule: [",
	 "show,", "]\n", SCENARIO_STEPS_MAX},
	{"SCENARIO_REGIONS_MAX", HEAD "memory: {regions: {",
	 "R#: {kind: private},", "}}" ONE, SCENARIO_REGIONS_MAX},
	{"SCENARIO_PAGES_MAX", HEAD "memory: {words: {", "w#: 0,", "}}" ONE,
	 SCENARIO_PAGES_MAX * 64},
};

START_TEST(a_limit_can_be_reached_but_not_passed)
{
	const struct limit *limit = &limits[_i];
	size_t size;
	char *text = repeat(limit->head, limit->item, limit->max, limit->tail,
			    &size);
	struct scenario *s = parse(text);

	ck_assert_ptr_nonnull(s);
	scenario_free(s);
	free(text);
	text = repeat(limit->head, limit->item, limit->max + 1, limit->tail,
		      &size);
	assert_error(text, size, limit->name);
	free(text);
}
END_TEST

START_TEST(a_file_that_is_too_long_is_refused)
{
	size_t size;
	char *text = repeat(HEAD "threads: {A: [yield]}\n", "# filling\n",
			    SCENARIO_BYTES_MAX / 10, "", &size);

	ck_assert_uint_gt(size, SCENARIO_BYTES_MAX);
	assert_error(text, size, "SCENARIO_BYTES_MAX");
	free(text);
}
END_TEST

START_TEST(more_nodes_than_allowed_are_refused)
{
	size_t size;
	char *text = repeat(HEAD "tags: [", "a,", SCENARIO_NODES_MAX,
			    "]\nthreads: {A: [yield]}\n", &size);

	assert_error(text, size, "SCENARIO_NODES_MAX");
	free(text);
}
END_TEST

/* Of 1024 processes each sees 17 maps: 17408 of at most 16384. */
START_TEST(inherited_maps_count_too)
{
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	fputs(HEAD "processes:\n  P1: {}\n", out);
	for (int i = 2; i <= 1024; i++)
		fprintf(out, "  P%d: {forked_from: P1}\n", i);
	fputs("memory:\n  regions: {R: {kind: shared}}\n  maps:\n", out);
	for (int i = 1; i <= 17; i++)
		fprintf(out, "    - {region: R, at: 0x%x000}\n", i);
	fputs("threads: {A: [yield]}\n", out);
	fclose(out);
	assert_error(text, size, "SCENARIO_MAPS_MAX");
	free(text);
}
END_TEST

/* 65 processes see 4096 pages each: 266240 of at most 262144. */
START_TEST(mapped_pages_are_limited)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs(HEAD "processes:\n  P1: {}\n", out);
	for (int i = 2; i <= 65; i++)
		fprintf(out, "  P%d: {forked_from: P1}\n", i);
	fputs("memory:\n  regions: {R: {kind: shared, pages: 4096}}\n"
	      "  maps: [{region: R, at: 0x10000}]\n"
	      "threads: {A: [yield]}\n",
	      out);
	fclose(out);
	assert_error(text, size, "SCENARIO_MAPPED_MAX");
	free(text);
}
END_TEST

/* ---- files that cannot be read ----------------------------------------- */

START_TEST(a_missing_file_is_an_error_without_a_line)
{
	char *got = messages_of("tests/no-such-file.yaml");

	ck_assert_str_eq(got, "tests/no-such-file.yaml: error: cannot be "
			      "opened: No such file or directory\n");
	free(got);
}
END_TEST

START_TEST(a_folder_is_no_scenario)
{
	char *got = messages_of("tests");

	ck_assert_str_eq(got, "tests: error: cannot be read: Is a directory\n");
	free(got);
}
END_TEST

/* tests/main.c gives /dev/null as standard input. */
START_TEST(a_dash_is_standard_input)
{
	char *got = messages_of("-");

	ck_assert_str_eq(got, "<stdin>: error: the file is empty\n");
	free(got);
}
END_TEST

/* ---- nearest names ----------------------------------------------------- */

static const struct {
	const char *name;
	const char *nearest;
} slips[] = {
	{"woken.laod", "woken.load"}, /* two letters swapped */
	{"WOKEN.LOAD", "woken.load"}, /* case is no slip */
	{"wqlock", "wq.lock"}, /* one is missing */
	{"f", "F"},
	{"G", NULL}, /* nothing of F is left */
	{"something", NULL},
	{"", NULL},
};

START_TEST(the_nearest_name_is_a_slip_away_or_none)
{
	static const char *const names[] = {"woken.load", "wq.lock", "F"};
	const char *got = nearest_name(slips[_i].name, names, COUNT(names));

	if (slips[_i].nearest)
		ck_assert_str_eq(got, slips[_i].nearest);
	else
		ck_assert_ptr_null(got);
}
END_TEST

/* ---- damaged files ----------------------------------------------------- */

static void load_and_drop(const char *text, size_t size)
{
	struct diagnostics d;
	struct scenario *s;
	FILE *out = fopen("/dev/null", "w");

	diagnostics_init(&d, "damaged");
	s = scenario_parse("damaged", text, size, &d);
	ck_assert(!s == (d.count > 0));
	diagnostics_print(&d, out);
	fclose(out);
	scenario_free(s);
	diagnostics_fini(&d);
}

START_TEST(a_file_cut_off_anywhere_does_no_harm)
{
	size_t size;
	char *text = read_file("tests/good/everything.yaml", &size);

	for (size_t i = 0; i < size; i++) {
		/* Of its own length, so that reading past it is seen. */
		char *copy = malloc(i + 1);

		memcpy(copy, text, i);
		load_and_drop(copy, i);
		free(copy);
	}
	free(text);
}
END_TEST

START_TEST(a_file_with_a_byte_changed_does_no_harm)
{
	static const char bytes[] = "\0\n\t #&*!|>'\"%@`{}[](),:?-.x0\xff\x80";
	size_t size;
	char *text = read_file("tests/good/everything.yaml", &size);

	/* Each byte becomes one of these in turn. */
	for (size_t i = 0; i < size; i++) {
		char kept = text[i];

		text[i] = bytes[i % (sizeof(bytes) - 1)];
		load_and_drop(text, size);
		text[i] = kept ^ 1;
		load_and_drop(text, size);
		text[i] = kept;
	}
	free(text);
}
END_TEST

/* ---- the suite --------------------------------------------------------- */

static TCase *good_case(void)
{
	TCase *c = tcase_create("good files");

	tcase_add_test(c, each_good_file_loads);
	tcase_add_test(c, the_example_of_the_format_becomes_what_it_says);
	tcase_add_test(c, a_comma_in_parentheses_does_not_end_a_condition);
	tcase_add_test(c, maps_share_handles_by_label_index_and_process);
	tcase_add_test(c, maps_belong_to_who_owns_the_memory);
	tcase_add_test(c, short_words_live_in_the_last_region);
	tcase_add_test(c, operands_are_words_results_and_numbers);
	tcase_add_test(c, timeouts_are_durations_raw_numbers_or_bad);
	tcase_add_test(c, a_program_keeps_what_an_operation_needs);
	tcase_add_test(c, every_verb_can_be_written);
	tcase_add_test(c, schedule_lines_become_stops);
	tcase_add_test(c, schedule_lines_move_more_than_threads);
	tcase_add_test(c, expectations_are_by_index);
	tcase_add_loop_test(c, conditions_bind_as_the_format_says, 0,
			    COUNT(conditions));
	return c;
}

static TCase *bad_case(void)
{
	TCase *c = tcase_create("bad files");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, each_bad_file_gets_exactly_its_messages);
	tcase_add_loop_test(c, a_limit_can_be_reached_but_not_passed, 0,
			    COUNT(limits));
	tcase_add_test(c, a_file_that_is_too_long_is_refused);
	tcase_add_test(c, more_nodes_than_allowed_are_refused);
	tcase_add_test(c, inherited_maps_count_too);
	tcase_add_test(c, mapped_pages_are_limited);
	tcase_add_test(c, a_missing_file_is_an_error_without_a_line);
	tcase_add_test(c, a_folder_is_no_scenario);
	tcase_add_test(c, a_dash_is_standard_input);
	tcase_add_loop_test(c, the_nearest_name_is_a_slip_away_or_none, 0,
			    COUNT(slips));
	return c;
}

static TCase *damaged_case(void)
{
	TCase *c = tcase_create("damaged files");

	tcase_set_timeout(c, 300);
	tcase_add_test(c, a_file_cut_off_anywhere_does_no_harm);
	tcase_add_test(c, a_file_with_a_byte_changed_does_no_harm);
	return c;
}

Suite *loader_suite(void)
{
	Suite *s = suite_create("loader");

	suite_add_tcase(s, good_case());
	suite_add_tcase(s, bad_case());
	suite_add_tcase(s, damaged_case());
	return s;
}
