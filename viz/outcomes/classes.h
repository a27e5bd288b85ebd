/*
 * classes.h - the kinds of ends that a search tells apart, and numbers of them.
 *
 * An end is well, or it belongs to the verdict that says most about it: that
 * an expectation is not met only follows from others.
 */
#ifndef VIZ_OUTCOMES_CLASSES_H
#define VIZ_OUTCOMES_CLASSES_H

#include "viz/canvas/dot.h"

#define CLASS_OK 0u
#define CLASS_OF(verdict) (1u + (verdict))
#define CLASS_COUNT (1u + VERDICT_KIND_COUNT)

/* How a class is called and drawn. */
struct end_class {
	const char *words; /* "lost wake-up" */
	const char *leaf; /* "lost": at most 6 characters */
	const char *mark; /* at most 4, within a column */
	const char *bar; /* colour that fills a bar */
	const char *rim; /* outline of a bar */
	const char *text; /* colour of text on a bar */
	const char *stroke, *fill; /* of a leaf */
	const char *form; /* of a leaf */
	const char *end; /* form of the end itself */
};

extern const struct end_class end_classes[CLASS_COUNT];

unsigned int class_of(const struct record_outcome *o);
/* Did the run end on its own, and wrong? */
bool class_is_bad(unsigned int class);
/* "✗ LOST WAKE-UP"; of CLASS_OK what the search can say for sure. */
const char *class_badge(struct trace *memory, unsigned int class,
			const struct record *r);

/* ---- numbers ----------------------------------------------------------- */

/* "1,234,567" */
const char *number_text(struct trace *memory, uint64_t n);
/* At most 4 columns: "999", "1.2k", "12k", "3.4M"; rounded down. */
const char *number_short(struct trace *memory, uint64_t n);
/* "79.2 %"; what is neither none nor all is not said to be. */
const char *part_text(struct trace *memory, uint64_t part, uint64_t all);
/* @part / @all of @length; @part is at most @all, which is not 0. */
long part_of_length(uint64_t part, uint64_t all, long length);
/* "1 run", "2 runs". */
const char *counted(struct trace *memory, uint64_t n, const char *thing);
/* "dpor   kernel   exhaustive   857 states   ..." */
const char *search_facts(struct trace *memory, const struct record *r);
/*
 * Of the results, or the words, of an end those that are not the same in all
 * ends of the search.
 */
const char *results_text(struct trace *memory, const struct record *r,
			 uint32_t outcome, bool of_words);
/* Can there be more runs than those that were counted? */
bool search_is_part(const struct record *r);

/*
 * The options that choose among events of a trace say nothing of a search.
 * Errors: -EINVAL if one is given, with the reason in @error.
 */
int search_check_options(const struct viz_options *o,
			 char error[VIZ_ERROR_MAX]);

#endif
