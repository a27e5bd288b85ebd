/*
 * draw.c - points, leaves and arcs at the places that the layout gives them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "viz/canvas/measure.h"
#include "viz/exploration/map.h"

#define WIDTH_MIN (560 * PT)
#define MARGIN (14 * PT)
#define NODE_GAP (1152L) /* .16 inches */
#define RANK_GAP (2016L) /* .28 inches */
#define SPINE_WEIGHT 40
#define LINE_HEIGHT (11 * PT)
#define LEG_LINES_MAX 5u
#define LEG_COLUMNS_MAX 40u /* of one step; of two */
#define LEG_BOTH_MAX 28u
#define LABEL_GAP (5 * PT) /* between an arc and its text */

/* What is laid out: points with their leaves; leaves' lines, then arcs. */
struct plan {
	struct map *m;
	struct canvas *c;
	struct layout layout;
	struct shape *shapes; /* of the layout's nodes */
	const char *(*lines)[LEG_LINES_MAX]; /* texts of arcs */
	unsigned int *line_counts;
	long left, top; /* of the layout on the canvas */
};

/* ---- texts of arcs ----------------------------------------------------- */

/* "A: first … last (n)" */
static const char *leg_text(struct map *m, const struct record_leg *leg)
{
	const char *first = leg->first ? leg->first : "";
	const char *last = leg->last ? leg->last : "";

	if (leg->steps < 2)
		return trace_format(
			m->memory, "%s: %s", leg->mover,
			text_cut(m->memory, first, LEG_COLUMNS_MAX));
	return trace_format(m->memory, "%s: %s … %s (%u)", leg->mover,
			    text_cut(m->memory, first, LEG_BOTH_MAX),
			    text_cut(m->memory, last, LEG_BOTH_MAX),
			    leg->steps);
}

static unsigned int spine_lines(struct map *m, const struct arc *a,
				const char **lines)
{
	unsigned int count = 0, tail = LEG_LINES_MAX / 2;
	uint32_t skipped = a->leg_count > LEG_LINES_MAX
				   ? a->leg_count - LEG_LINES_MAX + 1
				   : 0;
	uint32_t resume = a->leg_count - tail;

	for (uint32_t i = 0; i < a->leg_count; i++) {
		if (skipped && i + skipped == resume) {
			lines[count++] = trace_format(
				m->memory, "⋯ %u more turns", skipped);
			i = resume;
		}
		lines[count++] = leg_text(m, a->legs[i]);
	}
	return count;
}

/* The movers of its legs, each once. */
static unsigned int mover_line(struct map *m, const struct arc *a,
			       const char **lines)
{
	const char *text = "";

	for (uint32_t i = 0; i < a->leg_count; i++) {
		bool is_new = true;

		for (uint32_t k = 0; k < i; k++)
			is_new &= strcmp(a->legs[k]->mover,
					 a->legs[i]->mover) != 0;
		if (is_new)
			text = trace_format(m->memory, "%s%s%s", text,
					    *text ? "," : "",
					    a->legs[i]->mover);
	}
	lines[0] = text_cut(m->memory, text, 12);
	return *text ? 1 : 0;
}

static void plan_text(struct plan *p, uint32_t i)
{
	const struct arc *a = &p->m->arcs[i];
	struct layout_edge *e = &p->layout.edges[p->m->leaf_count + i];
	unsigned int count = a->is_spine ? spine_lines(p->m, a, p->lines[i])
					 : mover_line(p->m, a, p->lines[i]);
	unsigned int columns = 0;

	for (unsigned int k = 0; k < count; k++)
		if (text_columns(p->lines[i][k]) > columns)
			columns = text_columns(p->lines[i][k]);
	p->line_counts[i] = count;
	if (count == 0)
		return;
	e->label_width = mono_width(columns, NOTE_SIZE) + 2 * LABEL_GAP;
	e->label_height = LINE_HEIGHT * count;
}

/* ---- the plan ---------------------------------------------------------- */

static void *room(struct plan *p, size_t count, size_t size)
{
	return trace_alloc(p->m->memory, (count + 1) * size);
}

static unsigned int plan_node(struct plan *p, const struct shape *s, int group)
{
	unsigned int n = p->layout.node_count++;

	p->shapes[n] = *s;
	p->layout.nodes[n] = (struct layout_node){
		.width = s->width,
		.height = s->height,
		.group = group,
		.cluster = LAYOUT_NO_CLUSTER,
	};
	return n;
}

static void plan_leaf(struct plan *p, const struct leaf *leaf,
		      unsigned int point)
{
	struct shape s = map_leaf_shape(p->m, leaf);

	s.id = trace_format(p->m->memory, "leaf%u_%d",
			    p->m->points[leaf->point].node,
			    __builtin_ctz(leaf->bit));
	p->layout.edges[p->layout.edge_count++] = (struct layout_edge){
		.from = point,
		.to = plan_node(p, &s, 0),
	};
}

/*
 * The layout knows no points that are gone: nodes are numbered anew.  A leaf
 * comes right after its point, and so gets a place beside the way on from it.
 */
static void plan_nodes(struct plan *p, uint32_t *node_of)
{
	struct map *m = p->m;
	uint32_t leaf = 0;

	for (uint32_t i = 0; i < m->point_count; i++) {
		const struct point *point = &m->points[i];
		struct shape s;

		if (point->is_gone)
			continue;
		s = map_point_shape(m, point);
		s.id = trace_format(m->memory, "state%u", point->node);
		node_of[i] = plan_node(p, &s, point->is_spine);
		for (; leaf < m->leaf_count && m->leaves[leaf].point == i;
		     leaf++)
			plan_leaf(p, &m->leaves[leaf], node_of[i]);
	}
}

static void drop_gone_arcs(struct map *m)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < m->arc_count; i++)
		if (!m->arcs[i].is_gone)
			m->arcs[count++] = m->arcs[i];
	m->arc_count = count;
}

static void make_plan(struct plan *p)
{
	struct map *m = p->m;
	uint32_t nodes = m->point_count + m->leaf_count;
	uint32_t *node_of = room(p, m->point_count, sizeof(*node_of));

	drop_gone_arcs(m);
	p->shapes = room(p, nodes, sizeof(*p->shapes));
	p->layout.nodes = room(p, nodes, sizeof(*p->layout.nodes));
	p->layout.edges =
		room(p, m->arc_count + m->leaf_count, sizeof(*p->layout.edges));
	p->lines = room(p, m->arc_count, sizeof(*p->lines));
	p->line_counts = room(p, m->arc_count, sizeof(*p->line_counts));
	p->layout.node_gap = NODE_GAP;
	p->layout.rank_gap = RANK_GAP;
	plan_nodes(p, node_of);
	for (uint32_t i = 0; i < m->arc_count; i++) {
		p->layout.edges[p->layout.edge_count++] = (struct layout_edge){
			.from = node_of[m->arcs[i].from],
			.to = node_of[m->arcs[i].to],
			.weight = m->arcs[i].is_spine ? SPINE_WEIGHT : 1,
		};
		plan_text(p, i);
	}
}

/* ---- lines ------------------------------------------------------------- */

static long root_of(long n)
{
	long x = n, y = (x + 1) / 2;

	while (y < x) {
		x = y;
		y = (x + n / x) / 2;
	}
	return x;
}

/* The layout knows boxes: pull an end of a curve onto the circle's rim. */
static struct spot onto_rim(const struct plan *p, unsigned int node,
			    struct spot at)
{
	const struct layout_node *n = &p->layout.nodes[node];
	long x = at.x - n->at.x, y = at.y - n->at.y;
	long away = root_of(x * x + y * y), radius = n->width / 2;

	if (!p->shapes[node].form || strcmp(p->shapes[node].form, "circle") ||
	    away <= radius || away == 0)
		return at;
	return (struct spot){n->at.x + x * radius / away,
			     n->at.y + y * radius / away};
}

/* The tip of a thick line is longer than that of a thin one. */
static struct spot before_tip(struct spot tip, struct spot near, long length)
{
	long x = near.x - tip.x, y = near.y - tip.y;
	long away = root_of(x * x + y * y);

	if (away == 0)
		return tip;
	return (struct spot){tip.x + x * length / away,
			     tip.y + y * length / away};
}

static void draw_line(struct plan *p, unsigned int i,
		      const struct line_style *style)
{
	const struct layout_edge *e = &p->layout.edges[i];
	struct spot *at = room(p, e->curve_count, sizeof(*at));
	unsigned int last = e->curve_count - 1;

	memcpy(at, e->curve, e->curve_count * sizeof(*at));
	at[0] = onto_rim(p, e->from, at[0]);
	at[last] = onto_rim(p, e->to, at[last]);
	if (style->has_tip)
		at[last] = before_tip(at[last], at[last - 1], style->pen * 15);
	for (unsigned int k = 0; k <= last; k++) {
		at[k].x += p->left;
		at[k].y += p->top;
	}
	canvas_curve(p->c, p->shapes[e->from].id, p->shapes[e->to].id, at,
		     e->curve_count, style);
}

/* Those of the spine last: they lie above. */
static void draw_arcs(struct plan *p, bool is_spine)
{
	for (uint32_t i = 0; i < p->m->arc_count; i++) {
		struct line_style style = map_arc_style(&p->m->arcs[i]);

		if (p->m->arcs[i].is_spine == is_spine)
			draw_line(p, p->m->leaf_count + i, &style);
	}
}

static void draw_text(struct plan *p, uint32_t i)
{
	const struct layout_edge *e = &p->layout.edges[p->m->leaf_count + i];
	bool is_spine = p->m->arcs[i].is_spine;
	long width = e->label_width - 2 * LABEL_GAP;

	for (unsigned int k = 0; k < p->line_counts[i]; k++) {
		canvas_shape(p->c,
			     &(struct shape){
				     .class = is_spine ? "spine" : "muted",
				     .x = p->left + e->label.x,
				     .y = p->top + e->label.y -
					  e->label_height / 2 +
					  LINE_HEIGHT * k + LINE_HEIGHT / 2,
				     .width = width,
				     .height = LINE_HEIGHT,
				     .label = p->lines[i][k],
				     .color = is_spine ? BAD_STROKE : SECONDARY,
				     .size = NOTE_SIZE,
				     .is_left = true,
			     });
	}
}

/* ---- the whole --------------------------------------------------------- */

static void draw_shapes(struct plan *p)
{
	for (unsigned int i = 0; i < p->layout.node_count; i++) {
		p->shapes[i].x = p->left + p->layout.nodes[i].at.x;
		p->shapes[i].y = p->top + p->layout.nodes[i].at.y;
		canvas_shape(p->c, &p->shapes[i]);
	}
	for (uint32_t i = 0; i < p->m->arc_count; i++)
		draw_text(p, i);
}

static void draw_all(struct plan *p)
{
	struct sheet sheet = map_sheet(p->m);
	struct legend legend = {0};

	sheet.width = p->layout.width + 2 * MARGIN;
	if (sheet.width < WIDTH_MIN)
		sheet.width = WIDTH_MIN;
	if (sheet.width < sheet_width(&sheet) + PT)
		sheet.width = sheet_width(&sheet) + PT;
	p->left = (sheet.width - p->layout.width) / 2;
	p->top = sheet_top(&sheet);
	sheet_draw(&sheet, p->c);
	draw_shapes(p);
	map_legend(p->m, &legend);
	legend_draw(&legend, p->c, p->top + p->layout.height + MARGIN,
		    sheet.width);
	for (uint32_t i = 0; i < p->m->leaf_count; i++) {
		struct line_style style =
			map_leaf_style(p->m, p->m->leaves[i].bit);

		draw_line(p, i, &style);
	}
	draw_arcs(p, false);
	draw_arcs(p, true);
}

int map_draw(struct map *m, enum viz_theme theme, FILE *out,
	     char error[VIZ_ERROR_MAX])
{
	struct canvas canvas;
	struct plan plan = {.m = m, .c = &canvas};
	int result;

	make_plan(&plan);
	result = layout_run(&plan.layout, error);
	if (result != 0)
		return result;
	canvas_begin(&canvas, out, "exploration", theme);
	draw_all(&plan);
	canvas_end(&canvas);
	layout_fini(&plan.layout);
	return ferror(out) ? -EIO : 0;
}
