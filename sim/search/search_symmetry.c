/*
 * search_symmetry.c - may interchangeable threads be renamed?
 *
 * Only if nothing tells them apart: what is expected of one is expected of all
 * of its set, conditions speak of all or of none, and no operation shows a
 * thread its own number.
 */
#include <string.h>

#include "sim/search/search_internal.h"

/* ---- programs ---------------------------------------------------------- */

/* These show, or hang on, the number of a thread. */
static bool shows_number(enum verb verb)
{
	return verb == VERB_SET_TID_ADDRESS || verb == VERB_SET_ROBUST_LIST ||
	       verb == VERB_GET_ROBUST_LIST || verb == VERB_CLONE ||
	       verb == VERB_FORK || verb == VERB_KILL;
}

static bool has_number(const struct scenario *s)
{
	uint32_t i, k;

	for (i = 0; i < s->thread_count; i++) {
		for (k = 0; k < s->threads[i].op_count; k++) {
			if (shows_number(s->threads[i].ops[k].verb))
				return true;
		}
	}
	return false;
}

/* ---- conditions -------------------------------------------------------- */

static bool has_thread(const struct expr *e, uint32_t thread)
{
	uint32_t i;

	for (i = 0; i < e->set_count; i++) {
		if (e->set[i] == thread)
			return true;
	}
	return false;
}

/* Does the quantifier run over one of the two and not over the other? */
static bool parts(const struct expr *e, uint32_t a, uint32_t b)
{
	return has_thread(e, a) != has_thread(e, b);
}

static bool names(const struct expr *e, uint32_t a, uint32_t b)
{
	bool is_of_thread = e->kind == EXPR_RESULT ||
			    (e->kind >= EXPR_BLOCKED && !e->is_bound);

	if (is_of_thread && (e->thread == a || e->thread == b))
		return true;
	if (parts(e, a, b))
		return true;
	return (e->left && names(e->left, a, b)) ||
	       (e->right && names(e->right, a, b));
}

static bool are_named_apart(const struct scenario *s, uint32_t a, uint32_t b)
{
	uint32_t i;

	for (i = 0; i < s->property_count; i++) {
		if (s->properties[i].that && names(s->properties[i].that, a, b))
			return true;
	}
	return false;
}

/* ---- expectations ------------------------------------------------------ */

static uint32_t count_threads(const struct scenario *s, uint32_t thread,
			      enum thread_state state)
{
	uint32_t i, count = 0;

	for (i = 0; i < s->expect_thread_count; i++)
		count += s->expect_threads[i].thread == thread &&
			 s->expect_threads[i].state == state;
	return count;
}

static bool has_return(const struct scenario *s, uint32_t thread, uint32_t reg,
		       int64_t value)
{
	uint32_t i;

	for (i = 0; i < s->return_count; i++) {
		if (s->returns[i].thread == thread &&
		    s->returns[i].reg == reg && s->returns[i].value == value)
			return true;
	}
	return false;
}

/* Is all that @a is to return also expected of @b? */
static bool are_returns_shared(const struct scenario *s, uint32_t a, uint32_t b)
{
	uint32_t i;

	for (i = 0; i < s->return_count; i++) {
		if (s->returns[i].thread == a &&
		    !has_return(s, b, s->returns[i].reg, s->returns[i].value))
			return false;
	}
	return true;
}

static bool is_in_a_queue(const struct scenario *s, uint32_t thread)
{
	uint32_t i, k;

	for (i = 0; i < s->queue_count; i++) {
		for (k = 0; k < s->queues[i].thread_count; k++) {
			if (s->queues[i].threads[k] == thread)
				return true;
		}
	}
	return false;
}

static bool are_expected_apart(const struct scenario *s, uint32_t a, uint32_t b)
{
	return count_threads(s, a, THREAD_DONE) !=
		       count_threads(s, b, THREAD_DONE) ||
	       count_threads(s, a, THREAD_BLOCKED) !=
		       count_threads(s, b, THREAD_BLOCKED) ||
	       !are_returns_shared(s, a, b) || !are_returns_shared(s, b, a) ||
	       is_in_a_queue(s, a) || is_in_a_queue(s, b);
}

/* ---- the whole --------------------------------------------------------- */

/* The one before it in its set, or @thread itself. */
static uint32_t neighbour_of(const struct scenario *s, uint32_t thread)
{
	uint32_t i = thread;

	while (i-- > 0) {
		if (s->threads[i].symmetric == s->threads[thread].symmetric)
			return i;
	}
	return thread;
}

bool search_is_symmetric(const struct search_request *r,
			 const bool *is_expected_blocked)
{
	const struct scenario *s = r->scenario;
	const uint32_t *signals = r->explore.signals;
	bool has_some = false;
	uint32_t i, k;

	if (!r->has_symmetry || has_number(s))
		return false;
	for (i = 0; i < s->thread_count; i++) {
		k = neighbour_of(s, i);
		if (!s->threads[i].symmetric || k == i)
			continue;
		has_some = true;
		if (are_expected_apart(s, i, k) || are_named_apart(s, i, k) ||
		    (signals && signals[i] != signals[k]) ||
		    is_expected_blocked[i] != is_expected_blocked[k])
			return false;
	}
	return has_some;
}
