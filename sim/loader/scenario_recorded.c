/*
 * scenario_recorded.c - what came of a run that was written down as a schedule.
 *
 * It tells nothing about what is right: a replay holds its run against it, to
 * find out whether the code has changed.
 */
#include "sim/loader/scenario_internal.h"

#include <stdio.h>
#include <string.h>

#include "sim/loader/explore_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DIGEST_LENGTH 16u

enum {
	VERDICTS,
	STEPS,
	MAX_STEPS,
	GRANULARITY,
	DIGEST,
	BLOCKS
};

static const struct field recorded_fields[] = {
	[VERDICTS] = {"verdicts", FIELD_REQUIRED},
	[STEPS] = {"steps", FIELD_REQUIRED},
	[MAX_STEPS] = {"max_steps", 0},
	[GRANULARITY] = {"granularity", 0},
	[DIGEST] = {"digest", FIELD_REQUIRED},
	[BLOCKS] = {"blocks", 0},
};

static void load_verdicts(struct loader *l, const struct tree_node *node)
{
	enum verdict_kind kind;

	if (!node || !loader_is_list(l, node, "verdict words"))
		return;
	for (const struct tree_node *n = node->first; n; n = n->next)
		if (loader_verdict(l, n, &kind))
			l->s->recorded.verdicts |= 1u << kind;
}

static bool is_hex(const char *text)
{
	return text[strspn(text, "0123456789abcdef")] == '\0';
}

static void load_digest(struct loader *l, const struct tree_node *node)
{
	const char *text;

	if (!node || !loader_text(l, node, "a digest", &text))
		return;
	if (strlen(text) != DIGEST_LENGTH || !is_hex(text))
		loader_error(l, node, "a digest has %u digits from 0 to f",
			     DIGEST_LENGTH);
	else
		l->s->recorded.digest = loader_copy(l, text);
}

/* "12-9f3a": steps, and the end of the digest of this block alone. */
static void load_block(struct loader *l, const struct tree_node *node,
		       struct recorded_block *block)
{
	const char *text;
	char after;

	if (!loader_text(l, node, "steps and a digest, as 12-9f3a", &text))
		return;
	if (sscanf(text, "%9u-%4x%c", &block->steps, &block->mark, &after) != 2)
		loader_error(l, node,
			     "expected steps and a digest, as 12-9f3a, found "
			     "'%s'",
			     text);
}

static void load_blocks(struct loader *l, const struct tree_node *node)
{
	struct recorded *r = &l->s->recorded;

	if (!node || !loader_is_list(l, node, "steps and digests"))
		return;
	r->blocks = pool_alloc(l->s->pool, node->count + 1, sizeof(*r->blocks));
	for (const struct tree_node *n = node->first; n; n = n->next)
		load_block(l, n, &r->blocks[r->block_count++]);
}

void load_recorded(struct loader *l, const struct tree_node *node)
{
	const struct tree_node *values[COUNT(recorded_fields)];
	struct recorded *r = &l->s->recorded;
	unsigned int granularity = GRANULARITY_KERNEL;

	if (!node || !loader_fields(l, node, recorded_fields,
				    COUNT(recorded_fields), values))
		return;
	r->is_given = true;
	r->digest = "";
	load_verdicts(l, values[VERDICTS]);
	loader_integer(l, values[STEPS], 0, UINT32_MAX, &r->steps);
	loader_integer(l, values[MAX_STEPS], 1, EXPLORE_STEPS_MAX,
		       &r->max_steps);
	loader_choice(l, values[GRANULARITY], granularity_names,
		      COUNT(granularity_names), &granularity);
	r->granularity = granularity;
	load_digest(l, values[DIGEST]);
	load_blocks(l, values[BLOCKS]);
}
