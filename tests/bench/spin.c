/*
 * spin.c - the same workloads as Promela models, by Spin, where it is there:
 * the verifier is compiled, then run as a process like ours.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define IS_MISSING 7 /* exit code of spin.sh */

/* Waits for @child; returns its exit code. */
static int wait_for(pid_t child, struct rusage *usage)
{
	int status;

	if (wait4(child, &status, 0, usage) != child)
		give_up("a process is lost");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Compile into @directory.  Returns the exit code of spin.sh. */
static int compile(const struct search_row *row, const char *directory)
{
	struct rusage usage;
	pid_t child = fork();

	if (child < 0)
		give_up("no process");
	if (child)
		return wait_for(child, &usage);
	execlp("sh", "sh", "tests/bench/spin.sh", directory, row->file,
	       row->param, (char *)NULL);
	_exit(IS_MISSING);
}

/* Run the verifier once, what it says into the file "out".  Returns seconds. */
static double verify(const char *directory, struct measured *m)
{
	double begin = now_ns();
	struct rusage usage;
	pid_t child = fork();

	if (child < 0)
		give_up("no process");
	if (!child) {
		if (chdir(directory) || !freopen("out", "w", stdout))
			_exit(1);
		/* Room for depth, and for the states of the models here. */
		execl("./pan", "./pan", "-m100000", "-w18", (char *)NULL);
		_exit(1);
	}
	if (wait_for(child, &usage))
		m->is_wrong = true;
	m->peak_kib = (uint64_t)usage.ru_maxrss;
	return (now_ns() - begin) / 1e9;
}

/* ---- what it says ------------------------------------------------------ */

static void read_line(const char *line, struct measured *m, uint64_t *errors)
{
	char word[16];
	const char *at;
	uint64_t n;

	at = strstr(line, "errors: ");
	if (at)
		*errors = strtoull(at + strlen("errors: "), NULL, 10);
	if (sscanf(line, " %" SCNu64 " %15s", &n, word) != 2)
		return;
	if (!strcmp(word, "states,") && strstr(line, "stored"))
		m->runs = n;
	if (!strcmp(word, "transitions"))
		m->events = n;
}

static void read_output(const struct search_row *row, const char *directory,
			struct measured *m)
{
	uint64_t errors = UINT64_MAX;
	char path[300], line[300];
	FILE *in;

	snprintf(path, sizeof(path), "%s/out", directory);
	in = fopen(path, "r");
	while (in && fgets(line, sizeof(line), in)) {
		read_line(line, m, &errors);
		if (strstr(line, "max search depth too small"))
			m->is_wrong = true;
	}
	if (in)
		fclose(in);
	if (errors != (row->has_bug ? 1 : 0) || !m->runs || !m->events)
		m->is_wrong = true;
	if (m->is_wrong)
		snprintf(m->what, sizeof(m->what), "Spin says otherwise");
}

/* ---- the whole --------------------------------------------------------- */

static void measure(const struct search_row *row, const char *directory,
		    struct measured *m)
{
	double begin = now_ns(), seconds, all = 0;
	unsigned int i;
	int code = compile(row, directory);

	m->compile_seconds = (now_ns() - begin) / 1e9;
	if (code) {
		m->is_wrong = code != IS_MISSING;
		snprintf(m->what, sizeof(m->what), "%s",
			 m->is_wrong ? "WRONG: the model does not compile"
				     : "spin or a C compiler is missing");
		return;
	}
	m->is_done = true;
	for (i = 0; i < ROUNDS && all < ROUNDS_NS / 1e9; i++) {
		seconds = verify(directory, m);
		if (!i || seconds < m->seconds)
			m->seconds = seconds;
		all += seconds;
	}
	read_output(row, directory, m);
}

void spin_measure(const struct search_row *row, struct measured *m)
{
	char directory[] = "/tmp/futexsim-bench-XXXXXX";
	struct rusage usage;
	pid_t child;

	memset(m, 0, sizeof(*m));
	fflush(stdout);
	if (!mkdtemp(directory))
		give_up("no directory in /tmp");
	measure(row, directory, m);
	child = fork();
	if (child < 0)
		give_up("no process");
	if (!child) {
		execlp("rm", "rm", "-rf", "--", directory, (char *)NULL);
		_exit(1);
	}
	wait_for(child, &usage);
}
