/*
 * scenario_internal.h - what the parts of the scenario loader share.
 *
 * Order of work: tree, included files, parameters, matrix, processes, memory,
 * procedures, threads, schedules, expectations, search.
 * Each part reads its piece of the tree into the scenario and reports every
 * error it finds; after an error it goes on with what is left, and what
 * depends on the broken piece keeps silent.
 */
#ifndef SIM_LOADER_SCENARIO_INTERNAL_H
#define SIM_LOADER_SCENARIO_INTERNAL_H

#include "sim/loader/diagnostics.h"
#include "sim/base/pool.h"
#include "sim/loader/scenario.h"
#include "sim/loader/yaml_tree.h"

/* ---- names ------------------------------------------------------------- */

/* Names and the indexes they stand for. */
struct name_index {
	void *root;
	unsigned int count;
	bool is_incomplete; /* a declaration was broken: do not complain */
};

/* Returns false if the name is there already.  The string is borrowed. */
bool name_index_add(struct name_index *names, const char *name, uint32_t value);
bool name_index_find(const struct name_index *names, const char *name,
		     uint32_t *value);
void name_index_fini(struct name_index *names);

/* ---- the loader -------------------------------------------------------- */

/* A procedure is read anew at each call. */
struct procedure {
	const struct tree_node *list;
	bool is_broken; /* no call of it is followed */
};

struct param {
	struct mark mark;
	const char *text; /* its value */
	int64_t value;
	int64_t min;
	int64_t max;
	bool is_given; /* on the command line */
};

/* A file that is included. */
struct included {
	const char *name; /* as seen from the folder of the scenario */
	const struct tree_node *item; /* that includes it */
	const struct tree_node *text; /* NULL after an error */
	const struct tree_node *procedures; /* may be NULL */
	const struct tree_node *params; /* may be NULL */
};

/* A piece of the text that is to be another one. */
struct text_patch {
	size_t start;
	size_t end;
	const char *text;
};

struct loader {
	struct scenario *s;
	struct diagnostics *d;
	struct tree tree;
	const struct scenario_params *given;

	/* The text has been put together of files: places are those of each. */
	bool is_assembled;
	const struct tree_node *included_texts; /* `included`, or NULL */
	struct included *included;
	uint32_t included_count;
	struct text_patch *patches;
	unsigned int patch_count;
	unsigned int patch_room;

	const struct tree_node *matrix; /* or NULL */
	struct name_index params; /* indexes of param_list */
	struct param *param_list;
	struct name_index procedures;
	struct procedure *bodies; /* by procedure */
	uint32_t op_count; /* of all threads so far */

	struct name_index processes;
	struct name_index regions;
	struct name_index words;
	struct name_index threads;
	struct name_index groups;
	/* By thread, the first of its group; the last is of no thread. */
	struct name_index *registers;
	struct name_index marks; /* "name" and "thread.name", as above */
	uint32_t words_region; /* of the short words, or NOWHERE */

	/* All maps: as declared, then of the short words, then inherited. */
	struct scenario_map *maps;
	uint32_t map_count;
	bool is_map_broken; /* not all of them are known */

	const char **point_names; /* made when first asked for */
	enum event_kind *point_kinds;
	unsigned int point_count;
	const uint32_t *all_threads;
};

/* Errors at a node, and at a byte of its text. */
void loader_error(struct loader *l, const struct tree_node *node,
		  const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void loader_error_in(struct loader *l, const struct tree_node *node,
		     size_t offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* "@what '@name'", and the nearest of @names. */
void loader_error_name(struct loader *l, const struct tree_node *node,
		       size_t offset, const char *what, const char *name,
		       const char *const *names, unsigned int count);
/* The same with the names of two indexes; @more may be NULL. */
void loader_error_unknown(struct loader *l, const struct tree_node *node,
			  size_t offset, const char *what, const char *name,
			  const struct name_index *names,
			  const struct name_index *more);
/* "expected an integer or the name of an error, found '@name'". */
void loader_error_result(struct loader *l, const struct tree_node *node,
			 size_t offset, const char *name);
/*
 * The index of @name, or NOWHERE and the error "unknown @kind '@name'".
 */
uint32_t loader_find(struct loader *l, const struct name_index *names,
		     const struct tree_node *node, size_t offset,
		     const char *kind, const char *name);

/* ---- typed reading ----------------------------------------------------- */

enum field_flag {
	FIELD_REQUIRED = 1,
	FIELD_ELSEWHERE = 2, /* of a scenario, not of an included file */
};

struct field {
	const char *name;
	unsigned int flags;
};

/*
 * Read a map with known keys: values[i] is the value of fields[i], or NULL.
 * Returns false if it is no map at all.
 */
bool loader_fields(struct loader *l, const struct tree_node *map,
		   const struct field *fields, unsigned int count,
		   const struct tree_node **values);

/* Whether @node is of that kind; an error if it is not. */
bool loader_is_map(struct loader *l, const struct tree_node *node);
bool loader_is_list(struct loader *l, const struct tree_node *node,
		    const char *of);

/*
 * Each of these reads a scalar.  @node may be NULL (a field that is not
 * there): then the result is left alone.  Returns false after an error.
 */
bool loader_text(struct loader *l, const struct tree_node *node,
		 const char *what, const char **text);
bool loader_integer(struct loader *l, const struct tree_node *node, int64_t min,
		    uint64_t max, uint64_t *bits);
bool loader_word_value(struct loader *l, const struct tree_node *node,
		       uint32_t *value);
/* One of some words: its index in @names. */
bool loader_choice(struct loader *l, const struct tree_node *node,
		   const char *const *names, unsigned int count,
		   unsigned int *choice);
bool loader_flag(struct loader *l, const struct tree_node *node, bool *value);
bool loader_duration(struct loader *l, const struct tree_node *node,
		     uint64_t *ns);
/* The text of a duration at @offset of @node. */
bool loader_duration_text(struct loader *l, const struct tree_node *node,
			  size_t offset, const char *text, uint64_t *ns);
/* A number of bytes, as 4096 or 512MiB. */
bool loader_bytes(struct loader *l, const struct tree_node *node,
		  uint64_t *bytes);
bool loader_prot(struct loader *l, const struct tree_node *node, size_t offset,
		 const char *text, uint32_t *prot);
/* An errno name, with or without a minus, or an integer. */
bool loader_result(struct loader *l, const struct tree_node *node,
		   int64_t *value);
/* The name of a signal, or its number. */
bool loader_signal(struct loader *l, const struct tree_node *node,
		   size_t offset, const char *text, uint32_t *number);
/* An error if the signal would stop a process; whether it would. */
bool loader_stops(struct loader *l, const struct tree_node *node, size_t offset,
		  uint32_t number);
/* Whom a signal goes to: a thread or a process; the other is NOWHERE. */
bool loader_receiver(struct loader *l, const struct tree_node *node,
		     size_t offset, const char *name, uint32_t *thread,
		     uint32_t *process);
/* A list of texts; each is copied. */
bool loader_names(struct loader *l, const struct tree_node *node,
		  const char *what, struct name_list *list);
bool loader_verdict(struct loader *l, const struct tree_node *node,
		    enum verdict_kind *kind);
bool loader_profiles(struct loader *l, const struct tree_node *node,
		     struct name_list *list);

/*
 * Check the name of a new thing: its letters, its length, that it is not
 * reserved.
 */
bool loader_new_name(struct loader *l, const struct tree_node *key,
		     const char *kind, bool dash);
/* The same for a name that is part of a scalar, at @offset. */
bool loader_new_name_in(struct loader *l, const struct tree_node *node,
			size_t offset, const char *name, const char *kind,
			bool dash);

/* A copy in the scenario's memory. */
const char *loader_copy(struct loader *l, const char *text);

/* The names of the results of a thread. */
struct name_index *loader_registers(const struct loader *l, uint32_t thread);

/* ---- the parts --------------------------------------------------------- */

/* The version comes first.  Returns false if it is another one. */
bool load_version(struct loader *l, const struct tree_node *root);
/*
 * The files that are included, @list being their names; @texts has what is in
 * them.
 */
void load_included(struct loader *l, const struct tree_node *list,
		   const struct tree_node *texts);
/* The same for a file that is there to be included, and @root is all of it. */
void load_inclusion(struct loader *l, const struct tree_node *root);
/* Has this file the keys of one that is there to be included? */
bool is_for_inclusion(const struct tree_node *root);
/* The parameters, and their values wherever ${name} stands. */
void load_params(struct loader *l, const struct tree_node *node);
/* The profiles of @matrix in place of @profile; either may be NULL. */
void load_matrix_profiles(struct loader *l, const struct tree_node *matrix,
			  const struct tree_node *profile);
/* After the profiles and the parameters. */
void load_matrix(struct loader *l, const struct tree_node *node);
/* The first value that it has for a parameter, or NULL. */
const char *matrix_value(struct loader *l, const char *name);
/* In the source that is kept, @text stands from @start to @end. */
void patch_text(struct loader *l, size_t start, size_t end, const char *text);
/* There, @text is all that is in @list, which is not empty. */
void patch_list(struct loader *l, const struct tree_node *list,
		const char *text);
/* Make that source. */
void patch_source(struct loader *l);
void load_processes(struct loader *l, const struct tree_node *node);
void load_memory(struct loader *l, const struct tree_node *node);
/* Either may be NULL. */
void load_maps(struct loader *l, const struct tree_node *node,
	       const struct tree_node *words);
/* Declare them, then check each by itself; @scratch is of no thread. */
void declare_procedures(struct loader *l, const struct tree_node *node);
void check_procedures(struct loader *l, uint32_t scratch);
void load_threads(struct loader *l, const struct tree_node *node);
/* A call in the text of a procedure; where it stands. */
struct call {
	uint32_t procedure;
	const struct tree_node *node;
};

struct call_list {
	struct call *items; /* to be freed */
	uint32_t count;
	uint32_t room;
};

/* Only look at a procedure, and append its calls. */
void load_calls(struct loader *l, uint32_t scratch,
		const struct tree_node *list, struct call_list *calls);
/* The whole program of a thread. */
void load_program(struct loader *l, uint32_t thread,
		  const struct tree_node *list);
/* Behind the program of a thread, the procedures of @used as handlers. */
void load_handlers(struct loader *l, uint32_t thread, const bool *used);
/* The handlers of all threads; their programs are loaded. */
void load_all_handlers(struct loader *l);
/* One operation.  Returns false if it is broken. */
bool load_op(struct loader *l, uint32_t thread, const struct tree_node *node,
	     struct op *op);
/* What is forked and cloned can be. */
void check_starts(struct loader *l);
/* Every word that a program uses is mapped where it is used. */
void check_words_mapped(struct loader *l);
void load_schedules(struct loader *l, const struct tree_node *one,
		    const struct tree_node *several);
void load_expect(struct loader *l, const struct tree_node *node);
void load_expected_bug(struct loader *l, const struct tree_node *node);
void load_diagram(struct loader *l, const struct tree_node *node);
void load_explore(struct loader *l, const struct tree_node *node);
void load_recorded(struct loader *l, const struct tree_node *node);

/* The process that owns the address space of @process. */
uint32_t memory_owner(const struct scenario *s, uint32_t process);

/* The names of all points. */
void loader_points(struct loader *l);
/*
 * A list of patterns, each of which names a point (see point_matches); with
 * @is_stop a point that threads stop at.
 */
void loader_patterns(struct loader *l, const struct tree_node *node,
		     bool is_stop, struct name_list *list);
/*
 * The thread of that name, in *@thread, or all of the group of that name.
 * Returns where the indexes are; their @count is 0 after an error.
 */
const uint32_t *loader_find_threads(struct loader *l,
				    const struct tree_node *node,
				    uint32_t *thread, uint32_t *count);

/* A condition; NULL after an error. */
struct expr *parse_condition(struct loader *l, const struct tree_node *node);
/*
 * What a program computes from the results of its own thread: a condition or
 * a number, from byte @offset of the node's text to its end.
 */
struct expr *parse_own(struct loader *l, const struct tree_node *node,
		       size_t offset, uint32_t thread, bool is_condition);

/*
 * A scenario from a text; @is_assembled: it has been put together of files, and
 * errors are told in the lines of each.
 */
struct scenario *scenario_parse_text(const char *path, const char *text,
				     size_t size,
				     const struct scenario_params *params,
				     bool is_assembled, struct diagnostics *d);

/* A file that is there to be included.  Returns whether it is good. */
bool scenario_parse_inclusion(const char *path, const char *text, size_t size,
			      bool is_assembled, struct diagnostics *d,
			      uint32_t *procedures, uint32_t *params);

#endif
