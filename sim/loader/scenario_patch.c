/*
 * scenario_patch.c - the text of a scenario with other values in it.
 *
 * A value that was given takes the place of a default, and the values of one
 * combination that of a matrix, so that the text alone is the same scenario.
 * Lines stay where they are.
 */
#include "sim/loader/scenario_internal.h"

#include <stdlib.h>
#include <string.h>

void patch_text(struct loader *l, size_t start, size_t end, const char *text)
{
	struct text_patch *p;

	if (l->patch_count == l->patch_room) {
		l->patch_room = l->patch_room ? l->patch_room * 2 : 16;
		l->patches = realloc(l->patches,
				     l->patch_room * sizeof(*l->patches));
		if (!l->patches)
			abort();
	}
	p = &l->patches[l->patch_count++];
	*p = (struct text_patch){start, end, text};
}

/* What is not a line break becomes blank. */
static void patch_blank(struct loader *l, size_t start, size_t end)
{
	char *blank = tree_alloc(&l->tree, end - start + 1);

	for (size_t i = start; i < end; i++) {
		char c = l->tree.source[i];

		blank[i - start] = c == '\n' || c == '\r' ? c : ' ';
	}
	patch_text(l, start, end, blank);
}

void patch_list(struct loader *l, const struct tree_node *list,
		const char *text)
{
	patch_text(l, list->first->start, list->first->end, text);
	if (list->first != list->last)
		patch_blank(l, list->first->end, list->last->end);
}

static int by_start(const void *a, const void *b)
{
	const struct text_patch *left = a, *right = b;

	return left->start < right->start ? -1 : left->start > right->start;
}

void patch_source(struct loader *l)
{
	struct scenario *s = l->s;
	const char *from = s->source;
	size_t size = s->source_size, at = 0, length = 0;
	char *source;

	if (!l->patch_count)
		return;
	qsort(l->patches, l->patch_count, sizeof(*l->patches), by_start);
	for (unsigned int i = 0; i < l->patch_count; i++)
		size += strlen(l->patches[i].text);
	source = pool_alloc(s->pool, 1, size + 1);
	for (unsigned int i = 0; i < l->patch_count; i++) {
		const struct text_patch *p = &l->patches[i];

		memcpy(source + length, from + at, p->start - at);
		length += p->start - at;
		strcpy(source + length, p->text);
		length += strlen(p->text);
		at = p->end;
	}
	memcpy(source + length, from + at, s->source_size - at);
	s->source = source;
	s->source_size = length + s->source_size - at;
}
