/* script_points.c - does a step stand at the point that a line names? */
#include "sim/run/script_points.h"

#include <string.h>

static bool is_of_word(struct sim *sim, const struct step *step, uint32_t word)
{
	struct place p = word_place(sim, &sim->scenario->words[word], NULL);
	uint64_t number = place_number(p);

	if (step->object_kind == OBJECT_WORD)
		return step->object == number;
	if (step->object_kind == OBJECT_WQ)
		return place_is_same(sim->objects[step->object].place, p);
	return false;
}

static bool is_of_thread(const struct sim *sim, const struct step *step,
			 uint32_t thread)
{
	int32_t index = (int32_t)thread;

	if (step->peer == index)
		return true;
	switch (step->object_kind) {
	case OBJECT_WOKEN:
	case OBJECT_CANCELLED:
	case OBJECT_CLEANUP:
	case OBJECT_STATE:
		return sim->objects[step->object].owner == index;
	case OBJECT_TASK:
	case OBJECT_TIMER:
	case OBJECT_INTERRUPT:
		return step->object == thread;
	case OBJECT_NONE:
	case OBJECT_WQ:
	case OBJECT_TABLE:
	case OBJECT_REGISTRY:
	case OBJECT_ASPACE:
	case OBJECT_ENTRY:
	case OBJECT_ROBUST:
	case OBJECT_CTID:
	case OBJECT_WORD:
	case OBJECT_CLOCK:
	case OBJECT_SIGNAL:
	case OBJECT_SYSCALL:
	case OBJECT_TIMEOUT:
	case OBJECT_QUEUE:
	case OBJECT_KERNEL:
	case OBJECT_KIND_COUNT:
		break;
	}
	return false;
}

/* Reference counts have one point for all their kinds. */
static bool is_kind(const struct step *step, const struct schedule_line *line)
{
	char mine[POINT_NAME_MAX], wanted[POINT_NAME_MAX];

	if (step->kind != line->point)
		return false;
	if (step->object_kind == line->point_object)
		return true;
	event_point(step->kind, step->object_kind, mine);
	event_point(line->point, line->point_object, wanted);
	return !strcmp(mine, wanted);
}

bool step_is_at(struct sim *sim, const struct step *step,
		const struct schedule_line *line)
{
	if (!is_kind(step, line))
		return false;
	if (line->of_word != NOWHERE && !is_of_word(sim, step, line->of_word))
		return false;
	return line->of_thread == NOWHERE ||
	       is_of_thread(sim, step, line->of_thread);
}

int64_t step_value(const struct step *step)
{
	if (step->has_values && step->kind != EVENT_USER_CAS)
		return (int64_t)step->new_value;
	return step->out;
}
