/*
 * fake_task.c - the tasks of the fake kernel.
 *
 * A task is a thread that runs only while it has the turn; so all tools that
 * know threads (sanitizers, valgrind, debuggers) know tasks.  The test's own
 * task hands the turn to another and waits until it comes back.
 */
#include "tests/fake_kernel.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake_private.h"

struct fake_task *fake_current;
struct fake_task *fake_tasks;

static pthread_mutex_t turn_mutex = PTHREAD_MUTEX_INITIALIZER;
static jmp_buf bug_frame;
static bool has_bug_frame;

/* ---- turns -----------------------------------------------------------------
 */

/* Give the turn to @to; returns when the caller has it again. */
static void switch_to(struct fake_task *to)
{
	struct fake_task *self = fake_current;

	fake_current = to;
	pthread_cond_signal(&to->turn);
	while (fake_current != self)
		pthread_cond_wait(&self->turn, &turn_mutex);
	if (self->is_dying) {
		fake_current = fake_tasks;
		pthread_cond_signal(&fake_tasks->turn);
		pthread_mutex_unlock(&turn_mutex);
		pthread_exit(NULL);
	}
}

void fake_stop(void)
{
	switch_to(fake_tasks);
}

void fake_end_of_task(enum fake_state state)
{
	struct fake_task *self = fake_current;

	self->state = state;
	if (self->interrupt_waker)
		kwaker_put(self->interrupt_waker);
	self->interrupt_waker = NULL;
	fake_current = fake_tasks;
	pthread_cond_signal(&fake_tasks->turn);
	pthread_mutex_unlock(&turn_mutex);
	pthread_exit(NULL);
}

static void *body(void *arg)
{
	struct fake_task *self = arg;

	pthread_mutex_lock(&turn_mutex);
	while (fake_current != self)
		pthread_cond_wait(&self->turn, &turn_mutex);
	self->result = self->run(self->arg);
	fake_end_of_task(FAKE_DONE);
}

bool fake_is_own(const struct fake_task *t)
{
	return t == fake_tasks;
}

/* ---- life -------------------------------------------------------------------
 */

struct fake_task *fake_task_new(const char *name, long (*run)(void *arg),
				void *arg)
{
	struct fake_task **at = &fake_tasks, *t = calloc(1, sizeof(*t));
	uint32_t tid = 1;

	if (!t)
		abort();
	for (; *at; at = &(*at)->next)
		tid++;
	*at = t;
	t->name = strdup(name);
	t->tid = tid;
	t->run = run;
	t->arg = arg;
	t->process = fake_process_first();
	pthread_cond_init(&t->turn, NULL);
	futex_thread_init(&t->thread);
	return t;
}

void fake_tasks_init(void)
{
	fake_tasks = NULL;
	fake_current = NULL;
	has_bug_frame = false;
	fake_current = fake_task_new("test", NULL, NULL);
	pthread_mutex_lock(&turn_mutex);
}

void fake_tasks_assert_done(void)
{
	struct fake_task *t = fake_tasks;

	if (t->interrupt_waker)
		kwaker_put(t->interrupt_waker);
	t->interrupt_waker = NULL;
	for (t = t->next; t; t = t->next) {
		if (t->has_begun && t->state != FAKE_DONE)
			fake_fail("%s has not come to its end", t->name);
	}
}

static void task_free(struct fake_task *t)
{
	if (t->has_begun) {
		if (t->state < FAKE_DONE) {
			t->is_dying = true;
			switch_to(t);
		}
		pthread_mutex_unlock(&turn_mutex);
		pthread_join(t->pthread, NULL);
		pthread_mutex_lock(&turn_mutex);
	}
	pthread_cond_destroy(&t->turn);
	free(t->name);
	free(t);
}

void fake_tasks_fini(void)
{
	struct fake_task *t;

	while ((t = fake_tasks->next)) {
		fake_tasks->next = t->next;
		task_free(t);
	}
	task_free(fake_tasks);
	pthread_mutex_unlock(&turn_mutex);
}

/* ---- running ----------------------------------------------------------- */

static void run_task(struct fake_task *t)
{
	if (fake_current != fake_tasks)
		fake_fail("only the test itself runs tasks");
	if (t->state != FAKE_READY)
		fake_fail("%s cannot move", t->name);
	t->has_stopped = false;
	if (!t->has_begun) {
		t->has_begun = true;
		pthread_create(&t->pthread, NULL, body, t);
	}
	switch_to(t);
	if (t->state == FAKE_FAILED) {
		fake_is_broken = true;
		ck_abort_msg("%s", t->failure);
	}
}

static void run_until(struct fake_task *t, const char *before,
		      const char *after)
{
	t->stop_before = before;
	t->stop_after = after;
	run_task(t);
	t->stop_before = NULL;
	t->stop_after = NULL;
	if (!t->has_stopped)
		fake_fail("%s never came to %s; the log is %s", t->name,
			  before ? before : after, fake_log());
}

void fake_run(struct fake_task *t)
{
	run_task(t);
}

void fake_run_to(struct fake_task *t, const char *point)
{
	run_until(t, point, NULL);
}

void fake_run_past(struct fake_task *t, const char *point)
{
	run_until(t, NULL, point);
}

void fake_run_all(void)
{
	struct fake_task *t;
	bool has_moved;

	do {
		has_moved = false;
		for (t = fake_tasks->next; t; t = t->next) {
			if (t->state != FAKE_READY)
				continue;
			run_task(t);
			has_moved = true;
		}
	} while (has_moved);
}

void fake_end_all(void)
{
	struct fake_task *t;

	for (t = fake_tasks->next; t; t = t->next) {
		if (t->state == FAKE_PARKED)
			fake_signal(t);
	}
	fake_run_all();
}

void fake_begin_of(const struct ksite *site, uint32_t kind)
{
	static const char *const kinds[KOBJECT_COUNT] = {
		[KOBJECT_TABLE] = "(table)",
		[KOBJECT_STATE] = "(state)",
		[KOBJECT_ENTRY] = "(entry)",
	};
	const char *suffix = kind < KOBJECT_COUNT ? kinds[kind] : NULL;
	struct fake_task *t = fake_current;
	char point[64];

	fake_point_name(site, point, sizeof(point));
	if (t->stop_before && !strcmp(t->stop_before, point)) {
		t->stop_before = NULL;
		t->has_stopped = true;
		fake_stop();
	}
	fake_logf("%s%s%s%s", fake_is_own(t) ? "" : t->name,
		  fake_is_own(t) ? "" : ":", point, suffix ? suffix : "");
}

void fake_begin(const struct ksite *site)
{
	fake_begin_of(site, KOBJECT_COUNT);
}

void fake_end(const struct ksite *site)
{
	struct fake_task *t = fake_current;
	char point[64];

	if (!t->stop_after)
		return;
	fake_point_name(site, point, sizeof(point));
	if (strcmp(t->stop_after, point))
		return;
	t->stop_after = NULL;
	t->has_stopped = true;
	fake_stop();
}

bool fake_is_done(const struct fake_task *t)
{
	return t->state == FAKE_DONE;
}

bool fake_is_asleep(const struct fake_task *t)
{
	return t->state == FAKE_PARKED || t->state == FAKE_AWAITING;
}

long fake_result(const struct fake_task *t)
{
	if (t->state != FAKE_DONE)
		fake_fail("%s is not done", t->name);
	return t->result;
}

const char *fake_bug(const struct fake_task *t)
{
	return t->bug;
}

uint32_t fake_tid(const struct fake_task *t)
{
	return t->tid;
}

void fake_task_move(struct fake_task *t, struct fake_process *p)
{
	t->process = p;
}

/* ---- trouble ----------------------------------------------------------- */

jmp_buf *fake_bug_frame(void)
{
	has_bug_frame = true;
	return &bug_frame;
}

void kbug(const char *what, const struct ksite *site)
{
	struct fake_task *t = fake_current;

	fake_is_broken = true;
	t->bug = what;
	if (!fake_is_own(t))
		fake_end_of_task(FAKE_BUGGED);
	if (!has_bug_frame)
		fake_fail("kernel bug at %s:%d: %s", site->file, site->line,
			  what);
	has_bug_frame = false;
	longjmp(bug_frame, 1);
}

void fake_fail(const char *format, ...)
{
	struct fake_task *t = fake_current;
	va_list args;

	fake_is_broken = true;
	va_start(args, format);
	vsnprintf(t->failure, sizeof(t->failure), format, args);
	va_end(args);
	if (!fake_is_own(t))
		fake_end_of_task(FAKE_FAILED);
	ck_abort_msg("%s", t->failure);
}

/* ---- who am I ---------------------------------------------------------- */

struct futex_thread *kthread(uint32_t tid)
{
	struct fake_task *t;

	if (!tid)
		return &fake_current->thread;
	for (t = fake_tasks; t; t = t->next) {
		if (t->tid == tid)
			return &t->thread;
	}
	return NULL;
}

uint32_t kthread_tid(void)
{
	return fake_current->tid;
}
