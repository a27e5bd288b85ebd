/*
 * oracle.c - every interleaving of a scenario, one run each.
 *
 * A run follows the choices of the one before up to the last that has an
 * alternative, takes that, and then always the first.  So the choices are a
 * number with one digit for each step, and the search counts.
 */
#include "tests/oracle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/judge/evaluate.h"
#include "sim/search/search_internal.h"

/* ---- the run that is made ---------------------------------------------- */

struct counter {
	struct policy policy;
	struct oracle *o;
	struct environment env;
	struct path path;
	uint16_t digits[ORACLE_STEPS_MAX]; /* which of the alternatives */
	uint16_t bases[ORACLE_STEPS_MAX]; /* how many there are */
	uint32_t known; /* digits that are given */
	bool is_too_long; /* a run has more steps than there is room for */
	bool has_held[64];
	bool has_failed[64];
};

static void look(struct counter *c, struct sim *sim)
{
	const struct scenario *s = c->o->scenario;
	uint32_t i;
	bool holds;

	for (i = 0; i < s->property_count; i++) {
		if (!s->properties[i].that)
			continue;
		holds = evaluate_expr(sim, s->properties[i].that);
		c->has_held[i] |= holds;
		c->has_failed[i] |= !holds;
	}
}

static void begin(struct policy *policy, struct sim *sim)
{
	struct counter *c = (struct counter *)policy;

	c->path.count = 0;
	c->path.log.count = 0;
	c->env = (struct environment){.explore = &c->o->explore};
	memset(c->has_held, 0, sizeof(c->has_held));
	memset(c->has_failed, 0, sizeof(c->has_failed));
	sim->touches = c->o->counts_classes ? &c->path.log : NULL;
}

static struct move choose(struct policy *policy, struct sim *sim)
{
	struct counter *c = (struct counter *)policy;
	struct move moves[MOVES_MAX];
	uint32_t base = environment_moves(&c->env, sim, moves);
	uint32_t at = c->path.count;

	look(c, sim);
	c->is_too_long |= at == ORACLE_STEPS_MAX;
	c->path.from[at] = c->path.log.count;
	if (!base || c->is_too_long)
		return (struct move){.kind = MOVE_STOP};
	if (at >= c->known)
		c->digits[at] = 0;
	c->bases[at] = (uint16_t)base;
	c->path.moves[at] = moves[c->digits[at]];
	c->path.count++;
	environment_note(&c->env, &c->path.moves[at]);
	return c->path.moves[at];
}

static void end(struct policy *policy, struct sim *sim)
{
	struct counter *c = (struct counter *)policy;

	look(c, sim);
	c->path.from[c->path.count] = c->path.log.count;
	sim->touches = NULL;
}

/* The next number.  Returns false if that was the last. */
static bool next(struct counter *c)
{
	uint32_t at = c->path.count;

	while (at && c->digits[at - 1] + 1 == c->bases[at - 1])
		at--;
	if (!at)
		return false;
	c->digits[at - 1]++;
	c->known = at;
	return true;
}

/* ---- classes ----------------------------------------------------------- */

static uint32_t mover_of(const struct move *m)
{
	switch (m->kind) {
	case MOVE_STEP:
		return m->thread;
	case MOVE_FIRE:
	case MOVE_ADVANCE:
		return 1000;
	case MOVE_SIGNAL:
		return 2000 + m->thread;
	case MOVE_SPURIOUS:
		return 3000 + m->thread;
	case MOVE_SIGNAL_PROCESS:
		return 5000 + m->thread;
	case MOVE_STOP:
		return 4000;
	}
	return 0;
}

/* Two puts of a reference commute if neither is the last. */
static bool are_mere_puts(const struct touch *a, const struct touch *b)
{
	return a->kind == TOUCH_REF && a->mode == TOUCH_PUT &&
	       b->mode == TOUCH_PUT && a->detail && b->detail;
}

bool path_is_dependent(const struct path *p, uint32_t a, uint32_t b,
		       bool is_strict)
{
	uint32_t i, j;

	if (mover_of(&p->moves[a]) == mover_of(&p->moves[b]))
		return true;
	for (i = p->from[a]; i < p->from[a + 1]; i++)
		for (j = p->from[b]; j < p->from[b + 1]; j++)
			if (touch_is_dependent(&p->log.items[i],
					       &p->log.items[j]) &&
			    (is_strict || !are_mere_puts(&p->log.items[i],
							 &p->log.items[j])))
				return true;
	return false;
}

/* May the move at @at come before all others that are left? */
static bool is_first(const struct path *p, const bool *is_gone, uint32_t at,
		     bool is_strict)
{
	uint32_t i;

	for (i = 0; i < at; i++)
		if (!is_gone[i] && path_is_dependent(p, i, at, is_strict))
			return false;
	return true;
}

/*
 * The least of all orders of the moves in which dependent ones stand as they
 * do: the same for all runs of a class, and for no other.
 * Source: Anisimov and Knuth 1979, the lexicographic normal form.
 */
static char *class_of(const struct path *p, bool is_strict)
{
	bool is_gone[ORACLE_STEPS_MAX] = {false};
	uint32_t best, i, k;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (k = 0; k < p->count; k++) {
		best = p->count;
		for (i = 0; i < p->count; i++)
			if (!is_gone[i] && is_first(p, is_gone, i, is_strict) &&
			    (best == p->count ||
			     mover_of(&p->moves[i]) <
				     mover_of(&p->moves[best])))
				best = i;
		is_gone[best] = true;
		fprintf(out, "%u ", mover_of(&p->moves[best]));
	}
	fclose(out);
	return text;
}

/* ---- the search -------------------------------------------------------- */

/* Of one run: a verdict shows or does not, a condition held or failed. */
static bool has_held(const struct counter *c, const struct sim *sim, uint32_t i)
{
	const struct property *p = &c->o->scenario->properties[i];
	bool is_good =
		p->kind == PROPERTY_EVENTUALLY || p->kind == PROPERTY_REACHABLE;

	if (!p->that)
		return sim_has_verdict(sim, p->builtin) == is_good;
	if (p->kind == PROPERTY_ALWAYS)
		return !c->has_failed[i];
	return c->has_held[i] == is_good;
}

static void note_run(struct counter *c, struct sim *sim)
{
	struct oracle *o = c->o;
	uint32_t i;

	o->runs++;
	text_set_add(&o->endings, ending_of_run(sim, o->up_to_renaming));
	if (o->counts_classes) {
		text_set_add(&o->classes, class_of(&c->path, true));
		text_set_add(&o->merged, class_of(&c->path, false));
	}
	for (i = 0; i < o->scenario->property_count; i++)
		o->held[i] += has_held(c, sim, i);
}

void oracle_search(struct oracle *o, struct sim *sim)
{
	struct counter *c = calloc(1, sizeof(*c));
	struct run_request request = {
		.scenario = o->scenario,
		.profile = o->profile,
		.mode = RUN_POLICY,
		.is_one_of_many = true,
		.steps_max = SEARCH_STEPS_DEFAULT,
	};
	struct stops stops;
	struct run run;

	assert(c && o->scenario->property_count <= 64);
	c->policy = (struct policy){"oracle", begin, choose, end};
	c->o = o;
	touch_log_init(&c->path.log, o->scenario);
	request.policy = &c->policy;
	if (search_stops(&o->explore, &stops))
		request.stops = &stops;
	run_quirks(o->scenario, o->profile, &request.quirks);
	do {
		run_scenario(sim, &request, &run);
		if (c->is_too_long)
			break;
		note_run(c, sim);
		o->is_complete = !next(c);
	} while (!o->is_complete && o->runs < o->runs_max);
	touch_log_fini(&c->path.log);
	free(c);
}

void oracle_fini(struct oracle *o)
{
	text_set_fini(&o->endings);
	text_set_fini(&o->classes);
	text_set_fini(&o->merged);
}
