/*
 * diagnostics.h - all the errors of one input file, in the order of its
 * lines, each with its source line, a caret and the nearest valid name:
 *
 *	path:4:9: error: unknown operation 'futex_wat'
 *	    A: [r = futex_wat F 0]
 *	            ^
 *	    nearest: futex_wait
 *
 * The text may be made of several files, one after the other: then an error is
 * told in the lines of its own file.
 */
#ifndef SIM_LOADER_DIAGNOSTICS_H
#define SIM_LOADER_DIAGNOSTICS_H

#include <stddef.h>
#include <stdio.h>

/* Further errors are counted, not kept. */
#define DIAGNOSTICS_MAX 100

/* A place in a file; both count from 1. */
struct mark {
	int line;
	int col;
};

struct diagnostic {
	int line; /* 0: the file as a whole */
	int col;
	char *what;
	char *nearest; /* may be NULL */
};

/* From line @first of the text on it is that of another file. */
struct diagnostic_file {
	char *path;
	int first;
	int indent; /* by how many columns it was moved */
};

struct diagnostics {
	const char *path; /* borrowed */
	struct diagnostic_file *files; /* by first line */
	unsigned int file_count;
	char *source; /* own copy, for the excerpts; may be NULL */
	size_t source_size;
	struct diagnostic items[DIAGNOSTICS_MAX];
	unsigned int count;
	unsigned int dropped;
};

void diagnostics_init(struct diagnostics *d, const char *path);
void diagnostics_fini(struct diagnostics *d);

/* Keep a copy of the file's text, so that errors can show their line. */
void diagnostics_set_source(struct diagnostics *d, const char *text,
			    size_t size);

/*
 * Say that the text is that of @path from line @first on, each line of it moved
 * @indent columns to the right.  Call it in the order of lines.
 */
void diagnostics_add_file(struct diagnostics *d, const char *path, int first,
			  int indent);

/* What line @line of the text is in its own file. */
int diagnostics_line(const struct diagnostics *d, int line);

/*
 * Add the errors of @from, which count lines and columns from another place,
 * with @before (may be "") in front of each message.
 */
void diagnostics_take(struct diagnostics *d, const struct diagnostics *from,
		      const char *before, int lines, int columns);

/* Add an error, unless it is there already; the message is a printf. */
void diagnostics_add(struct diagnostics *d, int line, int col,
		     const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * As above, for a name that is not one of @names: names the nearest, if it is
 * near enough to be a slip of the keyboard.
 */
void diagnostics_add_name(struct diagnostics *d, int line, int col,
			  const char *what, const char *name,
			  const char *const *names, unsigned int count);

/* Print all of them, sorted by line and column, to @out. */
void diagnostics_print(struct diagnostics *d, FILE *out);

/*
 * "a, b or c", as far as it fits.
 * Returns @buf.
 */
#define NAMES_JOINED_MAX 256
const char *names_joined(const char *const *names, unsigned int count,
			 char buf[NAMES_JOINED_MAX]);

/* The item of @names nearest to @name, or NULL. */
const char *nearest_name(const char *name, const char *const *names,
			 unsigned int count);

#endif
