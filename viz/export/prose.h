/*
 * prose.h - what happened, in sentences.
 */
#ifndef VIZ_EXPORT_PROSE_H
#define VIZ_EXPORT_PROSE_H

#include "viz/sequence/story.h"

/*
 * Write one paragraph of Markdown: who sleeps, who wakes whom, which timers
 * and signals come, what goes wrong, how it ends.
 */
void prose_write(struct story *s, FILE *out);

#endif
