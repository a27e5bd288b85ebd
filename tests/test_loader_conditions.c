/*
 * test_loader_conditions.c - how the property language binds.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/loader.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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
	s = loader_parse(text);
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
		[EXPR_IN] = "in",
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

TCase *loader_conditions_case(void)
{
	TCase *c = tcase_create("conditions");

	tcase_add_loop_test(c, conditions_bind_as_the_format_says, 0,
			    COUNT(conditions));
	return c;
}
