/*
 * diagnostics.c - collecting and printing the errors of one input file.
 *
 * Text from the file is printed as it is, less what could drive a terminal:
 * control characters become spaces or question marks.
 */
#include "sim/loader/diagnostics.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loader/utf8.h"

#define WHAT_MAX 400
/* A longer line of the file is shown around the column only. */
#define EXCERPT_COLUMNS 160
#define EXCERPT_BEFORE 80
#define NAME_LENGTH_MAX 64

static char *copy(const char *text, size_t size)
{
	char *new_text = malloc(size + 1);

	if (!new_text)
		abort();
	memcpy(new_text, text, size);
	new_text[size] = '\0';
	return new_text;
}

void diagnostics_init(struct diagnostics *d, const char *path)
{
	memset(d, 0, sizeof(*d));
	d->path = path;
}

void diagnostics_fini(struct diagnostics *d)
{
	for (unsigned int i = 0; i < d->count; i++) {
		free(d->items[i].what);
		free(d->items[i].nearest);
	}
	for (unsigned int i = 0; i < d->file_count; i++)
		free(d->files[i].path);
	free(d->files);
	free(d->source);
	memset(d, 0, sizeof(*d));
}

void diagnostics_set_source(struct diagnostics *d, const char *text,
			    size_t size)
{
	free(d->source);
	d->source = copy(text, size);
	d->source_size = size;
}

void diagnostics_add_file(struct diagnostics *d, const char *path, int first,
			  int indent)
{
	size_t size = (d->file_count + 1) * sizeof(*d->files);

	d->files = realloc(d->files, size);
	if (!d->files)
		abort();
	d->files[d->file_count++] = (struct diagnostic_file){
		copy(path, strlen(path)), first, indent};
}

/* The file that @line is of; NULL: the one that they are all about. */
static const struct diagnostic_file *file_of(const struct diagnostics *d,
					     int line)
{
	unsigned int i = d->file_count;

	while (i > 0 && d->files[i - 1].first > line)
		i--;
	return i > 0 ? &d->files[i - 1] : NULL;
}

int diagnostics_line(const struct diagnostics *d, int line)
{
	const struct diagnostic_file *file = file_of(d, line);

	return file ? line - file->first + 1 : line;
}

/* Whether a terminal shows it and does nothing else. */
static bool is_printable(uint32_t code)
{
	return code != UTF8_INVALID && code >= ' ' &&
	       (code < 0x7f || code > 0x9f);
}

/* Replace what is not printable, a sequence that was cut off included. */
static void tame(char *text)
{
	size_t left = strlen(text);
	size_t size;
	uint32_t code;

	for (; left > 0; left -= size, text += size) {
		size = utf8_decode(text, left, &code);
		if (!is_printable(code))
			memset(text, '?', size);
	}
}

/* A procedure is looked at once for each call of it. */
static bool is_known(const struct diagnostics *d, int line, int col,
		     const char *what)
{
	for (unsigned int i = 0; i < d->count; i++)
		if (d->items[i].line == line && d->items[i].col == col &&
		    strcmp(d->items[i].what, what) == 0)
			return true;
	return false;
}

static struct diagnostic *__attribute__((format(printf, 4, 0)))
add(struct diagnostics *d, int line, int col, const char *format, va_list args)
{
	char what[WHAT_MAX + 4];
	struct diagnostic *item;
	int length;

	if (d->count == DIAGNOSTICS_MAX) {
		d->dropped++;
		return NULL;
	}
	length = vsnprintf(what, WHAT_MAX, format, args);
	assert(length >= 0);
	tame(what);
	if (length >= WHAT_MAX)
		strcat(what, "...");
	if (is_known(d, line, col, what))
		return NULL;

	item = &d->items[d->count++];
	item->line = line;
	item->col = col;
	item->what = copy(what, strlen(what));
	item->nearest = NULL;
	return item;
}

void diagnostics_add(struct diagnostics *d, int line, int col,
		     const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(d, line, col, format, args);
	va_end(args);
}

static struct diagnostic *__attribute__((format(printf, 4, 5)))
add_item(struct diagnostics *d, int line, int col, const char *format, ...)
{
	struct diagnostic *item;
	va_list args;

	va_start(args, format);
	item = add(d, line, col, format, args);
	va_end(args);
	return item;
}

void diagnostics_take(struct diagnostics *d, const struct diagnostics *from,
		      const char *before, int lines, int columns)
{
	for (unsigned int i = 0; i < from->count; i++) {
		const struct diagnostic *item = &from->items[i];
		bool has_line = item->line > 0;
		struct diagnostic *taken =
			add_item(d, has_line ? item->line + lines : 0,
				 has_line ? item->col + columns : 0, "%s%s",
				 before, item->what);

		if (taken && item->nearest)
			taken->nearest =
				copy(item->nearest, strlen(item->nearest));
	}
	d->dropped += from->dropped;
}

void diagnostics_add_name(struct diagnostics *d, int line, int col,
			  const char *what, const char *name,
			  const char *const *names, unsigned int count)
{
	struct diagnostic *item;
	const char *nearest;

	item = add_item(d, line, col, "%s '%s'", what, name);
	if (!item)
		return;
	nearest = nearest_name(name, names, count);
	if (nearest)
		item->nearest = copy(nearest, strlen(nearest));
}

/* ---- the nearest name -------------------------------------------------- */

const char *names_joined(const char *const *names, unsigned int count,
			 char buf[NAMES_JOINED_MAX])
{
	size_t used = 0;

	buf[0] = '\0';
	for (unsigned int i = 0; i < count && used < NAMES_JOINED_MAX; i++) {
		const char *comma = i == 0 ? "" : i + 1 < count ? ", " : " or ";

		used += (size_t)snprintf(buf + used, NAMES_JOINED_MAX - used,
					 "%s%s", comma, names[i]);
	}
	return buf;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/*
 * How many slips of the keyboard (a letter too many, missing, wrong, or two
 * swapped) lie between @a and @b.  Case is no slip.
 */
static unsigned int distance(const char *a, size_t a_length, const char *b,
			     size_t b_length)
{
	unsigned int rows[3][NAME_LENGTH_MAX + 1];
	unsigned int *two_ago = rows[0], *last = rows[1], *row = rows[2];

	for (unsigned int j = 0; j <= b_length; j++)
		last[j] = j;
	for (unsigned int i = 1; i <= a_length; i++) {
		unsigned int *spare = two_ago;
		char c = lower(a[i - 1]);

		row[0] = i;
		for (unsigned int j = 1; j <= b_length; j++) {
			char e = lower(b[j - 1]);

			row[j] = least(least(last[j], row[j - 1]) + 1,
				       last[j - 1] + (c != e));
			if (i > 1 && j > 1 && c == lower(b[j - 2]) &&
			    lower(a[i - 2]) == e)
				row[j] = least(row[j], two_ago[j - 2] + 1);
		}
		two_ago = last;
		last = row;
		row = spare;
	}
	return last[b_length];
}

const char *nearest_name(const char *name, const char *const *names,
			 unsigned int count)
{
	size_t length = strlen(name);
	unsigned int best = length < 3 ? 1 : length < 6 ? 2 : 3;
	const char *nearest = NULL;

	if (length == 0 || length > NAME_LENGTH_MAX)
		return NULL;
	best++;
	for (unsigned int i = 0; i < count; i++) {
		size_t other = strlen(names[i]);
		unsigned int d;

		if (other > NAME_LENGTH_MAX || other >= length + best ||
		    length >= other + best)
			continue;
		d = distance(name, length, names[i], other);
		/* Nothing of the name would be left: no slip. */
		if (d >= length || d >= best)
			continue;
		best = d;
		nearest = names[i];
	}
	return nearest;
}

/* ---- printing ---------------------------------------------------------- */

/* Line @line of the source without its line break; NULL if there is none. */
static const char *source_line(const struct diagnostics *d, int line,
			       size_t *length)
{
	const char *at = d->source;
	const char *end, *stop;

	if (!at || line < 1)
		return NULL;
	end = at + d->source_size;
	for (; line > 1; line--) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (!at)
			return NULL;
		at++;
	}
	stop = memchr(at, '\n', (size_t)(end - at));
	if (!stop)
		stop = end;
	if (stop > at && stop[-1] == '\r')
		stop--;
	*length = (size_t)(stop - at);
	return at;
}

/* Columns @first to @last of a line, less what a terminal would act on. */
static void print_columns(const char *text, size_t length, int first, int last,
			  FILE *out)
{
	size_t size;
	uint32_t code;

	for (int col = 1; length > 0 && col <= last; col++) {
		size = utf8_decode(text, length, &code);
		if (col < first)
			;
		else if (code == '\t')
			putc(' ', out);
		else if (is_printable(code))
			fwrite(text, 1, size, out);
		else
			putc('?', out);
		text += size;
		length -= size;
	}
}

static int count_columns(const char *text, size_t length)
{
	int columns = 0;
	size_t size;
	uint32_t code;

	for (; length > 0; columns++) {
		size = utf8_decode(text, length, &code);
		text += size;
		length -= size;
	}
	return columns;
}

static void print_excerpt(const struct diagnostics *d, int line, int col,
			  int indent, FILE *out)
{
	size_t length;
	const char *text = source_line(d, line, &length);
	int first = 1, last, caret = col;

	if (!text || length <= (size_t)indent || col < 1)
		return;
	text += indent;
	length -= (size_t)indent;
	last = count_columns(text, length);
	fputs("    ", out);
	if (last > EXCERPT_COLUMNS) {
		if (col > EXCERPT_BEFORE) {
			first = col - EXCERPT_BEFORE;
			fputs("...", out);
			caret = EXCERPT_BEFORE + 4;
		}
		if (last > first + EXCERPT_COLUMNS)
			last = first + EXCERPT_COLUMNS;
	}
	print_columns(text, length, first, last, out);
	fprintf(out, "\n    %*s\n", caret, "^");
}

/* Stable: errors at one place stay in the order in which they were found. */
static void sort(struct diagnostics *d)
{
	for (unsigned int i = 1; i < d->count; i++) {
		struct diagnostic item = d->items[i];
		unsigned int j = i;

		for (; j > 0; j--) {
			const struct diagnostic *before = &d->items[j - 1];

			if (before->line < item.line ||
			    (before->line == item.line &&
			     before->col <= item.col))
				break;
			d->items[j] = *before;
		}
		d->items[j] = item;
	}
}

static void print_item(const struct diagnostics *d,
		       const struct diagnostic *item, FILE *out)
{
	const struct diagnostic_file *file = file_of(d, item->line);
	int before = file ? file->first - 1 : 0;
	int indent = file ? file->indent : 0;
	int col = item->col > indent ? item->col - indent : 1;

	if (item->line < 1) {
		fprintf(out, "%s: error: %s\n", d->path, item->what);
	} else {
		fprintf(out, "%s:%d:%d: error: %s\n",
			file ? file->path : d->path, item->line - before, col,
			item->what);
		print_excerpt(d, item->line, col, indent, out);
	}
	if (item->nearest)
		fprintf(out, "    nearest: %s\n", item->nearest);
}

void diagnostics_print(struct diagnostics *d, FILE *out)
{
	sort(d);
	for (unsigned int i = 0; i < d->count; i++)
		print_item(d, &d->items[i], out);
	if (d->dropped)
		fprintf(out, "%s: error: %u further errors are not shown\n",
			d->path, d->dropped);
}
