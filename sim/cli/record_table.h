/*
 * record_table.h - how often a search ended in what, as text.
 */
#ifndef SIM_CLI_RECORD_TABLE_H
#define SIM_CLI_RECORD_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "trace/record.h"
#include "viz/viz.h"

/*
 * Write a table of the ends of @r, a line for each in the order of the search.
 * @is_ascii: no character beyond ASCII, of our own.
 *
 * Errors: -ENODATA, with the reason in @error, if no run came to an end; -EIO
 *	   and the like from the stream.
 */
int record_table(const struct record *r, bool is_ascii, FILE *out,
		 char error[VIZ_ERROR_MAX]);

#endif
