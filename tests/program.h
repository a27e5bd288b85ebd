/*
 * program.h - the built program, called as a user calls it.
 *
 * It is the one that the environment variable FUTEXSIM names, else the one
 * beside this test program, as `make` puts it.
 */
#ifndef TESTS_PROGRAM_H
#define TESTS_PROGRAM_H

#include <check.h>
#include <stddef.h>

/* What came of a call.  Owner: freed with the next call, or at the end. */
struct outcome {
	int code; /* exit code, or 128 + signal */
	char *out;
	size_t out_size;
	char *err;
};

/* How to call it, besides the arguments. */
struct setting {
	const char *input; /* standard input; NULL: none */
	const char *output; /* a file that is standard output; NULL: a pipe */
	const char *env; /* NAME=VALUE to set, or NULL */
};

const char *program_path(void);

/* The arguments end with NULL. */
const struct outcome *program_call(const struct setting *setting,
				   const char *const *arguments);
/* In a shell, where `futexsim` is the program. */
const struct outcome *program_shell(const char *command);

#define CALL(...) program_call(NULL, (const char *const[]){__VA_ARGS__, NULL})
#define CALL_WITH(setting, ...)                                                \
	program_call((setting), (const char *const[]){__VA_ARGS__, NULL})

/* ---- what it should have said ------------------------------------------ */

void assert_code(const struct outcome *o, int code);
/* The text is somewhere in stdout or stderr. */
void assert_out(const struct outcome *o, const char *text);
void assert_err(const struct outcome *o, const char *text);
/* Whole streams. */
void assert_whole_err(const struct outcome *o, const char *text);

/* ---- a folder for the test --------------------------------------------- */

/* Fixtures: an empty folder, removed with what is in it. */
void folder_setup(void);
void folder_teardown(void);
const char *folder_path(void);
/* "NAME" in the folder.  Owner: lives until the end of the test. */
const char *in_folder(const char *name);
/* Write a file in it; returns its path. */
const char *file_of(const char *name, const char *text);
/* The content of any file, NULL if there is none; ended by a NUL. */
char *content_of(const char *path, size_t *size);
/* How many entries the folder has. */
unsigned int folder_count(void);

/* A suite of one case with these fixtures. */
Suite *program_suite(const char *name, const TTest *const *tests, size_t count);
#define PROGRAM_SUITE(name, tests)                                             \
	program_suite((name), (tests), sizeof(tests) / sizeof((tests)[0]))

#endif
