/* scenario_file.h - the bytes of a file. */
#ifndef SIM_LOADER_SCENARIO_FILE_H
#define SIM_LOADER_SCENARIO_FILE_H

#include <stddef.h>

/*
 * The whole file at @path ("-" is standard input), or a little more than a
 * scenario may have.  Owner: to be freed.
 * Returns NULL if it cannot be read; errno says why.
 */
char *scenario_read_file(const char *path, size_t *size);

#endif
