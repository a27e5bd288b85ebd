/*
 * test_layout.c - places that Graphviz finds for a graph.
 */
#include "tests/suites.h"

#include <check.h>
#include <stdlib.h>

#include "viz/canvas/layout.h"

static bool is_on_border(const struct layout_node *n, struct spot p)
{
	long dx = labs(p.x - n->at.x), dy = labs(p.y - n->at.y);
	long w = n->width / 2, h = n->height / 2;

	/* A point more or less: Graphviz ends lines at the pen's edge. */
	return dx <= w + PT && dy <= h + PT && (dx >= w - PT || dy >= h - PT);
}

START_TEST(layout_keeps_boxes_apart_and_ends_lines_at_them)
{
	char error[VIZ_ERROR_MAX];
	struct layout_node nodes[4];
	struct layout_edge edges[] = {{.from = 0, .to = 1},
				      {.from = 1, .to = 2, .label_width = 30},
				      {.from = 2, .to = 1, .minlen = 2},
				      {.from = 1, .to = 2},
				      {.from = 3, .to = 3},
				      {.from = 0, .to = 3, .weight = 9}};
	struct layout_cluster cluster = {.label_width = 5000,
					 .label_height = 1000};
	struct layout l = {.nodes = nodes,
			   .node_count = 4,
			   .edges = edges,
			   .edge_count = 6,
			   .clusters = &cluster,
			   .cluster_count = 1,
			   .node_gap = 2000,
			   .rank_gap = 3000};

	for (int i = 0; i < 4; i++)
		nodes[i] = (struct layout_node){
			.width = 4000 + 1000 * i,
			.height = 2000,
			.cluster = i == 1 || i == 2 ? 0 : LAYOUT_NO_CLUSTER,
		};
	ck_assert_msg(layout_run(&l, error) == 0, "%s", error);
	for (unsigned int i = 0; i < 4; i++) {
		const struct layout_node *a = &nodes[i];
		bool is_in = a->at.x > cluster.left &&
			     a->at.x < cluster.right && a->at.y > cluster.top &&
			     a->at.y < cluster.bottom;

		ck_assert_int_eq(is_in, i == 1 || i == 2);
		ck_assert(a->at.x >= a->width / 2 &&
			  a->at.x <= l.width - a->width / 2 + 100);
		for (unsigned int k = 0; k < i; k++)
			ck_assert(labs(a->at.x - nodes[k].at.x) >=
					  (a->width + nodes[k].width) / 2 ||
				  labs(a->at.y - nodes[k].at.y) >= 2000);
	}
	for (unsigned int i = 0; i < 6; i++) {
		const struct layout_edge *e = &edges[i];

		ck_assert_uint_ge(e->curve_count, 4);
		ck_assert_uint_eq(e->curve_count % 3, 1);
		ck_assert(is_on_border(&nodes[e->from], e->curve[0]));
		ck_assert(is_on_border(&nodes[e->to],
				       e->curve[e->curve_count - 1]));
	}
	layout_fini(&l);
}
END_TEST

START_TEST(layout_is_the_same_each_time)
{
	struct layout_node nodes[2][2];
	struct layout_edge edges[2][1] = {{{.from = 0, .to = 1}},
					  {{.from = 0, .to = 1}}};
	char error[VIZ_ERROR_MAX];

	for (unsigned int i = 0; i < 2; i++) {
		struct layout l = {.nodes = nodes[i],
				   .node_count = 2,
				   .edges = edges[i],
				   .edge_count = 1,
				   .is_left_to_right = true,
				   .node_gap = 2000,
				   .rank_gap = 3000};

		for (unsigned int k = 0; k < 2; k++)
			nodes[i][k] = (struct layout_node){
				.width = 4000,
				.height = 2000,
				.cluster = LAYOUT_NO_CLUSTER,
			};
		ck_assert_msg(layout_run(&l, error) == 0, "%s", error);
		layout_fini(&l);
		/* Side by side, the gap between them. */
		ck_assert_int_eq(nodes[i][1].at.x - nodes[i][0].at.x, 7000);
		ck_assert_int_eq(nodes[i][1].at.y, nodes[i][0].at.y);
	}
	ck_assert_int_eq(nodes[0][1].at.x, nodes[1][1].at.x);
}
END_TEST

Suite *layout_suite(void)
{
	Suite *suite = suite_create("layout");
	TCase *tc = tcase_create("layout");

	tcase_add_test(tc, layout_keeps_boxes_apart_and_ends_lines_at_them);
	tcase_add_test(tc, layout_is_the_same_each_time);
	suite_add_tcase(suite, tc);
	return suite;
}
