/*
 * fold.c - fewer rows: what nobody misses is told in one.
 *
 * A critical section in which nothing happens becomes a card "⋯2 table"; a
 * call that does nothing visible becomes one row; of many repetitions the
 * first and the last stay, with a card between them.
 */
#include "viz/sequence/story.h"

#include <string.h>

#define PERIOD_MAX 16u
#define REPEATS_MIN 5u
#define LOCKS_MAX 8u

/* A lock or unlock that went smoothly: nobody had to wait for it. */
static bool is_lock_row(const struct story *s, unsigned int i, int lane)
{
	const struct row *row = &s->rows[i];

	return i < s->row_count && row->lane == lane &&
	       row->look == LOOK_LOCK && !row->is_pinned &&
	       row_event(s, row)->peer < 0 && row_event(s, row)->in == 0 &&
	       row_event(s, row)->kind != EVENT_TRYLOCK;
}

/* ---- empty critical sections -----------------------------------------------
 */

/*
 * How many rows from @first on are critical sections without content: locks
 * and unlocks of one lane that leave nothing held.
 */
static unsigned int section_length(const struct story *s, unsigned int first)
{
	unsigned int depth = 0, length = 0;
	int lane = s->rows[first].lane;

	for (unsigned int i = first; is_lock_row(s, i, lane); i++) {
		enum event_kind kind = row_event(s, &s->rows[i])->kind;

		if (kind != EVENT_UNLOCK)
			depth++;
		else if (depth > 0)
			depth--;
		else
			break;
		if (depth == 0)
			length = i - first + 1;
	}
	return length;
}

static const char *name_locks(struct story *s, unsigned int first,
			      unsigned int length)
{
	uint32_t locks[LOCKS_MAX];
	unsigned int count = 0;
	const char *text = "";

	for (unsigned int i = first; i < first + length; i++) {
		uint32_t lock = s->rows[i].lock;
		unsigned int k = 0;

		while (k < count && locks[k] != lock)
			k++;
		if (k < count || count >= LOCKS_MAX || lock == 0)
			continue;
		locks[count++] = lock;
		text = story_format(s, "%s%s%s", text, *text ? ", " : "",
				    words_of_lock(s, lock));
	}
	text = story_format(s, "⋯%u %s", length, text);
	return words_fit(s, text, s->box_chars);
}

/* Each pass copies the rows that stay to the front, in one go. */
static void fold_sections(struct story *s)
{
	unsigned int kept = 0, length;

	for (unsigned int i = 0; i < s->row_count; i += length) {
		struct row row = s->rows[i];

		length = is_lock_row(s, i, row.lane) ? section_length(s, i) : 0;
		if (length >= 2) {
			row.text = name_locks(s, i, length);
			row.folded = length;
		} else {
			length = 1;
		}
		s->rows[kept++] = row;
	}
	s->row_count = kept;
}

/* ---- calls without content --------------------------------------------- */

static bool is_kind(const struct story *s, unsigned int i, enum event_kind kind)
{
	return s->rows[i].folded == 0 && !s->rows[i].is_pinned &&
	       row_event(s, &s->rows[i])->kind == kind;
}

static void join_calls(struct story *s)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < s->row_count; i++) {
		struct row row = s->rows[i];

		if (i + 1 < s->row_count && row.lane == s->rows[i + 1].lane &&
		    is_kind(s, i, EVENT_ENTER) &&
		    is_kind(s, i + 1, EVENT_RETURN))
			row.end = s->rows[++i].n;
		s->rows[kept++] = row;
	}
	s->row_count = kept;
}

/* ---- repetitions ------------------------------------------------------- */

/* Whether two rows are the same step but for names and values. */
static bool is_alike(const struct story *s, const struct row *a,
		     const struct row *b)
{
	const struct event *x = row_event(s, a), *y = row_event(s, b);

	return a->lane == b->lane && !a->is_pinned && !b->is_pinned &&
	       x->kind == y->kind && x->object_kind == y->object_kind &&
	       a->folded == b->folded && !a->end == !b->end;
}

/* How often the @period rows from @first on are repeated, themselves included.
 */
static unsigned int count_repeats(const struct story *s, unsigned int first,
				  unsigned int period)
{
	unsigned int i = first + period;

	if (i > s->row_count)
		return 0;
	for (unsigned int k = first; k < i; k++)
		if (s->rows[k].lane != s->rows[first].lane ||
		    s->rows[k].is_pinned)
			return 0;
	while (i < s->row_count &&
	       is_alike(s, &s->rows[i], &s->rows[i - period]))
		i++;
	return (i - first) / period;
}

/* The card that stands for the rows from @first up to, not including, @end. */
static struct row repeats_card(struct story *s, unsigned int first,
			       unsigned int end, unsigned int times)
{
	struct row card = s->rows[first];
	unsigned int steps = 0;

	for (unsigned int i = first; i < end; i++)
		steps += s->rows[i].folded ? s->rows[i].folded : 1;
	card.text = story_format(s, "⋯%u rounds more", times);
	card.text = words_fit(s, card.text, s->box_chars);
	card.folded = steps;
	card.end = 0;
	card.look = LOOK_CALL;
	card.is_whole_call = true;
	return card;
}

/* The shortest period that is repeated often enough to fold; 0: none. */
static unsigned int find_period(const struct story *s, unsigned int first,
				unsigned int *repeats)
{
	for (unsigned int p = 1; p <= PERIOD_MAX; p++) {
		*repeats = count_repeats(s, first, p);
		if (*repeats >= REPEATS_MIN)
			return p;
	}
	return 0;
}

static void fold_periods(struct story *s)
{
	unsigned int kept = 0, repeats, i = 0;

	while (i < s->row_count) {
		unsigned int period = find_period(s, i, &repeats);
		unsigned int last = i + period * (repeats - 1);
		struct row card;

		if (period == 0) {
			s->rows[kept++] = s->rows[i++];
			continue;
		}
		card = repeats_card(s, i + period, last, repeats - 2);
		for (unsigned int k = 0; k < period; k++)
			s->rows[kept++] = s->rows[i + k];
		s->rows[kept++] = card;
		for (unsigned int k = 0; k < period; k++)
			s->rows[kept++] = s->rows[last + k];
		i = last + period;
	}
	s->row_count = kept;
}

void story_fold(struct story *s)
{
	if (s->o->fold == VIZ_FOLD_NONE)
		return;
	fold_sections(s);
	join_calls(s);
	fold_periods(s);
}
