/*
 * lanes.c - who has a lane: threads by process, then the clock and signals.
 */
#include "viz/sequence/story.h"

#include <string.h>

#define FEW_LANES 4u

static void place_one(struct story *s, int32_t thread, bool *has_lane)
{
	if (thread >= 0 && (unsigned int)thread < s->t->thread_count)
		has_lane[thread] = true;
}

static unsigned int count_true(const bool *flags, unsigned int count)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < count; i++)
		n += flags[i];
	return n;
}

/* Threads that the verdict or the focus speaks of. */
static void place_named(struct story *s, bool *has_lane)
{
	const struct trace *t = s->t;

	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].is_evidence || s->rows[i].is_violation)
			place_one(s, s->rows[i].mover, has_lane);
	if (s->verdict)
		place_one(s, s->verdict->thread, has_lane);
	for (unsigned int i = 0; i < t->thread_count; i++)
		if (strings_have(&s->focus, t->threads[i].name))
			has_lane[i] = true;
}

/* The row of the violation, else the last. */
static unsigned int middle_row(const struct story *s)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].is_violation)
			return i;
	return s->row_count;
}

/* Fill up with the threads whose rows are near @middle, nearest first. */
static void place_near(struct story *s, bool *has_lane)
{
	unsigned int middle = middle_row(s);
	unsigned int placed = count_true(has_lane, s->t->thread_count);

	for (unsigned int d = 0; d <= s->row_count && placed < LANES_MAX; d++) {
		for (int side = -1; side <= 1 && placed < LANES_MAX;
		     side += 2) {
			int64_t i = (int64_t)middle + side * (int64_t)d;
			int32_t mover;

			if (i < 0 || i >= s->row_count)
				continue;
			mover = s->rows[i].mover;
			if (mover < 0 || has_lane[mover])
				continue;
			has_lane[mover] = true;
			placed++;
		}
	}
}

static void add_lane(struct story *s, const char *name, int32_t mover)
{
	struct lane *lane = &s->lanes[s->lane_count];

	lane->name = name;
	lane->mover = mover;
	lane->panel = s->panel_count - 1;
	s->panels[lane->panel].count++;
	s->lane_count++;
}

static struct panel *add_panel(struct story *s, const char *name)
{
	struct panel *panel = &s->panels[s->panel_count++];

	panel->name = name;
	panel->first = s->lane_count;
	return panel;
}

static const char *process_of(const struct trace *t, unsigned int thread)
{
	return t->threads[thread].process ? t->threads[thread].process : "";
}

/* One panel: the threads of the process of @first that come after it. */
static void add_process(struct story *s, unsigned int first, bool *has_lane)
{
	const struct trace *t = s->t;
	const char *process = process_of(t, first);

	add_panel(s, *process ? story_format(s, "process %s", process)
			      : "threads");
	for (unsigned int i = first; i < t->thread_count; i++) {
		if (!has_lane[i] || strcmp(process_of(t, i), process) != 0)
			continue;
		s->lane_of[i] = (int)s->lane_count;
		add_lane(s, t->threads[i].name, (int32_t)i);
		has_lane[i] = false;
	}
}

/* Whether a timer is armed within the picture, or still is as it begins. */
static bool has_timer(struct story *s)
{
	bool *is_armed = trace_alloc(s->memory, s->t->thread_count + 1);
	unsigned int armed = 0;

	for (uint32_t n = 1; n <= s->last; n++) {
		const struct event *e = &s->t->events[n - 1];
		int32_t thread =
			e->kind == EVENT_TIMER_FIRE ? e->peer : e->thread;
		bool is_arm = e->kind == EVENT_TIMER_ARM;

		if (n == s->first && armed > 0)
			return true;
		if (is_arm && story_is_inside(s, n))
			return true;
		if (thread < 0 || (unsigned int)thread >= s->t->thread_count ||
		    (!is_arm && e->kind != EVENT_TIMER_FIRE &&
		     e->kind != EVENT_TIMER_CANCEL))
			continue;
		armed += is_arm - is_armed[thread];
		is_armed[thread] = is_arm;
	}
	return false;
}

static bool has_mover(const struct story *s, int32_t mover)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].mover == mover)
			return true;
	return false;
}

static bool has_handler(const struct story *s)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (row_event(s, &s->rows[i])->kind == EVENT_DELIVER)
			return true;
	return false;
}

static void add_kernel(struct story *s)
{
	bool has_clock = has_mover(s, MOVER_CLOCK) || has_timer(s);
	bool has_signal = has_mover(s, MOVER_SIGNAL) || has_handler(s);

	if (!has_clock && !has_signal)
		return;
	add_panel(s, "kernel")->is_kernel = true;
	if (has_clock) {
		s->clock_lane = (int)s->lane_count;
		add_lane(s, "timer", MOVER_CLOCK);
	}
	if (has_signal) {
		s->signal_lane = (int)s->lane_count;
		add_lane(s, "signal", MOVER_SIGNAL);
	}
}

/* A gap stands for rows of those who have no lane, one after the other. */
static void add_to_gap(struct story *s, unsigned int *kept,
		       const struct row *row)
{
	struct row *gap = *kept > 0 ? &s->rows[*kept - 1] : NULL;

	if (!gap || gap->look != LOOK_GAP) {
		gap = &s->rows[(*kept)++];
		*gap = *row;
		gap->look = LOOK_GAP;
		gap->lock = 0;
		gap->is_pinned = false;
		gap->folded = 0;
	}
	gap->folded++;
	gap->text = story_format(s, "⋯ %u steps of threads that are not drawn",
				 gap->folded);
}

static void place_rows(struct story *s)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < s->row_count; i++) {
		struct row row = s->rows[i];

		row.lane = story_lane_of(s, row.mover);
		if (row.lane >= 0)
			s->rows[kept++] = row;
		else
			add_to_gap(s, &kept, &row);
	}
	s->row_count = kept;
}

void story_lanes(struct story *s)
{
	unsigned int count = s->t->thread_count;
	bool *has_lane = trace_alloc(s->memory, count + 1);

	s->lane_of = trace_alloc(s->memory, (count + 1) * sizeof(int));
	s->lanes = trace_alloc(s->memory, (count + 2) * sizeof(*s->lanes));
	s->panels = trace_alloc(s->memory, (count + 1) * sizeof(*s->panels));
	s->clock_lane = s->signal_lane = -1;
	memset(has_lane, count <= LANES_MAX, count);
	if (count > LANES_MAX) {
		place_named(s, has_lane);
		place_near(s, has_lane);
	}
	s->lanes_left_out = count - count_true(has_lane, count);
	s->box_chars = count - s->lanes_left_out <= FEW_LANES ? BOX_CHARS_MAX
							      : BOX_CHARS_MANY;
	for (unsigned int i = 0; i < count; i++)
		s->lane_of[i] = -1;
	for (unsigned int i = 0; i < count; i++)
		if (has_lane[i])
			add_process(s, i, has_lane);
	add_kernel(s);
	place_rows(s);
}
