/*
 * options_internal.h - what parsing of options and their help share: the
 * table.
 */
#ifndef SIM_CLI_OPTIONS_INTERNAL_H
#define SIM_CLI_OPTIONS_INTERNAL_H

#include <stddef.h>

#include "sim/cli/options.h"

/* What an option is told, and the type of its field in struct options. */
enum value_kind {
	VALUE_NONE, /* nothing; bool, gets true */
	VALUE_TEXT, /* const char * */
	VALUE_OPTIONAL, /* the same, NULL if there is none: --name[=TEXT] */
	VALUE_LIST, /* const char *[OPTION_LIST_MAX]; may be repeated */
	VALUE_SETTING, /* the same, each NAME=VALUE */
	VALUE_NUMBER, /* uint64_t; min, max */
	VALUE_SMALL_NUMBER, /* uint32_t; min, max */
	VALUE_DURATION, /* uint64_t, ns; not 0 */
	VALUE_BYTES, /* uint64_t; not 0 */
	VALUE_CHOICE, /* an enum; index of one of the names */
	VALUE_SWITCH, /* bool; false and true by two names */
};

struct option_row {
	const char *name;
	char letter; /* 0: only the long form */
	const char *argument;
	const char *summary;
	enum value_kind kind;
	size_t field; /* where in struct options */
	/* Of a list: its count, else a bool that becomes true.  0: none. */
	size_t given;
	uint64_t min;
	uint64_t max;
	const char *const *names;
	unsigned int name_count;
};

/* By enum option_id. */
extern const struct option_row option_rows[OPTION_COUNT];

bool option_is_of(const struct command *c, enum option_id option);

/*
 * Put @value into the field of the option.  Returns false after an error
 * message.
 */
bool option_take(struct options *o, const struct option_row *row,
		 const char *value);

#endif
