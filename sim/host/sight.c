/*
 * sight.c - telling an agent to begin, and seeing what became of it.
 *
 * An agent that sleeps has not answered, so it is looked at from outside: the
 * kernel's own record of the thread says that it sleeps, in which call, with
 * which first argument.  A thread that was preempted on its way is not asleep.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sim/host/stage.h"

#define PAUSE_MIN 50000u /* ns */
#define PAUSE_MAX 5000000u

uint64_t host_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void agent_ask(struct agent_slot *slot)
{
	__atomic_add_fetch(&slot->asked, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &slot->asked, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static bool has_answered(const struct agent_slot *slot)
{
	return __atomic_load_n(&slot->answered, __ATOMIC_SEQ_CST) ==
	       slot->asked;
}

/* A file of /proc about the thread.  Returns false if there is none. */
static bool read_file(const struct agent_block *b, const char *name, char *text,
		      size_t size)
{
	char path[AGENT_PLACE_MAX + 32];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", b->place, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, size - 1);
	close(fd);
	if (length <= 0)
		return false;
	text[length] = 0;
	return true;
}

/* The letter after the name, which is in parentheses and may hold any. */
static char state_letter(const struct agent_block *b)
{
	char text[512];
	const char *end;

	if (!read_file(b, "stat", text, sizeof(text)))
		return 'X';
	end = strrchr(text, ')');
	return end && end[1] ? end[2] : 'X';
}

static bool is_in_its_call(const struct agent_block *b,
			   const struct agent_slot *slot)
{
	char text[512];
	uint64_t first;
	int number;

	return slot->work == AGENT_CALL &&
	       read_file(b, "syscall", text, sizeof(text)) &&
	       sscanf(text, "%d %" SCNx64, &number, &first) == 2 &&
	       (uint64_t)number == slot->number && first == slot->args[0];
}

static bool is_end(char letter)
{
	return letter == 'X' || letter == 'Z';
}

bool agent_is_gone(const struct agent_block *b)
{
	return is_end(state_letter(b));
}

bool agent_await_end(const struct agent_block *b, uint64_t patience)
{
	const struct timespec ts = {.tv_nsec = PAUSE_MIN};
	uint64_t end = host_now() + patience;

	while (!agent_is_gone(b)) {
		if (host_now() >= end)
			return false;
		nanosleep(&ts, NULL);
	}
	return true;
}

bool agent_has_pending(const struct agent_block *b)
{
	uint64_t own = 0, shared = 0, blocked = 0;
	const char *line;
	char text[4096];

	if (!read_file(b, "status", text, sizeof(text)))
		return false;
	line = strstr(text, "SigPnd:");
	if (!line ||
	    sscanf(line,
		   "SigPnd: %" SCNx64 " ShdPnd: %" SCNx64 " SigBlk: %" SCNx64,
		   &own, &shared, &blocked) != 3)
		return false;
	return (own | shared) & ~blocked;
}

enum sight agent_look(const struct agent_block *b, uint32_t level)
{
	const struct agent_slot *slot = &b->slots[level];
	char letter;

	if (has_answered(slot))
		return SIGHT_DONE;
	/* Before its first answer nobody knows where it is. */
	if (!__atomic_load_n(&b->slots[0].answered, __ATOMIC_SEQ_CST))
		return SIGHT_BUSY;
	letter = state_letter(b);
	if (is_end(letter))
		return has_answered(slot) ? SIGHT_DONE : SIGHT_GONE;
	if (letter == 'S' && is_in_its_call(b, slot))
		return has_answered(slot) ? SIGHT_DONE : SIGHT_ASLEEP;
	return SIGHT_BUSY;
}

static void pause_for(struct agent_slot *slot, uint64_t ns)
{
	struct timespec ts = {.tv_nsec = (long)ns};
	uint32_t answered = __atomic_load_n(&slot->answered, __ATOMIC_SEQ_CST);

	if (answered != slot->asked)
		syscall(SYS_futex, &slot->answered, FUTEX_WAIT, answered, &ts,
			NULL, 0);
}

enum sight agent_wait(struct agent_block *b, uint32_t level, bool may_sleep,
		      uint64_t patience)
{
	uint64_t end = host_now() + patience, pause = PAUSE_MIN;
	enum sight sight;

	for (;;) {
		if (!may_sleep || pause > PAUSE_MIN)
			pause_for(&b->slots[level], pause);
		sight = agent_look(b, level);
		if (sight == SIGHT_DONE || sight == SIGHT_GONE ||
		    (sight == SIGHT_ASLEEP && may_sleep) || host_now() >= end)
			return sight;
		pause = pause * 2 < PAUSE_MAX ? pause * 2 : PAUSE_MAX;
	}
}

bool agent_await_count(const struct agent_block *b, const uint32_t *counter,
		       uint32_t count, uint64_t patience)
{
	const struct timespec ts = {.tv_nsec = PAUSE_MIN};
	uint64_t end = host_now() + patience;

	while (__atomic_load_n(counter, __ATOMIC_SEQ_CST) < count) {
		if (host_now() >= end || agent_is_gone(b))
			return false;
		nanosleep(&ts, NULL);
	}
	return true;
}
