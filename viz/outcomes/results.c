/*
 * results.c - what tells one end from another: of results and words those
 * that are not the same in all ends.
 */
#include <string.h>

#include "viz/outcomes/classes.h"

/* The length of the item at @s, up to a blank. */
static size_t item_length(const char *s)
{
	return strcspn(s, " ");
}

static const char *next_item(const char *s)
{
	s += item_length(s);
	return s + strspn(s, " ");
}

/* Is item @index the same in both? */
static bool is_same(const char *a, const char *b, unsigned int index)
{
	while (index-- > 0) {
		a = next_item(a);
		b = next_item(b);
	}
	return item_length(a) == item_length(b) &&
	       strncmp(a, b, item_length(a)) == 0;
}

static const char *text_of(const struct record_outcome *o, bool of_words)
{
	const char *text = of_words ? o->words : o->results;

	return text ? text : "";
}

static bool varies(const struct record *r, bool of_words, unsigned int index)
{
	const char *first = text_of(&r->outcomes[0], of_words);

	for (uint32_t i = 1; i < r->outcome_count; i++)
		if (!is_same(first, text_of(&r->outcomes[i], of_words), index))
			return true;
	return r->outcome_count == 1;
}

const char *results_text(struct trace *memory, const struct record *r,
			 uint32_t outcome, bool of_words)
{
	const char *item = text_of(&r->outcomes[outcome], of_words);
	const char *text = "";
	unsigned int index = 0;

	for (; *item; item = next_item(item), index++)
		if (varies(r, of_words, index))
			text = trace_format(memory, "%s%s%.*s", text,
					    *text ? " " : "",
					    (int)item_length(item), item);
	return text;
}
