/*
 * chart.c - the drawing of a lock order: Graphviz finds places, the canvas
 * draws.
 */
#include "viz/lock_order/chart.h"

#include <stdlib.h>
#include <string.h>

#define NODE_HEIGHT (24 * PT)
#define NODE_PAD (20 * PT)
#define NODE_LEAST (54 * PT)
#define NODE_SIZE 95
#define NODE_GAP 2448 /* 0.34 inches */
#define RANK_GAP 4320 /* 0.6 inches */
#define LABEL_HEIGHT (11 * PT)
#define NAME_COLUMNS 32u
#define THREAD_COLUMNS 12u
#define MARGIN (16 * PT)
#define CLUSTER_PAD (8 * PT) /* beside its edges */
#define WIDTH_LEAST (420 * PT)

struct plan {
	struct chart *c;
	struct canvas canvas;
	struct layout layout;
	uint32_t *lock_of; /* by node: object */
	unsigned int *node_of; /* by object */
	unsigned int *pair_of; /* by edge of the layout */
	const char **labels; /* by edge */
	const char **titles; /* by cluster */
	struct legend legend;
	struct spot origin; /* of the layout */
};

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

/* ---- what is laid out -------------------------------------------------- */

static bool is_deadlock(const struct plan *p, int knot)
{
	return knot >= 0 && p->c->l->knots[knot].circle == CIRCLE_DEADLOCK;
}

/* Is the pair part of a knot? */
static int knot_of_pair(const struct locks *l, const struct locks_pair *pair)
{
	int knot = l->knot_of[pair->from];

	return knot == l->knot_of[pair->to] ? knot : -1;
}

static void make_nodes(struct plan *p)
{
	const struct locks *l = p->c->l;

	for (unsigned int i = 0; i < l->t->object_count; i++) {
		const char *name = l->t->objects[i].name;
		struct layout_node *n;
		long width;

		if (!p->c->is_shown[i])
			continue;
		n = &p->layout.nodes[p->layout.node_count];
		name = text_cut(p->c->memory, name, NAME_COLUMNS);
		width = mono_width(text_columns(name), NODE_SIZE) + NODE_PAD;
		n->width = width > NODE_LEAST ? width : NODE_LEAST;
		n->height = NODE_HEIGHT;
		n->cluster = l->knot_of[i];
		p->lock_of[p->layout.node_count] = i;
		p->node_of[i] = p->layout.node_count++;
	}
}

static const char *step_text(struct plan *p, const struct locks_step *s)
{
	const struct trace *t = p->c->l->t;

	return trace_format(
		p->c->memory, "%s %u",
		text_cut(p->c->memory, thread_of(t, s->thread), THREAD_COLUMNS),
		s->n);
}

/*
 * Those who close the circle come first; each thread is named once, with its
 * first step.
 */
static const char *label_of(struct plan *p, const struct locks_pair *pair)
{
	const struct locks_step *steps = &p->c->l->steps[pair->first];
	const char *text = "";
	unsigned int named = 0, more = 0;
	bool *is_told = zeroed(p->c->l->t->thread_count, sizeof(*is_told));

	for (unsigned int round = 0; round < 2; round++) {
		for (unsigned int i = 0; i < pair->count; i++) {
			if ((round == 0 && !steps[i].is_closing) ||
			    is_told[steps[i].thread])
				continue;
			is_told[steps[i].thread] = true;
			if (named == CHART_NAMES_MAX) {
				more++;
				continue;
			}
			text = trace_format(p->c->memory, "%s%s%s", text,
					    named++ ? ", " : "",
					    step_text(p, &steps[i]));
		}
	}
	free(is_told);
	if (more)
		text = trace_format(p->c->memory, "%s, +%u", text, more);
	return text;
}

static void make_edges(struct plan *p)
{
	const struct locks *l = p->c->l;

	for (unsigned int i = 0; i < l->pair_count; i++) {
		const struct locks_pair *pair = &l->pairs[i];
		unsigned int at = p->layout.edge_count;
		struct layout_edge *e = &p->layout.edges[at];

		if (!p->c->is_shown[pair->from] || !p->c->is_shown[pair->to])
			continue;
		e->from = p->node_of[pair->from];
		e->to = p->node_of[pair->to];
		p->labels[at] = label_of(p, pair);
		e->label_width =
			mono_width(text_columns(p->labels[at]), NOTE_SIZE) +
			6 * PT;
		e->label_height = LABEL_HEIGHT + 3 * PT;
		p->pair_of[at] = i;
		p->layout.edge_count++;
	}
}

static void make_clusters(struct plan *p)
{
	unsigned int count = p->c->l->knot_count;

	p->layout.clusters = zeroed(count, sizeof(*p->layout.clusters));
	p->titles = zeroed(count, sizeof(*p->titles));
	for (unsigned int i = 0; i < count; i++) {
		p->titles[i] = chart_judgement(p->c, i);
		p->layout.clusters[i].label_width =
			sans_width(text_columns(p->titles[i]), SMALL_SIZE) +
			8 * PT;
		p->layout.clusters[i].label_height = 14 * PT;
	}
	p->layout.cluster_count = count;
}

static void plan_init(struct plan *p)
{
	const struct locks *l = p->c->l;

	p->layout.nodes = zeroed(l->lock_count, sizeof(*p->layout.nodes));
	p->layout.edges = zeroed(l->pair_count, sizeof(*p->layout.edges));
	p->lock_of = zeroed(l->lock_count, sizeof(*p->lock_of));
	p->node_of = zeroed(l->t->object_count, sizeof(*p->node_of));
	p->pair_of = zeroed(l->pair_count, sizeof(*p->pair_of));
	p->labels = zeroed(l->pair_count, sizeof(*p->labels));
	p->layout.is_left_to_right = true;
	p->layout.node_gap = NODE_GAP;
	p->layout.rank_gap = RANK_GAP;
	make_nodes(p);
	make_edges(p);
	make_clusters(p);
}

static void plan_fini(struct plan *p)
{
	layout_fini(&p->layout);
	free(p->layout.nodes);
	free(p->layout.edges);
	free(p->layout.clusters);
	free(p->lock_of);
	free(p->node_of);
	free(p->pair_of);
	free(p->labels);
	free(p->titles);
}

/* ---- drawing ----------------------------------------------------------- */

static struct spot moved(const struct plan *p, struct spot at)
{
	return (struct spot){at.x + p->origin.x, at.y + p->origin.y};
}

static void include(struct layout_cluster *k, struct spot at)
{
	if (at.x - CLUSTER_PAD < k->left)
		k->left = at.x - CLUSTER_PAD;
	if (at.x + CLUSTER_PAD > k->right)
		k->right = at.x + CLUSTER_PAD;
	if (at.y - CLUSTER_PAD < k->top)
		k->top = at.y - CLUSTER_PAD;
	if (at.y + CLUSTER_PAD > k->bottom)
		k->bottom = at.y + CLUSTER_PAD;
}

/*
 * Graphviz may lead an edge of a cluster around outside of it.  Returns how
 * high all is.
 */
static long grow_clusters(struct plan *p)
{
	long bottom = p->layout.height;

	for (unsigned int i = 0; i < p->layout.edge_count; i++) {
		const struct layout_edge *e = &p->layout.edges[i];
		int knot =
			knot_of_pair(p->c->l, &p->c->l->pairs[p->pair_of[i]]);

		if (knot < 0)
			continue;
		include(&p->layout.clusters[knot], e->label);
		for (unsigned int k = 0; k < e->curve_count; k++)
			include(&p->layout.clusters[knot], e->curve[k]);
	}
	for (unsigned int i = 0; i < p->layout.cluster_count; i++)
		if (p->layout.clusters[i].bottom > bottom)
			bottom = p->layout.clusters[i].bottom;
	return bottom;
}

static void draw_cluster(struct plan *p, unsigned int i)
{
	const struct layout_cluster *k = &p->layout.clusters[i];
	bool is_bad = is_deadlock(p, (int)i);
	struct spot middle = moved(p, (struct spot){(k->left + k->right) / 2,
						    (k->top + k->bottom) / 2});
	struct spot title = moved(p, k->label);

	canvas_shape(&p->canvas,
		     &(struct shape){
			     .class = is_bad ? "cycle bad" : "cycle",
			     .x = middle.x,
			     .y = middle.y,
			     .width = k->right - k->left,
			     .height = k->bottom - k->top,
			     .fill = is_bad ? BAD_FILL : PANEL_FILL,
			     .stroke = is_bad ? BAD_STROKE : NEUTRAL,
			     .pen = 12,
			     .is_rounded = true,
			     .is_dashed = !is_bad,
		     });
	canvas_shape(&p->canvas,
		     &(struct shape){
			     .class = is_bad ? "label bad" : "label",
			     .x = title.x,
			     .y = title.y,
			     .width = k->label_width,
			     .height = k->label_height,
			     .label = p->titles[i],
			     .color = is_bad ? BAD_STROKE : SECONDARY,
			     .size = SMALL_SIZE,
			     .is_bold = true,
			     .is_sans = true,
		     });
}

static const char *node_id(struct plan *p, unsigned int node)
{
	return trace_format(p->c->memory, "lock%u", p->lock_of[node]);
}

static void draw_node(struct plan *p, unsigned int i)
{
	const struct layout_node *n = &p->layout.nodes[i];
	uint32_t lock = p->lock_of[i];
	bool is_bad = is_deadlock(p, p->c->l->knot_of[lock]);
	const char *name = p->c->l->t->objects[lock].name;
	struct spot at = moved(p, n->at);

	canvas_shape(
		&p->canvas,
		&(struct shape){
			.id = node_id(p, i),
			.class = is_bad ? "lock bad" : "lock",
			.x = at.x,
			.y = at.y,
			.width = n->width,
			.height = n->height,
			.fill = PAPER,
			.stroke = is_bad ? BAD_STROKE : NEUTRAL,
			.pen = is_bad ? 24 : 11,
			.label = text_cut(p->c->memory, name, NAME_COLUMNS),
			.size = NODE_SIZE,
			.is_bold = is_bad,
			.tooltip = name,
		});
}

/* The class of all steps of the pair, for a reader who follows one. */
static const char *class_of(struct plan *p, const struct locks_pair *pair,
			    const char *what)
{
	const struct locks_step *steps = &p->c->l->steps[pair->first];

	return trace_format(p->c->memory, "%s at%u", what, steps[0].n);
}

static void draw_label(struct plan *p, unsigned int i)
{
	const struct layout_edge *e = &p->layout.edges[i];
	const struct locks_pair *pair = &p->c->l->pairs[p->pair_of[i]];
	bool is_bad = is_deadlock(p, knot_of_pair(p->c->l, pair));
	struct spot at = moved(p, e->label);

	canvas_shape(&p->canvas,
		     &(struct shape){
			     .class = class_of(p, pair,
					       is_bad ? "label bad" : "label"),
			     .x = at.x,
			     .y = at.y,
			     .width = e->label_width,
			     .height = LABEL_HEIGHT,
			     .label = p->labels[i],
			     .color = is_bad ? BAD_STROKE : SECONDARY,
			     .size = NOTE_SIZE,
		     });
}

static void draw_edge(struct plan *p, unsigned int i)
{
	struct layout_edge *e = &p->layout.edges[i];
	const struct locks_pair *pair = &p->c->l->pairs[p->pair_of[i]];
	bool is_bad = is_deadlock(p, knot_of_pair(p->c->l, pair));
	struct line_style style = {
		.color = is_bad ? BAD_STROKE : NEUTRAL,
		.pen = is_bad ? 26 : 11,
		.has_tip = true,
	};

	legend_add_line(&p->legend, &style,
			is_bad ? "part of the cycle"
			       : "held → taken, by whom and at which step");
	style.class = class_of(p, pair, is_bad ? "order bad" : "order");
	style.id =
		trace_format(p->c->memory, "order-%u-%u", pair->from, pair->to);
	for (unsigned int k = 0; k < e->curve_count; k++)
		e->curve[k] = moved(p, e->curve[k]);
	canvas_curve(&p->canvas, node_id(p, e->from), node_id(p, e->to),
		     e->curve, e->curve_count, &style);
}

static void draw_all(struct plan *p)
{
	const struct layout *l = &p->layout;

	for (unsigned int i = 0; i < l->cluster_count; i++)
		draw_cluster(p, i);
	for (unsigned int i = 0; i < l->edge_count; i++)
		draw_label(p, i);
	for (unsigned int i = 0; i < l->node_count; i++)
		draw_node(p, i);
	for (unsigned int i = 0; i < l->edge_count; i++)
		draw_edge(p, i);
}

int chart_draw(struct chart *c, FILE *out, char error[VIZ_ERROR_MAX])
{
	struct plan p = {.c = c};
	int result;
	long bottom;

	plan_init(&p);
	result = layout_run(&p.layout, error);
	if (result == 0) {
		c->sheet.width = p.layout.width + 2 * MARGIN;
		if (c->sheet.width < sheet_width(&c->sheet) + PT)
			c->sheet.width = sheet_width(&c->sheet) + PT;
		if (c->sheet.width < WIDTH_LEAST)
			c->sheet.width = WIDTH_LEAST;
		p.origin.x = (c->sheet.width - p.layout.width) / 2;
		p.origin.y = sheet_top(&c->sheet);
		bottom = p.origin.y + grow_clusters(&p) + MARGIN;
		canvas_begin(&p.canvas, out, "lock-order",
			     c->l->options->theme);
		sheet_draw(&c->sheet, &p.canvas);
		draw_all(&p);
		legend_draw(&p.legend, &p.canvas, bottom, c->sheet.width);
		canvas_end(&p.canvas);
	}
	plan_fini(&p);
	return result;
}
