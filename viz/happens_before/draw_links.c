/*
 * draw_links.c - the lines of a happens-before picture, and their labels.
 *
 * A line to a neighbouring lane is one curve in the gap between them.  One
 * that goes farther passes the lanes in between below the boxes of its level.
 * A label stands where it covers neither a line nor another label, or not at
 * all: the boxes say what it would.
 */
#include <stdlib.h>
#include <string.h>

#include "viz/happens_before/lines.h"

#define TEE_LENGTH (22 * PT)
#define LABEL_COLUMNS 16u
#define ASIDE (4 * PT) /* from the middle of a timer's box */

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

const char *sketch_id(const struct sketch *s, unsigned int box)
{
	return story_format(s->f->story, "s%u", s->f->boxes[box].n);
}

/* ---- colours ----------------------------------------------------------- */

void sketch_colours(struct sketch *s)
{
	const struct figure *f = s->f;
	unsigned int next = f->story->colour_count;

	s->colours = trace_alloc(f->story->memory, (f->t->object_count + 1) *
							   sizeof(*s->colours));
	for (unsigned int i = 0; i < f->t->object_count; i++)
		s->colours[i] = f->story->colours[i];
	for (unsigned int i = 0; i < f->link_count; i++) {
		uint32_t object = f->links[i].object;

		if ((f->links[i].kind == ORDER_LOCK ||
		     f->links[i].kind == ORDER_BUSY) &&
		    next < LOCK_COLOURS && s->colours[object] >= LOCK_COLOURS)
			s->colours[object] = next++;
	}
}

static struct line_style style_of(const struct sketch *s,
				  const struct figure_link *l)
{
	struct line_style style = {.has_tip = true, .pen = 13};

	switch (l->kind) {
	case ORDER_LOCK:
		style.color = lock_stroke(s->colours[l->object]);
		style.pen = 18;
		break;
	case ORDER_BUSY:
		style.color = lock_stroke(s->colours[l->object]);
		style.is_dashed = true;
		break;
	case ORDER_WAKE:
		style.color = OK_STROKE;
		style.pen = 18;
		break;
	case ORDER_ARM:
		style.color = TIMER_STROKE;
		style.is_dashed = true;
		break;
	case ORDER_FIRE:
	case ORDER_SIGNAL:
		style.color = TIMER_STROKE;
		break;
	case ORDER_BIRTH:
		style.color = SECONDARY;
		style.pen = 18;
		break;
	case ORDER_WORD:
		style.color = INK;
		break;
	case ORDER_THROUGH:
	case ORDER_KIND_COUNT:
		style.color = PROGRAM;
		style.is_dashed = true;
		break;
	}
	return style;
}

static const char *label_of(struct sketch *s, const struct figure_link *l)
{
	const struct event *from = &s->f->t->events[s->f->boxes[l->from].n - 1];

	switch (l->kind) {
	case ORDER_LOCK:
	case ORDER_BUSY:
		return words_of_lock(s->f->story, l->object);
	case ORDER_WAKE:
		return "wake";
	case ORDER_ARM:
		return "arm";
	case ORDER_FIRE:
		return "expire";
	case ORDER_SIGNAL:
		return from->kind == EVENT_SPURIOUS ? "no reason" : "signal";
	case ORDER_BIRTH:
		return event_operation(from->kind);
	case ORDER_WORD:
		return figure_thing(s->f, l->object);
	case ORDER_THROUGH:
	case ORDER_KIND_COUNT:
		break;
	}
	return "";
}

/* ---- places of lines --------------------------------------------------- */

static unsigned int bend(struct spot *at, unsigned int count, struct spot to)
{
	struct spot from = at[count - 1];
	long lean = (to.x - from.x) * 11 / 20;

	at[count] = (struct spot){from.x + lean, from.y};
	at[count + 1] = (struct spot){to.x - lean, to.y};
	at[count + 2] = to;
	return count + 3;
}

static bool is_next_to(const struct figure *f, unsigned int a, unsigned int b)
{
	return place_of(f, a) + 1 == place_of(f, b) ||
	       place_of(f, b) + 1 == place_of(f, a);
}

bool sketch_has_far_links(const struct sketch *s)
{
	for (unsigned int i = 0; i < s->f->link_count; i++)
		if (!is_next_to(s->f, s->f->links[i].from, s->f->links[i].to))
			return true;
	return false;
}

static void place_curve(struct lines *l, unsigned int link)
{
	/* Lines that pass below one level, clear of boxes and arrowheads. */
	static const long slots[] = {0, 220, -180};
	struct sketch *s = l->s;
	const struct figure *f = s->f;
	unsigned int a = f->links[link].from, b = f->links[link].to;
	long way = place_of(f, b) > place_of(f, a) ? 1 : -1;
	long gap = s->pitch - s->box_width - 6 * PT;
	struct curve *c = &l->curves[link];
	struct spot end = {sketch_x(s, b) - way * s->box_width / 2,
			   sketch_y(s, b)};
	long y;

	/* So that what goes into a timer and what comes out are two. */
	if (f->links[link].kind == ORDER_ARM)
		end.y -= ASIDE;
	c->at[0] = (struct spot){sketch_x(s, a) + way * s->box_width / 2,
				 sketch_y(s, a)};
	c->count = 1;
	if (f->links[link].kind == ORDER_FIRE)
		c->at[0].y += ASIDE;
	if (!is_next_to(f, a, b)) {
		y = sketch_y(s, a) + BOX_HEIGHT / 2 +
		    (s->row - s->aisle - BOX_HEIGHT) * 32 / 100 +
		    slots[l->passing[f->boxes[a].level]++ % 3];
		c->count = bend(c->at, 1,
				(struct spot){c->at[0].x + way * gap, y});
		c->count = bend(c->at, c->count,
				(struct spot){end.x - way * gap, y});
	}
	c->count = bend(c->at, c->count, end);
}

/* What it says, cut, and how wide that is. */
static const char *label_text(struct sketch *s, const struct figure_link *l,
			      long *width)
{
	const char *text =
		text_cut(s->f->story->memory, label_of(s, l), LABEL_COLUMNS);

	*width = mono_width(text_columns(text), NOTE_SIZE) + PT;
	return text;
}

long sketch_label_width(struct sketch *s)
{
	long widest = 0;

	for (unsigned int i = 0; i < s->f->link_count; i++) {
		long width;

		label_text(s, &s->f->links[i], &width);
		if (width > widest)
			widest = width;
	}
	return widest;
}

static void label_link(struct lines *l, unsigned int link)
{
	struct sketch *s = l->s;
	const struct figure_link *f = &s->f->links[link];
	struct label room;
	long width;
	const char *text = label_text(s, f, &width);

	if (!*text || l->label_count == LABELS_MAX)
		return;
	if (label_place(l, &l->curves[link], width, &room))
		label_put(l, &room, text, style_of(s, f).color,
			  s->f->boxes[f->to].n);
}

/* ---- drawing ----------------------------------------------------------- */

static void explain(struct sketch *s, const struct figure_link *l,
		    struct line_style style)
{
	const char *lock;

	style.id = NULL;
	style.class = NULL;
	switch (l->kind) {
	case ORDER_LOCK:
		lock = words_of_lock(s->f->story, l->object);
		legend_add_line(
			&s->legend, &style,
			story_format(s->f->story, "%s: unlock → lock", lock));
		break;
	case ORDER_BUSY:
		lock = words_of_lock(s->f->story, l->object);
		legend_add_line(
			&s->legend, &style,
			story_format(s->f->story, "%s: held → busy", lock));
		break;
	case ORDER_WAKE:
		legend_add_line(&s->legend, &style,
				s->f->order->is_of_words
					? "wake → end of the wait"
					: "wake → its permit taken");
		break;
	case ORDER_ARM:
		legend_add_line(&s->legend, &style, "timer armed");
		break;
	case ORDER_FIRE:
		legend_add_line(&s->legend, &style, "timer expires");
		break;
	case ORDER_SIGNAL:
		legend_add_line(&s->legend, &style, "signal");
		break;
	case ORDER_BIRTH:
		legend_add_line(&s->legend, &style, "thread begins");
		break;
	case ORDER_WORD:
		legend_add_line(&s->legend, &style, "written → read");
		break;
	case ORDER_THROUGH:
	case ORDER_KIND_COUNT:
		legend_add_line(&s->legend, &style, "through folded steps");
		break;
	}
}

static void draw_link(struct lines *l, unsigned int link)
{
	struct sketch *s = l->s;
	const struct figure_link *f = &s->f->links[link];
	struct line_style style = style_of(s, f);
	uint32_t from = s->f->boxes[f->from].n, to = s->f->boxes[f->to].n;

	style.id = story_format(s->f->story, "order-%u-%u", from, to);
	style.class = story_format(s->f->story, "order at%u", to);
	canvas_curve(&s->c, sketch_id(s, f->from), sketch_id(s, f->to),
		     l->curves[link].at, l->curves[link].count, &style);
	explain(s, f, style);
}

static void draw_program(struct sketch *s)
{
	struct figure *f = s->f;
	struct line_style style = {.color = PROGRAM, .pen = 11};
	bool is_used = false;

	for (unsigned int i = 0; i < f->box_count; i++) {
		const struct figure_box *b = &f->boxes[i];
		unsigned int above = (unsigned int)b->before;
		struct spot at[4] = {{sketch_x(s, i), 0}};
		long end = sketch_y(s, i) - BOX_HEIGHT / 2;

		if (b->before < 0 || !order_is_thread(f->order, b->lane))
			continue;
		at[0].y = sketch_y(s, above) + BOX_HEIGHT / 2;
		at[1] = at[2] = at[3] = at[0];
		at[1].y += (end - at[0].y) / 6;
		at[2].y += (end - at[0].y) / 3;
		at[3].y = end;
		style.has_tip = true;
		style.class = story_format(f->story, "program at%u", b->n);
		canvas_curve(&s->c, sketch_id(s, above), sketch_id(s, i), at, 4,
			     &style);
		is_used = true;
	}
	style.class = NULL;
	if (is_used)
		legend_add_line(&s->legend, &style,
				s->has_folded ? "program order (+n = folded)"
					      : "program order");
}

/* A wake-up that nobody took: it ends in the gap. */
static void draw_unread(struct lines *l, unsigned int i)
{
	struct sketch *s = l->s;
	struct figure *f = s->f;
	const struct figure_box *b = &f->boxes[i];
	int32_t peer = f->t->events[b->n - 1].peer;
	const struct figure_lane *to = &f->lanes[peer];
	bool is_left =
		peer >= 0 && to->first >= 0 && to->place < place_of(f, i);
	long way = is_left ? -1 : 1;
	long x = sketch_x(s, i) + way * s->box_width / 2;
	struct line_style style = {
		.color = OK_STROKE,
		.pen = 18,
		.is_dashed = true,
		.has_tee = true,
		.class = story_format(f->story, "unread at%u", b->n),
	};
	long width = mono_width(6, NOTE_SIZE) + 2 * PT;
	struct spot under = {x + way * (TEE_LENGTH + PT),
			     sketch_y(s, i) + LABEL_HEIGHT + PT};
	struct label room = label_at(under, width);

	canvas_line(&s->c, sketch_id(s, i), sketch_id(s, i), x,
		    x + way * TEE_LENGTH, sketch_y(s, i), &style);
	if (label_is_free(l, &room))
		label_put(l, &room, "unread", OK_STROKE, b->n);
	style.class = NULL;
	legend_add_line(&s->legend, &style, "wake, permit not taken");
}

static void reserve_tee(struct lines *l, unsigned int i)
{
	struct sketch *s = l->s;
	long x = sketch_x(s, i);

	/* Both sides: which one it is does not matter for so little. */
	for (long way = -1; way <= 1; way += 2)
		l->labels[l->label_count++] = label_at(
			(struct spot){x + way * (s->box_width + TEE_LENGTH) / 2,
				      sketch_y(s, i)},
			TEE_LENGTH);
}

static void draw_race(struct lines *l)
{
	struct sketch *s = l->s;
	const struct figure *f = s->f;
	struct line_style style = {
		.id = "race", .color = BAD_STROKE, .pen = 30};
	unsigned int left, right;
	long x0, x1, y, width = sans_width(4, SMALL_SIZE) + 4 * PT;

	if (f->first < 0)
		return;
	left = (unsigned int)f->first;
	right = (unsigned int)f->second;
	if (place_of(f, left) > place_of(f, right)) {
		left = right;
		right = (unsigned int)f->first;
	}
	x0 = sketch_x(s, left) + s->box_width / 2;
	x1 = sketch_x(s, right) - s->box_width / 2;
	y = sketch_y(s, left);
	canvas_line(&s->c, sketch_id(s, left), sketch_id(s, right), x0, x1, y,
		    &style);
	canvas_shape(&s->c, &(struct shape){
				    .id = "race-label",
				    .x = (x0 + x1) / 2,
				    .y = y - 8 * PT,
				    .width = width,
				    .height = 11 * PT,
				    .label = "RACE",
				    .color = BAD_STROKE,
				    .size = SMALL_SIZE,
				    .is_bold = true,
				    .is_sans = true,
			    });
	l->labels[l->label_count++] =
		(struct label){x0, x1, y - 14 * PT, y + 2 * PT};
	style.id = NULL;
	legend_add_line(&s->legend, &style,
			s->f->order->is_known ? "race: unordered in user memory"
					      : "unordered, one is a store");
}

void sketch_links(struct sketch *s)
{
	struct figure *f = s->f;
	struct lines *l = zeroed(1, sizeof(*l));

	l->s = s;
	l->curves = zeroed(f->link_count, sizeof(*l->curves));
	l->passing = zeroed(f->level_count, sizeof(*l->passing));
	draw_program(s);
	draw_race(l);
	for (unsigned int i = 0; i < f->link_count; i++) {
		place_curve(l, i);
		line_sample(l, &l->curves[i]);
		draw_link(l, i);
	}
	for (unsigned int i = 0; i < f->box_count; i++)
		if (f->boxes[i].is_unread && l->label_count + 2 < LABELS_MAX)
			reserve_tee(l, i);
	for (unsigned int i = 0; i < f->link_count; i++)
		label_link(l, i);
	for (unsigned int i = 0; i < f->box_count; i++)
		if (f->boxes[i].is_unread)
			draw_unread(l, i);
	free(l->curves);
	free(l->samples);
	free(l->passing);
	free(l);
}
