/* options_values.c - what an option is told, as a value of its type. */
#include "sim/cli/options_internal.h"

#include <inttypes.h>
#include <string.h>

#include "sim/loader/diagnostics.h"
#include "sim/loader/scalar.h"

static bool take_number(const struct option_row *row, const char *text,
			uint64_t *value)
{
	struct number number;

	if (scalar_integer(text, &number) == SCALAR_OK && !number.is_negative &&
	    number.bits >= row->min && number.bits <= row->max) {
		*value = number.bits;
		return true;
	}
	fprintf(stderr,
		"futexsim: error: --%s takes a number from %" PRIu64
		" to %" PRIu64 ", not '%s'\n",
		row->name, row->min, row->max, text);
	return false;
}

static bool take_duration(const struct option_row *row, const char *text,
			  uint64_t *ns)
{
	if (scalar_duration(text, ns) == SCALAR_OK && *ns > 0)
		return true;
	fprintf(stderr,
		"futexsim: error: --%s takes a duration of at least 1ns, with "
		"its unit (ns, us, ms, s, m or h), such as 30s, not '%s'\n",
		row->name, text);
	return false;
}

static bool take_bytes(const struct option_row *row, const char *text,
		       uint64_t *bytes)
{
	if (scalar_bytes(text, bytes) == SCALAR_OK && *bytes > 0)
		return true;
	fprintf(stderr,
		"futexsim: error: --%s takes a number of bytes, KiB, MiB or "
		"GiB, at least 1, such as 512MiB, not '%s'\n",
		row->name, text);
	return false;
}

static bool take_choice(const struct option_row *row, const char *text,
			unsigned int *choice)
{
	char joined[NAMES_JOINED_MAX];
	const char *nearest;

	for (unsigned int i = 0; i < row->name_count; i++) {
		if (!strcmp(row->names[i], text)) {
			*choice = i;
			return true;
		}
	}
	fprintf(stderr, "futexsim: error: --%s is %s, not '%s'", row->name,
		names_joined(row->names, row->name_count, joined), text);
	nearest = nearest_name(text, row->names, row->name_count);
	if (nearest)
		fprintf(stderr, "; nearest: %s", nearest);
	fputc('\n', stderr);
	return false;
}

static bool take_item(const char **list, unsigned int *count, const char *text)
{
	if (*count == OPTION_LIST_MAX) {
		fprintf(stderr,
			"futexsim: error: an option is given more "
			"than %u times\n",
			OPTION_LIST_MAX);
		return false;
	}
	list[(*count)++] = text;
	return true;
}

static bool is_setting(const struct option_row *row, const char *text)
{
	const char *equals = strchr(text, '=');

	if (equals && equals != text)
		return true;
	fprintf(stderr, "futexsim: error: --%s takes NAME=VALUE, not '%s'\n",
		row->name, text);
	return false;
}

static bool take(const struct option_row *row, void *field, void *given,
		 const char *text)
{
	uint64_t number;
	unsigned int choice;

	switch (row->kind) {
	case VALUE_NONE:
		*(bool *)field = true;
		return true;
	case VALUE_TEXT:
	case VALUE_OPTIONAL:
		*(const char **)field = text;
		return true;
	case VALUE_LIST:
		return take_item(field, given, text);
	case VALUE_SETTING:
		return is_setting(row, text) && take_item(field, given, text);
	case VALUE_NUMBER:
		return take_number(row, text, field);
	case VALUE_SMALL_NUMBER:
		if (!take_number(row, text, &number))
			return false;
		*(uint32_t *)field = (uint32_t)number;
		return true;
	case VALUE_DURATION:
		return take_duration(row, text, field);
	case VALUE_BYTES:
		return take_bytes(row, text, field);
	case VALUE_CHOICE:
		return take_choice(row, text, field);
	case VALUE_SWITCH:
		if (!take_choice(row, text, &choice))
			return false;
		*(bool *)field = choice == 1;
		return true;
	}
	return false;
}

bool option_take(struct options *o, const struct option_row *row,
		 const char *value)
{
	char *base = (char *)o;

	if (!take(row, base + row->field, base + row->given, value))
		return false;
	if (row->given && row->kind != VALUE_LIST && row->kind != VALUE_SETTING)
		*(bool *)(base + row->given) = true;
	return true;
}
