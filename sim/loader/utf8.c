/*
 * utf8.c - one code point at a time.
 */
#include "sim/loader/utf8.h"

size_t utf8_decode(const char *text, size_t size, uint32_t *code)
{
	/* The least code point that needs a sequence of that length. */
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)text[0];
	size_t length = first < 0x80   ? 1
			: first < 0xc0 ? 0
			: first < 0xe0 ? 2
			: first < 0xf0 ? 3
			: first < 0xf8 ? 4
				       : 0;
	uint32_t value = length < 2 ? first : first & (0x7fu >> length);

	*code = UTF8_INVALID;
	if (length == 0 || length > size)
		return 1;
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 1;
		value = value << 6 | (text[i] & 0x3fu);
	}
	if (value < least[length] || value > 0x10ffff ||
	    (value >= 0xd800 && value < 0xe000))
		return 1;
	*code = value;
	return length;
}
