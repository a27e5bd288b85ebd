/*
 * search_footprint.c - what a step touched, kept when the run is over.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/search/search_dpor.h"

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

struct footprint *footprint_new(uint16_t mover, const struct touch *touches,
				uint32_t count, bool is_sure)
{
	struct footprint *f =
		checked(malloc(sizeof(*f) + count * sizeof(*touches)));

	f->mover = mover;
	f->is_sure = is_sure;
	f->count = count;
	if (count)
		memcpy(f->touches, touches, count * sizeof(*touches));
	return f;
}

struct footprint *footprint_of_step(const struct dpor *d, uint32_t index,
				    bool is_sure)
{
	const struct dpor_node *n = &d->nodes[index];
	struct footprint *f = footprint_new(n->mover, NULL, 0, is_sure);
	uint32_t i;

	f = checked(
		realloc(f, sizeof(*f) + n->access_count * sizeof(*f->touches)));
	f->count = n->access_count;
	for (i = 0; i < n->access_count; i++)
		f->touches[i] = d->accesses[n->first_access + i].touch;
	return f;
}

bool footprint_is_dependent(const struct footprint *a, const struct touch *b,
			    uint32_t count)
{
	uint32_t i, k;

	for (k = 0; k < count; k++) {
		if (b[k].kind == TOUCH_ALL)
			return true;
	}
	for (i = 0; i < a->count; i++) {
		for (k = 0; k < count; k++) {
			if (touch_is_dependent(&a->touches[i], &b[k]))
				return true;
		}
	}
	return false;
}

/*
 * Two puts of a reference commute unless one is the last.  If the one just made
 * has left one reference, it is the sleeper's, whose put is then the last.
 */
bool footprint_wakes(const struct footprint *sleeper, const struct touch *made)
{
	const struct touch *t;
	uint32_t i;

	if (made->kind == TOUCH_ALL)
		return true;
	for (i = 0; i < sleeper->count; i++) {
		t = &sleeper->touches[i];
		if (t->kind == TOUCH_REF && t->mode == TOUCH_PUT &&
		    made->mode == TOUCH_PUT && made->detail > 1)
			continue;
		if (touch_is_dependent(t, made))
			return true;
	}
	return false;
}

/* ---- as bytes ---------------------------------------------------------- */

void footprint_write(struct bytes *to, const struct footprint *f)
{
	const struct touch *t;
	uint32_t i;

	bytes_put(to, f->mover);
	bytes_put(to, f->is_sure);
	bytes_put(to, f->count);
	for (i = 0; i < f->count; i++) {
		t = &f->touches[i];
		bytes_put(to, (uint64_t)t->kind << 4 | t->mode);
		bytes_put(to, t->place);
		bytes_put(to, t->detail);
	}
}

_Static_assert(TOUCH_MODE_COUNT <= 16, "a mode takes four bits");

static void touch_read(struct reader *from, struct touch *t)
{
	uint32_t what = reader_get_below(from, TOUCH_KIND_COUNT << 4);

	if ((what & 15) >= TOUCH_MODE_COUNT)
		from->is_bad = true;
	t->kind = what >> 4;
	t->mode = what & 15;
	t->place = reader_get(from);
	t->detail = reader_get(from);
}

struct footprint *footprint_read(struct reader *from)
{
	uint16_t mover = (uint16_t)reader_get_below(from, LANES_MAX);
	bool is_sure = reader_get_below(from, 2);
	uint32_t i, count = reader_get_count(from);
	struct footprint *f;

	f = checked(malloc(sizeof(*f) + count * sizeof(*f->touches)));
	f->mover = mover;
	f->is_sure = is_sure;
	f->count = count;
	for (i = 0; i < count; i++)
		touch_read(from, &f->touches[i]);
	return f;
}
