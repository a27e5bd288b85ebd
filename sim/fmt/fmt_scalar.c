/*
 * fmt_scalar.c - texts: plain, quoted, folded.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "sim/fmt/fmt_internal.h"
#include "sim/loader/utf8.h"

size_t fmt_width(const char *text, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

/* ---- plain or not ------------------------------------------------------ */

#define WORD_CHARACTERS                                                        \
	"0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/*
 * A number, a duration or a truth value: in quotes it is a text.  A parameter
 * is what it stands for, quotes or not.
 */
static bool is_typed(const char *text)
{
	const char *first = text + (*text == '+' || *text == '-');

	if (isdigit((unsigned char)*first))
		return !first[strspn(first, WORD_CHARACTERS)];
	return !strcmp(text, "true") || !strcmp(text, "false");
}

bool fmt_needs_quotes(const struct tree_node *node)
{
	return node->style != TREE_PLAIN &&
	       (!node->length || is_typed(node->text));
}

static bool has_odd_character(const char *text, size_t length)
{
	uint32_t code;

	for (size_t i = 0; i < length;) {
		i += utf8_decode(text + i, length - i, &code);
		if (code < ' ' || (code >= 0x7f && code < 0xa0) ||
		    code == 0x2028 || code == 0x2029 || code == 0xfeff)
			return true;
	}
	return false;
}

static bool can_begin(const char *text)
{
	if (*text == '-')
		return text[1] && text[1] != ' ' && strncmp(text, "---", 3);
	return !strchr("?:,[]{}#&*!|>'\"%@`", *text) && strncmp(text, "...", 3);
}

/* In brackets one that is open takes commas for text; see yaml_tree.h. */
static bool has_open_parenthesis(const char *text)
{
	int open = 0;

	for (; *text; text++)
		open += (*text == '(') - (*text == ')');
	return open > 0;
}

static bool can_be_plain(const struct tree_node *node, bool in_brackets)
{
	const char *text = node->text;
	size_t length = node->length;

	if (!length)
		return node->style == TREE_PLAIN;
	if (fmt_needs_quotes(node) || !can_begin(text) || *text == ' ' ||
	    text[length - 1] == ' ' || text[length - 1] == ':' ||
	    strstr(text, ": ") || strstr(text, " #") || !strcmp(text, "<<") ||
	    has_odd_character(text, length))
		return false;
	return !in_brackets ||
	       (!text[strcspn(text, ",[]{}")] && !has_open_parenthesis(text));
}

static void write_quoted(const struct tree_node *node, FILE *out)
{
	const char *text = node->text;
	uint32_t code;

	fputc('"', out);
	for (size_t i = 0; i < node->length;) {
		size_t size = utf8_decode(text + i, node->length - i, &code);

		if (code == '"' || code == '\\')
			fprintf(out, "\\%c", (int)code);
		else if (code == '\n')
			fputs("\\n", out);
		else if (code == '\t')
			fputs("\\t", out);
		else if (has_odd_character(text + i, size))
			fprintf(out, "\\u%04" PRIX32, code);
		else
			fwrite(text + i, 1, size, out);
		i += size;
	}
	fputc('"', out);
}

void fmt_scalar(const struct tree_node *node, bool in_brackets, FILE *out)
{
	if (can_be_plain(node, in_brackets))
		fwrite(node->text, 1, node->length, out);
	else
		write_quoted(node, out);
}

/* ---- several lines ----------------------------------------------------- */

/* Texts for people; they may be folded. */
static bool is_prose(const struct tree_node *node)
{
	return node->key && (!strcmp(node->key->text, "summary") ||
			     !strcmp(node->key->text, "because"));
}

/* Lines that a block scalar keeps as they are. */
static bool has_plain_lines(const struct tree_node *node)
{
	const char *text = node->text, *at;
	size_t length = node->length;

	if (!length || strchr(" \t\n", *text))
		return false;
	if (length > 1 && text[length - 1] == '\n' && text[length - 2] == '\n')
		return false;
	for (at = text; *at; at++) {
		if (*at != '\n' && *at != '\t' && has_odd_character(at, 1) &&
		    !((unsigned char)*at & 0x80))
			return false;
	}
	return true;
}

bool fmt_is_tall(const struct tree_node *node, size_t column)
{
	if (node->kind != TREE_SCALAR || !has_plain_lines(node))
		return false;
	if (node->style == TREE_PLAIN && is_typed(node->text))
		return false; /* it would become a text */
	if (memchr(node->text, '\n', node->length))
		return true;
	return is_prose(node) &&
	       column + fmt_width(node->text, node->length) > FMT_COLUMNS;
}

/* Can lines be joined and parted anew?  Not those that begin with a blank. */
static bool can_fold(const struct tree_node *node)
{
	bool is_one_line = strcspn(node->text, "\n") + 1 >= node->length;

	return (is_prose(node) || is_one_line) && !strchr(node->text, '\t') &&
	       !strstr(node->text, "\n ") && !strstr(node->text, " \n") &&
	       !strstr(node->text, "\n\n");
}

/* The end of the piece of a text that goes on this line. */
static const char *fold_at(const char *text, const char *end, size_t columns)
{
	const char *at, *last = NULL;

	for (at = text; at < end; at++) {
		if (last && fmt_width(text, (size_t)(at - text)) > columns)
			return last;
		if (*at == ' ' && at > text && at + 1 < end && at[-1] != ' ' &&
		    at[1] != ' ')
			last = at;
	}
	if (last && fmt_width(text, (size_t)(end - text)) > columns)
		return last;
	return end;
}

static void write_folded(const char *text, const char *end, unsigned int indent,
			 FILE *out)
{
	while (text < end) {
		const char *to = fold_at(text, end, FMT_COLUMNS - 1 - indent);

		fprintf(out, "%*s%.*s\n", (int)indent, "", (int)(to - text),
			text);
		text = to < end ? to + 1 : to;
	}
}

bool fmt_fold_plain(const struct tree_node *node, unsigned int indent,
		    size_t column, FILE *out)
{
	const char *text = node->text, *end = text + node->length, *to;

	if (column + fmt_width(text, node->length) <= FMT_COLUMNS ||
	    column >= FMT_COLUMNS || !can_be_plain(node, false))
		return false;
	to = fold_at(text, end, FMT_COLUMNS - column);
	fprintf(out, "%.*s\n", (int)(to - text), text);
	if (to < end)
		write_folded(to + 1, end, indent, out);
	return true;
}

void fmt_tall_scalar(const struct tree_node *node, unsigned int indent,
		     FILE *out)
{
	const char *text = node->text, *end = text + node->length;
	bool is_folded = can_fold(node), ends_line = end[-1] == '\n';

	fprintf(out, "%c%s\n", is_folded ? '>' : '|', ends_line ? "" : "-");
	end -= ends_line;
	while (text < end) {
		const char *to = memchr(text, '\n', (size_t)(end - text));

		to = to ? to : end;
		if (is_folded)
			write_folded(text, to, indent, out);
		else
			fprintf(out, "%*s%.*s\n", to > text ? (int)indent : 0,
				"", (int)(to - text), text);
		if (is_folded && to < end)
			fputc('\n', out);
		text = to < end ? to + 1 : to;
	}
}
