/*
 * classes.c - the kinds of ends that a search tells apart.
 */
#include "viz/outcomes/classes.h"

#include <ctype.h>
#include <string.h>

#define BAD BAD_STROKE, BAD_FILL
#define PALE BAD_FILL, BAD_STROKE, INK

/* clang-format off */
const struct end_class end_classes[CLASS_COUNT] = {
	[CLASS_OK] = {"ok", "ok", "ok",
		OK_BAR, PAPER, INK, OK_STROKE, OK_FILL, "box", "circle"},
	[CLASS_OF(VERDICT_DEADLOCK)] = {"deadlock", "deadlk", "dead",
		LOCK1_STROKE, PAPER, INK, LOCK1_STROKE, LOCK1_FILL,
		"box", "diamond"},
	[CLASS_OF(VERDICT_LOST_WAKEUP)] = {"lost wake-up", "lost", "lost",
		BAD_STROKE, PAPER, PAPER, BAD, "octagon", "octagon"},
	[CLASS_OF(VERDICT_LIVELOCK)] = {"livelock", "livelk", "live",
		PALE, BAD, "hexagon", "doubleoctagon"},
	[CLASS_OF(VERDICT_USE_AFTER_FREE)] = {"use after free", "uaf", "uaf",
		PALE, BAD, "hexagon", "hexagon"},
	[CLASS_OF(VERDICT_DOUBLE_FREE)] = {"double free", "2 free", "free",
		PALE, BAD, "hexagon", "hexagon"},
	[CLASS_OF(VERDICT_LEAK)] = {"leak", "leak", "leak",
		PALE, BAD, "hexagon", "hexagon"},
	[CLASS_OF(VERDICT_LOCK_ORDER)] = {"lock order", "order", "ordr",
		PALE, BAD, "hexagon", "hexagon"},
	[CLASS_OF(VERDICT_WRONG_KEY)] = {"wrong key", "key", "key",
		PALE, BAD, "hexagon", "hexagon"},
	[CLASS_OF(VERDICT_DATA_RACE)] = {"data race", "race", "race",
		PALE, BAD, "hexagon", "hexagon"},
	[CLASS_OF(VERDICT_KERNEL_BUG)] = {"kernel bug", "bug", "bug",
		PALE, BAD, "hexagon", "hexagon"},
	[CLASS_OF(VERDICT_ASSERTION)] = {"assertion", "assert", "asrt",
		PALE, BAD, "parallelogram", "parallelogram"},
	[CLASS_OF(VERDICT_EXPECTATION)] = {"unmet expectation", "unmet", "exp",
		PALE, BAD, "parallelogram", "parallelogram"},
	[CLASS_OF(VERDICT_STEP_LIMIT)] = {"step limit", "limit", "lim",
		CALL_FILL, NEUTRAL, INK, NEUTRAL, CALL_FILL, "box", "box"},
};
/* clang-format on */

unsigned int class_of(const struct record_outcome *o)
{
	unsigned int kind;

	for (kind = 0; kind < VERDICT_KIND_COUNT; kind++)
		if (o->verdicts >> kind & 1)
			return CLASS_OF(kind);
	return CLASS_OK;
}

bool class_is_bad(unsigned int class)
{
	return class != CLASS_OK && class != CLASS_OF(VERDICT_STEP_LIMIT);
}

const char *class_badge(struct trace *memory, unsigned int class,
			const struct record *r)
{
	char text[32];
	const char *words = end_classes[class].words;
	unsigned int i;

	if (class == CLASS_OK)
		return search_is_part(r) ? "✓ NONE FAILS SO FAR" : "✓ OK";
	for (i = 0; words[i] && i + 1 < sizeof(text); i++)
		text[i] = (char)toupper((unsigned char)words[i]);
	text[i] = '\0';
	return trace_format(memory, "%s %s", class_is_bad(class) ? "✗" : "⋯",
			    text);
}
