/*
 * scenario_read.c - nodes of the tree as values of a known type.
 */
#include "sim/loader/scenario_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/quirks.h"
#include "sim/loader/scalar.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *loader_copy(struct loader *l, const char *text)
{
	return pool_string(l->s->pool, text, strlen(text));
}

/* ---- collections ------------------------------------------------------- */

static const char *found(const struct tree_node *node)
{
	switch (node->kind) {
	case TREE_LIST:
		return "a list";
	case TREE_MAP:
		return "a map";
	case TREE_SCALAR:
	case TREE_BROKEN:
		return node->length == 0 ? "nothing" : "text";
	}
	return "nothing";
}

bool loader_is_map(struct loader *l, const struct tree_node *node)
{
	if (node->kind == TREE_MAP)
		return true;
	if (node->kind != TREE_BROKEN)
		loader_error(l, node, "expected a map, found %s", found(node));
	return false;
}

bool loader_is_list(struct loader *l, const struct tree_node *node,
		    const char *of)
{
	if (node->kind == TREE_LIST)
		return true;
	if (node->kind != TREE_BROKEN)
		loader_error(l, node, "expected a list of %s, found %s", of,
			     found(node));
	return false;
}

static void unknown_key(struct loader *l, const struct tree_node *key,
			const struct field *fields, unsigned int count)
{
	const char *names[32];
	unsigned int known = 0;

	for (unsigned int i = 0; i < count && known < COUNT(names); i++)
		if (!(fields[i].flags & FIELD_ELSEWHERE))
			names[known++] = fields[i].name;
	loader_error_name(l, key, 0, "unknown key", key->text, names, known);
}

static void take_field(struct loader *l, const struct tree_node *value,
		       const struct field *fields, unsigned int count,
		       const struct tree_node **values)
{
	const struct tree_node *key = value->key;

	if (key->kind != TREE_SCALAR)
		return;
	for (unsigned int i = 0; i < count; i++) {
		if (strcmp(fields[i].name, key->text) != 0)
			continue;
		if (fields[i].flags & FIELD_ELSEWHERE)
			loader_error(l, key,
				     "an included file has procedures and "
				     "params only: take '%s' out",
				     key->text);
		else if (!values[i])
			values[i] = value;
		return;
	}
	unknown_key(l, key, fields, count);
}

bool loader_fields(struct loader *l, const struct tree_node *map,
		   const struct field *fields, unsigned int count,
		   const struct tree_node **values)
{
	memset(values, 0, count * sizeof(*values));
	if (!loader_is_map(l, map))
		return false;
	for (const struct tree_node *n = map->first; n; n = n->next)
		take_field(l, n, fields, count, values);
	for (unsigned int i = 0; i < count; i++)
		if ((fields[i].flags & FIELD_REQUIRED) && !values[i])
			loader_error(l, map, "missing key '%s'",
				     fields[i].name);
	return true;
}

/* ---- scalars ----------------------------------------------------------- */

bool loader_text(struct loader *l, const struct tree_node *node,
		 const char *what, const char **text)
{
	if (!node)
		return true;
	if (node->kind == TREE_SCALAR && node->length > 0) {
		*text = node->text;
		return true;
	}
	if (node->kind != TREE_BROKEN)
		loader_error(l, node, "expected %s, found %s", what,
			     found(node));
	return false;
}

/* In quotes it is text, unless a parameter had to be put in quotes. */
static bool plain(struct loader *l, const struct tree_node *node,
		  const char *what, const char **text)
{
	if (!loader_text(l, node, what, text))
		return false;
	if (node->style == TREE_PLAIN || node->patch_count)
		return true;
	loader_error(l, node, "expected %s, found text in quotes", what);
	return false;
}

static bool range_error(struct loader *l, const struct tree_node *node,
			bool is_small, int64_t min, uint64_t max)
{
	if (is_small)
		loader_error(l, node, "%s is too small: at least %" PRId64,
			     node->text, min);
	else
		loader_error(l, node, "%s is too big: at most %" PRIu64,
			     node->text, max);
	return false;
}

bool loader_integer(struct loader *l, const struct tree_node *node, int64_t min,
		    uint64_t max, uint64_t *bits)
{
	const char *text;
	struct number number;

	if (!node)
		return true;
	if (!plain(l, node, "an integer", &text))
		return false;
	switch (scalar_integer(text, &number)) {
	case SCALAR_OK:
		if (!number_is_within(number, min, max))
			return range_error(l, node,
					   number.is_negative ||
						   number.bits <= max,
					   min, max);
		*bits = number.bits;
		return true;
	case SCALAR_TOO_BIG:
		return range_error(l, node, text[0] == '-', min, max);
	case SCALAR_OTHER:
	case SCALAR_NO_UNIT:
	case SCALAR_NOT_WHOLE:
		break;
	}
	loader_error(l, node, "expected an integer, found '%s'", text);
	return false;
}

bool loader_word_value(struct loader *l, const struct tree_node *node,
		       uint32_t *value)
{
	uint64_t bits = *value;

	if (!loader_integer(l, node, INT32_MIN, UINT32_MAX, &bits))
		return false;
	*value = (uint32_t)bits;
	return true;
}

bool loader_choice(struct loader *l, const struct tree_node *node,
		   const char *const *names, unsigned int count,
		   unsigned int *choice)
{
	char joined[NAMES_JOINED_MAX], what[NAMES_JOINED_MAX + 32];
	const char *text;

	if (!node)
		return true;
	names_joined(names, count, joined);
	if (!loader_text(l, node, joined, &text))
		return false;
	for (unsigned int i = 0; i < count; i++) {
		if (strcmp(names[i], text) == 0) {
			*choice = i;
			return true;
		}
	}
	snprintf(what, sizeof(what), "expected %s, found", joined);
	loader_error_name(l, node, 0, what, text, names, count);
	return false;
}

bool loader_flag(struct loader *l, const struct tree_node *node, bool *value)
{
	const char *text;

	if (!node)
		return true;
	if (!plain(l, node, "true or false", &text))
		return false;
	if (scalar_bool(text, value))
		return true;
	loader_error(l, node, "expected true or false, found '%s'", text);
	return false;
}

bool loader_duration_text(struct loader *l, const struct tree_node *node,
			  size_t offset, const char *text, uint64_t *ns)
{
	switch (scalar_duration(text, ns)) {
	case SCALAR_OK:
		return true;
	case SCALAR_NO_UNIT:
		loader_error_in(l, node, offset,
				"a duration needs a unit (ns, us, ms, s, m or "
				"h), as in %sms",
				text);
		return false;
	case SCALAR_NOT_WHOLE:
		loader_error_in(l, node, offset,
				"'%s' is not a whole number of nanoseconds",
				text);
		return false;
	case SCALAR_TOO_BIG:
		loader_error_in(l, node, offset,
				"'%s' is longer than 2^64-1 ns", text);
		return false;
	case SCALAR_OTHER:
		break;
	}
	loader_error_in(l, node, offset,
			"expected a duration such as 10ms, found '%s'", text);
	return false;
}

bool loader_duration(struct loader *l, const struct tree_node *node,
		     uint64_t *ns)
{
	const char *text;

	if (!node)
		return true;
	return loader_text(l, node, "a duration such as 10ms", &text) &&
	       loader_duration_text(l, node, 0, text, ns);
}

bool loader_bytes(struct loader *l, const struct tree_node *node,
		  uint64_t *bytes)
{
	const char *text;

	if (!node)
		return true;
	if (!loader_text(l, node, "bytes, such as 512MiB", &text))
		return false;
	switch (scalar_bytes(text, bytes)) {
	case SCALAR_OK:
		return true;
	case SCALAR_TOO_BIG:
		loader_error(l, node, "%s is too big: at most 2^64-1 bytes",
			     text);
		return false;
	case SCALAR_OTHER:
	case SCALAR_NO_UNIT:
	case SCALAR_NOT_WHOLE:
		break;
	}
	loader_error(l, node,
		     "expected a whole number of bytes, KiB, MiB or GiB, such "
		     "as 512MiB, found '%s'",
		     text);
	return false;
}

bool loader_prot(struct loader *l, const struct tree_node *node, size_t offset,
		 const char *text, uint32_t *prot)
{
	static const char *const names[] = {"none", "r", "w", "rw"};

	for (unsigned int i = 0; i < COUNT(names); i++) {
		if (strcmp(names[i], text) == 0) {
			*prot = i; /* PROT_R and PROT_W are bits 0 and 1 */
			return true;
		}
	}
	loader_error_in(l, node, offset,
			"unknown protection '%s': it is none, r, w or rw",
			text);
	return false;
}

bool loader_result(struct loader *l, const struct tree_node *node,
		   int64_t *value)
{
	const char *text;
	struct number number;

	if (!node)
		return true;
	if (!loader_text(l, node, "an integer or the name of an error", &text))
		return false;
	if (scalar_integer(text, &number) == SCALAR_OK) {
		*value = (int64_t)number.bits;
		return true;
	}
	*value = -scalar_errno(text + (text[0] == '-'));
	if (*value == 0)
		loader_error_result(l, node, text[0] == '-',
				    text + (text[0] == '-'));
	return *value != 0;
}

/* ---- lists and names --------------------------------------------------- */

bool loader_names(struct loader *l, const struct tree_node *node,
		  const char *what, struct name_list *list)
{
	const char *text;

	if (!node)
		return true;
	if (!loader_is_list(l, node, what))
		return false;
	list->items = pool_alloc(l->s->pool, node->count, sizeof(char *));
	for (const struct tree_node *n = node->first; n; n = n->next)
		if (loader_text(l, n, "text", &text))
			list->items[list->count++] = loader_copy(l, text);
	return list->count == node->count;
}

bool loader_verdict(struct loader *l, const struct tree_node *node,
		    enum verdict_kind *kind)
{
	const char *names[VERDICT_KIND_COUNT];
	const char *text;

	if (!node)
		return true;
	if (!loader_text(l, node, "a verdict word", &text))
		return false;
	if (verdict_parse(text, kind))
		return true;
	for (unsigned int i = 0; i < VERDICT_KIND_COUNT; i++)
		names[i] = verdict_name(i);
	loader_error_name(l, node, 0, "unknown verdict", text, names,
			  COUNT(names));
	return false;
}

static void unknown_profile(struct loader *l, const struct tree_node *node)
{
	const char *names[32];
	unsigned int count = 0;

	for (; count < profile_count && count < COUNT(names); count++)
		names[count] = profile_table[count].name;
	loader_error_name(l, node, 0, "unknown profile", node->text, names,
			  count);
}

/* One profile, or a list of them. */
bool loader_profiles(struct loader *l, const struct tree_node *node,
		     struct name_list *list)
{
	const struct tree_node *first = node, *n;
	const char *text;
	bool is_good = true;

	if (node->kind == TREE_BROKEN)
		return false;
	if (node->kind == TREE_MAP)
		return loader_is_list(l, node, "profiles");
	if (node->kind == TREE_LIST)
		first = node->first;
	if (!first)
		loader_error(l, node, "an empty list: name a profile");
	list->items = pool_alloc(l->s->pool, node->count + 1, sizeof(char *));
	for (n = first; n; n = node->kind == TREE_LIST ? n->next : NULL) {
		if (!loader_text(l, n, "the name of a profile", &text)) {
			is_good = false;
		} else if (!profile_find(text)) {
			unknown_profile(l, n);
			is_good = false;
		} else {
			list->items[list->count++] = loader_copy(l, text);
		}
	}
	return is_good;
}

/* ---- new names --------------------------------------------------------- */

/* What means something else where a thread, a word or a result may stand. */
static const char *const reserved[] = {
	"and",	   "or",       "not",	"implies", "iff",
	"forall",  "exists",   "count", "in",	   "threads",
	"true",	   "false",    "clock", "timer",   "signal",
	"check",   "all",      "show",	"explore", "spurious",
	"private", "realtime", "plain", "lazy",	   "bad",
};

/* Why it cannot be used, or NULL. */
static const char *reason_against(const char *name)
{
	for (size_t i = 0; i < COUNT(reserved); i++)
		if (strcmp(reserved[i], name) == 0)
			return "is reserved";
	return scalar_errno(name) ? "is the name of an error" : NULL;
}

bool loader_new_name_in(struct loader *l, const struct tree_node *node,
			size_t offset, const char *name, const char *kind,
			bool dash)
{
	const char *reason;

	if (!scalar_is_name(name, dash)) {
		loader_error_in(l, node, offset,
				"'%s' cannot be the name of a %s: a letter or "
				"_, then letters, digits, _%s",
				name, kind, dash ? " and -" : "");
		return false;
	}
	if (strlen(name) > SCENARIO_NAME_MAX) {
		loader_error_in(l, node, offset,
				"a name of more than %u letters "
				"(SCENARIO_NAME_MAX): shorten it",
				SCENARIO_NAME_MAX);
		return false;
	}
	reason = dash ? NULL : reason_against(name);
	if (reason)
		loader_error_in(l, node, offset,
				"'%s' %s: give the %s another name", name,
				reason, kind);
	return !reason;
}

bool loader_new_name(struct loader *l, const struct tree_node *key,
		     const char *kind, bool dash)
{
	return key->kind == TREE_SCALAR &&
	       loader_new_name_in(l, key, 0, key->text, kind, dash);
}
