/*
 * search_internal.h - what the parts of the search share.
 *
 *	search.c		passes, budgets, the conclusion
 *	search_run.c		one execution: who can move, who moves
 *	search_outcomes.c	distinct ends
 *	search_dfs.c		all of them, within a bound on preemptions
 *	search_dpor.c		one of each class, by races and wakeup trees
 *	search_sample.c		random walk, PCT, POS
 *	search_lasso.c		runs that go round for ever
 *	search_graph.c		fair cycles among known states
 *	search_passes.c		which strategies, one after the other
 *	search_shards.c		a pass in tasks that do not depend on who is
 *				fast
 *	search_parallel.c	tasks for worker processes
 *	search_checkpoint.c	all of it in a file
 *	search_record.c		states and moves, for pictures
 */
#ifndef SIM_SEARCH_SEARCH_INTERNAL_H
#define SIM_SEARCH_SEARCH_INTERNAL_H

#include "sim/judge/expect.h"
#include "sim/search/search_bytes.h"
#include "sim/search/search.h"
#include "sim/machine/touches.h"

struct seen; /* search_record.h */

#define NO_MOVER UINT16_MAX

/* ---- who can move ------------------------------------------------------ */

/* A set of movers; threads, signals and spurious: bit per thread. */
struct choices {
	uint64_t threads;
	uint64_t signals;
	uint64_t spurious;
	bool clock;
	bool end;
};

bool choices_have(const struct choices *c, uint32_t threads, uint16_t mover);
void choices_remove(struct choices *c, uint32_t threads, uint16_t mover);
/* The first mover in @c that is not less than @from, or NO_MOVER. */
uint16_t choices_next(const struct choices *c, uint32_t threads, uint16_t from);
uint32_t choices_count(const struct choices *c);

static inline bool choices_are_none(const struct choices *c)
{
	return !(c->threads | c->signals | c->spurious) && !c->clock && !c->end;
}

/* ---- distinct ends ----------------------------------------------------- */

/* One outcome as it is kept while the search goes on. */
struct ending {
	uint64_t hash[2];
	uint64_t runs;
	uint64_t first_run;
	uint64_t *key; /* values, see search_outcomes.c */
	uint16_t *trail;
	uint32_t trail_count;
	uint32_t steps; /* events that are steps, for choosing the shortest */
	uint32_t preemptions;
	uint32_t verdicts;
	bool is_of_last_pass;
};

struct endings {
	struct ending *items;
	uint32_t count;
	uint32_t room;
	uint32_t *slots; /* index + 1 */
	uint32_t slot_count; /* a power of two */
	uint32_t last; /* which one was counted last */
	uint32_t key_size; /* values of a key */
	uint64_t *key; /* of the run that has just ended */
	uint64_t bytes;
};

struct search;

void endings_init(struct endings *e, const struct scenario *s);
void endings_fini(struct endings *e);
/* Count the run that has ended and been judged. */
void endings_add(struct endings *e, struct search *s);
/* Is the end of that run one of them?  Then *index says which. */
bool endings_find(struct endings *e, struct search *s, uint32_t *index);
/*
 * Count runs of another process that ended so; @more->first_run is theirs, and
 * its key and trail stay the caller's.  Returns whether such an end is new.
 */
bool endings_merge(struct endings *e, const struct ending *more);
/* Forget all. */
void endings_clear(struct endings *e);
/* Into the form of the result, in a fixed order. */
void endings_report(const struct endings *e, const struct search *s,
		    struct search_result *result);

/* ---- strategies -------------------------------------------------------- */

struct strategy_ops {
	void (*begin_run)(struct search *s);
	/* Of what can move; NO_MOVER cuts the run off. */
	uint16_t (*choose)(struct search *s, const struct choices *c);
	/* The step is over; s->log holds what it touched. */
	void (*took)(struct search *s, uint16_t mover);
	/* The run is over and judged.  Is there another one? */
	bool (*end_run)(struct search *s);
	/* What part of the whole this state has left, from 0 to 1, about. */
	double (*waiting)(const struct search *s);
	bool wants_touches;
	bool comes_back; /* runs repeat the beginning of the one before */
	/* The state between two runs, as bytes (search_shards.h). */
	void (*write)(const struct search *s, struct bytes *to);
	bool (*read)(struct search *s, struct reader *from);
	/*
	 * Some of what @state has left to @other, if there is enough.  NULL:
	 * its nodes are shared out (search_shared.h).
	 */
	bool (*split)(const struct search *s, struct bytes *state,
		      struct bytes *other);
};

extern const struct strategy_ops dfs_ops;
extern const struct strategy_ops dpor_ops;
extern const struct strategy_ops sample_ops;
extern const struct strategy_ops pos_ops;

struct dfs *dfs_new(void);
void dfs_free(struct dfs *d);
struct dpor *dpor_new(void);
void dpor_free(struct dpor *d);
struct sample *sample_new(void);
void sample_free(struct sample *p);

/* ---- the search -------------------------------------------------------- */

/* How a run ended. */
enum run_end {
	RUN_AT_REST,
	RUN_AT_LIMIT, /* of steps */
	RUN_CUT_OFF, /* by the strategy: asleep, or known */
	RUN_DIVERGED, /* a mover of the prefix could not move */
};

/* What is known before a step, for runs that begin with the same steps. */
struct station {
	struct choices choices;
	uint64_t held; /* properties: bits of those that have held */
	uint64_t violated;
};

/* What goes with a snapshot of the machine in the middle of a run. */
struct search_save {
	uint32_t depth;
	uint32_t events;
	uint16_t last;
	bool has_yielded;
	uint32_t preemptions;
	uint32_t spurious_left;
	uint32_t signals_left[SEARCH_THREADS_MAX];
};

/* Of a run that has been round a fair cycle: the part that shows it. */
struct search_lasso {
	uint32_t depth; /* movers; 0: there is none */
	uint32_t steps;
};

#define SEARCH_SAVES_MAX 256u

struct search {
	struct policy policy; /* first: it is cast back */
	const struct search_request *request;
	struct search_result *result; /* its passes */
	const struct scenario *scenario;
	const struct exploration *explore;
	struct stops stops;
	bool has_stops;

	struct sim sim;
	struct touch_log log;
	struct policy_script script; /* the prefix of a schedule */
	struct property_watch *properties;
	uint64_t *property_held; /* [property] in how many runs */
	bool *property_ever; /* [property] in any run of any pass */

	/* the pass */
	enum strategy strategy;
	const struct strategy_ops *ops;
	uint64_t preemptions_max;
	uint64_t runs_max; /* of this pass */
	bool was_bounded; /* something was left out for the bound */
	bool has_gaps; /* the limit of steps hides what follows known states */
	struct dfs *dfs;
	struct dpor *dpor;
	struct sample *sample;
	struct state_cache *cache;
	struct seen *seen; /* of what it sees, or NULL */
	struct shards *shards; /* tasks of the pass */
	struct crew *crew; /* workers, or NULL */
	struct checkpoint *checkpoint; /* that it goes on from, or NULL */
	double saved; /* when the last file was written */
	double waiting_elsewhere; /* what part other tasks have left, about */
	bool is_at_work; /* itself: the state is that of the first task */
	bool is_worker; /* bounds are another process's matter */

	/* the run */
	uint32_t thread_count;
	bool is_in_script;
	bool has_begun;
	uint16_t *trail; /* movers so far */
	struct station *stations; /* before each of them */
	/*
	 * So many steps are those of the run before, as the strategy says when
	 * that run ends: nobody needs to look at them again.
	 */
	uint32_t repeated;
	struct search_save saves[SEARCH_SAVES_MAX]; /* on the way to there */
	uint32_t save_count;
	uint32_t depth;
	uint32_t trail_room;
	uint16_t last; /* thread that moved last, or NO_MOVER */
	bool has_yielded; /* and gave way */
	uint32_t preemptions;
	uint32_t signals_left[SEARCH_THREADS_MAX];
	uint32_t spurious_left;
	struct choices choices; /* at the present step */
	enum run_end end;
	struct search_lasso lasso;
	struct movers lasso_list; /* a run to be made to show one */
	struct sim *twin; /* to make a run again; NULL: none yet */

	/* all runs of the pass */
	uint64_t runs;
	uint64_t runs_blocked;
	uint64_t runs_cut;
	uint64_t events;
	uint32_t depth_max;
	/* of all passes */
	uint64_t runs_before; /* in passes before this one */
	uint64_t first_bug_run;
	double first_bug_seconds;
	struct endings endings;
	enum search_end why; /* SEARCH_COMPLETE while nothing ends it */
	int error; /* -errno of what cannot be gone on with */
	char error_text[512];
	uint64_t peak_elsewhere; /* bytes of memory of workers */
	double started;
	uint64_t bug_endings; /* outcomes with a verdict */
	/*
	 * Who stands before a mutex that another holds waits there, and sleeps
	 * in its FIFO only when nobody else can move: who comes first is
	 * decided by who is let in first.
	 */
	bool has_patient_locks;
	bool is_following; /* a list of movers, leniently: search_guide.c */
	bool has_options; /* signals or spurious wake-ups may happen */
	bool has_new_thread; /* the last mover has made its first step */
	uint32_t steps_max;
	const uint32_t **word_bytes; /* [word]; NULL: may move */
	uint64_t *leaves; /* [property] of what it looks at, as one number */
	bool *is_expected_blocked; /* [thread] */
	bool is_symmetric; /* some threads are interchangeable, and it counts */
};

/* Everything but the strategy. */
int search_init(struct search *s, const struct search_request *request,
		struct search_result *result);
void search_fini(struct search *s);

/* One execution under s->ops, judged; s->end says how it ended. */
void search_run_once(struct search *s);

/*
 * Make a pass's strategy ready, or put it away.  Its bounds count from nothing
 * but for what s->endings keeps.
 */
void search_open(struct search *s, enum strategy strategy,
		 uint64_t preemptions_max);
void search_close(struct search *s);

/*
 * Run on until the strategy's state is done, @budget events have happened, or
 * something ends the search or the pass.  Returns whether there is more.
 */
bool search_go_on(struct search *s, uint64_t budget);

/* Has the search hit a bound?  Then s->why says which. */
bool search_has_hit(struct search *s);
/* The same; or is it the end of the pass? */
bool search_must_stop(struct search *s);
/* The same for what costs a system call to know: time, memory, the caller. */
bool search_look_around(struct search *s);

/* All passes, or those that s->checkpoint has left. */
void search_passes(struct search *s);
bool search_draws_lots(enum strategy strategy);
double search_seconds(const struct search *s); /* since it began */

/* The last of s->endings is new. */
void search_note_ending(struct search *s);
bool search_is_bug(uint32_t verdicts);

/* What went wrong, in the words of printf; the first one stays. */
void search_fail(struct search *s, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Are there interchangeable threads that nothing tells apart? */
bool search_is_symmetric(const struct search_request *r,
			 const bool *is_expected_blocked);

/* From outcomes to verdicts: counterexamples, and whether all is expected. */
void search_conclude(struct search *s, struct search_result *result);

/* A snapshot of the present place, if it is worth coming back to. */
void search_save(struct search *s);
/* Back to the deepest one on the way that the new run repeats, if any. */
bool search_resume(struct search *s);

/* Where threads stop; false if everywhere. */
bool search_stops(const struct exploration *e, struct stops *stops);

/* What a mover does, on the machine as it stands. */
struct move search_move_on(const struct sim *sim, uint16_t mover);

/* May threads wait patiently for locks under @strategy? */
bool search_has_patience(const struct search *s, enum strategy strategy);

/* The bound on the steps of a run, or its default. */
uint32_t search_steps_max(const struct exploration *e);

void search_policy_init(struct search *s);

/* The next mover of the request's prefix, or NO_MOVER. */
uint16_t search_forced(struct search *s);

/*
 * Would @thread, which moved last, go on?  Not if it gave way.  Who stands
 * before a mutex that another holds would: it gets in line, and who is put
 * aside before that may be overtaken.
 */
bool search_goes_on(const struct sim *sim, uint16_t thread);

/* How many preemptions it costs that @mover moves after @last: 0 or 1. */
static inline uint32_t search_cost(const struct sim *sim, uint16_t last,
				   uint16_t mover)
{
	return mover < sim->task_count && mover != last && last != NO_MOVER &&
	       search_goes_on(sim, last);
}

/* Who goes on if nothing speaks against it: who moved last, then the next. */
uint16_t search_default(const struct search *s, const struct choices *c);
/* All that can move now. */
void search_find_choices(const struct search *s, struct choices *c);

#endif
