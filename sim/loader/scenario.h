/*
 * scenario.h - a scenario as plain data: what the YAML file says, checked and
 * with every name resolved to an index.
 *
 * The loader (scenario_*.c) fills it; the machine reads it and never writes.
 * Owner: everything hangs on the scenario's own memory; scenario_free frees
 * it all.  Lines and columns count from 1 and point into the file.
 */
#ifndef SIM_LOADER_SCENARIO_H
#define SIM_LOADER_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/loader/diagnostics.h"
#include "sim/loader/exploration.h"
#include "sim/loader/limits.h"
#include "sim/loader/matrix.h"
#include "sim/loader/operation.h"
#include "trace/event.h"
#include "trace/verdict.h"

/* ---- memory ------------------------------------------------------------ */

enum region_kind {
	REGION_PRIVATE,
	REGION_SHARED,
	REGION_FILE,
};

struct scenario_region {
	struct mark mark;
	const char *name;
	enum region_kind kind;
	uint32_t pages;
};

#define PROT_R 1u
#define PROT_W 2u

/*
 * What a process sees where at the start, as declared: neither the map of the
 * region "words" nor what a forked process inherits is in the list.  A map
 * belongs to the process that owns the address space, never to one that
 * shares it.  Maps with equal handle_group (not 0) share one futex handle;
 * each other map of a file has its own.
 */
struct scenario_map {
	struct mark mark;
	uint32_t process;
	uint32_t region;
	uint64_t at; /* address, a multiple of the page size */
	uint64_t offset; /* into the region, bytes, a multiple of it too */
	uint32_t pages;
	bool lazy; /* pages are absent until the first touch */
	uint32_t prot;
	uint32_t handle_group;
};

/*
 * A named word.  `words: {F: 0}` makes words of the region "words", which is
 * the last in regions[], private, mapped into the first process (and those
 * that share its memory) at WORDS_BASE, WORDS_STRIDE bytes apart.
 */
#define WORDS_BASE 0x1000u
#define WORDS_STRIDE 0x40u
struct scenario_word {
	struct mark mark;
	const char *name;
	uint32_t region;
	uint64_t offset; /* into the region, bytes */
	uint32_t value;
	bool is_short; /* declared in `words:` */
};

#define NOWHERE UINT32_MAX
struct scenario_process {
	struct mark mark;
	const char *name;
	/* Either is a process that comes before this one, or NOWHERE. */
	uint32_t shares_memory_with; /* the owner of the address space */
	uint32_t forked_from;
	bool starts_later; /* some `fork` names it */
};

/* ---- threads ----------------------------------------------------------- */

/*
 * A thread.  Control flow is compiled to branches and jumps, repetitions and
 * procedures are written out, so a program is an array.  Threads of one group
 * share theirs.
 */
struct scenario_thread {
	struct mark mark;
	const char *name;
	uint32_t process;
	bool is_cloned; /* some `clone` names it: it starts there */
	bool is_forked; /* its process starts later, and it with that */
	struct op *ops;
	uint32_t op_count;
	uint32_t main_count; /* where it ends; handlers come after it */
	uint32_t
		*handlers; /* by procedure: where its code begins, or NOWHERE */
	const char **registers; /* names of results, by index */
	uint32_t register_count;
	uint32_t group; /* or NOWHERE */
	uint32_t first; /* of its group, or itself: whose program it has */
	uint32_t symmetric; /* which set of interchangeable ones; 0: none */
};

/* `T: {count: 3, run: [...]}`: the threads T1, T2 and T3. */
struct scenario_group {
	struct mark mark;
	const char *name;
	uint32_t *threads;
	uint32_t count;
};

/* ---- expressions ------------------------------------------------------- */

enum expr_kind {
	EXPR_INTEGER, /* value; errno names are negative integers */
	EXPR_RESULT, /* thread, index: register */
	EXPR_WORD, /* index */
	EXPR_WORD_KEY, /* index */
	EXPR_VARIABLE, /* a bound thread variable, by depth in index */
	EXPR_REGISTER, /* in a program: index: the thread's own register */
	EXPR_NOT,
	EXPR_AND,
	EXPR_OR,
	EXPR_IMPLIES,
	EXPR_IFF,
	EXPR_EQ,
	EXPR_NE,
	EXPR_LT,
	EXPR_LE,
	EXPR_GT,
	EXPR_GE,
	EXPR_ADD,
	EXPR_SUB,
	EXPR_FORALL, /* over all threads named in set; body in left */
	EXPR_EXISTS,
	EXPR_COUNT, /* how many threads satisfy left, as in count(done(t)) */
	/* predicates over a thread, further arguments as said */
	EXPR_BLOCKED,
	EXPR_DONE,
	EXPR_QUEUED,
	EXPR_WOKEN,
	EXPR_CHARGED,
	EXPR_RETURNED, /* value: what its last finished futex wait returned */
	EXPR_MARKED, /* name */
	EXPR_HOLDS, /* object: kind of mutex */
	EXPR_IN, /* procedure */
	EXPR_KEY, /* of its futex: a number like no other futex's */
};

/*
 * The thread of a predicate is in thread, or it is a bound variable when
 * is_bound: then index is its depth, 0 the innermost quantifier or count.
 */
struct expr {
	enum expr_kind kind;
	int col;
	int64_t value;
	uint32_t index;
	uint32_t thread;
	bool is_bound;
	const char *name;
	enum object_kind object;
	uint32_t procedure;
	const uint32_t *set; /* threads a quantifier runs over */
	uint32_t set_count;
	struct expr *left;
	struct expr *right;
};

/* ---- schedules --------------------------------------------------------- */

enum stop_kind {
	STOP_NEXT,
	STOP_BLOCKED,
	STOP_DONE,
	STOP_BLOCKED_OR_DONE,
	STOP_STUCK,
	STOP_BEFORE,
	STOP_AFTER,
	STOP_STEPS,
};

enum line_kind {
	LINE_THREAD, /* thread, stop */
	LINE_ALL_STUCK, /* all: until stuck */
	LINE_ALL_FINISH, /* all: finish */
	LINE_CLOCK, /* clock: advance duration_ns */
	LINE_TIMER_FIRE, /* timer: fire THREAD */
	LINE_SIGNAL, /* signal: thread or process; number */
	LINE_CHECK, /* expr */
	LINE_SHOW,
	LINE_EXPLORE, /* the last one: search from here */
	LINE_SPURIOUS, /* thread wakes for no reason */
};

struct schedule_line {
	struct mark mark;
	enum line_kind kind;
	uint32_t thread;
	enum stop_kind stop;
	enum event_kind point; /* before, after */
	enum object_kind point_object;
	uint32_t nth; /* which passing of the point, from 1 */
	uint32_t steps;
	bool has_value; /* only when the event's result is value */
	int64_t value;
	uint32_t of_word; /* only on this word, or NOWHERE */
	uint32_t of_thread; /* only on things of this thread, or NOWHERE */
	uint64_t duration_ns;
	uint32_t signal;
	uint32_t process; /* signal: to it as a whole, or NOWHERE */
	struct expr *expr;
	const char *text; /* the line as written, for reports */
};

struct schedule {
	struct mark mark;
	const char *name; /* "" for the one under `schedule:` */
	struct schedule_line *lines;
	uint32_t line_count;
};

/* Does a search begin where it ends?  NULL is no prefix. */
static inline bool schedule_is_prefix(const struct schedule *s)
{
	return s && s->line_count &&
	       s->lines[s->line_count - 1].kind == LINE_EXPLORE;
}

/* ---- expectations ------------------------------------------------------ */

struct expect_return {
	struct mark mark;
	uint32_t thread;
	uint32_t reg;
	int64_t value;
};

enum thread_state {
	THREAD_DONE,
	THREAD_BLOCKED,
};

struct expect_thread {
	struct mark mark;
	uint32_t thread;
	enum thread_state state;
};

struct expect_word {
	struct mark mark;
	uint32_t word;
	uint32_t value;
};

struct expect_queue {
	struct mark mark;
	uint32_t word;
	uint32_t *threads; /* head first */
	uint32_t thread_count;
};

enum property_kind {
	PROPERTY_ALWAYS,
	PROPERTY_NEVER,
	PROPERTY_EVENTUALLY,
	PROPERTY_REACHABLE,
};

struct property {
	struct mark mark;
	enum property_kind kind;
	const char *name;
	const char *because; /* may be NULL */
	struct expr *that; /* NULL: builtin */
	enum verdict_kind builtin;
};

struct expected_bug {
	struct mark mark;
	bool is_given;
	const char *id;
	enum verdict_kind kind;
	const char **profiles; /* none: every profile */
	uint32_t profile_count;
	bool strict; /* default true */
};

/* ---- the whole --------------------------------------------------------- */

struct scenario {
	const char *path; /* as given */
	const char *source; /* the text, with all that it includes */
	size_t source_size;
	struct scenario_include *includes; /* by first line */
	uint32_t include_count;
	struct scenario_matrix matrix;
	const char *combination; /* "waiters=2, n=1"; "" without a matrix */

	const char *name;
	struct mark name_mark;
	const char *summary; /* may be NULL */
	struct name_list tags;
	struct name_list refs;
	struct name_list profiles; /* at least one */
	struct name_list with; /* quirks added and removed by the file */
	struct name_list without;
	uint32_t ignore; /* bit per verdict_kind */

	uint64_t start_ns; /* kernel: time */
	uint64_t wall_offset_ns;
	uint32_t shared_table_operations;

	struct scenario_process *processes;
	uint32_t process_count;
	struct scenario_region *regions;
	uint32_t region_count;
	struct scenario_map *maps;
	uint32_t map_count;
	struct scenario_word *words;
	uint32_t word_count;
	struct scenario_thread *threads;
	uint32_t thread_count;
	struct scenario_group *groups;
	uint32_t group_count;
	const char **procedures; /* names */
	uint32_t procedure_count;
	struct schedule *schedules;
	uint32_t schedule_count; /* 0: none; run until stuck */

	struct expect_return *returns;
	uint32_t return_count;
	struct expect_thread *expect_threads;
	uint32_t expect_thread_count;
	struct expect_word *expect_words;
	uint32_t expect_word_count;
	struct expect_queue *queues;
	uint32_t queue_count;
	struct property *properties;
	uint32_t property_count;
	struct expected_bug bug;
	struct exploration explore;
	struct recorded recorded;

	const char *title; /* diagram; may be NULL */
	struct name_list focus;
	struct name_list hide;
	struct name_list highlight;

	struct scenario_pool *pool;
};

/* Is it one of several that a matrix makes? */
static inline bool scenario_has_combination(const struct scenario *s)
{
	return s->combination && s->combination[0];
}

/* Values of parameters in place of their defaults, each "name=value". */
struct scenario_params {
	const char *const *items;
	unsigned int count;
};

/*
 * Load a scenario from @text (@size bytes).  @path is for messages.
 * All of a file's errors go into @d; on any, returns NULL.
 * In the source that the scenario keeps, the values of @params are the
 * defaults and those of its combination are all there are in the matrix:
 * loaded again without them it is the same scenario.  What the text includes
 * must be part of it, under `included`; no file is read.
 */
struct scenario *scenario_parse_with(const char *path, const char *text,
				     size_t size,
				     const struct scenario_params *params,
				     struct diagnostics *d);
struct scenario *scenario_parse(const char *path, const char *text, size_t size,
				struct diagnostics *d);
/* The same from a file, "-" for standard input. */
struct scenario *scenario_load_with(const char *path,
				    const struct scenario_params *params,
				    struct diagnostics *d);
struct scenario *scenario_load(const char *path, struct diagnostics *d);
void scenario_free(struct scenario *s);

/*
 * The combination number @index of the matrix of @s, which may be freed before
 * it.  All of them load if @s came from a file.
 */
struct scenario *scenario_combination(const struct scenario *s, uint32_t index,
				      struct diagnostics *d);
/* "waiters=2, n=1" for that one, to be freed. */
char *scenario_combination_name(const struct scenario *s, uint32_t index);

/* The file that line *@line of the source is of; *@line becomes one of it. */
const char *scenario_place(const struct scenario *s, int *line);
/* Get @d ready for errors in the source of @s. */
void scenario_diagnostics(const struct scenario *s, struct diagnostics *d);

/*
 * Is there a file at @path that has procedures and parameters, and neither a
 * name nor threads?  Such a file is there to be included.
 */
bool scenario_is_for_inclusion(const char *path);
/* Look at such a file by itself.  Returns whether it is good. */
bool scenario_check_inclusion(const char *path, struct diagnostics *d,
			      uint32_t *procedures, uint32_t *params);

#endif
