/*
 * words.h - between the files that make the texts of boxes.
 */
#ifndef VIZ_SEQUENCE_WORDS_H
#define VIZ_SEQUENCE_WORDS_H

#include "viz/sequence/story.h"

/* Small values in decimal, large ones, which are bits or addresses, in hex. */
const char *words_of_value(struct story *s, uint64_t v);
/* Where @key stands in @text as a word of its own, or NULL. */
const char *words_find(const char *text, const char *key);
/* The text of an access to user memory. */
const char *words_for_user(struct story *s, const struct event *e);

#endif
