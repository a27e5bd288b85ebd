/* json.h - building JSON that cannot fail but for want of memory. */
#ifndef SIM_BASE_JSON_H
#define SIM_BASE_JSON_H

#include <jansson.h>
#include <stdlib.h>

/* Owner: @value is taken over. */
static inline void json_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		abort();
}

static inline void json_set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		abort();
}

#endif
