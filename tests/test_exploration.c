/*
 * test_exploration.c - pictures of a search: what folds into what, and that
 * they stay readable however many states there are.
 */
#include "tests/suites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/picture_boxes.h"
#include "tests/record_fixture.h"
#include "viz/exploration/map.h"

#define SEEDS 6

static const struct fixture {
	const char *name;
	struct record *(*make)(void);
} fixtures[] = {
	{"small", fixture_record_small},   {"well", fixture_record_well},
	{"single", fixture_record_single}, {"loop", fixture_record_loop},
	{"cut", fixture_record_cut},
};
#define FIXTURES ((int)(sizeof(fixtures) / sizeof(fixtures[0])))

static struct dot_text dot_of(const struct record *r)
{
	return picture_of(VIZ_EXPLORATION, r, NULL);
}

/* Of seeds in turn 500 and 5,000 states. */
static struct record *lattice(int i)
{
	return fixture_record_lattice((uint64_t)i / 2 + 1, i % 2 ? 5000 : 500);
}

static struct map map_of(const struct record *r)
{
	struct map m = {.r = r, .memory = trace_new(0)};

	map_make(&m);
	return m;
}

/* ---- golden ------------------------------------------------------------ */

START_TEST(exploration_is_the_golden_one)
{
	struct record *r = fixtures[_i].make();
	struct dot_text a = dot_of(r), b = dot_of(r);
	char name[64];

	snprintf(name, sizeof(name), "exploration-%s", fixtures[_i].name);
	picture_is_golden(a, name);
	ck_assert_uint_eq(a.size, b.size);
	ck_assert_mem_eq(a.data, b.data, a.size);
	free(a.data);
	free(b.data);
	record_free(r);
}
END_TEST

/* ---- what folds -------------------------------------------------------- */

/*
 * Node 2 is sure to end well; below it are nodes 3 and 5 and the two states on
 * the way to 5: 5 states.  Both 0 and 1 lead there.  From 1, after 3 steps,
 * either follows; then all is lost.
 */
START_TEST(states_with_one_fate_are_leaves_of_the_decision)
{
	struct record *r = fixture_record_small();
	struct dot_text dot = dot_of(r);
	struct boxes b = picture_boxes(dot);

	ck_assert_uint_eq(boxes_with_id(&b, "state"), 3);
	ck_assert_uint_eq(boxes_with_id(&b, "leaf"), 2);
	ck_assert_uint_eq(boxes_with_label(&b, "5 ok"), 2);
	ck_assert_uint_eq(boxes_with_label(&b, "0"), 2); /* and the legend */
	ck_assert_uint_eq(boxes_with_label(&b, "3  last way out"), 1);
	ck_assert_uint_eq(boxes_with_label(&b, "A: user.load … task.block (2)"),
			  1);
	ck_assert_ptr_nonnull(strstr(dot.data, "LOST WAKE-UP"));
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

/* All is well: results tell ends apart, and nothing is red. */
START_TEST(without_a_bug_nothing_is_red)
{
	struct record *r = fixture_record_well();
	struct dot_text dot = dot_of(r);
	struct boxes b = picture_boxes(dot);

	/* One end each, the second after two more states. */
	ck_assert_uint_eq(boxes_with_label(&b, "1 #1"), 1);
	ck_assert_uint_eq(boxes_with_label(&b, "3 #2"), 1);
	ck_assert_ptr_null(strstr(dot.data, BAD_STROKE));
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

/* Four nodes below the start and two times two states between them. */
START_TEST(one_outcome_is_one_leaf_and_a_sentence)
{
	struct record *r = fixture_record_single();
	struct dot_text dot = dot_of(r);
	struct boxes b = picture_boxes(dot);

	ck_assert_uint_eq(boxes_with_id(&b, "leaf"), 1);
	ck_assert_uint_eq(boxes_with_label(&b, "8 ok"), 1);
	ck_assert_uint_eq(boxes_with_label(&b, "every end is ok"), 1);
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

START_TEST(a_loop_without_an_end_says_so)
{
	struct record *r = fixture_record_loop();
	struct dot_text dot = dot_of(r);
	struct boxes b = picture_boxes(dot);

	ck_assert_uint_eq(boxes_with_label(&b, "1 endless"), 1);
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

/* Nodes 2, 3, 5 and two states: nothing but cuts follows. */
START_TEST(what_was_cut_is_no_fate)
{
	struct record *r = fixture_record_cut();
	struct dot_text dot = dot_of(r);
	struct boxes b = picture_boxes(dot);

	ck_assert_uint_eq(boxes_with_label(&b, "5 cut"), 1);
	/* What was cut could have been a way out. */
	ck_assert_ptr_null(strstr(dot.data, "last way out\""));
	ck_assert_ptr_null(strstr(dot.data, "unavoidable"));
	ck_assert_ptr_nonnull(strstr(dot.data, "`explain` tells the last"));
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

/* The counterexample's first edge gets one step: there is a state after it. */
static struct record *decided_by(uint32_t step)
{
	struct record *r = fixture_record_cut();

	r->edges[0].legs[0].steps = 1;
	r->decisive = step;
	return r;
}

/* Returns how many boxes say which step decides; @words are in the picture. */
static unsigned int claims_of(struct record *r, const char *words)
{
	struct dot_text dot = dot_of(r);
	struct boxes b = picture_boxes(dot);
	unsigned int claims = boxes_with_label(&b, "0  last way out") +
			      boxes_with_label(&b, "1  unavoidable") +
			      boxes_with_label(&b, "3  last way out");

	ck_assert_msg(strstr(dot.data, words) != NULL, "no %s", words);
	free(b.items);
	free(dot.data);
	record_free(r);
	return claims;
}

START_TEST(the_step_that_the_record_names_is_marked)
{
	struct record *r;

	ck_assert_uint_eq(
		claims_of(decided_by(1), "last way out before move 1 "), 2);
	/* The state after two steps is within an edge. */
	ck_assert_uint_eq(claims_of(decided_by(2), "`explain` tells"), 0);
	r = decided_by(1);
	r->is_beside = true;
	ck_assert_uint_eq(claims_of(r, "another run than the one told"), 0);
}
END_TEST

/* The same record as with a lost wake-up; but this run was only stopped. */
START_TEST(of_what_goes_on_nothing_is_the_last_way_out)
{
	static const enum verdict_kind kinds[] = {VERDICT_LIVELOCK,
						  VERDICT_STEP_LIMIT};
	struct record *r = fixture_record_small();

	ck_assert_uint_eq(claims_of(r, "last way out before move 4 "), 1);
	for (int i = 0; i < 2; i++) {
		r = fixture_record_small();
		r->outcomes[2].verdicts = 1u << kinds[i];
		ck_assert_uint_eq(claims_of(r, "shown after 6 moves"), 0);
	}
}
END_TEST

/* ---- laws -------------------------------------------------------------- */

/* What follows from @node, found without any fold. */
static uint32_t fates_from(const struct map *m, uint32_t node, bool *is_seen)
{
	int32_t outcome = m->r->nodes[node].outcome;
	uint32_t fates = outcome < 0 ? 0 : FATE(m->fate_of[outcome]);

	is_seen[node] = true;
	for (uint32_t e = 0; e < m->r->edge_count; e++)
		if (m->r->edges[e].from == node && !is_seen[m->r->edges[e].to])
			fates |= fates_from(m, m->r->edges[e].to, is_seen);
	return fates;
}

START_TEST(the_fate_of_a_state_is_what_can_be_reached)
{
	struct record *r = fixture_record_lattice((uint64_t)_i + 1, 300);
	struct map m = map_of(r);
	bool *is_seen = malloc(r->node_count);

	for (uint32_t n = 0; n < r->node_count; n += 7) {
		memset(is_seen, 0, r->node_count);
		ck_assert_uint_eq(m.reach[n] & FATES_ALL,
				  fates_from(&m, n, is_seen));
	}
	free(is_seen);
	trace_free(m.memory);
	record_free(r);
}
END_TEST

static uint32_t reach_of_point(const struct map *m, const struct point *p)
{
	uint32_t reach = m->reach[p->node];

	for (uint32_t i = p->from; p->is_spine && i < p->to; i++)
		reach |= m->reach[m->spine[i]];
	return reach & FATES_ALL;
}

/* Below a point is what it reaches: no end is lost, none is made up. */
START_TEST(leaves_and_arcs_of_a_point_are_all_it_reaches)
{
	struct record *r = lattice(_i);
	struct map m = map_of(r);

	for (uint32_t i = 0; i < m.point_count; i++) {
		uint32_t below = 0;
		int32_t end = r->nodes[m.points[i].node].outcome;

		if (m.points[i].is_gone || end >= 0)
			continue;
		for (uint32_t k = 0; k < m.leaf_count; k++)
			if (m.leaves[k].point == i)
				below |= m.leaves[k].reach & FATES_ALL;
		for (uint32_t k = 0; k < m.arc_count; k++)
			if (!m.arcs[k].is_gone && m.arcs[k].from == i)
				below |= reach_of_point(
					&m, &m.points[m.arcs[k].to]);
		ck_assert_uint_eq(below, reach_of_point(&m, &m.points[i]));
	}
	trace_free(m.memory);
	record_free(r);
}
END_TEST

START_TEST(leaves_hold_what_they_say)
{
	struct record *r = lattice(_i);
	struct map m = map_of(r);

	for (uint32_t k = 0; k < m.leaf_count; k++) {
		const struct leaf *l = &m.leaves[k];

		ck_assert_uint_gt(l->states, 0);
		ck_assert_uint_le(l->states, r->states);
		if (l->bit == FATE_MIXED)
			ck_assert(reach_is_mixed(l->reach));
		else if (l->bit & FATES_ALL)
			ck_assert_uint_eq(l->reach & FATES_ALL, l->bit);
		else
			ck_assert_uint_eq(l->reach & FATES_ALL, 0);
	}
	trace_free(m.memory);
	record_free(r);
}
END_TEST

/* From the start to the end, no step left out. */
START_TEST(the_spine_is_the_whole_counterexample)
{
	struct record *r = lattice(_i);
	struct map m = map_of(r);
	uint32_t steps = 0, drawn = 0, at = 0;

	for (uint32_t e = 0; e < r->edge_count; e++)
		for (uint32_t k = 0;
		     r->edges[e].is_counterexample && k < r->edges[e].leg_count;
		     k++)
			steps += r->edges[e].legs[k].steps;
	for (uint32_t i = 0; i < m.arc_count; i++) {
		const struct arc *a = &m.arcs[i];

		if (!a->is_spine || a->is_gone)
			continue;
		ck_assert_uint_eq(a->from, at);
		at = a->to;
		for (uint32_t k = 0; k < a->leg_count; k++)
			drawn += a->legs[k]->steps;
	}
	ck_assert_uint_eq(drawn, steps);
	if (r->counterexample >= 0)
		ck_assert_int_eq(r->nodes[m.points[at].node].outcome,
				 r->counterexample);
	trace_free(m.memory);
	record_free(r);
}
END_TEST

static bool is_well(const struct map *m, uint32_t node)
{
	for (unsigned int i = 0; i < m->fate_count; i++)
		if (m->reach[node] & FATE(i) && m->fates[i].class == CLASS_OK)
			return true;
	return false;
}

/* If it is sure.  Before it something well can follow, after it nothing. */
START_TEST(the_last_way_out_is_marked)
{
	struct record *r = lattice(_i);
	struct map m = map_of(r);
	unsigned int marks = 0;

	for (uint32_t i = 0; i < m.point_count; i++) {
		const struct point *p = &m.points[i];

		if (!p->mark || !strstr(p->mark, "last way out"))
			continue;
		marks++;
		ck_assert(is_well(&m, p->node));
		ck_assert(!is_well(&m, m.spine[p->to]));
	}
	ck_assert_uint_eq(marks, r->counterexample >= 0 && map_is_sure(&m) &&
					 is_well(&m, 0));
	trace_free(m.memory);
	record_free(r);
}
END_TEST

/* ---- size -------------------------------------------------------------- */

START_TEST(many_states_stay_readable)
{
	struct record *r = lattice(_i);
	struct dot_text dot = dot_of(r);
	struct boxes b = picture_boxes(dot);

	ck_assert_uint_le(boxes_with_id(&b, "state") +
				  boxes_with_id(&b, "leaf"),
			  MAP_BUDGET);
	boxes_are_readable(&b);
	picture_renders(dot);
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

START_TEST(five_thousand_states_take_less_than_a_second)
{
	struct record *r = fixture_record_lattice(2, 5000);
	clock_t begin = clock();
	struct dot_text dot = dot_of(r);

	ck_assert_int_lt((clock() - begin) / CLOCKS_PER_SEC, 1);
	free(dot.data);
	record_free(r);
}
END_TEST

START_TEST(every_theme_renders)
{
	for (int i = 0; i < FIXTURES; i++) {
		struct viz_options o = {.theme = (enum viz_theme)_i};
		struct record *r = fixtures[i].make();
		struct dot_text dot = picture_of(VIZ_EXPLORATION, r, &o);
		struct boxes b = picture_boxes(dot);

		boxes_are_readable(&b);
		picture_renders(dot);
		free(b.items);
		free(dot.data);
		record_free(r);
	}
}
END_TEST

/* ---- options ----------------------------------------------------------- */

static int draw_with(const struct record *r, const struct viz_options *o,
		     char error[VIZ_ERROR_MAX])
{
	char *data;
	size_t size;
	FILE *out = open_memstream(&data, &size);
	int result = viz_dot(VIZ_EXPLORATION, NULL, r, o, out, error);

	fclose(out);
	free(data);
	return result;
}

/* Six nodes, each a point; the ends are among them. */
START_TEST(without_folding_every_state_is_a_point)
{
	struct viz_options o = {.fold = VIZ_FOLD_NONE};
	struct record *r = fixture_record_small();
	struct dot_text dot = picture_of(VIZ_EXPLORATION, r, &o);
	struct boxes b = picture_boxes(dot);

	ck_assert_uint_eq(boxes_with_id(&b, "state"), 6);
	ck_assert_uint_eq(boxes_with_id(&b, "leaf"), 0);
	free(b.items);
	free(dot.data);
	record_free(r);
}
END_TEST

START_TEST(too_many_states_without_folding_are_refused)
{
	struct viz_options o = {.fold = VIZ_FOLD_NONE};
	struct record *r = fixture_record_lattice(1, 500);
	char error[VIZ_ERROR_MAX] = "";

	ck_assert_int_eq(draw_with(r, &o, error), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error, "at most 250"));
	record_free(r);
}
END_TEST

START_TEST(options_about_events_are_refused)
{
	const char *items[] = {"A"};
	struct viz_options o = {.focus = {items, 1}};
	struct record *r = fixture_record_small();
	char error[VIZ_ERROR_MAX] = "";

	ck_assert_int_eq(draw_with(r, &o, error), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error, "--focus"));
	o = (struct viz_options){.hide = {items, 1}};
	ck_assert_int_eq(draw_with(r, &o, error), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error, "--hide"));
	o = (struct viz_options){.around = 3};
	ck_assert_int_eq(draw_with(r, &o, error), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error, "--around"));
	record_free(r);
}
END_TEST

START_TEST(a_record_without_steps_is_no_picture)
{
	struct record *r = record_new();
	char error[VIZ_ERROR_MAX] = "";

	ck_assert_int_eq(draw_with(r, NULL, error), -ENODATA);
	ck_assert_ptr_nonnull(strstr(error, "no step"));
	record_free(r);
}
END_TEST

Suite *exploration_suite(void)
{
	Suite *s = suite_create("exploration");
	TCase *t = tcase_create("exploration");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, exploration_is_the_golden_one, 0, FIXTURES);
	tcase_add_test(t, states_with_one_fate_are_leaves_of_the_decision);
	tcase_add_test(t, without_a_bug_nothing_is_red);
	tcase_add_test(t, one_outcome_is_one_leaf_and_a_sentence);
	tcase_add_test(t, a_loop_without_an_end_says_so);
	tcase_add_test(t, what_was_cut_is_no_fate);
	tcase_add_test(t, the_step_that_the_record_names_is_marked);
	tcase_add_test(t, of_what_goes_on_nothing_is_the_last_way_out);
	tcase_add_loop_test(t, the_fate_of_a_state_is_what_can_be_reached, 0,
			    SEEDS);
	tcase_add_loop_test(t, leaves_and_arcs_of_a_point_are_all_it_reaches, 0,
			    2 * SEEDS);
	tcase_add_loop_test(t, leaves_hold_what_they_say, 0, 2 * SEEDS);
	tcase_add_loop_test(t, the_spine_is_the_whole_counterexample, 0,
			    2 * SEEDS);
	tcase_add_loop_test(t, the_last_way_out_is_marked, 0, 2 * SEEDS);
	tcase_add_loop_test(t, many_states_stay_readable, 0, 2 * SEEDS);
	tcase_add_test(t, five_thousand_states_take_less_than_a_second);
	tcase_add_loop_test(t, every_theme_renders, 0, VIZ_THEME_COUNT);
	tcase_add_test(t, without_folding_every_state_is_a_point);
	tcase_add_test(t, too_many_states_without_folding_are_refused);
	tcase_add_test(t, options_about_events_are_refused);
	tcase_add_test(t, a_record_without_steps_is_no_picture);
	return s;
}
