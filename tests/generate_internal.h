/* generate_internal.h - what the parts of the generator share. */
#ifndef TESTS_GENERATE_INTERNAL_H
#define TESTS_GENERATE_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/loader/scenario.h"

#define ROWS_MAX 4u

/* What a template may need. */
#define HAS_RESULT 1u /* an earlier result */
#define HAS_CLOCK 2u /* it arms a timer */
#define HAS_TID 4u /* threads need not be interchangeable */
#define HAS_ROBUST 8u /* a robust list called head */
#define HAS_HEAP 16u /* pages at 0x10000 that may be unmapped */
#define HAS_MARK 32u /* some thread says `mark here` */
#define HAS_BOTH 64u /* some thread calls `both` */
#define HAS_GROUP 128u
/* Themes. */
#define HAS_CALLS 256u /* several words, several clocks */
#define HAS_SIGNALS 512u
#define HAS_BIRTHS 1024u /* threads that others start */
#define HAS_PLAIN 2048u
#define HAS_REMAPS 4096u /* memory that goes and comes back */
/* What only scenes give. */
#define HAS_FORKS 8192u /* P2 is forked from P1 */
#define HAS_REUSE 16384u /* two shared regions */

struct recipe {
	unsigned int weight;
	unsigned int steps[2]; /* at granularity kernel; at call */
	unsigned int needs;
	const char *text;
};

/* A thread, or a group of them. */
struct row {
	char name[2];
	unsigned int count;
	unsigned int process; /* from 1 */
	unsigned int steps; /* of each */
	unsigned int results; /* r0, r1 ... */
	unsigned int fresh; /* those that the present operation assigns */
	bool has_mark;
	bool has_both;
	FILE *out;
	char *text;
	size_t size;
};

struct generator {
	uint64_t state;
	enum granularity granularity;
	double runs_max;
	FILE *out;
	unsigned int has;
	unsigned int themes;
	unsigned int word_count; /* F, G */
	unsigned int process_count;
	bool has_far_words; /* in regions */
	unsigned int timers;
	unsigned int signals; /* what the environment may do */
	unsigned int spurious;
	bool is_idle; /* timeouts: idle */
	bool is_symmetric;
	struct row rows[ROWS_MAX];
	unsigned int row_count;
	struct row *row; /* the one that templates are about */
};

unsigned int generate_below(struct generator *g, unsigned int end);
bool generate_chance(struct generator *g, unsigned int percent);
void generate_text(struct generator *g, FILE *out, const char *template);
/* One of a table whose needs @has meets, or NULL. */
const struct recipe *generate_pick(struct generator *g,
				   const struct recipe *table, size_t count,
				   unsigned int has);

/* What a scenario with that seed is about, beside what all are about. */
void generate_themes(struct generator *g, uint64_t seed);
/* An operation that has to do with it, or NULL. */
const struct recipe *generate_themed(struct generator *g, unsigned int has);

/* Which memory there is, and in how many processes. */
void generate_memory(struct generator *g);
/* What the environment will do; written later, counted now. */
void generate_environment(struct generator *g);
/* `explore:` and `expect:`. */
void generate_claims(struct generator *g);

#endif
