/*
 * layout.h - places for a graph of which only the shape is known.
 *
 * Graphviz's engine dot lays out boxes of given sizes, in this process; what
 * it found is handed back as whole numbers and drawn like any other picture.
 * No text takes part, so that no font decides where a box stands.
 *
 * Lengths are hundredths of a point; x goes right, y goes down; the upper left
 * corner of all is at 0, 0.
 */
#ifndef VIZ_CANVAS_LAYOUT_H
#define VIZ_CANVAS_LAYOUT_H

#include "viz/canvas/dot.h"

#define LAYOUT_GROUP_MAX 1000 /* groups are numbered 1 .. this */
#define LAYOUT_NO_CLUSTER (-1)

struct layout_node {
	/* given */
	long width, height;
	int group; /* nodes of one group stand in a straight line; 0: none */
	int cluster; /* index into the clusters, or LAYOUT_NO_CLUSTER */
	/* found */
	struct spot at; /* its centre */
};

struct layout_edge {
	/* given */
	unsigned int from, to; /* indices of nodes; may be the same */
	int weight; /* how much it wants to be short and straight; 0: as 1 */
	int minlen; /* ranks between its ends at least; 0: as 1 */
	bool is_free; /* has no part in the ranks of nodes */
	long label_width, label_height; /* width 0: no label */
	/*
	 * found: control points of cubic curves from border to border, as
	 * canvas_curve takes them (4, 7, 10 ...).  They lead from the box of
	 * @from to that of @to, to the very border: an arrowhead takes its
	 * length from the last curve.
	 */
	struct spot *curve;
	unsigned int curve_count;
	struct spot label; /* centre of its label */
};

/* A box around nodes that are kept together. */
struct layout_cluster {
	/* given */
	long label_width, label_height; /* of its title; width 0: none */
	/* found */
	long left, top, right, bottom;
	struct spot label; /* centre of its title, within its top */
};

/*
 * Owner: arrays and what is given are the caller's; the curves belong to the
 * layout, and layout_fini frees them.
 */
struct layout {
	/* given */
	struct layout_node *nodes;
	unsigned int node_count;
	struct layout_edge *edges;
	unsigned int edge_count;
	struct layout_cluster *clusters;
	unsigned int cluster_count;
	bool is_left_to_right; /* else from top to bottom */
	bool has_straight_edges; /* lines: quick, for graphs as maps */
	long node_gap; /* between neighbours on one rank */
	long rank_gap; /* between ranks */
	/* found */
	long width, height;
};

/*
 * Find places for all.  The same graph gives the same places with the same
 * version of Graphviz.
 *
 * Errors: -EPROTO if Graphviz has no places to give, with its words in @error;
 *	   then there is nothing to free.
 */
int layout_run(struct layout *l, char error[VIZ_ERROR_MAX]);
void layout_fini(struct layout *l);

#endif
