/* junit.c - collecting results, and writing them when all are known. */
#include "sim/report/junit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct junit_case {
	char *name;
	char *reason;
};

struct junit {
	struct junit_case *cases;
	size_t count;
	size_t room;
	size_t failed;
};

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

struct junit *junit_new(void)
{
	return checked(calloc(1, sizeof(struct junit)));
}

void junit_free(struct junit *j)
{
	size_t i;

	for (i = 0; j && i < j->count; i++) {
		free(j->cases[i].name);
		free(j->cases[i].reason);
	}
	if (j)
		free(j->cases);
	free(j);
}

void junit_add(struct junit *j, const char *name, const char *reason)
{
	struct junit_case *c;

	if (j->count == j->room) {
		j->room = j->room ? j->room * 2 : 64;
		j->cases =
			checked(realloc(j->cases, j->room * sizeof(*j->cases)));
	}
	c = &j->cases[j->count++];
	c->name = checked(strdup(name));
	c->reason = reason ? checked(strdup(reason)) : NULL;
	j->failed += reason != NULL;
}

static void put_escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '"')
			fputs("&quot;", out);
		else if ((unsigned char)*text >= ' ' || *text == '\n')
			fputc(*text, out);
	}
}

int junit_write(const struct junit *j, FILE *out)
{
	const struct junit_case *c;
	size_t i;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
	fprintf(out,
		"<testsuite name=\"futexsim\" tests=\"%zu\" failures=\"%zu\">"
		"\n",
		j->count, j->failed);
	for (i = 0; i < j->count; i++) {
		c = &j->cases[i];
		fputs("  <testcase classname=\"scenario\" name=\"", out);
		put_escaped(c->name, out);
		if (!c->reason) {
			fputs("\"/>\n", out);
			continue;
		}
		fputs("\">\n    <failure>", out);
		put_escaped(c->reason, out);
		fputs("</failure>\n  </testcase>\n", out);
	}
	fputs("</testsuite>\n", out);
	return ferror(out) ? -EIO : 0;
}
