/*
 * map.h - the states of a search, and what of them is drawn.
 *
 * The fate of a state is the set of ends that follow from it.  A state with
 * several is mixed: there something is still decided.  States with one fate
 * are folded into a leaf of the decision that leads to them.  Of the mixed
 * ones as many are points of the picture as it has room for, the nearest to
 * the counterexample first; the others are leaves, too.
 *
 * The counterexample is the spine.  Where it is longer than the picture has
 * room for, several of its states share a point.  Which is the last way out is
 * said if it is sure: if the record names the step that decides, or has every
 * way.
 */
#ifndef VIZ_EXPLORATION_MAP_H
#define VIZ_EXPLORATION_MAP_H

#include "viz/canvas/layout.h"
#include "viz/canvas/sheet.h"
#include "viz/outcomes/classes.h"

#define MAP_BUDGET 40u /* points and leaves together */
#define MAP_UNFOLDED_MAX 250u /* states that are drawn without any fold */

/* ---- fates ------------------------------------------------------------- */

#define FATES_MAX 16u
#define FATE(i) (1u << (i))
#define FATES_ALL (FATE(FATES_MAX) - 1)
/* What is no end: the search stopped there; and in leaves alone, */
#define FATE_CUT FATE(FATES_MAX)
/* a mixed state; a loop without an end. */
#define FATE_MIXED FATE(FATES_MAX + 1)
#define FATE_ENDLESS FATE(FATES_MAX + 2)
#define FATE_BITS (FATES_MAX + 3)

struct fate {
	unsigned int class; /* how it is drawn */
	const char *leaf; /* "ok", "#2" */
	const char *words; /* "ok", "A.r=0 B.n=1" */
};

/* ---- what is drawn ----------------------------------------------------- */

#define NO_POINT UINT32_MAX

struct point {
	uint32_t node; /* the first of its states */
	bool is_spine;
	uint32_t from, to; /* of the spine: its states, from included */
	uint32_t step; /* of the spine: steps before it */
	uint32_t leaves; /* bits of fates, FATE_MIXED ... */
	bool is_gone; /* contracted */
	const char *mark; /* "last way out" */
};

struct leaf {
	uint32_t point;
	uint32_t bit;
	uint64_t states;
	uint32_t reach; /* fates in it */
};

struct arc {
	uint32_t from, to; /* points */
	bool is_spine, is_gone;
	const struct record_leg **legs;
	uint32_t leg_count;
};

struct map {
	const struct record *r;
	struct trace *memory; /* everything hangs on it */
	bool is_unfolded;

	struct fate fates[FATES_MAX];
	unsigned int fate_count;
	unsigned int *fate_of; /* by outcome */

	/* by node */
	uint32_t *first; /* of its edges, in order; one more at the end */
	uint32_t *order; /* edges */
	uint32_t *reach; /* bits of fates, FATE_CUT */
	uint32_t *distance; /* of mixed ones from the spine; NO_POINT */
	uint32_t *point; /* it is drawn as; NO_POINT */
	uint32_t *stamp; /* last count that came by */
	uint32_t stamps;
	uint32_t *list; /* room for one search */

	uint32_t *spine; /* nodes */
	uint32_t *spine_edges; /* from each but the last */
	uint32_t *spine_steps; /* before each */
	uint32_t spine_count; /* 0: no counterexample */
	uint32_t settled; /* the first that folds; spine_count: none */
	uint32_t decided; /* the first from which no run passes, which is
			     sure; spine_count: not known, or none */

	uint32_t *near; /* mixed nodes off the spine, by distance */
	uint32_t near_count;
	uint32_t reach_limit; /* the greatest distance that is drawn */

	struct point *points;
	uint32_t point_count;
	struct leaf *leaves;
	uint32_t leaf_count;
	struct arc *arcs;
	uint32_t arc_count;
};

bool reach_is_mixed(uint32_t reach);
/* Has the record every way that there is? */
bool map_is_sure(const struct map *m);
/* Did the counterexample come to rest?  Else it could go on. */
bool map_rests(const struct map *m);
/* The leaf that @node would be in: one bit. */
uint32_t map_leaf_bit(const struct map *m, uint32_t node);
/* "ok, lost wake-up" */
const char *map_reach_words(const struct map *m, uint32_t reach);

/* All of what follows; the caller has set the record, memory, is_unfolded. */
void map_make(struct map *m);
/* In this order. */
void map_find_fates(struct map *m);
void map_find_spine(struct map *m);
void map_choose_points(struct map *m);
void map_make_leaves(struct map *m);
void map_make_arcs(struct map *m);
void map_contract(struct map *m);

/* ---- drawing ----------------------------------------------------------- */

/*
 * Errors: -EPROTO if there is no layout, with the reason in @error.
 */
int map_draw(struct map *m, enum viz_theme theme, FILE *out,
	     char error[VIZ_ERROR_MAX]);
/* The head, with what there is to say in words. */
struct sheet map_sheet(struct map *m);
void map_legend(struct map *m, struct legend *l);

/* How points and leaves look, without their place. */
struct shape map_point_shape(struct map *m, const struct point *p);
struct shape map_leaf_shape(struct map *m, const struct leaf *l);
struct line_style map_arc_style(const struct arc *a);
struct line_style map_leaf_style(const struct map *m, uint32_t bit);

#endif
