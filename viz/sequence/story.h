/*
 * story.h - what a sequence diagram tells, before anything is drawn.
 *
 * A trace has many events that nobody wants to see.  The story picks those
 * that matter, gives each a row with a text and a look, folds what is left
 * over, and notes what spans rows: locks held, threads parked, timers armed.
 * The picture and the text form both draw this.
 */
#ifndef VIZ_SEQUENCE_STORY_H
#define VIZ_SEQUENCE_STORY_H

#include "viz/canvas/dot.h"
#include "viz/canvas/dot.h"
#include "viz/canvas/measure.h"
#include "viz/viz.h"

/* Limits, so that a picture stays one. */
#define ROWS_MAX 120u /* rows; beyond, whole calls are folded */
#define LANES_MAX 12u /* threads */
#define COLUMNS_MAX 8u /* words and queues */
#define NEAR_ROWS 20u /* rows around the violation that are kept */
#define BOX_CHARS_MAX 32u /* of a box's text, if there are few lanes */
#define BOX_CHARS_MANY 24u /* if there are many */

enum look {
	LOOK_CALL, /* a system call begins or ends */
	LOOK_READ, /* looks, changes nothing */
	LOOK_STORE, /* changes a word */
	LOOK_QUEUE, /* changes a queue or table */
	LOOK_LOCK,
	LOOK_WAIT, /* for a lock */
	LOOK_PARK,
	LOOK_WAKE,
	LOOK_TIMER, /* timer or signal */
	LOOK_GAP, /* rows of all threads, left out */
};

enum arrow {
	ARROW_NONE,
	ARROW_WAKE,
	ARROW_PERMIT, /* a wake-up of a thread that was running */
	ARROW_ARM,
	ARROW_FIRE, /* a timer expires */
	ARROW_SIGNAL, /* is sent, or a wait is broken off */
	ARROW_DELIVER, /* a handler begins: from the signals' lane to the box */
	ARROW_BIRTH, /* a thread begins */
	ARROW_HAND, /* a lock is handed over */
	ARROW_COUNT,
};

struct row {
	uint32_t n; /* event */
	uint32_t last; /* last event that belongs to it */
	uint32_t end; /* the return that is told on the call's row, or 0 */
	int32_t mover; /* thread, MOVER_CLOCK or MOVER_SIGNAL */
	int lane;
	enum look look;
	uint32_t lock; /* object as of story_same, for locks and waits */
	const char *text;
	unsigned int folded; /* steps that this row stands for; 0: one */
	bool is_pinned; /* named by somebody: not folded */
	bool is_whole_call; /* stands for a call, with all its steps */
	bool is_evidence;
	bool is_violation;
	bool is_cut; /* a rule above it: another mover runs from here */
	enum arrow arrow;
	int arrow_lane; /* its far end */
	const char *arrow_label;
	int *stops; /* further lanes that the arrow reaches on its way */
	unsigned int stop_count;
};

struct lane {
	const char *name;
	int32_t mover; /* thread, MOVER_CLOCK or MOVER_SIGNAL */
	unsigned int panel;
	unsigned int born; /* row in which it begins; row_count: in none */
	bool is_born_here; /* in a row of the picture */
	bool goes_on; /* it makes steps after the picture */
	const char *cap; /* what became of it */
	bool cap_is_bad;
	bool cap_is_muted;
};

struct panel {
	const char *name;
	bool is_kernel;
	unsigned int first; /* lane */
	unsigned int count;
};

enum bar_kind {
	BAR_HOLD, /* a lock */
	BAR_PARK,
	BAR_WAIT, /* for a lock */
	BAR_TIMER,
};

/* Something that lasts, from row to row.  @to is row_count: to the end. */
struct bar {
	enum bar_kind kind;
	int lane;
	unsigned int from, to;
	bool is_open; /* began before the first row */
	bool is_closed; /* ended, though maybe after the last row */
	bool is_handed; /* a lock that begins in the row of who gave it */
	uint32_t lock;
	unsigned int colour;
	unsigned int slot;
	bool is_bad;
	const char *note; /* lines beside a bar, or NULL */
	const char *note2;
	const char *tooltip;
};

#define CHIPS_MAX 10u

/* One cell of the state panel, on a row after which its content is new. */
struct cell {
	unsigned int row;
	unsigned int column;
	const char *value; /* word, or NULL */
	const char *chips[CHIPS_MAX]; /* queue, those just removed first */
	unsigned int chip_count;
	unsigned int removed; /* how many of the first are removed ones */
	unsigned int more; /* chips that found no room */
	bool is_empty;
};

struct column {
	uint32_t object;
	bool is_queue;
	const char *name;
	struct cell start; /* before the first row */
};

struct story {
	const struct trace *t;
	const struct viz_options *o;
	struct trace *memory; /* an empty trace: strings hang on it */
	struct trace_strings focus, hide;
	uint32_t first, last; /* events to show; all others are around them */

	struct row *rows;
	unsigned int row_count, row_room;
	unsigned int calls_folded, steps_left_out, steps_hidden;
	unsigned int kind_counts[OBJECT_KIND_COUNT]; /* of mutexes */
	uint32_t *same; /* by object: the one it is shown as */

	struct lane *lanes;
	unsigned int lane_count;
	unsigned int lanes_left_out;
	int *lane_of; /* by thread; -1: none */
	int clock_lane, signal_lane; /* -1: not drawn */
	unsigned int box_chars; /* a box's text is cut to this */
	struct panel *panels;
	unsigned int panel_count;

	struct bar *bars;
	unsigned int bar_count, bar_room;
	unsigned int slot_count; /* of lock bars, beside a lane */
	unsigned int *colours; /* by object; LOCK_COLOURS: none */
	uint32_t lock_of_colour[LOCK_COLOURS];
	unsigned int colour_count;

	struct column columns[COLUMNS_MAX];
	unsigned int column_count;
	unsigned int columns_left_out;
	struct cell *cells;
	unsigned int cell_count, cell_room;

	const struct verdict *verdict; /* the first, or NULL */
	int violation_row; /* -1: none */
};

/*
 * Owner: story_free frees; @t and @options (which may be NULL) outlive it.
 */
struct story *story_new(const struct trace *t,
			const struct viz_options *options);
void story_free(struct story *s);
/*
 * -ENODATA, with the reason in @error, if the story has no row; else 0.
 */
int story_check(const struct story *s, char error[VIZ_ERROR_MAX]);

/* Parts of story_new, in this order. */
void story_join(struct story *s); /* same.c: queues of one word */
void story_select(struct story *s); /* select.c: events to rows */
void story_lanes(struct story *s); /* lanes.c: who has a lane */
void story_fold(struct story *s); /* fold.c: fewer rows */
void story_limit(struct story *s); /* limit.c: when there are too many */
void story_arrows(struct story *s); /* arrows.c */
void story_births(struct story *s); /* births.c: who begins where */
void story_bars(struct story *s); /* bars.c */
void story_ends(struct story *s); /* ends.c */
void story_state(struct story *s); /* state.c */

/* ---- helpers of the parts ---------------------------------------------- */

const char *story_format(struct story *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A new row at the end; the pointer is good until the next. */
struct row *story_add_row(struct story *s);
/* A zeroed element more in an array that grows. */
void *story_grow(void *array, unsigned int count, unsigned int *room,
		 size_t size);
bool story_is_evidence(const struct story *s, uint32_t n);
/* Whether one of @list names @name. */
bool strings_have(const struct trace_strings *list, const char *name);
/* Number of the row that an event is in or just after. */
unsigned int story_row_of(const struct story *s, uint32_t n);
/* The same among the rows of one lane; -1 if it comes before them all. */
int story_lane_row(const struct story *s, uint32_t n, int lane);
/* look.c */
enum look story_look(const struct event *e);
/* The queue that @object is shown as: of those of one word the first. */
uint32_t story_same(const struct story *s, uint64_t object);
/* Whether the event is one that the picture is to show. */
bool story_is_inside(const struct story *s, uint32_t n);
/* The row around which the picture is: the violation, else the last. */
unsigned int story_middle(const struct story *s);
/* Add an arrow from @row to @lane, beside those it has. */
void story_point(struct story *s, struct row *row, enum arrow arrow, int lane,
		 const char *label);
/* The lane of a thread or other mover, -1 if it has none. */
int story_lane_of(const struct story *s, int32_t mover);
const struct event *row_event(const struct story *s, const struct row *row);
bool event_is_mutex(const struct event *e);
/* That a thread goes to sleep until it is unparked. */
bool event_is_park(const struct event *e);
/*
 * The drain that an append belongs to, or NULL: a waiter is moved, and
 * nobody else runs in between.
 */
const struct event *drain_of(const struct story *s, const struct event *e);
/* The inverse; NULL if the drain is told for itself. */
const struct event *append_of(const struct story *s, const struct event *drain);
/* Duration of a timer as it is armed; false if it is not known. */
bool timer_duration(struct story *s, const struct event *arm, uint64_t *ns);
/* Whether the call names a time, not a duration. */
bool timer_is_absolute(struct story *s, const struct event *arm);
/* "until 10 ms", "until 2 h wall"; NULL if it is not known. */
const char *timer_deadline(struct story *s, const struct event *arm);

/* mapped.c: when there is a word. */
struct existence_turn {
	uint32_t n; /* event; 0: from the start */
	int change; /* of how many addresses mean the word */
	bool has_value; /* what it holds then is known */
	uint64_t value;
};

struct existence {
	struct existence_turn *turns; /* in the order of their events */
	unsigned int count, room, next;
	int there; /* how many addresses mean it; 0: it is not there */
	bool is_over; /* it is not there any more */
};

/* Owner: existence_free frees what is in @x. */
void existence_find(struct existence *x, const struct trace *t,
		    uint32_t object);
/*
 * Go on to after the event @n, 0 first.  If the word comes, @value is what it
 * holds, as far as that is known.
 */
void existence_go(struct existence *x, uint32_t n, uint64_t *value);
void existence_free(struct existence *x);

/* words.c: the text of an event's box, and of what is in it. */
const char *words_for(struct story *s, const struct event *e);
const char *words_for_row(struct story *s, const struct row *row);
/* "futex_wait F 0 10ms" of "r = futex_wait F 0 timeout=10ms". */
const char *words_of_call(struct story *s, const char *text);
/* At most @columns of @text: names lose their middle, else the end is cut. */
const char *words_fit(struct story *s, const char *text, unsigned int columns);
/* "ETIMEDOUT" or a number. */
const char *words_of_result(struct story *s, int64_t result);
/* "10 ms" */
const char *words_of_time(struct story *s, uint64_t ns);
/* "wq", or "wq F" where there are several. */
const char *words_of_lock(struct story *s, uint32_t object);
/* "F" of "wq:F". */
const char *object_tail(const struct trace *t, uint32_t object);
const char *thread_of(const struct trace *t, int32_t thread);
/* The header above both forms. */
const char *story_title(const struct story *s);
const char *story_facts(struct story *s);
const char *story_schedule(struct story *s);
/*
 * The callout: its first line, then what happened, wrapped to @columns.
 * Returns the number of lines, at most @max.
 */
unsigned int story_callout(struct story *s, unsigned int columns,
			   const char **lines, unsigned int max);

#endif
