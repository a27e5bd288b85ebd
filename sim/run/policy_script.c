/*
 * policy_script.c - a schedule, line by line.
 *
 * A line runs one thread alone until a condition holds, and the condition is
 * looked at before each step.  What cannot be carried out is an error that
 * names the line and what the thread did pass.
 */
#include <string.h>

#include "sim/judge/evaluate.h"
#include "sim/run/names.h"
#include "sim/run/policy.h"
#include "sim/run/script_points.h"

/* What to do about the present line. */
enum answer {
	ANSWER_MOVE, /* make the move */
	ANSWER_DONE, /* the line is carried out */
	ANSWER_FAIL, /* p->error says why */
};

static struct policy_script *script_of(struct policy *policy)
{
	return (struct policy_script *)policy;
}

static const struct schedule_line *line_of(const struct policy_script *p)
{
	return &p->schedule->lines[p->line];
}

/* ---- errors ------------------------------------------------------------ */

static enum answer fail(struct policy_script *p, const char *what)
{
	const struct schedule_line *line = line_of(p);

	p->error = what;
	p->error_line = line->mark.line;
	p->error_col = line->mark.col;
	return ANSWER_FAIL;
}

/* Why @task cannot go on. */
static const char *why(struct sim *sim, const struct task *task)
{
	if (task->state == TASK_DONE)
		return "has ended";
	if (task->state == TASK_UNBORN)
		return "has not been started";
	if (task->state == TASK_WAITING)
		return "waits for the other threads of its process to end";
	if (task->state == TASK_SLEEPING && task->mutex->owner)
		return sim_format(sim, "is blocked on %s, held by %s",
				  object_name(sim, task->mutex->id),
				  ((struct task *)task->mutex->owner)->name);
	if (task->state == TASK_PARKED && task->wait)
		return sim_format(sim, "is blocked on futex %s",
				  wait_label(sim, task));
	return "is blocked";
}

/* The points that were passed in this line; long lists end in dots. */
static const char *passed_points(struct policy_script *p, struct sim *sim)
{
	char point[POINT_NAME_MAX];
	const char *list = "";
	uint32_t i;

	for (i = 0; i < p->passed_count && i < PASSED_MAX; i++) {
		event_point(p->passed[i].kind, p->passed[i].object, point);
		list = sim_format(sim, "%s%s%s", list, i ? ", " : "", point);
	}
	if (p->passed_count > PASSED_MAX)
		list = sim_format(sim, "%s, ...", list);
	return list;
}

static enum answer fail_stopped(struct policy_script *p, struct sim *sim,
				const struct task *task)
{
	if (!p->passed_count)
		return fail(p,
			    sim_format(sim, "'%s' cannot be carried out: %s %s",
				       line_of(p)->text, task->name,
				       why(sim, task)));
	return fail(p, sim_format(sim,
				  "'%s' cannot be carried out: %s %s after "
				  "passing %s",
				  line_of(p)->text, task->name, why(sim, task),
				  passed_points(p, sim)));
}

static void note_passed(struct policy_script *p, const struct step *step)
{
	if (p->passed_count < PASSED_MAX) {
		p->passed[p->passed_count].kind = step->kind;
		p->passed[p->passed_count].object = step->object_kind;
	}
	p->passed_count++;
}

/* ---- one thread -------------------------------------------------------- */

/* Nobody can move, and no timer will change that. */
static bool is_stuck(struct sim *sim, const struct task *task)
{
	return task_is_blocked(task) && !sim_can_any_move(sim) &&
	       !sim_next_timer(sim);
}

static enum answer stuck(struct policy_script *p, struct sim *sim,
			 const struct task *task)
{
	uint32_t i;

	if (is_stuck(sim, task))
		return ANSWER_DONE;
	if (!task_is_blocked(task))
		return fail_stopped(p, sim, task);
	for (i = 0; i < sim->task_count; i++) {
		if (task_can_move(&sim->tasks[i]))
			return fail(p,
				    sim_format(sim,
					       "%s is blocked but not "
					       "stuck: %s can still move",
					       task->name, sim->tasks[i].name));
	}
	return fail(p, sim_format(sim,
				  "%s is blocked but not stuck: a timer of %s "
				  "is armed",
				  task->name, sim_next_timer(sim)->task->name));
}

/* Has the thread, before its next step, got where the line wants it? */
static bool is_reached(struct policy_script *p, struct sim *sim,
		       const struct task *task,
		       const struct schedule_line *line)
{
	bool has_stepped = task->step_count > p->first_step;

	switch (line->stop) {
	case STOP_NEXT:
		return task->op_finished > p->finished ||
		       (has_stepped && !task_can_move(task));
	case STOP_BLOCKED:
		return task_is_blocked(task);
	case STOP_DONE:
		return task->state == TASK_DONE;
	case STOP_BLOCKED_OR_DONE:
		return task->state == TASK_DONE || task_is_blocked(task);
	case STOP_STUCK:
		return false;
	case STOP_BEFORE:
		if (task_can_move(task) && step_is_at(sim, &task->step, line))
			p->passings++;
		return p->passings >= line->nth;
	case STOP_AFTER:
		if (has_stepped && step_is_at(sim, &task->last, line) &&
		    (!line->has_value ||
		     step_value(&task->last) == line->value))
			p->passings++;
		return p->passings >= line->nth;
	case STOP_STEPS:
		return task->step_count - p->first_step >= line->steps;
	}
	return false;
}

/* A slept-for mutex is passed once, when it is taken. */
static bool has_new_step(struct policy_script *p, const struct task *task)
{
	return task->step_count > p->seen_step;
}

static enum answer run_thread(struct policy_script *p, struct sim *sim,
			      struct move *move)
{
	const struct schedule_line *line = line_of(p);
	const struct task *task = &sim->tasks[line->thread];

	if (has_new_step(p, task))
		note_passed(p, &task->last);
	p->seen_step = task->step_count;
	if (is_reached(p, sim, task, line))
		return ANSWER_DONE;
	if (!task_can_move(task)) {
		if (line->stop == STOP_STUCK)
			return stuck(p, sim, task);
		return fail_stopped(p, sim, task);
	}
	*move = (struct move){.kind = MOVE_STEP, .thread = line->thread};
	return ANSWER_MOVE;
}

/* ---- all threads ------------------------------------------------------- */

static bool is_eligible(const struct task *task, bool only_inside)
{
	return task_can_move(task) && (!only_inside || task->is_in_op);
}

/* A program that yields gives up its turn, or a spin would never end. */
static bool has_yielded(const struct task *task)
{
	return task->last.kind == EVENT_YIELD && !task->last.site;
}

/* Each thread in turn until it cannot go on; rounds until nobody moved. */
static enum answer run_all(struct policy_script *p, struct sim *sim,
			   bool only_inside, struct move *move)
{
	const struct task *task;

	for (;;) {
		if (p->next_thread == sim->task_count) {
			if (!p->has_moved)
				return ANSWER_DONE;
			p->next_thread = 0;
			p->has_moved = false;
		}
		task = &sim->tasks[p->next_thread];
		if (is_eligible(task, only_inside) &&
		    !(p->is_in_turn && has_yielded(task)))
			break;
		p->next_thread++;
		p->is_in_turn = false;
	}
	p->has_moved = true;
	p->is_in_turn = true;
	*move = (struct move){.kind = MOVE_STEP, .thread = p->next_thread};
	return ANSWER_MOVE;
}

/* ---- clock, timers, signals -------------------------------------------- */

static enum answer run_clock(struct policy_script *p, struct sim *sim,
			     struct move *move)
{
	const struct ktimer *timer = sim_next_timer(sim);

	if (p->has_moved)
		return ANSWER_DONE;
	if (timer && timer_due_ns(sim, timer) <= p->clock_target) {
		*move = (struct move){.kind = MOVE_FIRE,
				      .thread = timer->task->index};
		return ANSWER_MOVE;
	}
	if (sim->now_ns >= p->clock_target)
		return ANSWER_DONE;
	p->has_moved = true;
	*move = (struct move){.kind = MOVE_ADVANCE, .ns = p->clock_target};
	return ANSWER_MOVE;
}

static enum answer run_timer(struct policy_script *p, struct sim *sim,
			     struct move *move)
{
	const struct task *task = &sim->tasks[line_of(p)->thread];

	if (p->has_moved)
		return ANSWER_DONE;
	if (!task_timer(sim, task))
		return fail(p, sim_format(sim, "%s has no armed timer",
					  task->name));
	p->has_moved = true;
	*move = (struct move){.kind = MOVE_FIRE, .thread = task->index};
	return ANSWER_MOVE;
}

/* A signal to a thread that has ended reaches nobody, and that is no error. */
static enum answer run_signal(struct policy_script *p, struct move *move)
{
	const struct schedule_line *line = line_of(p);

	if (p->has_moved)
		return ANSWER_DONE;
	p->has_moved = true;
	*move = (struct move){
		.kind = MOVE_SIGNAL,
		.thread = line->thread,
		.ns = line->signal,
	};
	if (line->process != NOWHERE) {
		move->kind = MOVE_SIGNAL_PROCESS;
		move->thread = line->process;
	}
	return ANSWER_MOVE;
}

static enum answer run_check(struct policy_script *p, struct sim *sim)
{
	const struct schedule_line *line = line_of(p);
	struct verdict *v;

	if (evaluate_expr(sim, line->expr))
		return ANSWER_DONE;
	v = sim_verdict(sim, VERDICT_EXPECTATION, EVENT_NOBODY);
	if (v) {
		v->rule = "a check in the schedule holds";
		v->what = sim_format(sim, "'%s' does not hold", line->text);
		v->line = line->mark.line;
		v->at = sim->event_count;
	}
	return ANSWER_DONE;
}

static enum answer run_spurious(struct policy_script *p, struct sim *sim,
				struct move *move)
{
	const struct task *task = &sim->tasks[line_of(p)->thread];

	if (p->has_moved)
		return ANSWER_DONE;
	if (task->state != TASK_PARKED)
		return fail(p, sim_format(sim, "%s does not sleep on a futex",
					  task->name));
	p->has_moved = true;
	*move = (struct move){.kind = MOVE_SPURIOUS, .thread = task->index};
	return ANSWER_MOVE;
}

static enum answer run_show(struct policy_script *p, struct sim *sim)
{
	if (p->states)
		state_take(sim, "show", p->states);
	return ANSWER_DONE;
}

/* ---- the whole --------------------------------------------------------- */

static enum answer run_line(struct policy_script *p, struct sim *sim,
			    struct move *move)
{
	switch (line_of(p)->kind) {
	case LINE_THREAD:
		return run_thread(p, sim, move);
	case LINE_ALL_STUCK:
		return run_all(p, sim, false, move);
	case LINE_ALL_FINISH:
		return run_all(p, sim, true, move);
	case LINE_CLOCK:
		return run_clock(p, sim, move);
	case LINE_TIMER_FIRE:
		return run_timer(p, sim, move);
	case LINE_SIGNAL:
		return run_signal(p, move);
	case LINE_CHECK:
		return run_check(p, sim);
	case LINE_SHOW:
		return run_show(p, sim);
	case LINE_SPURIOUS:
		return run_spurious(p, sim, move);
	case LINE_EXPLORE:
		return ANSWER_DONE;
	}
	return ANSWER_DONE;
}

static void begin_line(struct policy_script *p, struct sim *sim)
{
	const struct schedule_line *line = line_of(p);
	const struct task *task;

	p->is_begun = true;
	p->passings = 0;
	p->next_thread = 0;
	p->is_in_turn = false;
	p->has_moved = false;
	p->passed_count = 0;
	if (line->kind == LINE_CLOCK &&
	    __builtin_add_overflow(sim->now_ns, line->duration_ns,
				   &p->clock_target))
		p->clock_target = KTIME_NEVER - 1;
	if (line->kind != LINE_THREAD)
		return;
	task = &sim->tasks[line->thread];
	p->first_step = task->step_count;
	p->seen_step = task->step_count;
	p->finished = task->op_finished;
}

/* Without a schedule: everybody until stuck, then the next timer. */
static struct move choose_freely(struct policy_script *p, struct sim *sim)
{
	struct move move = {.kind = MOVE_STOP};
	const struct ktimer *timer;

	if (run_all(p, sim, false, &move) == ANSWER_MOVE)
		return move;
	p->next_thread = 0;
	p->is_in_turn = false;
	timer = sim_next_timer(sim);
	if (timer)
		move = (struct move){.kind = MOVE_FIRE,
				     .thread = timer->task->index};
	return move;
}

static struct move choose(struct policy *policy, struct sim *sim)
{
	struct policy_script *p = script_of(policy);
	struct move move = {.kind = MOVE_STOP};

	sim->is_round = !p->schedule;
	if (!p->schedule)
		return choose_freely(p, sim);
	while (p->line < p->schedule->line_count) {
		if (!p->is_begun)
			begin_line(p, sim);
		switch (run_line(p, sim, &move)) {
		case ANSWER_MOVE:
			sim->is_round = line_of(p)->kind == LINE_ALL_STUCK ||
					line_of(p)->kind == LINE_ALL_FINISH;
			return move;
		case ANSWER_FAIL:
			return (struct move){.kind = MOVE_STOP};
		case ANSWER_DONE:
			p->line++;
			p->is_begun = false;
			break;
		}
	}
	return (struct move){.kind = MOVE_STOP};
}

static void begin(struct policy *policy, struct sim *sim)
{
	(void)policy;
	(void)sim;
}

static void end(struct policy *policy, struct sim *sim)
{
	(void)policy;
	(void)sim;
}

void policy_script_init(struct policy_script *p,
			const struct schedule *schedule,
			struct state_list *states)
{
	*p = (struct policy_script){
		.policy = {"script", begin, choose, end},
		.schedule = schedule,
		.states = states,
	};
}
