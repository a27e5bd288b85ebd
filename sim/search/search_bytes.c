/* search_bytes.c - numbers in a row of bytes. */
#include "sim/search/search_bytes.h"

#include <stdlib.h>
#include <string.h>

void bytes_fini(struct bytes *b)
{
	free(b->data);
	*b = (struct bytes){0};
}

void bytes_make_room(struct bytes *b, size_t size)
{
	if (b->size + size <= b->room)
		return;
	b->room = 2 * (b->size + size);
	b->data = realloc(b->data, b->room);
	if (!b->data)
		abort();
}

static uint8_t *extend(struct bytes *b, size_t size)
{
	bytes_make_room(b, size);
	b->size += size;
	return b->data + b->size - size;
}

void bytes_put(struct bytes *b, uint64_t number)
{
	uint8_t bytes[10];
	size_t n = 0;

	for (; number >= 0x80; number >>= 7)
		bytes[n++] = (uint8_t)(number | 0x80);
	bytes[n++] = (uint8_t)number;
	memcpy(extend(b, n), bytes, n);
}

void bytes_put_block(struct bytes *b, const void *data, size_t size)
{
	if (size)
		memcpy(extend(b, size), data, size);
}

void bytes_put_text(struct bytes *b, const char *text)
{
	size_t size = text ? strlen(text) : 0;

	bytes_put(b, size);
	bytes_put_block(b, text, size);
}

void bytes_put_real(struct bytes *b, double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	bytes_put(b, bits);
}

struct reader bytes_read(const struct bytes *b)
{
	return (struct reader){b->data, b->data + b->size, false};
}

size_t reader_left(const struct reader *r)
{
	return (size_t)(r->end - r->at);
}

uint64_t reader_get(struct reader *r)
{
	uint64_t number = 0;
	unsigned int shift;

	for (shift = 0; shift < 64 && r->at < r->end; shift += 7) {
		number |= (uint64_t)(*r->at & 0x7f) << shift;
		if (!(*r->at++ & 0x80))
			return number;
	}
	r->is_bad = true;
	return 0;
}

uint32_t reader_get_below(struct reader *r, uint64_t limit)
{
	uint64_t number = reader_get(r);

	if (number >= limit || number > UINT32_MAX) {
		r->is_bad = true;
		return 0;
	}
	return (uint32_t)number;
}

uint32_t reader_get_count(struct reader *r)
{
	return reader_get_below(r, (uint64_t)reader_left(r) + 1);
}

const uint8_t *reader_get_block(struct reader *r, size_t size)
{
	const uint8_t *at = r->at;

	if (size > reader_left(r)) {
		r->is_bad = true;
		return NULL;
	}
	r->at += size;
	return at;
}

double reader_get_real(struct reader *r)
{
	uint64_t bits = reader_get(r);
	double number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}
