/* whole_file.h - files that appear whole or not at all. */
#ifndef SIM_BASE_WHOLE_FILE_H
#define SIM_BASE_WHOLE_FILE_H

#include <stdio.h>

/*
 * Let @write fill the file at @path, which is replaced when all of it is there.
 * What a symbolic link leads to is replaced, not the link; a device or a pipe
 * is written to.
 * Returns 0 or -errno; @write may return one too.
 */
int whole_file_write(const char *path, int (*write)(FILE *out, void *arg),
		     void *arg);

#endif
