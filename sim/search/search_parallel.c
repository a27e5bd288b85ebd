/*
 * search_parallel.c - tasks for worker processes.
 *
 * Workers are forked when there are two tasks for the first time, and know all
 * that this process knows then.  Over a socket each gets a task as bytes, takes
 * its turn, and sends back what it has counted and what is left.  Who is done
 * gets the first task in the row that nobody has; what came of a task waits
 * until those before it are added up.
 *
 * A worker ends when its socket does, so none is left behind whatever happens
 * to this process.  An interrupt from the terminal is this process's matter.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/search/search_shards.h"
#include "sim/search/search_state.h"

#define DEATH_WAIT_MS 1000

/* Between two looks at bounds while nobody is done. */
#define WAIT_MS 50

struct worker {
	pid_t pid;
	int socket;
	bool is_busy;
	struct shard *shard; /* NULL: it is not wanted any more */
	uint64_t peak_bytes;
};

struct crew {
	struct worker *workers;
	uint32_t count;
	struct bytes message;
};

/* ---- messages: a size, then so many bytes ------------------------------ */

static bool send_all(int to, const void *data, size_t size)
{
	const uint8_t *at = data;
	ssize_t n;

	while (size) {
		n = send(to, at, size, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

static bool receive_all(int from, void *data, size_t size)
{
	uint8_t *at = data;
	ssize_t n;

	while (size) {
		n = recv(from, at, size, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

static bool send_message(int to, const struct bytes *b)
{
	uint64_t size = b->size;

	return send_all(to, &size, sizeof(size)) &&
	       send_all(to, b->data, b->size);
}

static bool receive_message(int from, struct bytes *b)
{
	uint64_t size;

	if (!receive_all(from, &size, sizeof(size)))
		return false;
	b->size = 0;
	bytes_make_room(b, size);
	b->size = size;
	return receive_all(from, b->data, size);
}

/* ---- a worker ---------------------------------------------------------- */

static uint64_t own_peak(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_maxrss * 1024;
}

static bool take_task(struct search *s, const struct bytes *task,
		      uint64_t *budget)
{
	struct reader from = bytes_read(task);
	enum strategy strategy = reader_get_below(&from, STRATEGY_COUNT);
	uint64_t preemptions_max = reader_get(&from);

	*budget = reader_get(&from);
	if (strategy != s->strategy || preemptions_max != s->preemptions_max) {
		search_close(s);
		search_open(s, strategy, preemptions_max);
	}
	tally_clear(s);
	return shards_load(s, from);
}

/* What the other side needs to know before it adds anything up goes first. */
static void put_result(struct search *s, bool has_more, struct bytes *result)
{
	struct bytes state = {NULL, 0, 0};

	result->size = 0;
	bytes_put(result, own_peak());
	bytes_put(result, s->runs);
	bytes_put(result, s->endings.count);
	bytes_put(result, s->bug_endings);
	bytes_put(result, has_more);
	bytes_put_real(result, s->ops->waiting(s));
	tally_write(s, result);
	s->ops->write(s, &state);
	bytes_put_block(result, state.data, state.size);
	bytes_fini(&state);
}

/* Returns its exit status. */
static int work(struct search *s, int socket)
{
	struct bytes message = {NULL, 0, 0};
	uint64_t budget;
	bool has_more;

	s->is_worker = true;
	while (receive_message(socket, &message)) {
		if (!take_task(s, &message, &budget))
			return 1;
		has_more = search_go_on(s, budget);
		if (s->end == RUN_DIVERGED)
			return 1;
		put_result(s, has_more, &message);
		if (!send_message(socket, &message))
			break;
	}
	return 0;
}

/* ---- the crew ---------------------------------------------------------- */

static bool hire(struct crew *c, struct search *s)
{
	struct worker *w = &c->workers[c->count];
	int pair[2];
	uint32_t i;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return false;
	w->pid = fork();
	if (!w->pid) {
		signal(SIGINT, SIG_IGN);
		for (i = 0; i < c->count; i++)
			close(c->workers[i].socket);
		close(pair[0]);
		_exit(work(s, pair[1]));
	}
	close(pair[1]);
	if (w->pid < 0) {
		close(pair[0]);
		return false;
	}
	w->socket = pair[0];
	c->count++;
	return true;
}

struct crew *crew_new(struct search *s, uint32_t jobs)
{
	struct crew *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->workers = calloc(jobs, sizeof(*c->workers));
	if (!c->workers)
		abort();
	while (c->count < jobs && hire(c, s))
		continue;
	if (c->count < jobs)
		search_fail(s, -EAGAIN, "cannot start worker %u of %u: %s",
			    c->count + 1, jobs, strerror(errno));
	return c;
}

void crew_free(struct crew *c)
{
	uint32_t i;

	if (!c)
		return;
	for (i = 0; i < c->count; i++) {
		kill(c->workers[i].pid, SIGKILL);
		close(c->workers[i].socket);
		while (waitpid(c->workers[i].pid, NULL, 0) < 0 &&
		       errno == EINTR)
			continue;
	}
	bytes_fini(&c->message);
	free(c->workers);
	free(c);
}

void crew_forget(struct crew *c)
{
	uint32_t i;

	for (i = 0; c && i < c->count; i++)
		c->workers[i].shard = NULL;
}

static void report_death(struct search *s, struct worker *w)
{
	pid_t ended = 0;
	int status = 0, i;

	/* Its end of the line is closed a moment before it can be waited for.
	 */
	for (i = 0; i < DEATH_WAIT_MS && !ended; i++) {
		ended = waitpid(w->pid, &status, WNOHANG);
		if (!ended)
			usleep(1000);
	}
	if (ended == w->pid && WIFSIGNALED(status))
		search_fail(s, -EPROTO, "a worker was ended by signal %d (%s)",
			    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		search_fail(s, -EPROTO, "a worker has ended before its time");
}

/* ---- giving and taking ------------------------------------------------- */

static void give(struct crew *c, struct search *s, struct worker *w,
		 struct shard *t)
{
	struct bytes *b = &c->message;

	b->size = 0;
	bytes_put(b, s->strategy);
	bytes_put(b, s->preemptions_max);
	bytes_put(b, t->budget);
	bytes_put_block(b, t->state.data, t->state.size);
	w->is_busy = true;
	w->shard = t;
	t->is_taken = true;
	if (!send_message(w->socket, b))
		report_death(s, w);
}

static void give_all(struct crew *c, struct search *s)
{
	struct shard *t = s->shards->first;
	uint32_t i;

	for (i = 0; i < c->count; i++) {
		if (c->workers[i].is_busy)
			continue;
		while (t && t->is_taken)
			t = t->next;
		if (!t)
			return;
		give(c, s, &c->workers[i], t);
	}
}

static void take(struct crew *c, struct search *s, struct worker *w)
{
	struct shard *t = w->shard;
	struct bytes *result = t ? &t->result : &c->message;
	struct reader from;

	if (!receive_message(w->socket, result)) {
		report_death(s, w);
		return;
	}
	from = bytes_read(result);
	s->peak_elsewhere -= w->peak_bytes;
	w->peak_bytes = reader_get(&from);
	s->peak_elsewhere += w->peak_bytes;
	w->is_busy = false;
	w->shard = NULL;
	if (t)
		t->is_done = true;
}

/* Wait for those who work. */
static void wait_for_some(struct crew *c, struct search *s)
{
	struct pollfd *polls = calloc(c->count, sizeof(*polls));
	uint32_t i;

	if (!polls)
		abort();
	for (i = 0; i < c->count; i++) {
		polls[i].fd = c->workers[i].is_busy ? c->workers[i].socket : -1;
		polls[i].events = POLLIN;
	}
	if (poll(polls, c->count, WAIT_MS) > 0) {
		for (i = 0; i < c->count; i++) {
			if (polls[i].revents)
				take(c, s, &c->workers[i]);
		}
	}
	free(polls);
}

bool crew_wait(struct crew *c, struct search *s)
{
	const struct shard *first = s->shards->first;

	while (!s->error) {
		give_all(c, s);
		if (search_look_around(s))
			return false;
		if (first->is_done)
			return true;
		wait_for_some(c, s);
	}
	return false;
}

static bool goes_past_a_bound(const struct search *s, uint64_t runs,
			      uint64_t endings, uint64_t bugs)
{
	return (s->request->is_first_bug_enough && bugs) ||
	       s->runs + runs >= s->runs_max ||
	       s->runs_before + s->runs + runs >=
		       s->explore->bounds.executions ||
	       s->endings.count + endings >= SEARCH_OUTCOMES_MAX;
}

bool crew_turn(struct search *s)
{
	struct shard *t = s->shards->first;
	struct reader from = bytes_read(&t->result);
	struct bytes result, state = {NULL, 0, 0};
	uint64_t runs, endings, bugs;
	bool has_more;
	double waiting;

	reader_get(&from); /* memory: see take */
	runs = reader_get(&from);
	endings = reader_get(&from);
	bugs = reader_get(&from);

	if (goes_past_a_bound(s, runs, endings, bugs)) {
		t->is_taken = t->is_done = false;
		return false;
	}
	has_more = reader_get(&from);
	waiting = reader_get_real(&from);
	if (!tally_merge(s, &from)) {
		search_fail(s, -EPROTO,
			    "a worker has sent what makes no sense");
		return true;
	}
	result = t->result;
	t->result = (struct bytes){NULL, 0, 0};
	bytes_put_block(&state, from.at, reader_left(&from));
	shards_turn(s, has_more, &state, waiting);
	bytes_fini(&state);
	bytes_fini(&result);
	return true;
}
