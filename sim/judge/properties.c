/*
 * properties.c - always, never, eventually and reachable, in one run.
 *
 * Between any two steps each property is looked at.  What is never allowed is
 * a verdict at once; what must come to pass is one at the end.
 */
#include <string.h>

#include "sim/judge/evaluate.h"
#include "sim/judge/expect.h"

struct property_watch {
	const struct scenario *scenario;
	bool *has_held; /* at some moment */
	bool *is_decided; /* a verdict was given already */
};

struct property_watch *properties_begin(struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	struct property_watch *w;

	if (!s->property_count)
		return NULL;
	w = arena_alloc(&sim->arena, sizeof(*w));
	w->scenario = s;
	w->has_held = arena_alloc(&sim->arena,
				  s->property_count * sizeof(*w->has_held));
	w->is_decided =
		arena_alloc(&sim->arena, s->property_count * sizeof(bool));
	return w;
}

static void violated(struct property_watch *w, struct sim *sim, uint32_t i,
		     const char *how)
{
	const struct property *p = &w->scenario->properties[i];
	struct verdict *v = sim_verdict(sim, VERDICT_EXPECTATION, sim->mover);

	w->is_decided[i] = true;
	if (!v)
		return;
	if (sim->mover < 0)
		v->thread = EVENT_NOBODY;
	v->rule = p->name;
	v->what = sim_format(sim, "%s %s%s%s", p->name, how,
			     p->because ? ": " : "",
			     p->because ? p->because : "");
	v->line = p->mark.line;
	v->at = sim->event_count;
}

void properties_look_at(struct property_watch *w, struct sim *sim, uint32_t i)
{
	const struct property *p = &w->scenario->properties[i];
	bool holds;

	if (!p->that || w->is_decided[i])
		return;
	holds = evaluate_expr(sim, p->that);
	if (holds)
		w->has_held[i] = true;
	if (p->kind == PROPERTY_ALWAYS && !holds)
		violated(w, sim, i, "does not always hold");
	if (p->kind == PROPERTY_NEVER && holds)
		violated(w, sim, i, "came to pass");
}

void properties_look(struct property_watch *w, struct sim *sim)
{
	uint32_t i;

	for (i = 0; w && i < w->scenario->property_count; i++)
		properties_look_at(w, sim, i);
}

/* A builtin is a verdict word; it must show, or must not. */
static void end_builtin(struct property_watch *w, struct sim *sim, uint32_t i)
{
	const struct property *p = &w->scenario->properties[i];
	bool has_shown = sim_has_verdict(sim, p->builtin);
	bool must_show =
		p->kind == PROPERTY_EVENTUALLY || p->kind == PROPERTY_REACHABLE;

	if (has_shown && !must_show)
		violated(w, sim, i, "came to pass");
	if (!has_shown && must_show)
		violated(w, sim, i, "did not come to pass");
}

void properties_end(struct property_watch *w, struct sim *sim,
		    bool is_one_of_many)
{
	const struct property *p;
	uint32_t i;

	for (i = 0; w && i < w->scenario->property_count; i++) {
		p = &w->scenario->properties[i];
		if (p->kind == PROPERTY_REACHABLE && is_one_of_many)
			continue;
		if (!p->that)
			end_builtin(w, sim, i);
		else if (!w->has_held[i] && (p->kind == PROPERTY_EVENTUALLY ||
					     p->kind == PROPERTY_REACHABLE))
			violated(w, sim, i, "did not come to pass");
	}
}

bool properties_memory(const struct property_watch *w, uint32_t i)
{
	enum property_kind kind = w->scenario->properties[i].kind;

	return kind == PROPERTY_ALWAYS || kind == PROPERTY_NEVER
		       ? w->is_decided[i]
		       : w->has_held[i];
}

bool properties_has_held(const struct property_watch *w, const struct sim *sim,
			 uint32_t i)
{
	const struct property *p = &w->scenario->properties[i];
	bool is_to_show =
		p->kind == PROPERTY_EVENTUALLY || p->kind == PROPERTY_REACHABLE;

	if (!p->that)
		return sim_has_verdict(sim, p->builtin) == is_to_show;
	return is_to_show ? w->has_held[i] : !w->is_decided[i];
}

void properties_save(const struct property_watch *w, uint64_t *held,
		     uint64_t *violated)
{
	uint32_t i, count = w->scenario->property_count;

	*held = 0;
	*violated = 0;
	for (i = 0; i < count && i < 64; i++) {
		*held |= (uint64_t)w->has_held[i] << i;
		*violated |= (uint64_t)w->is_decided[i] << i;
	}
}

void properties_restore(struct property_watch *w, struct sim *sim,
			uint64_t held, uint64_t decided)
{
	uint32_t i, count = w->scenario->property_count;

	for (i = 0; i < count && i < 64; i++) {
		w->has_held[i] = held >> i & 1;
		if ((decided >> i & 1) && !w->is_decided[i])
			violated(w, sim, i, "was violated before");
	}
}
