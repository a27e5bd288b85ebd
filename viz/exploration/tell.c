/*
 * tell.c - the head of the picture: what it shows, in words.
 */
#include <string.h>

#include "viz/canvas/measure.h"
#include "viz/exploration/map.h"

/* "A: wq.lock" of the spine's edge that begins at its state @i. */
static const char *first_step(struct map *m, uint32_t i)
{
	const struct record_edge *e = &m->r->edges[m->spine_edges[i]];

	if (e->leg_count == 0)
		return "";
	return trace_format(m->memory, " (%s: %s)", e->legs[0].mover,
			    text_cut(m->memory, e->legs[0].first, 48));
}

static const char *why_undecided(struct map *m)
{
	if (!map_rests(m))
		return trace_format(m->memory,
				    "shown after %u moves, where a run can "
				    "still go on",
				    m->spine_steps[m->spine_count - 1]);
	if (m->r->is_beside)
		return "what is shown here is another run than the one told";
	return "not every way is in the record: `explain` tells the last way "
	       "out";
}

static const char *tell_bug(struct map *m)
{
	const char *words =
		end_classes[class_of(&m->r->outcomes[m->r->counterexample])]
			.words;

	if (m->decided == 0)
		return trace_format(m->memory,
				    "%s: unavoidable from the start, whoever "
				    "moves first",
				    words);
	if (m->decided < m->spine_count)
		return trace_format(
			m->memory,
			"%s: possible from the start; last way out before "
			"move %u%s",
			words, m->spine_steps[m->decided - 1] + 1,
			first_step(m, m->decided - 1));
	return trace_format(m->memory, "%s: possible from the start; %s", words,
			    why_undecided(m));
}

static const char *tell_ends(struct map *m)
{
	const char *seen = search_is_part(m->r) ? " that was seen" : "";

	if (m->fate_count == 0)
		return "no run came to an end";
	if (m->fate_count == 1)
		return trace_format(m->memory, "every end%s is %s", seen,
				    m->fates[0].words);
	if (m->spine_count == 0 && class_is_bad(m->fates[1].class))
		return "there are failures, and no counterexample to follow";
	return trace_format(m->memory,
			    "every end%s is ok; the numbers (#) tell results "
			    "apart",
			    seen);
}

static const char *tell_limits(const struct map *m)
{
	if (m->r->is_truncated)
		return "the search saw more than its record holds: counts are "
		       "at least (≥)";
	if (!m->r->is_whole)
		return "not every order of steps was run: 'seen' is of those "
		       "that were";
	return NULL;
}

static uint32_t drawn_points(const struct map *m)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < m->point_count; i++)
		count += !m->points[i].is_gone &&
			 m->r->nodes[m->points[i].node].outcome == RECORD_OPEN;
	return count;
}

static const char *badge_of(struct map *m)
{
	unsigned int class = CLASS_OK;

	if (m->spine_count > 0)
		class = class_of(&m->r->outcomes[m->r->counterexample]);
	else if (m->fate_count > 0)
		class = m->fates[m->fate_count - 1].class;
	if (m->fate_count == 0)
		return NULL;
	return class_badge(m->memory, class, m->r);
}

struct sheet map_sheet(struct map *m)
{
	const struct record *r = m->r;
	struct sheet s = {
		.title = r->title && *r->title ? r->title
			 : r->scenario	       ? r->scenario
					       : "",
		.badge = badge_of(m),
	};
	uint32_t points = drawn_points(m);

	s.is_bad = s.badge && strncmp(s.badge, "✗", strlen("✗")) == 0;
	s.lines[s.line_count++] =
		trace_format(m->memory, "interleavings   %s",
			     sheet_record_facts(m->memory, r));
	s.lines[s.line_count++] = trace_format(
		m->memory, "%s → %s shown", search_facts(m->memory, r),
		counted(m->memory, points, "decision point"));
	s.lines[s.line_count++] = m->spine_count ? tell_bug(m) : tell_ends(m);
	if (tell_limits(m))
		s.lines[s.line_count++] = tell_limits(m);
	return s;
}
