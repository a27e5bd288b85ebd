/* races_tell.c - the verdict on two accesses that race. */
#include "sim/judge/races_internal.h"
#include "sim/run/names.h"

/* Words that a run is found guilty of; the list of verdicts is short. */
#define RACES_MAX 4u
#define OPERATION_TEXT_MAX 80

static const char *access_text(struct sim *sim, const struct past_access *a)
{
	const char *name = sim->tasks[a->thread].name;

	if (!a->op)
		return sim_format(sim, "an access of %s (step %u)", name,
				  a->event);
	return sim_format(sim, "%s'%.*s' of %s (line %d, step %u)",
			  a->is_kernel ? "the kernel's access in " : "",
			  OPERATION_TEXT_MAX, a->op->text, name,
			  a->op->mark.line, a->event);
}

/* The last word through which the later thread could have learned of @a. */
static const struct race_word *last_release(const struct races *r,
					    const struct past_access *a)
{
	const struct race_word *w, *last = NULL;
	uint32_t i;

	for (i = 0; i < RACE_BUCKETS; i++) {
		for (w = r->words[i]; w; w = w->next) {
			if (race_has_in_past(w->released, a) &&
			    (!last || w->released_at > last->released_at))
				last = w;
		}
	}
	return last;
}

/* What would have ordered them. */
static const char *remedy(struct sim *sim, const struct past_access *first,
			  const struct past_access *second)
{
	const struct race_word *w = last_release(sim->races, first);
	const char *one = sim->tasks[first->thread].name;
	const char *other = sim->tasks[second->thread].name;

	if (w)
		return sim_format(sim,
				  "%s would have to read %s, to which %s has "
				  "stored since (step %u), before its access",
				  other, place_label(sim, w->place),
				  sim_mover_name(sim, w->released_by),
				  w->released_at);
	return sim_format(sim,
			  "an atomic store of %s after its access that %s "
			  "reads before its own, or a wake-up that ends a "
			  "wait of %s, would order them",
			  one, other, other);
}

void race_tell(struct sim *sim, struct race_word *w,
	       const struct past_access *first,
	       const struct past_access *second)
{
	struct verdict *v;

	if (w->is_told || sim->races->told == RACES_MAX)
		return;
	v = sim_verdict(sim, VERDICT_DATA_RACE, (int32_t)second->thread);
	if (!v)
		return;
	w->is_told = true;
	sim->races->told++;
	v->rule = "two accesses to one word, one plain and one a write, have "
		  "to be ordered";
	v->what = sim_format(sim, "%s and %s race for %s: %s",
			     access_text(sim, first), access_text(sim, second),
			     place_label(sim, w->place),
			     remedy(sim, first, second));
	v->line = second->op ? second->op->mark.line : 0;
	v->at = second->event;
	verdict_add_evidence(v, first->event);
}
