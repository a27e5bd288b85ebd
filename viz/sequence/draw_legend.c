/*
 * draw_legend.c - the legend: what the picture uses, and nothing else.
 *
 * A sample has the class "legend" and that of what it stands for.
 */
#include "viz/sequence/picture.h"

#include <string.h>

#define SAMPLE_WIDTH (18 * PT)
#define SAMPLE_HEIGHT (11 * PT)
#define BAR_HEIGHT (12 * PT)
#define LOCKS_NAMED_MAX 3u

static const char *legend_class(struct picture *p, const char *class)
{
	return story_format(p->s, "legend %s", class);
}

static void add_shape(struct picture *p, struct legend *l, struct shape shape,
		      const char *text)
{
	shape.class = legend_class(p, shape.class);
	legend_add_shape(l, &shape, text);
}

/* ---- boxes ------------------------------------------------------------- */

static bool is_plain(const struct row *row)
{
	return !row->is_evidence && !row->is_violation;
}

static bool has_look(const struct story *s, enum look look)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].look == look && is_plain(&s->rows[i]))
			return true;
	return false;
}

/* The boxes of locks are told by the bars of their colours. */
static void add_looks(struct picture *p, struct legend *l)
{
	static const struct {
		enum look look;
		const char *text;
	} texts[] = {
		{LOOK_CALL, "call / return"},
		{LOOK_READ, "reads"},
		{LOOK_STORE, "writes a word"},
		{LOOK_QUEUE, "changes queue or map"},
		{LOOK_PARK, "goes to sleep"},
		{LOOK_WAKE, "wakes"},
		{LOOK_TIMER, "timer, signal"},
		{LOOK_GAP, "left out"},
	};

	for (unsigned int i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct shape shape = look_shape(texts[i].look, LOCK_COLOURS);

		if (!has_look(p->s, texts[i].look))
			continue;
		shape.width = SAMPLE_WIDTH;
		shape.height = SAMPLE_HEIGHT;
		add_shape(p, l, shape, texts[i].text);
	}
}

/* ---- bars -------------------------------------------------------------- */

/* Add the name of a lock to a list, unless it has it or is long already. */
static const char *add_name(struct story *s, const char *list, const char *name,
			    unsigned int *count)
{
	const char *found = strstr(list, name);
	size_t size = strlen(name);

	while (found && !((found == list || found[-1] == ' ') &&
			  (found[size] == ',' || found[size] == '\0')))
		found = strstr(found + 1, name);
	if (found || *count > LOCKS_NAMED_MAX)
		return list;
	if ((*count)++ == LOCKS_NAMED_MAX)
		return story_format(s, "%s …", list);
	return story_format(s, "%s%s%s", list, *list ? ", " : "", name);
}

/* The locks of all bars of this kind and colour; "" if there is none. */
static const char *locks_of_bars(struct story *s, enum bar_kind kind,
				 unsigned int colour)
{
	unsigned int count = 0;
	const char *list = "";

	for (unsigned int i = 0; i < s->bar_count; i++)
		if (s->bars[i].kind == kind && s->bars[i].colour == colour)
			list = add_name(s, list,
					words_of_lock(s, s->bars[i].lock),
					&count);
	return list;
}

/* The same of boxes. */
static const char *locks_of_rows(struct story *s, enum look look,
				 unsigned int colour)
{
	unsigned int count = 0;
	const char *list = "";

	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].look == look && is_plain(&s->rows[i]) &&
		    row_colour(s, &s->rows[i]) == colour)
			list = add_name(s, list,
					words_of_lock(s, s->rows[i].lock),
					&count);
	return list;
}

/* Its bar; a box, if the picture has only one end of it. */
static void add_lock(struct picture *p, struct legend *l, unsigned int colour)
{
	struct story *s = p->s;
	const char *locks = locks_of_bars(s, BAR_HOLD, colour);
	struct shape shape = {.class = story_format(s, "hold lock%u", colour),
			      .width = 5 * PT,
			      .height = BAR_HEIGHT,
			      .fill = lock_stroke(colour)};

	if (*locks) {
		add_shape(p, l, shape, story_format(s, "holds %s", locks));
		return;
	}
	locks = locks_of_rows(s, LOOK_LOCK, colour);
	if (!*locks)
		return;
	shape = look_shape(LOOK_LOCK, colour);
	shape.width = SAMPLE_WIDTH;
	shape.height = SAMPLE_HEIGHT;
	add_shape(p, l, shape, story_format(s, "mutex %s", locks));
}

static void add_wait(struct picture *p, struct legend *l, unsigned int colour)
{
	struct story *s = p->s;
	const char *locks = locks_of_bars(s, BAR_WAIT, colour);

	if (!*locks)
		locks = locks_of_rows(s, LOOK_WAIT, colour);
	if (*locks)
		add_shape(p, l,
			  (struct shape){.class = "ev-wait waitbar",
					 .width = PARK_WIDTH,
					 .height = BAR_HEIGHT,
					 .fill = PAPER,
					 .stroke = lock_stroke(colour),
					 .pen = 10,
					 .is_dashed = true},
			  story_format(s, "waits for %s", locks));
}

static void add_locks(struct picture *p, struct legend *l)
{
	for (unsigned int i = 0; i <= LOCK_COLOURS; i++)
		add_lock(p, l, i);
	for (unsigned int i = 0; i <= LOCK_COLOURS; i++)
		add_wait(p, l, i);
}

/* Parked threads: those that go on, and those that never do. */
static bool has_park(const struct story *s, bool is_bad)
{
	for (unsigned int i = 0; i < s->bar_count; i++)
		if (s->bars[i].is_bad == is_bad &&
		    (s->bars[i].kind == BAR_PARK ||
		     (is_bad && s->bars[i].kind == BAR_WAIT)))
			return true;
	return false;
}

static void add_parks(struct picture *p, struct legend *l)
{
	struct shape shape = {.class = "parkbar",
			      .width = PARK_WIDTH,
			      .height = BAR_HEIGHT,
			      .fill = PAPER,
			      .stroke = NEUTRAL,
			      .pen = 10,
			      .is_dashed = true};

	if (has_park(p->s, false))
		add_shape(p, l, shape, "parked");
	shape.class = "forever";
	shape.fill = BAD_FILL;
	shape.stroke = BAD_STROKE;
	shape.pen = 13;
	if (has_park(p->s, true))
		add_shape(p, l, shape, "sleeps forever");
	for (unsigned int i = 0; i < p->s->bar_count; i++)
		if (p->s->bars[i].kind == BAR_TIMER)
			add_shape(p, l,
				  (struct shape){.class = "timerbar",
						 .width = 3 * PT,
						 .height = BAR_HEIGHT,
						 .fill = TIMER_STROKE},
				  "timer armed");
}

/* ---- arrows ------------------------------------------------------------ */

static const struct row *find_arrow(const struct story *s, enum arrow arrow)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].arrow == arrow)
			return &s->rows[i];
	return NULL;
}

/* "signal, for no reason": what these arrows are labelled with. */
static const char *labels_of(struct story *s, enum arrow arrow)
{
	const char *list = "";
	unsigned int count = 0;

	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].arrow == arrow)
			list = add_name(s, list, s->rows[i].arrow_label,
					&count);
	return list;
}

static void add_arrows(struct picture *p, struct legend *l)
{
	static const struct {
		enum arrow arrow;
		const char *text;
	} texts[] = {
		{ARROW_WAKE, "wake"},
		{ARROW_PERMIT, "wake of a thread awake"},
		{ARROW_HAND, "lock handed over"},
		{ARROW_ARM, "arm timer"},
		{ARROW_FIRE, "timer expires"},
		{ARROW_SIGNAL, NULL},
		{ARROW_DELIVER, "handler begins"},
		{ARROW_BIRTH, "thread begins"},
	};

	for (unsigned int i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct row *row = find_arrow(p->s, texts[i].arrow);
		struct line_style style;

		if (!row)
			continue;
		style = arrow_style(row->arrow, row_colour(p->s, row));
		style.class = legend_class(p, style.class);
		style.has_tip = true;
		legend_add_line(l, &style,
				texts[i].text
					? texts[i].text
					: labels_of(p->s, texts[i].arrow));
	}
}

/* ---- state, marks ------------------------------------------------------ */

/* A chip of the state panel explains itself with a thread's name. */
static void find_chips(const struct cell *cell, const char **queued,
		       const char **removed)
{
	if (cell->removed > 0 && !*removed)
		*removed = cell->chips[0];
	if (cell->chip_count > cell->removed && !*queued)
		*queued = cell->chips[cell->removed];
}

static void add_chips(struct picture *p, struct legend *l)
{
	struct story *s = p->s;
	const char *queued = NULL, *removed = NULL;
	struct shape shape;

	for (unsigned int i = 0; i < s->column_count; i++)
		find_chips(&s->columns[i].start, &queued, &removed);
	for (unsigned int i = 0; i < s->cell_count; i++)
		find_chips(&s->cells[i], &queued, &removed);
	if (queued) {
		shape = chip_shape(queued, false);
		add_shape(p, l, shape, "queued");
	}
	if (removed) {
		shape = chip_shape(removed, true);
		add_shape(p, l, shape, "just removed");
	}
	for (unsigned int i = 0; i < s->cell_count; i++)
		if (s->cells[i].value) {
			shape = value_shape(s->cells[i].value, true);
			shape.class = "value";
			add_shape(p, l, shape, "new value");
			break;
		}
}

static bool has_card(const struct story *s)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->rows[i].folded > 0 && s->rows[i].look != LOOK_GAP)
			return true;
	return false;
}

static void add_marks(struct picture *p, struct legend *l)
{
	struct story *s = p->s;
	bool has_evidence = false;
	struct row violation = {.is_violation = true};
	struct row evidence = {.is_evidence = true};
	struct shape shape = {.class = "bad-step",
			      .width = SAMPLE_WIDTH,
			      .height = SAMPLE_HEIGHT,
			      .is_rounded = true};

	for (unsigned int i = 0; i < s->row_count; i++)
		has_evidence |=
			s->rows[i].is_evidence && !s->rows[i].is_violation;
	if (has_card(s))
		add_shape(p, l,
			  (struct shape){.class = "card",
					 .width = 20 * PT,
					 .height = CHIP_HEIGHT,
					 .fill = PAPER,
					 .stroke = NEUTRAL,
					 .label = "⋯n",
					 .size = NOTE_SIZE},
			  "n steps folded");
	add_shape(p, l,
		  (struct shape){.class = "run",
				 .width = 3 * PT,
				 .height = BAR_HEIGHT,
				 .fill = PROGRAM},
		  "uninterrupted run");
	if (s->violation_row >= 0) {
		mark_shape(&shape, &violation);
		shape.is_bold = false;
		add_shape(p, l, shape, "✗ violating step");
	}
	if (has_evidence) {
		mark_shape(&shape, &evidence);
		shape.class = "evidence";
		add_shape(p, l, shape, "• evidence");
	}
}

void draw_legend(struct picture *p)
{
	struct legend l = {0};

	add_looks(p, &l);
	add_locks(p, &l);
	add_parks(p, &l);
	add_arrows(p, &l);
	add_chips(p, &l);
	add_marks(p, &l);
	legend_draw(&l, &p->c, p->bottom + 6 * PT, p->width);
}
