/*
 * fields.c - the fields of one line, checked.
 */
#define _GNU_SOURCE /* memmem */
#include "trace/fields.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "trace/format.h"

__attribute__((format(printf, 3, 0))) static bool
fail(struct reader *r, size_t col, const char *format, va_list args)
{
	int size;

	if (r->failed)
		return false;
	r->failed = true;
	size = snprintf(r->error, TRACE_ERROR_MAX,
			"%.200s:%u:%zu: error: ", r->name, r->line_number, col);
	vsnprintf(r->error + size, TRACE_ERROR_MAX - (size_t)size, format,
		  args);
	return false;
}

bool reader_fail_at(struct reader *r, size_t col, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(r, col, format, args);
	va_end(args);
	return false;
}

/* Column of the first field @key of the line, 1 if it has none. */
static size_t column_of(const struct reader *r, const char *key)
{
	char quoted[64];
	int size = snprintf(quoted, sizeof(quoted), "\"%s\":", key);
	const char *found = NULL;

	if (size > 0 && (size_t)size < sizeof(quoted))
		found = memmem(r->line, r->size, quoted, (size_t)size);
	return found ? (size_t)(found - r->line) + 1 : 1;
}

bool reader_fail(struct reader *r, const char *key, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(r, column_of(r, key), format, args);
	va_end(args);
	return false;
}

static bool is_among(const char *key, const char *const *keys)
{
	for (; *keys; keys++)
		if (strcmp(*keys, key) == 0)
			return true;
	return false;
}

bool fields_check(struct reader *r, const json_t *object,
		  const char *const *keys)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return reader_fail_at(r, 1, "an object is wanted here");
	json_object_foreach((json_t *)object, key, value)
	{
		if (!is_among(key, keys))
			return reader_fail(r, key, "unknown field '%.60s'",
					   key);
	}
	return !r->failed;
}

bool field_required(struct reader *r, const json_t *object, const char *key)
{
	if (!json_object_get(object, key))
		return reader_fail_at(r, 1, "field '%s' is missing", key);
	return !r->failed;
}

bool field_string(struct reader *r, const json_t *object, const char *key,
		  const char **value)
{
	const json_t *field = json_object_get(object, key);

	if (!field || r->failed)
		return !r->failed;
	if (!json_is_string(field))
		return reader_fail(r, key, "field '%s' must be a string", key);
	*value = trace_string(r->t, json_string_value(field));
	return true;
}

bool field_array(struct reader *r, const json_t *object, const char *key,
		 json_t **value)
{
	json_t *field = json_object_get(object, key);

	*value = field;
	if (field && !json_is_array(field))
		return reader_fail(r, key, "field '%s' must be an array", key);
	return !r->failed;
}

bool field_strings(struct reader *r, const json_t *object, const char *key,
		   struct trace_strings *list)
{
	json_t *array, *item;
	size_t i;

	if (!field_array(r, object, key, &array))
		return false;
	list->items = trace_alloc(r->t, json_array_size(array) *
						sizeof(*list->items));
	json_array_foreach(array, i, item)
	{
		if (!json_is_string(item))
			return reader_fail(r, key,
					   "field '%s' must hold strings", key);
		list->items[list->count++] =
			trace_string(r->t, json_string_value(item));
	}
	if (list->count == 0)
		list->items = NULL;
	return true;
}

bool field_bool(struct reader *r, const json_t *object, const char *key,
		bool *value)
{
	const json_t *field = json_object_get(object, key);

	if (!field || r->failed)
		return !r->failed;
	if (!json_is_boolean(field))
		return reader_fail(r, key, "field '%s' must be true or false",
				   key);
	*value = json_is_true(field);
	return true;
}

/* Only what line_unsigned writes: "0x" and up to 16 digits. */
static bool parse_hex(const char *s, uint64_t *result)
{
	size_t size = strlen(s);

	if (size < 3 || size > 18 || strncmp(s, "0x", 2) != 0 ||
	    strspn(s + 2, "0123456789abcdef") != size - 2)
		return false;
	*result = strtoull(s + 2, NULL, 16);
	return true;
}

bool value_unsigned(struct reader *r, const json_t *value, const char *key,
		    uint64_t max, uint64_t *result)
{
	uint64_t number = 0;

	if (json_is_integer(value) && json_integer_value(value) >= 0)
		number = (uint64_t)json_integer_value(value);
	else if (!json_is_string(value) ||
		 !parse_hex(json_string_value(value), &number))
		return reader_fail(r, key, "field '%s' must be a number from 0",
				   key);
	if (number > max)
		return reader_fail(r, key,
				   "field '%s' is over its limit of %" PRIu64,
				   key, max);
	*result = number;
	return !r->failed;
}

bool field_unsigned(struct reader *r, const json_t *object, const char *key,
		    uint64_t max, uint64_t *value)
{
	const json_t *field = json_object_get(object, key);

	if (!field || r->failed)
		return !r->failed;
	return value_unsigned(r, field, key, max, value);
}

bool field_u32(struct reader *r, const json_t *object, const char *key,
	       uint32_t max, uint32_t *value)
{
	uint64_t number = *value;

	if (!field_unsigned(r, object, key, max, &number))
		return false;
	*value = (uint32_t)number;
	return true;
}

bool field_signed(struct reader *r, const json_t *object, const char *key,
		  int64_t *value)
{
	const json_t *field = json_object_get(object, key);

	if (!field || r->failed)
		return !r->failed;
	if (!json_is_integer(field))
		return reader_fail(r, key, "field '%s' must be a whole number",
				   key);
	*value = json_integer_value(field);
	return true;
}

/* The index that @names gives to the name in the field, or false. */
static bool find_name(struct reader *r, const json_t *names,
		      const json_t *field, const char *key, json_int_t *index)
{
	const json_t *found;

	if (!json_is_string(field))
		return reader_fail(r, key, "field '%s' must be a name", key);
	found = json_object_get(names, json_string_value(field));
	if (!found)
		return reader_fail(r, key,
				   "field '%s': the header has no '%.60s'", key,
				   json_string_value(field));
	*index = json_integer_value(found);
	return !r->failed;
}

bool field_object(struct reader *r, const json_t *object, const char *key,
		  uint32_t *value)
{
	const json_t *field = json_object_get(object, key);
	json_int_t index;

	if (!field || r->failed)
		return !r->failed;
	if (!find_name(r, r->objects, field, key, &index))
		return false;
	*value = (uint32_t)index;
	return true;
}

bool field_mover(struct reader *r, const json_t *object, const char *key,
		 int32_t *value)
{
	const json_t *field = json_object_get(object, key);
	json_int_t index;

	if (!field || r->failed)
		return !r->failed;
	if (!find_name(r, r->threads, field, key, &index))
		return false;
	*value = (int32_t)index;
	return true;
}
