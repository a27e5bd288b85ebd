/* search_state.c - what a search has counted and found, as bytes. */
#include "sim/search/search_state.h"

#include <stdlib.h>
#include <string.h>

/* ---- sets of movers ---------------------------------------------------- */

void choices_write(struct bytes *to, const struct choices *c)
{
	bytes_put(to, c->threads);
	bytes_put(to, c->signals);
	bytes_put(to, c->spurious);
	bytes_put(to, (uint64_t)c->clock | (uint64_t)c->end << 1);
}

void choices_read(struct reader *from, struct choices *c)
{
	uint32_t rest;

	c->threads = reader_get(from);
	c->signals = reader_get(from);
	c->spurious = reader_get(from);
	rest = reader_get_below(from, 4);
	c->clock = rest & 1;
	c->end = rest >> 1;
}

/* ---- ends -------------------------------------------------------------- */

static void ending_write(const struct endings *e, const struct ending *end,
			 struct bytes *to)
{
	uint32_t i;

	bytes_put(to, end->runs);
	bytes_put(to, end->first_run);
	bytes_put(to, end->steps);
	bytes_put(to, end->preemptions);
	bytes_put(to, end->is_of_last_pass);
	for (i = 0; i < e->key_size; i++)
		bytes_put(to, end->key[i]);
	bytes_put(to, end->trail_count);
	for (i = 0; i < end->trail_count; i++)
		bytes_put(to, end->trail[i]);
}

/* Owner: its trail is the caller's; its key is that of @e. */
static void ending_read(struct endings *e, struct reader *from,
			struct ending *end)
{
	uint32_t i;

	*end = (struct ending){.key = e->key};
	end->runs = reader_get(from);
	end->first_run = reader_get(from);
	end->steps = reader_get_below(from, UINT32_MAX);
	end->preemptions = reader_get_below(from, UINT32_MAX);
	end->is_of_last_pass = reader_get_below(from, 2);
	for (i = 0; i < e->key_size; i++)
		e->key[i] = reader_get(from);
	end->trail_count = reader_get_count(from);
	end->trail = malloc(end->trail_count * sizeof(*end->trail) + 1);
	if (!end->trail)
		abort();
	for (i = 0; i < end->trail_count; i++)
		end->trail[i] = (uint16_t)reader_get_below(from, NO_MOVER);
}

static void endings_write(const struct endings *e, struct bytes *to)
{
	uint32_t i;

	bytes_put(to, e->count);
	for (i = 0; i < e->count; i++)
		ending_write(e, &e->items[i], to);
}

/* ---- a worker's counts ------------------------------------------------- */

void tally_clear(struct search *s)
{
	s->runs_before = 0;
	s->runs = 0;
	s->runs_blocked = 0;
	s->runs_cut = 0;
	s->events = 0;
	s->depth_max = 0;
	s->was_bounded = false;
	s->bug_endings = 0;
	s->first_bug_run = 0;
	memset(s->property_held, 0,
	       s->scenario->property_count * sizeof(*s->property_held));
	memset(s->property_ever, 0,
	       s->scenario->property_count * sizeof(*s->property_ever));
	endings_clear(&s->endings);
}

static void counts_write(const struct search *s, struct bytes *to)
{
	uint32_t i;

	bytes_put(to, s->runs);
	bytes_put(to, s->runs_blocked);
	bytes_put(to, s->runs_cut);
	bytes_put(to, s->events);
	bytes_put(to, s->depth_max);
	bytes_put(to, s->was_bounded);
	for (i = 0; i < s->scenario->property_count; i++) {
		bytes_put(to, s->property_held[i]);
		bytes_put(to, s->property_ever[i]);
	}
}

static void counts_add(struct search *s, struct reader *from)
{
	uint32_t i, depth;

	s->runs += reader_get(from);
	s->runs_blocked += reader_get(from);
	s->runs_cut += reader_get(from);
	s->events += reader_get(from);
	depth = reader_get_below(from, UINT32_MAX);
	if (depth > s->depth_max)
		s->depth_max = depth;
	s->was_bounded |= reader_get_below(from, 2);
	for (i = 0; i < s->scenario->property_count; i++) {
		s->property_held[i] += reader_get(from);
		s->property_ever[i] |= reader_get_below(from, 2);
	}
}

void tally_write(const struct search *s, struct bytes *to)
{
	counts_write(s, to);
	endings_write(&s->endings, to);
}

static bool merge_ending(struct search *s, struct reader *from, uint64_t before)
{
	struct ending more;

	ending_read(&s->endings, from, &more);
	more.first_run += before;
	if (!from->is_bad && endings_merge(&s->endings, &more))
		search_note_ending(s);
	free(more.trail);
	return !from->is_bad;
}

bool tally_merge(struct search *s, struct reader *from)
{
	uint64_t before = s->runs_before + s->runs;
	uint32_t i, count;

	counts_add(s, from);
	count = reader_get_count(from);
	for (i = 0; i < count; i++) {
		if (!merge_ending(s, from, before))
			return false;
	}
	return !from->is_bad;
}

/* ---- all that was counted ---------------------------------------------- */

void tally_save(const struct search *s, struct bytes *to)
{
	bytes_put(to, s->runs_before);
	bytes_put(to, s->first_bug_run);
	bytes_put_real(to, s->first_bug_seconds);
	tally_write(s, to);
}

static bool restore_ending(struct search *s, struct reader *from)
{
	struct ending one;

	ending_read(&s->endings, from, &one);
	if (!from->is_bad && endings_merge(&s->endings, &one)) {
		s->endings.items[s->endings.count - 1].is_of_last_pass =
			one.is_of_last_pass;
		s->bug_endings += search_is_bug(
			s->endings.items[s->endings.count - 1].verdicts);
	}
	free(one.trail);
	return !from->is_bad;
}

bool tally_restore(struct search *s, struct reader *from)
{
	uint32_t i, count;

	tally_clear(s);
	s->runs_before = reader_get(from);
	s->first_bug_run = reader_get(from);
	s->first_bug_seconds = reader_get_real(from);
	counts_add(s, from);
	count = reader_get_count(from);
	for (i = 0; i < count; i++) {
		if (!restore_ending(s, from))
			return false;
	}
	return !from->is_bad;
}
