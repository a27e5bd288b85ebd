/*
 * lock_order.c - which lock is taken while which is held.
 */
#include "viz/lock_order/lock_order.h"

#include <errno.h>
#include <stdlib.h>

#include "viz/lock_order/chart.h"

static void *zeroed(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

/* ---- nothing to draw --------------------------------------------------- */

static int refuse(const struct locks *l, char error[VIZ_ERROR_MAX])
{
	const struct viz_options *o = l->options;
	char around[64] = "";

	if (o->around)
		snprintf(around, sizeof(around), " in --around %u±%u",
			 o->around, o->span);
	if (l->t->event_count == 0)
		snprintf(error, VIZ_ERROR_MAX, "the trace has no events");
	else if (l->hidden == 0)
		snprintf(error, VIZ_ERROR_MAX,
			 "no thread takes a lock while it holds another");
	else if (o->hide.count)
		snprintf(error, VIZ_ERROR_MAX,
			 "nothing is left by --hide '%s'%s of %u step%s "
			 "a lock while another is held",
			 o->hide.items[0], around, l->hidden,
			 l->hidden == 1 ? " that takes" : "s that take");
	else
		snprintf(error, VIZ_ERROR_MAX,
			 "no thread takes a lock while it holds another%s",
			 around);
	return -ENODATA;
}

/* ---- which locks ------------------------------------------------------- */

static bool is_in_focus(const struct locks *l, uint32_t lock)
{
	const struct trace_strings *focus = &l->options->focus;
	const struct trace_object *o = &l->t->objects[lock];

	return strings_have(focus, o->name) ||
	       strings_have(focus, object_kind_name(o->kind));
}

/* Knots, what is in focus, and their neighbours. */
static void keep_near(struct chart *c)
{
	const struct locks *l = c->l;

	for (unsigned int i = 0; i < l->pair_count; i++) {
		uint32_t a = l->pairs[i].from, b = l->pairs[i].to;
		bool is_near = l->knot_of[a] >= 0 || l->knot_of[b] >= 0 ||
			       is_in_focus(l, a) || is_in_focus(l, b);

		c->is_shown[a] |= is_near;
		c->is_shown[b] |= is_near;
	}
}

static void keep_first(struct chart *c, unsigned int max)
{
	for (unsigned int i = 0; i < c->l->pair_count; i++) {
		uint32_t a = c->l->pairs[i].from, b = c->l->pairs[i].to;
		unsigned int added =
			!c->is_shown[a] + (a != b && !c->is_shown[b]);

		if (added > max)
			continue;
		max -= added;
		c->is_shown[a] = true;
		c->is_shown[b] = true;
	}
}

static void choose(struct chart *c)
{
	const struct locks *l = c->l;
	unsigned int shown = 0;

	if (l->lock_count > CHART_LOCKS_MAX)
		keep_near(c);
	for (unsigned int i = 0; i < l->t->object_count; i++)
		shown += c->is_shown[i];
	if (shown == 0)
		keep_first(c, l->lock_count > CHART_LOCKS_MAX ? CHART_LOCKS_MAX
							      : l->lock_count);
	for (unsigned int i = 0; i < l->t->object_count; i++)
		c->left_out += l->is_lock[i] && !c->is_shown[i];
}

/* ---- texts ------------------------------------------------------------- */

static const char *names_of(struct chart *c, unsigned int knot)
{
	const struct locks *l = c->l;
	const char *text = "";

	for (unsigned int i = 0; i < l->t->object_count; i++)
		if (l->knot_of[i] == (int)knot)
			text = trace_format(c->memory, "%s%s%s", text,
					    *text ? ", " : "",
					    l->t->objects[i].name);
	return text;
}

static unsigned int count_circles(const struct locks *l,
				  enum locks_circle circle)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < l->knot_count; i++)
		count += l->knots[i].circle == circle;
	return count;
}

static const char *title_of(struct chart *c)
{
	const struct locks *l = c->l;

	for (unsigned int i = 0; i < l->knot_count; i++)
		if (l->knots[i].circle == CIRCLE_DEADLOCK)
			return trace_format(c->memory, "lock order: cycle %s",
					    names_of(c, i));
	return l->knot_count ? "lock order: a cycle that cannot deadlock"
			     : "lock order: no cycle";
}

static const char *finding(struct chart *c)
{
	const struct locks *l = c->l;
	unsigned int cycles = count_circles(l, CIRCLE_DEADLOCK);

	return trace_format(c->memory,
			    "a → b: b taken while a is held (thread, step)   "
			    "%u lock%s, %u edge%s, %u cycle%s",
			    l->lock_count, l->lock_count == 1 ? "" : "s",
			    l->pair_count, l->pair_count == 1 ? "" : "s",
			    cycles, cycles == 1 ? "" : "s");
}

const char *chart_judgement(struct chart *c, unsigned int knot)
{
	const struct locks_knot *k = &c->l->knots[knot];

	switch (k->circle) {
	case CIRCLE_DEADLOCK:
		return "deadlock possible";
	case CIRCLE_GATED:
		return trace_format(c->memory, "no deadlock: %s held by all",
				    c->l->t->objects[k->gate].name);
	case CIRCLE_ONE_THREAD:
		return "no deadlock: one thread goes round";
	case CIRCLE_NONE:
		break;
	}
	return "";
}

/* Why a cycle is none to be afraid of. */
static const char *reason(struct chart *c)
{
	const struct locks *l = c->l;
	const char *text = "";

	for (unsigned int i = 0; i < l->knot_count; i++) {
		const struct locks_knot *k = &l->knots[i];

		if (k->circle == CIRCLE_GATED)
			text = trace_format(
				c->memory,
				"%s%s: %s is held at two steps of the cycle "
				"and lets one thread in at a time   ",
				text, names_of(c, i),
				l->t->objects[k->gate].name);
		if (k->circle == CIRCLE_ONE_THREAD)
			text = trace_format(
				c->memory,
				"%s%s: every cycle takes two steps of one "
				"thread, which does not wait for itself   ",
				text, names_of(c, i));
	}
	return text;
}

static void head(struct chart *c)
{
	struct sheet *s = &c->sheet;

	s->title = title_of(c);
	s->badge = sheet_badge(c->memory, c->l->t);
	s->is_bad = c->l->t->verdict_count > 0;
	s->lines[s->line_count++] = sheet_facts(c->memory, c->l->t);
	s->lines[s->line_count++] = finding(c);
	if (*reason(c))
		s->lines[s->line_count++] = reason(c);
	if (c->left_out)
		s->lines[s->line_count++] = trace_format(
			c->memory, "%u of %u locks not drawn%s", c->left_out,
			c->l->lock_count,
			c->l->knot_count ? ": far from the cycle" : "");
}

/* ---- the whole --------------------------------------------------------- */

int lock_order_dot(const struct trace *t, const struct viz_options *o,
		   FILE *out, char error[VIZ_ERROR_MAX])
{
	struct chart c = {.memory = trace_new(0)};
	struct locks l;
	int result;

	locks_init(&l, t, o);
	c.l = &l;
	c.is_shown = zeroed(t->object_count, sizeof(*c.is_shown));
	if (l.pair_count == 0) {
		result = refuse(&l, error);
	} else {
		choose(&c);
		head(&c);
		result = chart_draw(&c, out, error);
	}
	free(c.is_shown);
	locks_fini(&l);
	trace_free(c.memory);
	return result ? result : ferror(out) ? -EIO : 0;
}
