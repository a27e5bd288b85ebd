/* machine.c - playing lists of moves, logging, running scenarios. */
#include "tests/machine.h"

#include <fts.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOG_SIZE 65536
#define THREADS_MAX 26

struct sim machine;

static char log_text[LOG_SIZE];
static size_t log_used;
static struct scenario *loaded;
static struct trace *traced;

static void forget(void)
{
	scenario_free(loaded);
	loaded = NULL;
	trace_free(traced);
	traced = NULL;
}

void machine_setup(void)
{
	sim_init(&machine);
}

void machine_teardown(void)
{
	sim_fini(&machine);
	forget();
}

Suite *machine_suite(const char *name, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);

	/* Some go through all shipped scenarios, on a machine that is busy. */
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, machine_setup, machine_teardown);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(suite, tc);
	return suite;
}

/* ---- the log ----------------------------------------------------------- */

static __attribute__((format(printf, 1, 2))) void put(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_used += (size_t)vsnprintf(log_text + log_used, LOG_SIZE - log_used,
				      format, args);
	va_end(args);
	ck_assert_uint_lt(log_used, LOG_SIZE);
}

const char *machine_log(void)
{
	return log_text;
}

static bool has_result(enum event_kind kind)
{
	return kind == EVENT_TRYLOCK || kind == EVENT_LOAD ||
	       kind == EVENT_WAKE || kind == EVENT_INTERRUPT_TAKE ||
	       kind == EVENT_TIMER_ARM || kind == EVENT_TIMER_POLL ||
	       kind == EVENT_USER_LOAD;
}

static bool is_about_another(enum event_kind kind)
{
	return kind == EVENT_WAKE || kind == EVENT_TIMER_FIRE ||
	       kind == EVENT_SIGNAL;
}

static void on_event(struct observer *o, struct sim *sim, int32_t mover,
		     const struct step *step, bool is_step)
{
	char point[POINT_NAME_MAX];

	(void)o;
	(void)is_step;
	put("%s%s:%s", log_used ? " " : "",
	    mover >= 0		   ? sim->tasks[mover].name
	    : mover == MOVER_CLOCK ? "clock"
				   : "signal",
	    event_point(step->kind, step->object_kind, point));
	if (is_about_another(step->kind))
		put("[%s]", sim->tasks[step->peer].name);
	if (has_result(step->kind))
		put("=%" PRId64, step->out);
	if (step->permit)
		put("(permit)");
	if (step->kind == EVENT_LOCK && step->in)
		put("(handed)");
}

/* ---- the list of moves ------------------------------------------------- */

struct player {
	struct policy policy;
	const char *next;
	const char *refused; /* a move that could not be made */
};

static void nothing(struct policy *policy, struct sim *sim)
{
	(void)policy;
	(void)sim;
}

static struct move step_of_anybody(struct player *p, struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->task_count; i++) {
		if (task_can_move(&sim->tasks[i]))
			return (struct move){MOVE_STEP, i, 0};
	}
	p->next++;
	return (struct move){.kind = MOVE_STOP};
}

static struct move fire_of(struct player *p, const struct ktimer *timer)
{
	if (timer)
		return (struct move){MOVE_FIRE, timer->task->index, 0};
	p->refused = p->next - 1;
	return (struct move){.kind = MOVE_STOP};
}

static struct move step_of(struct player *p, struct sim *sim, uint32_t thread)
{
	if (thread < sim->task_count && task_can_move(&sim->tasks[thread]))
		return (struct move){MOVE_STEP, thread, 0};
	p->refused = p->next - 1;
	return (struct move){.kind = MOVE_STOP};
}

/* The move that a letter or sign stands for; it has been read already. */
static struct move move_of(struct player *p, struct sim *sim, char c)
{
	uint64_t ns;
	char *end;

	if (c == '#')
		return fire_of(p, sim_next_timer(sim));
	if (c == '!')
		return (struct move){MOVE_SIGNAL, (uint32_t)(*p->next++ - 'A'),
				     SIGNAL_DEFAULT};
	if (c == '+') {
		ns = strtoull(p->next, &end, 10);
		p->next = end;
		return (struct move){MOVE_ADVANCE, 0, sim->now_ns + ns};
	}
	if (c >= 'a')
		return fire_of(p, task_timer(sim, &sim->tasks[c - 'a']));
	return step_of(p, sim, (uint32_t)(c - 'A'));
}

static struct move choose(struct policy *policy, struct sim *sim)
{
	struct player *p = (struct player *)policy;
	struct move move = {.kind = MOVE_STOP};

	for (;;) {
		p->next += strspn(p->next, " ");
		if (!*p->next)
			return move;
		if (*p->next != '*')
			return move_of(p, sim, *p->next++);
		move = step_of_anybody(p, sim);
		if (move.kind != MOVE_STOP)
			return move;
	}
}

void machine_play(const char *moves)
{
	struct player player = {
		.policy = {"player", nothing, choose, nothing},
		.next = moves,
	};
	struct observer observer = {on_event};

	log_used = 0;
	log_text[0] = '\0';
	sim_run(&machine, &player.policy, &observer);
	if (player.refused)
		ck_abort_msg("'%s' cannot be played after: %s", player.refused,
			     log_text);
	ck_assert(!*player.next || machine.verdict_count ||
		  machine.step_count >= machine.steps_max);
}

/* ---- threads made of C functions --------------------------------------- */

static void idle(struct task *task)
{
	(void)task;
}

static const char *name_of(uint32_t index)
{
	static const char names[THREADS_MAX][2] = {
		"A", "B", "C", "D", "E", "F", "G", "H", "I",
		"J", "K", "L", "M", "N", "O", "P", "Q", "R",
		"S", "T", "U", "V", "W", "X", "Y", "Z"};

	ck_assert_uint_lt(index, THREADS_MAX);
	return names[index];
}

void machine_thread(uint32_t index, void (*main)(struct task *task))
{
	sim_set_task(&machine, index, name_of(index), main, NULL);
}

static void idle_threads(uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		machine_thread(i, idle);
}

void machine_begin(uint32_t count)
{
	sim_begin_empty(&machine, 0, count);
	idle_threads(count);
}

/* The programs of the scenario are replaced; only its memory is wanted. */
void machine_begin_with(const char *memory, uint32_t count)
{
	char text[4096];
	size_t used;
	uint32_t i;

	used = (size_t)snprintf(text, sizeof(text),
				"futexsim: 1\nname: memory\n%sthreads:\n",
				memory);
	for (i = 0; i < count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "  %s: {process: P1, run: [yield]}\n",
					 name_of(i));
	ck_assert_uint_lt(used, sizeof(text));
	forget();
	loaded = scenario_of(text);
	sim_begin(&machine, loaded, 0);
	idle_threads(count);
}

/* ---- verdicts ---------------------------------------------------------- */

void assert_verdicts_of(const struct sim *sim, const char *kinds)
{
	char found[256] = "";
	size_t used = 0;
	uint32_t i;

	for (i = 0; i < sim->verdict_count; i++)
		used += (size_t)snprintf(found + used, sizeof(found) - used,
					 "%s%s", i ? " " : "",
					 verdict_name(sim->verdicts[i].kind));
	if (strcmp(found, kinds))
		ck_abort_msg("verdicts are [%s], not [%s]: %s", found, kinds,
			     sim->verdict_count ? sim->verdicts[0].what : "");
}

/* ---- scenarios --------------------------------------------------------- */

struct scenario *scenario_of(const char *text)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, "test.yaml");
	s = scenario_parse("test.yaml", text, strlen(text), &d);
	if (!s) {
		diagnostics_print(&d, stdout);
		fflush(stdout);
		ck_abort_msg("the scenario does not load:\n%s", text);
	}
	diagnostics_fini(&d);
	return s;
}

struct run_request request_of(const char *text, const char *profile)
{
	struct run_request request = {.profile = profile};

	forget();
	loaded = scenario_of(text);
	request.scenario = loaded;
	if (loaded->schedule_count)
		request.schedule = loaded->schedules;
	ck_assert_int_eq(run_quirks(loaded, profile, &request.quirks), 0);
	return request;
}

void play_request(const struct run_request *request, struct run *run)
{
	trace_free(traced);
	run_scenario(&machine, request, run);
	traced = run->trace;
}

void play_scenario(const char *text, const char *profile, struct run *run)
{
	struct run_request request = request_of(text, profile);

	play_request(&request, run);
}

void machine_play_whole(const char *text, const char *profile, struct run *run)
{
	play_scenario(text, profile, run);
	if (run->error)
		ck_abort_msg("%d: %s", run->error_line, run->error);
}

const struct verdict *machine_verdict(void)
{
	ck_assert_uint_gt(machine.verdict_count, 0);
	return &machine.verdicts[0];
}

int64_t result_of(const char *thread, const char *name)
{
	const struct task *task;
	uint32_t i, r;

	for (i = 0; i < machine.task_count; i++) {
		task = &machine.tasks[i];
		if (strcmp(task->name, thread))
			continue;
		for (r = 0; r < task->thread->register_count; r++) {
			if (!strcmp(task->thread->registers[r], name) &&
			    task->is_assigned[r])
				return task->registers[r];
		}
	}
	ck_abort_msg("%s.%s has no value", thread, name);
	return 0;
}

/* ---- the shipped scenarios --------------------------------------------- */

static void each_run_of(const struct scenario *s,
			void (*each)(const struct run *run))
{
	struct run_request request = {.scenario = s, .wants_trace = true};
	struct run run;
	uint32_t i, j;

	for (i = 0; i < s->profiles.count; i++) {
		request.profile = s->profiles.items[i];
		run_quirks(s, request.profile, &request.quirks);
		for (j = 0; j == 0 || j < s->schedule_count; j++) {
			request.schedule =
				s->schedule_count ? &s->schedules[j] : NULL;
			request.is_one_of_many =
				run_is_one_of_many(s, request.schedule);
			run_scenario(&machine, &request, &run);
			each(&run);
			trace_free(run.trace);
		}
	}
}

static bool is_scenario(const FTSENT *e)
{
	return e->fts_info == FTS_F && e->fts_namelen > 5 &&
	       !strcmp(e->fts_name + e->fts_namelen - 5, ".yaml") &&
	       !strstr(e->fts_path, "/schema/") &&
	       !scenario_is_for_inclusion(e->fts_path);
}

static void load_and_run(const char *path, void (*each)(const struct run *run))
{
	struct diagnostics d;
	struct scenario *s, *combination;
	uint32_t i;

	diagnostics_init(&d, path);
	s = scenario_load(path, &d);
	diagnostics_print(&d, stdout);
	ck_assert_msg(s != NULL, "%s does not load", path);
	each_run_of(s, each);
	for (i = 1; i < s->matrix.combination_count; i++) {
		combination = scenario_combination(s, i, &d);
		ck_assert_ptr_nonnull(combination);
		each_run_of(combination, each);
		scenario_free(combination);
	}
	diagnostics_fini(&d);
	scenario_free(s);
}

unsigned int each_shipped_run(void (*each)(const struct run *run))
{
	char folder[] = "scenarios";
	char *const roots[] = {folder, NULL};
	FTS *fts = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	unsigned int count = 0;
	FTSENT *e;

	ck_assert_ptr_nonnull(fts);
	while ((e = fts_read(fts))) {
		if (!is_scenario(e))
			continue;
		load_and_run(e->fts_path, each);
		count++;
	}
	fts_close(fts);
	return count;
}
