/*
 * workers.c - forking tasks, reading what they write, telling it in order.
 *
 * A task is forked when there is room for it, and so knows all that this
 * process knew then.  It ends as any program does: what checks for leaks at
 * the end of a process checks here, too.
 */
#define _GNU_SOURCE
#include "sim/cli/workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 100
#define READ_SIZE 65536u

struct slot {
	pid_t pid; /* 0: free */
	int from;
	uint32_t index;
};

struct done_task {
	struct task_end end;
	struct bytes result;
	bool is_done;
};

struct foreman {
	const struct workers *w;
	struct slot slots[JOBS_MAX];
	struct done_task *tasks;
	uint32_t begun;
	uint32_t finished;
	uint32_t told;
	double started;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

uint32_t workers_wanted(const struct options *o)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (o->has_jobs)
		return o->jobs;
	if (processors < 1)
		return 1;
	return processors < (long)JOBS_MAX ? (uint32_t)processors : JOBS_MAX;
}

char *reader_get_text(struct reader *r)
{
	size_t size = reader_get_count(r);
	const uint8_t *text = reader_get_block(r, size);
	char *copy = text ? strndup((const char *)text, size) : strdup("");

	if (!copy)
		abort();
	return copy;
}

/* ---- a task ------------------------------------------------------------ */

static void write_all(int to, const struct bytes *b)
{
	size_t at = 0;
	ssize_t n;

	while (at < b->size) {
		n = write(to, b->data + at, b->size - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			exit(EXIT_ENVIRONMENT);
		at += (size_t)n;
	}
}

static _Noreturn void work(const struct workers *w, uint32_t index, int to)
{
	struct bytes result = {NULL, 0, 0};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	w->task(index, &result, w->arg);
	write_all(to, &result);
	bytes_fini(&result);
	exit(0);
}

static bool hire(struct foreman *f, struct slot *s)
{
	int ends[2];

	if (pipe(ends))
		return false;
	fflush(NULL);
	s->pid = fork();
	if (s->pid < 0) {
		s->pid = 0;
		close(ends[0]);
		close(ends[1]);
		return false;
	}
	if (!s->pid) {
		close(ends[0]);
		work(f->w, f->begun, ends[1]);
	}
	close(ends[1]);
	s->from = ends[0];
	s->index = f->begun++;
	return true;
}

/* ---- its end ----------------------------------------------------------- */

static void describe_end(int status, struct task_end *end)
{
	int number;

	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return;
	if (WIFEXITED(status)) {
		number = WEXITSTATUS(status);
		end->exit_code = number == EXIT_ENVIRONMENT ? EXIT_ENVIRONMENT
							    : EXIT_INTERNAL;
		snprintf(end->text, sizeof(end->text),
			 "its process ended with exit code %d", number);
		return;
	}
	number = WTERMSIG(status);
	end->exit_code = EXIT_INTERNAL;
	snprintf(end->text, sizeof(end->text),
		 "its process was ended by signal %d (%s)", number,
		 strsignal(number));
}

static void let_go(struct foreman *f, struct slot *s)
{
	struct done_task *t = &f->tasks[s->index];
	int status = 0;

	close(s->from);
	while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	describe_end(status, &t->end);
	t->is_done = true;
	s->pid = 0;
	f->finished++;
}

static void read_some(struct foreman *f, struct slot *s)
{
	struct bytes *b = &f->tasks[s->index].result;
	ssize_t n;

	bytes_make_room(b, READ_SIZE);
	n = read(s->from, b->data + b->size, READ_SIZE);
	if (n > 0)
		b->size += (size_t)n;
	else if (n == 0 || errno != EINTR)
		let_go(f, s);
}

/* ---- all of them ------------------------------------------------------- */

static bool hire_all(struct foreman *f)
{
	uint32_t i;

	for (i = 0; i < f->w->jobs && f->begun < f->w->count; i++) {
		if (!f->slots[i].pid && !hire(f, &f->slots[i]))
			return false;
	}
	return true;
}

static void wait_for_some(struct foreman *f)
{
	struct pollfd polls[JOBS_MAX];
	uint32_t i;

	for (i = 0; i < f->w->jobs; i++) {
		polls[i].fd = f->slots[i].pid ? f->slots[i].from : -1;
		polls[i].events = POLLIN;
		polls[i].revents = 0;
	}
	if (poll(polls, f->w->jobs, TICK_MS) <= 0)
		return;
	for (i = 0; i < f->w->jobs; i++) {
		if (polls[i].revents)
			read_some(f, &f->slots[i]);
	}
}

static void tell(struct foreman *f)
{
	struct done_task *t;

	for (; f->told < f->w->count; f->told++) {
		t = &f->tasks[f->told];
		if (!t->is_done)
			return;
		f->w->done(f->told, &t->end, &t->result, f->w->arg);
		bytes_fini(&t->result);
		t->result = (struct bytes){NULL, 0, 0};
	}
}

static void dismiss_all(struct foreman *f)
{
	uint32_t i;

	for (i = 0; i < f->w->jobs; i++) {
		if (!f->slots[i].pid)
			continue;
		kill(f->slots[i].pid, SIGKILL);
		let_go(f, &f->slots[i]);
	}
	for (i = 0; i < f->w->count; i++)
		bytes_fini(&f->tasks[i].result);
}

int workers_run(const struct workers *w)
{
	struct foreman f = {.w = w, .started = now()};
	int code = 0;

	f.tasks = calloc(w->count + 1, sizeof(*f.tasks));
	if (!f.tasks)
		abort();
	while (f.told < w->count) {
		if (!hire_all(&f)) {
			fprintf(stderr,
				"futexsim: error: cannot start a process: %s\n",
				strerror(errno));
			code = EXIT_ENVIRONMENT;
			break;
		}
		wait_for_some(&f);
		tell(&f);
		if (w->tick)
			w->tick(f.finished, now() - f.started, w->arg);
	}
	dismiss_all(&f);
	free(f.tasks);
	return code;
}
