/*
 * trace_fixture.c - traces built by hand, for tests of trace/ and viz/.
 */
#include "tests/trace_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MS 1000000ull

struct fixture fixture_begin(const char *scenario, const char *const *threads)
{
	struct fixture f = {0};
	unsigned int count = 0;

	while (threads[2 * count])
		count++;
	f.t = trace_new(count);
	for (unsigned int i = 0; i < count; i++) {
		f.t->threads[i].name = trace_string(f.t, threads[2 * i]);
		f.t->threads[i].process = trace_string(f.t, threads[2 * i + 1]);
		f.t->threads[i].end = "done";
	}
	f.t->scenario = trace_string(f.t, scenario);
	f.t->schedule = "";
	f.t->profile = "starry-0.5.11";
	f.t->policy = "script";
	f.t->file = trace_format(f.t, "%s.yaml", scenario);
	f.t->digest = "0123456789abcdef0123456789abcdef";
	f.t->tool = "0.1.0";
	f.t->expected = true;
	return f;
}

uint32_t fixture_object(struct fixture *f, enum object_kind kind,
			const char *name)
{
	struct trace_object *o;

	for (uint32_t i = 1; i < f->t->object_count; i++)
		if (strcmp(f->t->objects[i].name, name) == 0)
			return i;
	o = trace_add_object(f->t);
	o->kind = kind;
	o->name = trace_string(f->t, name);
	if (kind == OBJECT_WQ)
		o->word = trace_string(f->t, name + strlen("wq:"));
	o->is_named = kind == OBJECT_WORD;
	return f->t->object_count - 1;
}

struct event *fixture_step(struct fixture *f, enum event_kind kind,
			   enum object_kind kind_of_object, const char *object)
{
	uint32_t index = object ? fixture_object(f, kind_of_object, object) : 0;
	struct event *e = trace_add_event(f->t);

	e->thread = f->thread;
	e->kind = kind;
	e->object_kind = kind_of_object;
	e->object = index;
	e->op = f->line;
	e->step = true;
	e->time_ns = f->now;
	f->t->step_count++;
	f->t->end_ns = f->now;
	return e;
}

struct event *fixture_note(struct fixture *f, enum event_kind kind,
			   const char *queue, int32_t peer)
{
	uint32_t index = fixture_object(f, OBJECT_WQ, queue);
	struct event *e = fixture_step(f, kind, OBJECT_QUEUE, NULL);

	e->object = index;
	e->peer = peer;
	e->step = false;
	f->t->step_count--;
	return e;
}

void fixture_lock(struct fixture *f, enum object_kind kind, const char *name)
{
	fixture_step(f, EVENT_LOCK, kind, name)->src = "model/wait_queue.c:50";
}

void fixture_unlock(struct fixture *f, enum object_kind kind, const char *name)
{
	fixture_step(f, EVENT_UNLOCK, kind, name);
}

static void ref(struct fixture *f, enum event_kind kind, uint64_t old)
{
	struct event *e = fixture_step(f, kind, OBJECT_ENTRY, "entry:F");

	e->has_values = kind != EVENT_REF_COUNT;
	e->old_value = old;
	e->new_value = old + (kind == EVENT_REF_GET ? 1u : -1u);
	e->out = kind == EVENT_REF_COUNT ? (int64_t)old : 0;
	if (!e->has_values)
		e->old_value = e->new_value = 0;
}

void fixture_load(struct fixture *f, const char *word, int64_t value)
{
	struct event *e = fixture_step(f, EVENT_USER_LOAD, OBJECT_WORD, word);

	e->in = 0x1000;
	e->out = value;
}

void fixture_store(struct fixture *f, const char *word, uint64_t old,
		   uint64_t value)
{
	struct event *e = fixture_step(f, EVENT_USER_STORE, OBJECT_WORD, word);

	e->in = 0x1000;
	e->has_values = true;
	e->old_value = old;
	e->new_value = value;
}

void fixture_enter(struct fixture *f, const char *text)
{
	struct event *e = fixture_step(f, EVENT_ENTER, OBJECT_SYSCALL, NULL);

	e->text = trace_string(f->t, text);
	f->line++;
}

void fixture_return(struct fixture *f, int64_t result)
{
	fixture_step(f, EVENT_RETURN, OBJECT_SYSCALL, NULL)->out = result;
}

void fixture_key(struct fixture *f, const char *table)
{
	fixture_lock(f, OBJECT_ASPACE, "aspace:P1");
	fixture_unlock(f, OBJECT_ASPACE, "aspace:P1");
	if (strcmp(table, "table:shm") == 0) {
		fixture_lock(f, OBJECT_REGISTRY, "registry");
		ref(f, EVENT_REF_GET, 1);
		fixture_unlock(f, OBJECT_REGISTRY, "registry");
	} else {
		ref(f, EVENT_REF_GET, 1);
	}
}

static const char *queue_of(struct fixture *f, const char *word)
{
	return trace_format(f->t, "wq:%s", word);
}

static const char *flag_of(struct fixture *f, const char *flag, int32_t thread)
{
	return trace_format(f->t, "%s:%s", flag, f->t->threads[thread].name);
}

static void arm(struct fixture *f, uint64_t timeout_ns)
{
	fixture_step(f, EVENT_TIMER_ARM, OBJECT_TIMER,
		     flag_of(f, "timer", f->thread))
		->in = 3600000 * MS + f->now + timeout_ns;
	fixture_step(f, EVENT_TIMER_POLL, OBJECT_TIMER,
		     flag_of(f, "timer", f->thread));
}

/* The first poll: under the queue's mutex, the word again, then the queue. */
static void first_poll(struct fixture *f, const char *word, int64_t value)
{
	const char *queue = queue_of(f, word);

	fixture_step(f, EVENT_INTERRUPT_REGISTER, OBJECT_INTERRUPT, NULL);
	fixture_step(f, EVENT_INTERRUPT_TAKE, OBJECT_INTERRUPT, NULL);
	fixture_lock(f, OBJECT_WQ, queue);
	fixture_load(f, word, value);
	fixture_note(f, EVENT_QUEUE_PUSH, queue, f->thread);
	ref(f, EVENT_REF_GET, 3);
	fixture_unlock(f, OBJECT_WQ, queue);
}

void fixture_wait(struct fixture *f, int32_t thread, const char *text,
		  const char *word, const char *table, int64_t value,
		  uint64_t timeout_ns)
{
	f->thread = thread;
	fixture_enter(f, text);
	fixture_key(f, table);
	fixture_load(f, word, value);
	fixture_step(f, EVENT_TIMEOUT_READ, OBJECT_TIMEOUT, NULL);
	fixture_lock(f, OBJECT_TABLE, table);
	ref(f, EVENT_REF_GET, 2);
	fixture_unlock(f, OBJECT_TABLE, table);
	ref(f, EVENT_REF_GET, 2);
	fixture_step(f, EVENT_CLOCK_READ, OBJECT_CLOCK, NULL)->out =
		(int64_t)(3600000 * MS + f->now);
	first_poll(f, word, value);
	if (timeout_ns)
		arm(f, timeout_ns);
	fixture_step(f, EVENT_BLOCK, OBJECT_TASK, NULL)->has_permit = true;
}

void fixture_guard_drop(struct fixture *f, const char *table, const char *word)
{
	fixture_lock(f, OBJECT_TABLE, table);
	ref(f, EVENT_REF_COUNT, 2);
	fixture_lock(f, OBJECT_WQ, queue_of(f, word));
	fixture_unlock(f, OBJECT_WQ, queue_of(f, word));
	fixture_unlock(f, OBJECT_TABLE, table);
	ref(f, EVENT_REF_PUT, 2);
}

/* A thread runs on after it was unparked, up to its look at woken. */
static uint32_t repoll(struct fixture *f, int32_t thread, int64_t woken)
{
	struct event *e;

	f->thread = thread;
	fixture_step(f, EVENT_RESUME, OBJECT_TASK, NULL);
	fixture_step(f, EVENT_INTERRUPT_REGISTER, OBJECT_INTERRUPT, NULL);
	fixture_step(f, EVENT_INTERRUPT_TAKE, OBJECT_INTERRUPT, NULL);
	e = fixture_step(f, EVENT_LOAD, OBJECT_WOKEN,
			 flag_of(f, "woken", thread));
	e->out = woken;
	return e->n;
}

/* Charge @peer; returns the number of the note. */
static uint32_t charge(struct fixture *f, const char *word, int32_t peer)
{
	uint32_t n;
	struct event *e =
		fixture_note(f, EVENT_QUEUE_CHARGE, queue_of(f, word), peer);

	n = e->n;
	e = fixture_step(f, EVENT_STORE, OBJECT_WOKEN,
			 flag_of(f, "woken", peer));
	e->has_values = true;
	e->new_value = 1;
	return n;
}

static void wake(struct fixture *f, int32_t peer)
{
	struct event *e = fixture_step(f, EVENT_WAKE, OBJECT_TASK, NULL);

	e->peer = peer;
	e->out = 1;
}

static void fire(struct fixture *f, int32_t peer, uint64_t now)
{
	f->thread = MOVER_CLOCK;
	fixture_step(f, EVENT_CLOCK_ADVANCE, OBJECT_CLOCK, NULL)->in =
		now - f->now;
	f->now = now;
	fixture_step(f, EVENT_TIMER_FIRE, OBJECT_TIMER,
		     flag_of(f, "timer", peer))
		->peer = peer;
}

/* A wake of one waiter, @peer, or of nobody; gives the charge's number. */
static uint32_t futex_wake(struct fixture *f, int32_t thread, const char *text,
			   const char *word, const char *table, int32_t peer)
{
	uint32_t n;

	f->thread = thread;
	fixture_enter(f, text);
	fixture_key(f, table);
	fixture_load(f, word, 1);
	fixture_lock(f, OBJECT_TABLE, table);
	fixture_unlock(f, OBJECT_TABLE, table);
	fixture_lock(f, OBJECT_WQ, queue_of(f, word));
	n = charge(f, word, peer);
	fixture_unlock(f, OBJECT_WQ, queue_of(f, word));
	wake(f, peer);
	fixture_step(f, EVENT_YIELD, OBJECT_TASK, NULL);
	fixture_guard_drop(f, table, word);
	fixture_return(f, 1);
	return n;
}

/* What follows a timeout: a last look, then the waiter gives up. */
static void give_up(struct fixture *f, const char *word, const char *table)
{
	const char *queue = queue_of(f, word);
	struct event *e;

	fixture_lock(f, OBJECT_WQ, queue);
	fixture_unlock(f, OBJECT_WQ, queue);
	fixture_step(f, EVENT_TIMER_POLL, OBJECT_TIMER,
		     flag_of(f, "timer", f->thread))
		->out = 1;
	fixture_step(f, EVENT_TIMER_CANCEL, OBJECT_TIMER,
		     flag_of(f, "timer", f->thread));
	e = fixture_step(f, EVENT_STORE, OBJECT_CANCELLED,
			 flag_of(f, "cancelled", f->thread));
	e->has_values = true;
	e->new_value = 1;
	fixture_lock(f, OBJECT_CLEANUP, flag_of(f, "cleanup", f->thread));
	fixture_unlock(f, OBJECT_CLEANUP, flag_of(f, "cleanup", f->thread));
	fixture_lock(f, OBJECT_TABLE, table);
	fixture_lock(f, OBJECT_WQ, queue);
	fixture_unlock(f, OBJECT_WQ, queue);
	fixture_unlock(f, OBJECT_TABLE, table);
	ref(f, EVENT_REF_PUT, 3);
}

struct trace *fixture_timeout_swallows_wake(void)
{
	static const char *const threads[] = {"A", "P1", "C", "P1",
					      "B", "P1", NULL};
	struct fixture f = fixture_begin("timeout-swallows-wake", threads);
	struct verdict *v = trace_add_verdict(f.t);

	f.line = 10;
	f.t->title = "timeout swallows wake";
	v->kind = VERDICT_LOST_WAKEUP;
	v->rule = "a thread that a wake was charged to must return 0";
	fixture_wait(&f, 0, "r = futex_wait F 0 timeout=10ms", "F", "table:P1",
		     0, 10 * MS);
	fixture_wait(&f, 1, "r = futex_wait F 0", "F", "table:P1", 0, 0);
	fire(&f, 0, 10 * MS);
	v->evidence[0] = repoll(&f, 0, 0);
	f.thread = 2;
	fixture_store(&f, "F", 0, 1);
	v->evidence[1] =
		futex_wake(&f, 2, "n = futex_wake F 1", "F", "table:P1", 0);
	v->evidence_count = 2;
	f.thread = 0;
	give_up(&f, "F", "table:P1");
	fixture_guard_drop(&f, "table:P1", "F");
	fixture_return(&f, -ETIMEDOUT);
	v->at = f.t->event_count;
	v->thread = 0;
	v->what = trace_format(
		f.t,
		"Step %u charges A with the one wake-up, but A has read "
		"woken = 0 at step %u already and returns ETIMEDOUT at step "
		"%u. Nobody acts on the wake-up; C sleeps on although F is 1",
		v->evidence[1], v->evidence[0], v->at);
	f.t->threads[0].end = "returned -ETIMEDOUT";
	f.t->threads[1].end = "blocked: futex";
	f.t->threads[1].blocked = true;
	f.t->end_state = "{\"words\":{\"F\":1},\"blocked\":[\"C\"]}";
	return f.t;
}

/* Move @peer from the queue of @from to that of @to. */
static void move(struct fixture *f, const char *from, const char *to,
		 int32_t peer)
{
	fixture_note(f, EVENT_QUEUE_DRAIN, queue_of(f, from), peer);
	fixture_lock(f, OBJECT_CLEANUP, flag_of(f, "cleanup", peer));
	fixture_step(f, EVENT_LOAD, OBJECT_CANCELLED,
		     flag_of(f, "cancelled", peer));
	fixture_unlock(f, OBJECT_CLEANUP, flag_of(f, "cleanup", peer));
	fixture_note(f, EVENT_QUEUE_APPEND, queue_of(f, to), peer);
}

struct trace *fixture_requeue_across_processes(void)
{
	static const char *const threads[] = {"W1", "P1", "W2", "P1",
					      "R",  "P2", NULL};
	struct fixture f = fixture_begin("requeue-across-processes", threads);

	fixture_wait(&f, 0, "futex_wait F 0", "F", "table:shm", 0, 0);
	fixture_wait(&f, 1, "futex_wait F 0", "F", "table:shm", 0, 0);
	f.thread = 2;
	fixture_enter(&f, "n = futex_cmp_requeue F 0 G wake=1 move=1");
	fixture_key(&f, "table:shm");
	fixture_lock(&f, OBJECT_TABLE, "table:shm");
	fixture_unlock(&f, OBJECT_TABLE, "table:shm");
	fixture_lock(&f, OBJECT_WQ, "wq:F");
	fixture_lock(&f, OBJECT_WQ, "wq:G");
	fixture_load(&f, "F", 0);
	charge(&f, "F", 0);
	move(&f, "F", "G", 1);
	fixture_unlock(&f, OBJECT_WQ, "wq:G");
	fixture_unlock(&f, OBJECT_WQ, "wq:F");
	wake(&f, 0);
	fixture_guard_drop(&f, "table:shm", "G");
	fixture_return(&f, 2);
	repoll(&f, 0, 1);
	fixture_guard_drop(&f, "table:shm", "F");
	fixture_return(&f, 0);
	futex_wake(&f, 2, "futex_wake G 1", "G", "table:shm", 1);
	repoll(&f, 1, 1);
	fixture_guard_drop(&f, "table:shm", "F");
	fixture_return(&f, 0);
	return f.t;
}

struct trace *fixture_contended_mutex(void)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", NULL};
	struct fixture f = fixture_begin("contended-mutex", threads);

	f.thread = 0;
	fixture_enter(&f, "futex_wait F 0");
	fixture_lock(&f, OBJECT_ASPACE, "aspace:P1");
	f.thread = 1;
	fixture_enter(&f, "futex_wake F 1");
	fixture_step(&f, EVENT_SLEEP, OBJECT_ASPACE, "aspace:P1");
	f.thread = 0;
	fixture_step(&f, EVENT_UNLOCK, OBJECT_ASPACE, "aspace:P1")->peer = 1;
	fixture_lock(&f, OBJECT_WQ, "wq:F");
	f.thread = 1;
	fixture_step(&f, EVENT_LOCK, OBJECT_ASPACE, "aspace:P1")->in = 1;
	fixture_unlock(&f, OBJECT_ASPACE, "aspace:P1");
	fixture_step(&f, EVENT_SLEEP, OBJECT_WQ, "wq:F");
	f.thread = 0;
	fixture_load(&f, "F", 0);
	fixture_note(&f, EVENT_QUEUE_PUSH, "wq:F", 0);
	fixture_step(&f, EVENT_UNLOCK, OBJECT_WQ, "wq:F")->peer = 1;
	fixture_step(&f, EVENT_BLOCK, OBJECT_TASK, NULL)->has_permit = true;
	f.thread = 1;
	fixture_step(&f, EVENT_LOCK, OBJECT_WQ, "wq:F")->in = 1;
	charge(&f, "F", 0);
	fixture_unlock(&f, OBJECT_WQ, "wq:F");
	wake(&f, 0);
	fixture_return(&f, 1);
	repoll(&f, 0, 1);
	fixture_return(&f, 0);
	return f.t;
}

struct trace *fixture_signal(void)
{
	static const char *const threads[] = {"A", "P1", NULL};
	struct fixture f = fixture_begin("signal", threads);
	struct event *e;

	fixture_wait(&f, 0, "r = futex_wait F 0 timeout=1s", "F", "table:P1", 0,
		     1000 * MS);
	f.thread = MOVER_SIGNAL;
	e = fixture_step(&f, EVENT_SIGNAL, OBJECT_SIGNAL, NULL);
	e->peer = 0;
	e->in = 10;
	f.thread = 0;
	fixture_step(&f, EVENT_RESUME, OBJECT_TASK, NULL);
	fixture_step(&f, EVENT_INTERRUPT_TAKE, OBJECT_INTERRUPT, NULL)->out = 1;
	fixture_step(&f, EVENT_TIMER_CANCEL, OBJECT_TIMER, "timer:A");
	fixture_lock(&f, OBJECT_TABLE, "table:P1");
	fixture_lock(&f, OBJECT_WQ, "wq:F");
	fixture_note(&f, EVENT_QUEUE_REMOVE, "wq:F", 0);
	fixture_unlock(&f, OBJECT_WQ, "wq:F");
	e = fixture_note(&f, EVENT_ENTRY_REMOVE, "wq:F", EVENT_NOBODY);
	e->object_kind = OBJECT_ENTRY;
	e->object2 = e->object;
	e->object = fixture_object(&f, OBJECT_TABLE, "table:P1");
	e->in = 0x1000;
	fixture_unlock(&f, OBJECT_TABLE, "table:P1");
	fixture_return(&f, -EINTR);
	return f.t;
}

struct trace *fixture_eight_threads(void)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", "C", "P1",
					      "D", "P1", "E", "P2", "F", "P2",
					      "G", "P2", "H", "P2", NULL};
	struct fixture f = fixture_begin("eight-threads", threads);

	fixture_wait(&f, 0, "futex_wait sh 0", "sh", "table:shm", 0, 0);
	fixture_wait(&f, 1, "futex_wait sh 0", "sh", "table:shm", 0, 0);
	fixture_wait(&f, 2, "futex_wait sh 0 timeout=5ms", "sh", "table:shm", 0,
		     5 * MS);
	fixture_wait(&f, 4, "futex_wait sh 0", "sh", "table:shm", 0, 0);
	fixture_wait(&f, 5, "futex_wait sh 0", "sh", "table:shm", 0, 0);
	fixture_wait(&f, 6, "futex_wait sh 0", "sh", "table:shm", 0, 0);
	f.thread = 3;
	fixture_store(&f, "sh", 0, 1);
	futex_wake(&f, 3, "futex_wake sh 1", "sh", "table:shm", 0);
	futex_wake(&f, 7, "futex_wake sh 1", "sh", "table:shm", 1);
	fire(&f, 2, 5 * MS);
	repoll(&f, 2, 0);
	fixture_lock(&f, OBJECT_WQ, "wq:sh");
	fixture_note(&f, EVENT_QUEUE_REMOVE, "wq:sh", 2);
	fixture_unlock(&f, OBJECT_WQ, "wq:sh");
	fixture_return(&f, -ETIMEDOUT);
	for (int32_t i = 4; i < 7; i++)
		futex_wake(&f, 7, "futex_wake sh 1", "sh", "table:shm", i);
	for (int32_t i = 0; i < 7; i++) {
		if (i == 2 || i == 3)
			continue;
		repoll(&f, i, 1);
		fixture_return(&f, 0);
	}
	return f.t;
}

struct trace *fixture_many_wakes(unsigned int count)
{
	static const char *const threads[] = {"A", "P1", "B", "P1", NULL};
	struct fixture f = fixture_begin("many-wakes", threads);

	fixture_wait(&f, 0, "futex_wait F 0", "F", "table:P1", 0, 0);
	f.thread = 1;
	for (unsigned int i = 0; i < count; i++) {
		fixture_store(&f, "F", i, i + 1);
		fixture_enter(&f, "futex_wake G 1");
		fixture_key(&f, "table:P1");
		fixture_load(&f, "G", 0);
		fixture_return(&f, 0);
	}
	f.t->threads[0].end = "blocked: futex";
	f.t->threads[0].blocked = true;
	return f.t;
}
