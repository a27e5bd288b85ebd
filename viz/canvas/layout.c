/*
 * layout.c - places for a graph of which only the shape is known.
 *
 * The graph is written as DOT text, with labels that are empty tables of fixed
 * size, and read back from Graphviz's own structures after the layout: their
 * numbers have all digits, the attribute "pos" has five.
 */
#include "viz/canvas/layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

/* Graphviz reports to a function without context. */
static char *report;

static int take_report(char *text)
{
	size_t used = strlen(report);

	for (; *text && used + 1 < VIZ_ERROR_MAX; text++)
		report[used++] = *text == '\n' ? ' ' : *text;
	report[used] = '\0';
	return 0;
}

/* ---- the graph as text ------------------------------------------------- */

/* A length of at least 0, in units of @hundredths of a point each. */
static void put_length(FILE *out, const char *name, long length,
		       long hundredths)
{
	long tenthousandths = length * 10000 / hundredths;

	fprintf(out, " %s=%ld.%04ld", name, tenthousandths / 10000,
		tenthousandths % 10000);
}

static void put_inches(FILE *out, const char *name, long length)
{
	put_length(out, name, length, 7200);
}

/* A label that takes @width by @height and has nothing in it. */
static void put_label(FILE *out, long width, long height)
{
	if (width <= 0)
		return;
	fprintf(out,
		" label=<<table fixedsize=\"true\" border=\"0\" "
		"cellborder=\"0\" cellspacing=\"0\" cellpadding=\"0\" "
		"width=\"%ld\" height=\"%ld\"><tr><td></td></tr></table>>",
		(width + PT - 1) / PT, (height + PT - 1) / PT);
}

static void put_node(FILE *out, const struct layout *l, unsigned int i)
{
	const struct layout_node *n = &l->nodes[i];

	fprintf(out, "n%u [", i);
	put_inches(out, "width", n->width);
	put_inches(out, "height", n->height);
	if (n->group)
		fprintf(out, " group=g%d", n->group);
	fputs("];\n", out);
}

static void put_clusters(FILE *out, const struct layout *l)
{
	for (unsigned int c = 0; c < l->cluster_count; c++) {
		const struct layout_cluster *cluster = &l->clusters[c];

		fprintf(out, "subgraph cluster%u { graph [", c);
		put_label(out, cluster->label_width, cluster->label_height);
		fputs("];\n", out);
		for (unsigned int i = 0; i < l->node_count; i++)
			if (l->nodes[i].cluster == (int)c)
				fprintf(out, "n%u;\n", i);
		fputs("}\n", out);
	}
}

static void put_edge(FILE *out, const struct layout *l, unsigned int i)
{
	const struct layout_edge *e = &l->edges[i];

	fprintf(out, "n%u -> n%u [key=e%u", e->from, e->to, i);
	if (e->weight)
		fprintf(out, " weight=%d", e->weight);
	if (e->minlen)
		fprintf(out, " minlen=%d", e->minlen);
	if (e->is_free)
		fputs(" constraint=false", out);
	put_label(out, e->label_width, e->label_height);
	fputs("];\n", out);
}

static char *text_of(const struct layout *l)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	fprintf(out, "digraph { graph [rankdir=%s splines=%s label=\"\"",
		l->is_left_to_right ? "LR" : "TB",
		l->has_straight_edges ? "line" : "true");
	put_inches(out, "nodesep", l->node_gap);
	put_inches(out, "ranksep", l->rank_gap);
	fputs("];\nnode [shape=box fixedsize=true label=\"\" margin=0];\n"
	      "edge [dir=none];\n",
	      out);
	for (unsigned int i = 0; i < l->node_count; i++)
		put_node(out, l, i);
	put_clusters(out, l);
	for (unsigned int i = 0; i < l->edge_count; i++)
		put_edge(out, l, i);
	fputs("}\n", out);
	if (fclose(out) != 0)
		abort();
	return text;
}

/* ---- what was found ---------------------------------------------------- */

static long hundredths(double points)
{
	return (long)(points * 100 + (points < 0 ? -0.5 : 0.5));
}

/* Where the corner of all is, in Graphviz's own measure. */
struct corner {
	double left, top;
};

static struct spot place_of(const struct corner *c, pointf at)
{
	return (struct spot){hundredths(at.x - c->left),
			     hundredths(c->top - at.y)};
}

static bool take_curve(struct layout_edge *e, Agedge_t *found,
		       const struct corner *c)
{
	const splines *all = ED_spl(found);
	const bezier *b;

	if (!all || all->size < 1 || all->list[0].size < 4)
		return false;
	b = &all->list[0];
	e->curve_count = (unsigned int)b->size;
	e->curve = calloc(e->curve_count, sizeof(*e->curve));
	if (!e->curve)
		abort();
	for (unsigned int i = 0; i < e->curve_count; i++)
		e->curve[i] = place_of(c, b->list[i]);
	if (ED_label(found))
		e->label = place_of(c, ED_label(found)->pos);
	return true;
}

static unsigned int index_of(const char *name)
{
	return (unsigned int)strtoul(name + 1, NULL, 10);
}

static void take_clusters(struct layout *l, Agraph_t *graph,
			  const struct corner *c)
{
	for (unsigned int i = 0; i < l->cluster_count; i++) {
		struct layout_cluster *cluster = &l->clusters[i];
		char name[32];
		Agraph_t *sub;
		struct spot low, high;

		snprintf(name, sizeof(name), "cluster%u", i);
		sub = agsubg(graph, name, 0);
		if (!sub)
			continue;
		low = place_of(c, GD_bb(sub).LL);
		high = place_of(c, GD_bb(sub).UR);
		cluster->left = low.x;
		cluster->bottom = low.y;
		cluster->right = high.x;
		cluster->top = high.y;
		if (GD_label(sub))
			cluster->label = place_of(c, GD_label(sub)->pos);
	}
}

/* Edges have keys, so that several of one pair are told apart. */
static bool take_edges(struct layout *l, Agraph_t *graph, Agnode_t *node,
		       const struct corner *c)
{
	for (Agedge_t *e = agfstout(graph, node); e; e = agnxtout(graph, e)) {
		unsigned int i = index_of(agnameof(e));

		if (!take_curve(&l->edges[i], e, c))
			return false;
	}
	return true;
}

static bool take_places(struct layout *l, Agraph_t *graph)
{
	const boxf all = GD_bb(graph);
	const struct corner c = {all.LL.x, all.UR.y};

	l->width = hundredths(all.UR.x - all.LL.x);
	l->height = hundredths(all.UR.y - all.LL.y);
	for (Agnode_t *n = agfstnode(graph); n; n = agnxtnode(graph, n)) {
		unsigned int i = index_of(agnameof(n));

		l->nodes[i].at = place_of(&c, ND_coord(n));
		if (!take_edges(l, graph, n, &c))
			return false;
	}
	take_clusters(l, graph, &c);
	return true;
}

/* ---- the whole --------------------------------------------------------- */

static bool lay_out(struct layout *l, const char *text)
{
	/* Never freed: what Graphviz remembers of it outlives a layout. */
	static GVC_t *gvc;
	Agraph_t *graph;
	bool is_found = false;

	if (!gvc)
		gvc = gvContext();
	graph = agmemread(text);
	if (!graph)
		return false;
	if (gvLayout(gvc, graph, "dot") == 0) {
		is_found = take_places(l, graph);
		gvFreeLayout(gvc, graph);
	}
	agclose(graph);
	return is_found;
}

int layout_run(struct layout *l, char error[VIZ_ERROR_MAX])
{
	char *text = text_of(l);
	agusererrf before;
	bool is_found;

	for (unsigned int i = 0; i < l->edge_count; i++) {
		l->edges[i].curve = NULL;
		l->edges[i].curve_count = 0;
	}
	error[0] = '\0';
	report = error;
	before = agseterrf(take_report);
	is_found = lay_out(l, text);
	agseterrf(before);
	free(text);
	if (is_found) {
		error[0] = '\0';
		return 0;
	}
	layout_fini(l);
	if (!error[0])
		snprintf(error, VIZ_ERROR_MAX, "Graphviz found no places");
	return -EPROTO;
}

void layout_fini(struct layout *l)
{
	for (unsigned int i = 0; i < l->edge_count; i++) {
		free(l->edges[i].curve);
		l->edges[i].curve = NULL;
		l->edges[i].curve_count = 0;
	}
}
