/*
 * page.c - text that is safe within HTML, and the hash that admits a script.
 */
#include "viz/report/report.h"

#include <ctype.h>
#include <resolv.h> /* b64_ntop */
#include <stdlib.h>
#include <string.h>

#include <sha2.h>

void html_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*text, out);
			break;
		}
	}
}

/* ---- words that lead to steps --------------------------------------------
 */

/* The length of "step " or "steps " at @text, 0 if it begins otherwise. */
static size_t step_word(const char *text)
{
	if (strncmp(text, "step ", 5) == 0)
		return 5;
	return strncmp(text, "steps ", 6) == 0 ? 6 : 0;
}

static void put_step(FILE *out, const char *digits, size_t size)
{
	fprintf(out, "<a href=\"#step=%.*s\">%.*s</a>", (int)size, digits,
		(int)size, digits);
}

static void put_bytes(FILE *out, const char *text, size_t size)
{
	char *copy = strndup(text, size);

	if (!copy)
		abort();
	html_text(out, copy);
	free(copy);
}

void html_story(const struct report *p, const char *text)
{
	FILE *out = p->out;
	bool is_list = false; /* of numbers of steps */

	while (*text) {
		size_t word = step_word(text);
		size_t digits = strspn(text, "0123456789");
		size_t size = *text == ' ' ? 1 : strcspn(text, " ");

		if (word && isdigit((unsigned char)text[word])) {
			size = word;
			is_list = true;
		} else if (is_list && digits) {
			put_step(out, text, digits);
			text += digits;
			continue;
		} else if (is_list && strncmp(text, ", ", 2) == 0 &&
			   isdigit((unsigned char)text[2])) {
			size = 2;
		} else if (is_list && strncmp(text, " and ", 5) == 0) {
			size = 5;
		} else if (*text != ' ') {
			is_list = false;
		}
		put_bytes(out, text, size);
		text += size;
	}
}

/* ---- hash -------------------------------------------------------------- */

void html_hash(FILE *out, const char *data, size_t size)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	char text[(SHA256_DIGEST_LENGTH + 2) / 3 * 4 + 1];
	SHA2_CTX context;

	SHA256Init(&context);
	SHA256Update(&context, (const uint8_t *)data, size);
	SHA256Final(digest, &context);
	if (b64_ntop(digest, sizeof(digest), text, sizeof(text)) < 0)
		abort();
	fprintf(out, "'sha256-%s'", text);
}
