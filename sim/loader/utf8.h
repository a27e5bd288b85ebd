/*
 * utf8.h - one code point at a time.
 */
#ifndef SIM_LOADER_UTF8_H
#define SIM_LOADER_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* What a byte that is not part of a valid sequence is taken for. */
#define UTF8_INVALID UINT32_MAX

/*
 * Decode what is at @text, of which @size bytes (at least one) are left.
 * Returns the number of bytes it takes up; 1 for an invalid one.
 * Source:  RFC 3629: shortest form only, no surrogates, at most U+10FFFF.
 */
size_t utf8_decode(const char *text, size_t size, uint32_t *code);

#endif
