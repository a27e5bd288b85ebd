/*
 * search_bytes.h - numbers in a row of bytes, for what leaves a process.
 *
 * A number takes seven bits a byte, lowest first.  A reader never reads past
 * its end: what is missing reads as 0, and is_bad says so.
 */
#ifndef SIM_SEARCH_SEARCH_BYTES_H
#define SIM_SEARCH_SEARCH_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *data;
	size_t size;
	size_t room;
};

struct reader {
	const uint8_t *at;
	const uint8_t *end;
	bool is_bad;
};

void bytes_fini(struct bytes *b);
/* For @size bytes more than there are. */
void bytes_make_room(struct bytes *b, size_t size);
void bytes_put(struct bytes *b, uint64_t number);
void bytes_put_block(struct bytes *b, const void *data, size_t size);
void bytes_put_text(struct bytes *b, const char *text); /* NULL is "" */
void bytes_put_real(struct bytes *b, double number);

struct reader bytes_read(const struct bytes *b);
uint64_t reader_get(struct reader *r);
/* A number below @limit; a larger one is bad, and reads as 0. */
uint32_t reader_get_below(struct reader *r, uint64_t limit);
/* How many things follow, each of at least one byte. */
uint32_t reader_get_count(struct reader *r);
/* The next @size bytes, or NULL. */
const uint8_t *reader_get_block(struct reader *r, size_t size);
double reader_get_real(struct reader *r);
size_t reader_left(const struct reader *r);

#endif
