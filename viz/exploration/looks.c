/*
 * looks.c - how points, leaves and arcs look, and what that means.
 *
 * Only the counterexample and failures are red.  What differs in colour
 * differs in form, too: ends that are well are rounded, lost wake-ups
 * octagons, deadlocks boxes; what is not decided or not known is dashed.
 */
#include <ctype.h>
#include <string.h>

#include "viz/canvas/measure.h"
#include "viz/exploration/map.h"

#define SPINE_SIZE (19 * PT)
#define OTHER_SIZE (10 * PT)
#define LEAF_HEIGHT (15 * PT)
#define END_HEIGHT (25 * PT)

static unsigned int bit_index(uint32_t bit)
{
	return (unsigned int)__builtin_ctz(bit);
}

static const struct fate *fate_of_end(const struct map *m, uint32_t node)
{
	int32_t outcome = m->r->nodes[node].outcome;

	return outcome < 0 ? NULL : &m->fates[m->fate_of[outcome]];
}

static const char *in_capitals(struct map *m, const char *words)
{
	char text[64];
	unsigned int i;

	for (i = 0; words[i] && i + 1 < sizeof(text); i++)
		text[i] = (char)toupper((unsigned char)words[i]);
	text[i] = '\0';
	return trace_string(m->memory, text);
}

/* ---- ends -------------------------------------------------------------- */

/* Room that a form takes at both sides of its text, in percent. */
static long slant_of(const char *form)
{
	if (strcmp(form, "diamond") == 0)
		return 230;
	if (strcmp(form, "parallelogram") == 0)
		return 170;
	return strcmp(form, "box") == 0 ? 115 : 150;
}

/* Where the counterexample leads. */
static struct shape spine_end(struct map *m, const struct fate *f)
{
	const struct end_class *look = &end_classes[f->class];
	bool is_diamond = strcmp(look->end, "diamond") == 0;
	bool is_red = class_is_bad(f->class) && !is_diamond;
	const char *label = in_capitals(m, look->words);
	struct shape s = {
		.class = "end bad",
		.form = look->end,
		.height = is_diamond ? 2 * END_HEIGHT : END_HEIGHT,
		.fill = is_red ? look->stroke : look->fill,
		.stroke = look->stroke,
		.pen = 24,
		.label = label,
		.color = is_red ? PAPER : INK,
		.is_bold = true,
	};

	s.width = mono_width(text_columns(label), TEXT_SIZE) *
			  slant_of(look->end) / 100 +
		  10 * PT;
	return s;
}

/* Any other end, where nothing is folded. */
static struct shape other_end(const struct fate *f)
{
	const struct end_class *look = &end_classes[f->class];
	struct shape s = {
		.class = class_is_bad(f->class) ? "end bad" : "end",
		.form = look->form,
		.height = LEAF_HEIGHT,
		.fill = look->fill,
		.stroke = look->stroke,
		.pen = 12,
		.is_rounded = f->class == CLASS_OK,
		.label = f->leaf,
		.size = NOTE_SIZE,
	};

	s.width = mono_width(text_columns(f->leaf), NOTE_SIZE) *
			  slant_of(look->form) / 100 +
		  8 * PT;
	return s;
}

static struct shape cut_end(void)
{
	return (struct shape){
		.class = "end cut",
		.width = 26 * PT,
		.height = LEAF_HEIGHT,
		.fill = PAPER,
		.stroke = NEUTRAL,
		.pen = 8,
		.is_dashed = true,
		.label = "cut",
		.size = NOTE_SIZE,
	};
}

/* ---- points ------------------------------------------------------------ */

static struct shape spine_point(struct map *m, const struct point *p)
{
	const char *label =
		p->mark ? trace_format(m->memory, "%u  %s", p->step, p->mark)
			: trace_format(m->memory, "%u", p->step);
	long width = mono_width(text_columns(label), NOTE_SIZE) + 5 * PT;
	struct shape s = {
		.class = "spine",
		.form = p->mark ? NULL : "circle",
		.width = width < SPINE_SIZE ? SPINE_SIZE : width,
		.height = SPINE_SIZE,
		.fill = BAD_FILL,
		.stroke = BAD_STROKE,
		.pen = 20,
		.is_rounded = p->mark != NULL,
		.label = label,
		.size = NOTE_SIZE,
	};

	if (p->mark)
		s.width += 6 * PT;
	else
		s.height = s.width;
	return s;
}

static struct shape other_point(struct map *m, const struct point *p)
{
	bool is_start = p->node == 0;
	uint32_t bit = map_leaf_bit(m, p->node);
	const struct end_class *look =
		bit & FATES_ALL ? &end_classes[m->fates[bit_index(bit)].class]
				: NULL;

	return (struct shape){
		.class = bit == FATE_MIXED ? "mixed" : "settled",
		.form = "circle",
		.width = is_start ? SPINE_SIZE : OTHER_SIZE,
		.height = is_start ? SPINE_SIZE : OTHER_SIZE,
		.fill = look ? look->fill : PAPER,
		.stroke = look ? look->stroke : NEUTRAL,
		.pen = 10,
		.label = is_start ? "0" : NULL,
		.size = NOTE_SIZE,
		.tooltip = trace_format(m->memory, "still possible: %s",
					map_reach_words(m, m->reach[p->node])),
	};
}

struct shape map_point_shape(struct map *m, const struct point *p)
{
	uint32_t last = p->is_spine ? m->spine[p->to - 1] : p->node;
	const struct fate *f = fate_of_end(m, last);
	bool is_last =
		p->is_spine && p->to == m->spine_count && p->to - p->from == 1;

	if (is_last && f)
		return spine_end(m, f);
	if (p->is_spine)
		return spine_point(m, p);
	if (f)
		return other_end(f);
	if (m->r->nodes[p->node].outcome == RECORD_CUT)
		return cut_end();
	return other_point(m, p);
}

/* ---- leaves ------------------------------------------------------------ */

static const char *leaf_name(const struct map *m, uint32_t bit)
{
	if (bit == FATE_MIXED)
		return "mixed";
	if (bit == FATE_CUT)
		return "cut";
	return bit == FATE_ENDLESS ? "endless" : m->fates[bit_index(bit)].leaf;
}

static struct shape leaf_shape(struct map *m, uint32_t bit, const char *label)
{
	bool is_fate = (bit & FATES_ALL) != 0;
	const struct fate *f = is_fate ? &m->fates[bit_index(bit)] : NULL;
	const struct end_class *look = f ? &end_classes[f->class] : NULL;
	long width = mono_width(text_columns(label), NOTE_SIZE);
	struct shape s = {
		.class = f && class_is_bad(f->class) ? "leaf bad" : "leaf",
		.form = f ? look->form : NULL,
		.width =
			width * slant_of(f ? look->form : "box") / 100 + 6 * PT,
		.height = LEAF_HEIGHT,
		.fill = f ? look->fill : PAPER,
		.stroke = f ? look->stroke : NEUTRAL,
		.pen = f ? 12 : 8,
		.is_rounded = f && f->class == CLASS_OK,
		.is_dashed = !f,
		.label = label,
		.size = NOTE_SIZE,
	};

	return s;
}

struct shape map_leaf_shape(struct map *m, const struct leaf *l)
{
	const char *label = trace_format(
		m->memory, "%s%s %s", m->r->is_truncated ? "≥ " : "",
		number_text(m->memory, l->states), leaf_name(m, l->bit));
	struct shape s = leaf_shape(m, l->bit, label);

	if (l->reach & FATES_ALL)
		s.tooltip = map_reach_words(m, l->reach);
	return s;
}

/* ---- lines ------------------------------------------------------------- */

struct line_style map_arc_style(const struct arc *a)
{
	return (struct line_style){
		.class = a->is_spine ? "spine" : "way",
		.color = a->is_spine ? BAD_STROKE : PROGRAM,
		.pen = a->is_spine ? 30 : 9,
		.has_tip = true,
	};
}

struct line_style map_leaf_style(const struct map *m, uint32_t bit)
{
	bool is_fate = (bit & FATES_ALL) != 0;

	return (struct line_style){
		.class = "leaf",
		.color = is_fate ? end_classes[m->fates[bit_index(bit)].class]
					   .stroke
				 : NEUTRAL,
		.pen = 9,
		.is_dashed = !is_fate,
	};
}

/* ---- legend ------------------------------------------------------------ */

/* Ends that are in such leaves alone are named. */
static const char *mixed_meaning(struct map *m)
{
	uint32_t left = 0, drawn = 0;

	for (uint32_t i = 0; i < m->leaf_count; i++) {
		if (m->leaves[i].bit == FATE_MIXED)
			left |= m->leaves[i].reach;
		drawn |= m->leaves[i].bit;
	}
	for (uint32_t i = 0; i < m->point_count; i++)
		if (fate_of_end(m, m->points[i].node))
			drawn |= m->reach[m->points[i].node];
	left &= ~drawn & FATES_ALL;
	return trace_format(m->memory,
			    "n states left out to fit: several ends can "
			    "follow%s%s",
			    left ? ", and there alone: " : "",
			    map_reach_words(m, left));
}

static const char *leaf_meaning(struct map *m, uint32_t bit)
{
	const struct fate *f;
	if (bit == FATE_MIXED)
		return mixed_meaning(m);
	if (bit == FATE_CUT)
		return "n states: a bound or the strategy stopped there";
	if (bit == FATE_ENDLESS)
		return "n states from which no end was reached";
	f = &m->fates[bit_index(bit)];
	return trace_format(m->memory, "n states: %s: %s",
			    map_is_sure(m) ? "every end" : "every end seen",
			    f->words);
}

static void leaves_to_legend(struct map *m, struct legend *l)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < m->leaf_count; i++)
		used |= m->leaves[i].bit;
	for (unsigned int i = 0; i < FATE_BITS; i++) {
		struct shape s;

		if (!(used & FATE(i)))
			continue;
		s = leaf_shape(
			m, FATE(i),
			trace_format(m->memory, "n %s", leaf_name(m, FATE(i))));
		legend_add_shape(l, &s, leaf_meaning(m, FATE(i)));
	}
}

static void point_to_legend(struct map *m, struct legend *l,
			    const struct point *p)
{
	struct shape s = map_point_shape(m, p);

	if (p->node == 0 && !p->is_spine)
		legend_add_shape(l, &s, "the start");
	else if (!strcmp(s.class, "mixed"))
		legend_add_shape(l, &s, "several ends can still follow");
	else if (!strcmp(s.class, "settled"))
		legend_add_shape(
			l, &s,
			trace_format(m->memory, "on the way to: %s",
				     map_reach_words(m, m->reach[p->node])));
	else if (!strcmp(s.class, "spine") && !p->mark)
		legend_add_shape(l, &s,
				 p->to - p->from > 1
					 ? "after so many moves; decisions up "
					   "to the next number are in it"
					 : "after so many moves");
	else if (m->is_unfolded && !p->is_spine)
		legend_add_shape(l, &s, "an end");
}

void map_legend(struct map *m, struct legend *l)
{
	for (uint32_t i = 0; i < m->point_count; i++)
		if (!m->points[i].is_gone)
			point_to_legend(m, l, &m->points[i]);
	for (uint32_t i = 0; i < m->arc_count; i++) {
		struct line_style style = map_arc_style(&m->arcs[i]);

		style.has_tip = false;
		if (m->arcs[i].is_spine)
			legend_add_line(l, &style, "the counterexample");
	}
	leaves_to_legend(m, l);
}
