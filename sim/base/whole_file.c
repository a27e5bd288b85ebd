/* whole_file.c - files that appear whole or not at all. */
#define _GNU_SOURCE
#include "sim/base/whole_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file of mode 0600 gets the mode that a new file would have. */
static void widen_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	fchmod(fd, 0666 & ~mask);
}

/* Write everything to @out and close it.  Returns 0 or -errno. */
static int fill(FILE *out, int (*write)(FILE *out, void *arg), void *arg)
{
	int error = write(out, arg);

	if (!error && (fflush(out) || ferror(out)))
		error = -EIO;
	if (fclose(out) && !error)
		error = -errno;
	return error;
}

static int write_temporary(char *temporary, int (*write)(FILE *out, void *arg),
			   void *arg)
{
	int fd = mkstemp(temporary);
	FILE *out;
	int error;

	if (fd < 0)
		return -errno;
	widen_mode(fd);
	out = fdopen(fd, "w");
	if (out)
		return fill(out, write, arg);
	error = -errno;
	close(fd);
	return error;
}

/*
 * A device or a pipe is no file to be replaced, and a link that leads nowhere
 * yet has no file to replace: such a path is opened and written to.
 */
static bool has_own_end(const char *path)
{
	struct stat status;

	if (!stat(path, &status))
		return !S_ISREG(status.st_mode);
	return !lstat(path, &status) && S_ISLNK(status.st_mode);
}

static int write_directly(const char *path, int (*write)(FILE *out, void *arg),
			  void *arg)
{
	FILE *out = fopen(path, "w");

	return out ? fill(out, write, arg) : -errno;
}

static int replace_file(const char *path, int (*write)(FILE *out, void *arg),
			void *arg)
{
	char *temporary;
	int error;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	error = write_temporary(temporary, write, arg);
	if (!error && rename(temporary, path))
		error = -errno;
	if (error)
		unlink(temporary);
	free(temporary);
	return error;
}

int whole_file_write(const char *path, int (*write)(FILE *out, void *arg),
		     void *arg)
{
	char *real;
	int error;

	if (has_own_end(path))
		return write_directly(path, write, arg);
	/* What a symbolic link leads to is replaced, not the link. */
	real = realpath(path, NULL);
	error = replace_file(real ? real : path, write, arg);
	free(real);
	return error;
}
