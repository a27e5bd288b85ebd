/*
 * exploration.c - the ways of a search, folded by where they can end.
 */
#include "viz/exploration/exploration.h"

#include <errno.h>

#include "viz/exploration/map.h"

/* Every state is a point; there are few enough to see them. */
static int check_unfolded(const struct record *r, char error[VIZ_ERROR_MAX])
{
	if (r->node_count <= MAP_UNFOLDED_MAX)
		return 0;
	snprintf(error, VIZ_ERROR_MAX,
		 "the record has %u states where ways part or meet, and at "
		 "most %u can be drawn without folding; --fold auto draws at "
		 "most %u",
		 r->node_count, MAP_UNFOLDED_MAX, MAP_BUDGET);
	return -EINVAL;
}

void map_make(struct map *m)
{
	map_find_fates(m);
	map_find_spine(m);
	map_choose_points(m);
	map_make_leaves(m);
	map_make_arcs(m);
	map_contract(m);
}

int exploration_dot(const struct record *r, const struct viz_options *o,
		    FILE *out, char error[VIZ_ERROR_MAX])
{
	struct map m = {.r = r, .is_unfolded = o->fold == VIZ_FOLD_NONE};
	int result = search_check_options(o, error);

	if (result != 0)
		return result;
	if (!r || r->node_count < 2) {
		snprintf(error, VIZ_ERROR_MAX,
			 "the record of the search holds no step: there are no "
			 "ways to show");
		return -ENODATA;
	}
	if (m.is_unfolded)
		result = check_unfolded(r, error);
	if (result != 0)
		return result;
	m.memory = trace_new(0);
	map_make(&m);
	result = map_draw(&m, o->theme, out, error);
	trace_free(m.memory);
	return result;
}
