/*
 * test_loader_fields.c - what is in a scenario once it is loaded.
 */
#include <check.h>
#include <string.h>

#include "sim/loader/verbs.h"
#include "tests/loader.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Lines and columns are counted in the file by hand. */
START_TEST(the_example_of_the_format_becomes_what_it_says)
{
	struct scenario *s =
		loader_load_good("tests/good/lost-wake-of-a-timeout.yaml");
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
		loader_load_good("tests/good/lost-wake-of-a-timeout.yaml");
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
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
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
	struct scenario *s = loader_load_good("tests/good/everything.yaml");

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
	struct scenario *s = loader_load_good("tests/good/everything.yaml");

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
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
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
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
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
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
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
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
	/* The procedure takes the place of its call. */
	bool is_there[VERB_COUNT] = {[VERB_CALL] = true};

	for (uint32_t i = 0; i < s->thread_count; i++)
		for (uint32_t j = 0; j < s->threads[i].op_count; j++)
			is_there[s->threads[i].ops[j].verb] = true;
	for (unsigned int v = 0; v < VERB_COUNT; v++)
		ck_assert_msg(is_there[v], "%s", verb_name(v));
	scenario_free(s);
}
END_TEST

static const struct op *op_with(const struct scenario *s, enum verb verb,
				unsigned int nth)
{
	for (uint32_t i = 0; i < s->thread_count; i++)
		for (uint32_t j = 0; j < s->threads[i].op_count; j++)
			if (s->threads[i].ops[j].verb == verb && !nth--)
				return &s->threads[i].ops[j];
	ck_abort_msg("%s is not there", verb_name(verb));
}

/* op=andn:-1:shift is 3 with bit 8, cmp=ge is 5; both operands are 0xfff. */
START_TEST(the_operation_of_wake_op_is_encoded)
{
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
	const struct op *op = op_with(s, VERB_FUTEX_WAKE_OP, 0);

	ck_assert_uint_eq(op->wake_op, 0xb5ffffff);
	ck_assert_int_eq(op->args[2].value, 1);
	ck_assert_int_eq(op->args[3].value, -1);
	ck_assert(op->is_private);
	scenario_free(s);
}
END_TEST

START_TEST(the_words_of_waitv_are_a_list)
{
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
	const struct op *op = op_with(s, VERB_FUTEX_WAITV, 0);

	ck_assert_uint_eq(op->more_count, 6);
	ck_assert_int_eq(op->more[0].kind, OPERAND_WORD);
	ck_assert_int_eq(op->more[2].value, 4);
	ck_assert_int_eq(op->more[3].value, INT64_C(0x100000000));
	ck_assert_int_eq(op->more[4].value, 0x1000);
	ck_assert_int_eq(op->more[5].value, -1);
	ck_assert_int_eq(op->timeout, TIMEOUT_RAW);
	ck_assert(op->has_word_flags);
	ck_assert_uint_eq(op->word_flags, 0x82);
	ck_assert(op->has_clock);
	ck_assert_uint_eq(op->clock, 7);
	op = op_with(s, VERB_FUTEX_WAITV, 1);
	ck_assert_uint_eq(op->more_count, 0);
	ck_assert(op->is_realtime);
	ck_assert(!op->has_clock);
	ck_assert(!op->has_word_flags);
	scenario_free(s);
}
END_TEST

/* ---- schedules, expectations ------------------------------------------- */

START_TEST(schedule_lines_become_stops)
{
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
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
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
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
	ck_assert_uint_eq(l[15].process, NOWHERE);
	ck_assert_int_eq(l[21].kind, LINE_SIGNAL);
	ck_assert_uint_eq(l[21].thread, NOWHERE);
	ck_assert_uint_eq(l[21].process, 3);
	ck_assert_uint_eq(l[21].signal, SIGNAL_KILL);
	scenario_free(s);
}
END_TEST

static const struct scenario_thread *thread_of(const struct scenario *s,
					       const char *name)
{
	for (uint32_t i = 0; i < s->thread_count; i++)
		if (!strcmp(s->threads[i].name, name))
			return &s->threads[i];
	ck_abort_msg("no thread %s", name);
}

/* Nine operations, one that is never reached; enter, load, return. */
START_TEST(handlers_stand_behind_the_program)
{
	struct scenario *s = loader_load_good("tests/good/everything.yaml");
	const struct scenario_thread *t = thread_of(s, "S");
	const struct op *ops = t->ops;
	uint32_t handler = ops[0].signal.handler;

	ck_assert_uint_eq(t->main_count, 9);
	ck_assert_uint_eq(t->op_count, 13);
	ck_assert_int_eq(ops[0].signal.action, SIGNAL_HANDLED);
	ck_assert(ops[0].signal.restarts);
	ck_assert_str_eq(s->procedures[handler], "on-signal");
	ck_assert_uint_eq(t->handlers[handler], 10);
	ck_assert_int_eq(ops[10].verb, VERB_REGION_ENTER);
	ck_assert_int_eq(ops[11].verb, VERB_LOAD);
	ck_assert_int_eq(ops[12].verb, VERB_SIGRETURN);
	ck_assert_uint_eq(ops[1].signal.number, 34);
	ck_assert_int_eq(ops[1].signal.action, SIGNAL_IGNORED);
	ck_assert_int_eq(ops[2].signal.action, SIGNAL_BY_DEFAULT);
	ck_assert_int_eq(ops[3].signal.how, SIGNAL_BLOCK);
	ck_assert_uint_eq(ops[3].signal.set, SIGNAL_BIT(10) | SIGNAL_BIT(34));
	ck_assert_int_eq(ops[4].signal.how, SIGNAL_SET);
	ck_assert_uint_eq(ops[5].signal.thread, 0);
	ck_assert_uint_eq(ops[5].signal.process, NOWHERE);
	ck_assert_uint_eq(ops[6].signal.process, 3);
	ck_assert_int_eq(ops[8].timeout_nsec, 16);
	/* Nobody of another process has to run it. */
	ck_assert_uint_eq(s->threads[0].main_count, s->threads[0].op_count);
	ck_assert_ptr_null(s->threads[0].handlers);
	scenario_free(s);
}
END_TEST

START_TEST(expectations_are_by_index)
{
	struct scenario *s = loader_load_good("tests/good/everything.yaml");

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

TCase *loader_fields_case(void)
{
	TCase *c = tcase_create("fields");

	tcase_add_test(c, the_example_of_the_format_becomes_what_it_says);
	tcase_add_test(c, a_comma_in_parentheses_does_not_end_a_condition);
	tcase_add_test(c, maps_share_handles_by_label_index_and_process);
	tcase_add_test(c, maps_belong_to_who_owns_the_memory);
	tcase_add_test(c, short_words_live_in_the_last_region);
	tcase_add_test(c, operands_are_words_results_and_numbers);
	tcase_add_test(c, timeouts_are_durations_raw_numbers_or_bad);
	tcase_add_test(c, a_program_keeps_what_an_operation_needs);
	tcase_add_test(c, every_verb_can_be_written);
	tcase_add_test(c, the_operation_of_wake_op_is_encoded);
	tcase_add_test(c, the_words_of_waitv_are_a_list);
	tcase_add_test(c, schedule_lines_become_stops);
	tcase_add_test(c, schedule_lines_move_more_than_threads);
	tcase_add_test(c, handlers_stand_behind_the_program);
	tcase_add_test(c, expectations_are_by_index);
	return c;
}
