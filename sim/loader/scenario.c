/*
 * scenario.c - the memory of a scenario, and tables of its names.
 */
#include "sim/loader/scenario.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loader/scenario_internal.h"

void scenario_free(struct scenario *s)
{
	if (!s)
		return;
	pool_free(s->pool);
	free(s);
}

/* ---- names ------------------------------------------------------------- */

struct named {
	const char *name;
	uint32_t value;
};

static int compare(const void *a, const void *b)
{
	const struct named *left = a, *right = b;

	return strcmp(left->name, right->name);
}

bool name_index_add(struct name_index *names, const char *name, uint32_t value)
{
	struct named *named = malloc(sizeof(*named));
	struct named **slot;

	if (!named)
		abort();
	named->name = name;
	named->value = value;
	slot = tsearch(named, &names->root, compare);
	if (!slot)
		abort();
	if (*slot != named) {
		free(named);
		return false;
	}
	names->count++;
	return true;
}

bool name_index_find(const struct name_index *names, const char *name,
		     uint32_t *value)
{
	struct named wanted = {name, 0};
	struct named *const *slot = tfind(&wanted, &names->root, compare);

	if (!slot)
		return false;
	*value = (*slot)->value;
	return true;
}

void name_index_fini(struct name_index *names)
{
	while (names->root) {
		struct named *named = *(struct named **)names->root;

		tdelete(named, &names->root, compare);
		free(named);
	}
}
