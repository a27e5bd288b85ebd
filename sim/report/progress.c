/* progress.c - how far a search is: runs, rate, depth, what is left, bugs. */
#include "sim/report/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define LINE_SIZE 160
#define WIDTH 79 /* a longer line would wrap, and could not be rewritten */
#define TERMINAL_SECONDS 0.1
#define PLAIN_SECONDS 10.0

void progress_begin(struct progress *p, FILE *out, bool is_quiet)
{
	*p = (struct progress){.out = is_quiet ? NULL : out};
	if (!p->out)
		return;
	p->is_terminal = isatty(fileno(out));
	p->next = p->is_terminal ? TERMINAL_SECONDS : PLAIN_SECONDS;
}

void progress_wipe(struct progress *p)
{
	if (p->has_line)
		fputs("\r\033[K", p->out);
	if (p->out)
		fflush(p->out);
	p->has_line = false;
}

void progress_end(struct progress *p)
{
	progress_wipe(p);
}

/* Is it time for another line?  Then the next one is put off. */
static bool is_due(struct progress *p, double seconds)
{
	if (!p->out || seconds < p->next)
		return false;
	p->next = seconds + (p->is_terminal ? TERMINAL_SECONDS : PLAIN_SECONDS);
	return true;
}

static void put_line(struct progress *p, const char *line)
{
	if (p->is_terminal)
		fprintf(p->out, "\r%.*s\033[K", WIDTH, line);
	else
		fprintf(p->out, "%s\n", line);
	p->has_line = p->is_terminal;
	fflush(p->out);
}

void progress_say(struct progress *p, double seconds, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list args;

	if (!is_due(p, seconds))
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	put_line(p, line);
}

/* "40 s left", "5 min left", "3 h left" */
static void write_left(const struct search_progress *now, FILE *out)
{
	double left = now->seconds * (1 - now->done) / now->done;

	fprintf(out, ", %.0f%% done", 100 * now->done);
	if (left < 120)
		fprintf(out, ", %.0f s left", left);
	else if (left < 7200)
		fprintf(out, ", %.0f min left", left / 60);
	else
		fprintf(out, ", %.0f h left", left / 3600);
}

static void write_line(const struct search_progress *now, FILE *out)
{
	double seconds = now->seconds > 0 ? now->seconds : 1;

	fprintf(out, "%s: %" PRIu64 " runs, %.0f/s, depth %" PRIu32,
		now->pass ? now->pass : "search", now->runs,
		(double)now->runs / seconds, now->depth);
	/* Before that an estimate is noise. */
	if (now->done >= 0.001 && now->done <= 1)
		write_left(now, out);
	fprintf(out, ", %" PRIu64 " bug%s", now->bugs,
		now->bugs == 1 ? "" : "s");
}

bool progress_tell(const struct search_progress *now, void *arg)
{
	struct progress *p = arg;
	char line[LINE_SIZE] = "";
	FILE *out;

	if (!is_due(p, now->seconds))
		return true;
	out = fmemopen(line, sizeof(line) - 1, "w");
	if (!out)
		return true;
	write_line(now, out);
	fclose(out);
	put_line(p, line);
	return true;
}
