/* yaml_text.c - which characters a scenario may be made of. */
#include "sim/loader/utf8.h"
#include "sim/loader/yaml_tree.h"

/* What libyaml would refuse, or take for a line break that no editor shows. */
static bool is_allowed(uint32_t code, bool before_newline)
{
	if (code == '\r')
		return before_newline;
	if (code < ' ')
		return code == '\t' || code == '\n';
	return code != UTF8_INVALID && (code < 0x7f || code >= 0xa0) &&
	       code != 0x2028 && code != 0x2029 && code != 0xfeff &&
	       code != 0xfffe && code != 0xffff;
}

bool yaml_check_text(const char *text, size_t size, struct diagnostics *d)
{
	struct mark mark = {1, 1};
	uint32_t code;
	size_t length;

	for (size_t i = 0; i < size; i += length) {
		length = utf8_decode(text + i, size - i, &code);
		if (!is_allowed(code, i + 1 < size && text[i + 1] == '\n')) {
			diagnostics_add(
				d, mark.line, mark.col,
				code == UTF8_INVALID
					? "not UTF-8: byte 0x%02x"
					: "character U+%04X is not allowed",
				code == UTF8_INVALID ? (unsigned char)text[i]
						     : code);
			return false;
		}
		mark.col++;
		if (code == '\n') {
			mark.line++;
			mark.col = 1;
		}
	}
	return true;
}
