/* program.c - calling the program and keeping what it says. */
#define _GNU_SOURCE
#include "tests/program.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 32

const char *program_path(void)
{
	static char path[PATH_MAX];
	const char *given = getenv("FUTEXSIM");
	ssize_t size;
	char *slash;

	if (given && *given)
		return given;
	size = readlink("/proc/self/exe", path, sizeof(path) - 16);
	ck_assert_int_gt(size, 0);
	path[size] = '\0';
	slash = strrchr(path, '/');
	strcpy(slash, "/futexsim");
	return path;
}

/* ---- files ------------------------------------------------------------- */

static char *read_all(FILE *in, size_t *size)
{
	char *text = NULL, buf[65536];
	size_t used, total = 0;
	FILE *out = open_memstream(&text, &total);

	ck_assert_ptr_nonnull(out);
	rewind(in);
	while ((used = fread(buf, 1, sizeof(buf), in)) > 0)
		fwrite(buf, 1, used, out);
	fclose(out);
	if (size)
		*size = total;
	return text;
}

char *content_of(const char *path, size_t *size)
{
	FILE *in = fopen(path, "r");
	char *text;

	if (!in)
		return NULL;
	text = read_all(in, size);
	fclose(in);
	return text;
}

/* ---- calling ----------------------------------------------------------- */

static struct outcome outcome;

static void forget(void)
{
	free(outcome.out);
	free(outcome.err);
	outcome = (struct outcome){0};
}

/* In the child.  Only calls that are safe after a fork. */
static _Noreturn void become(const struct setting *s, char **argv, FILE *in,
			     FILE *out, FILE *err)
{
	int output = fileno(out);

	if (s && s->output)
		output = open(s->output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (output < 0 || dup2(fileno(in), 0) < 0 || dup2(output, 1) < 0 ||
	    dup2(fileno(err), 2) < 0)
		_exit(126);
	if (s && s->env)
		putenv((char *)s->env);
	execv(argv[0], argv);
	_exit(127);
}

static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static const struct outcome *call(const struct setting *s, char **argv)
{
	FILE *in = tmpfile(), *out = tmpfile(), *err = tmpfile();
	pid_t child;

	ck_assert(in && out && err);
	if (s && s->input)
		fputs(s->input, in);
	rewind(in);
	fflush(NULL);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child)
		become(s, argv, in, out, err);
	forget();
	outcome.code = wait_for(child);
	outcome.out = read_all(out, &outcome.out_size);
	outcome.err = read_all(err, NULL);
	fclose(in);
	fclose(out);
	fclose(err);
	return &outcome;
}

const struct outcome *program_call(const struct setting *setting,
				   const char *const *arguments)
{
	char *argv[ARGUMENTS_MAX + 2] = {(char *)program_path()};
	unsigned int i;

	for (i = 0; arguments[i]; i++) {
		ck_assert_uint_lt(i, ARGUMENTS_MAX);
		argv[i + 1] = (char *)arguments[i];
	}
	return call(setting, argv);
}

const struct outcome *program_shell(const char *command)
{
	char *text, *full = realpath(program_path(), NULL);
	char *argv[] = {(char *)"/bin/sh", (char *)"-c", NULL, NULL};

	ck_assert_ptr_nonnull(full);
	ck_assert_int_gt(asprintf(&text, "futexsim() { '%s' \"$@\"; }\n%s",
				  full, command),
			 0);
	argv[2] = text;
	call(NULL, argv);
	free(text);
	free(full);
	return &outcome;
}

/* ---- what it should have said ------------------------------------------ */

static void show(const struct outcome *o)
{
	printf("exit code %d\n---- stdout:\n%s\n---- stderr:\n%s\n----\n",
	       o->code, o->out, o->err);
	fflush(stdout);
}

void assert_code(const struct outcome *o, int code)
{
	if (o->code == code)
		return;
	show(o);
	ck_abort_msg("exit code %d, not %d", o->code, code);
}

static void assert_in(const struct outcome *o, const char *stream,
		      const char *text, const char *name)
{
	if (strstr(stream, text))
		return;
	show(o);
	ck_abort_msg("'%s' is not in %s", text, name);
}

void assert_out(const struct outcome *o, const char *text)
{
	assert_in(o, o->out, text, "stdout");
}

void assert_err(const struct outcome *o, const char *text)
{
	assert_in(o, o->err, text, "stderr");
}

void assert_whole_err(const struct outcome *o, const char *text)
{
	ck_assert_str_eq(o->err, text);
}

/* ---- a folder for the test --------------------------------------------- */

#define PATHS_MAX 64

static char folder[] = "/tmp/futexsim-test-XXXXXX";
static char *paths[PATHS_MAX];
static unsigned int path_count;

void folder_setup(void)
{
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

void folder_teardown(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command))
		fprintf(stderr, "%s stays\n", folder);
	while (path_count)
		free(paths[--path_count]);
	forget();
}

const char *folder_path(void)
{
	return folder;
}

const char *in_folder(const char *name)
{
	ck_assert_uint_lt(path_count, PATHS_MAX);
	ck_assert_int_gt(asprintf(&paths[path_count], "%s/%s", folder, name),
			 0);
	return paths[path_count++];
}

const char *file_of(const char *name, const char *text)
{
	const char *path = in_folder(name);
	FILE *out = fopen(path, "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_ge(fputs(text, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	return path;
}

unsigned int folder_count(void)
{
	DIR *dir = opendir(folder);
	unsigned int count = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2; /* itself and its parent */
}

Suite *program_suite(const char *name, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, folder_setup, folder_teardown);
	tcase_set_timeout(tc, 60);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(suite, tc);
	return suite;
}
