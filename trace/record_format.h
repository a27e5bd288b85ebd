/*
 * record_format.h - what writer and reader of a record's file agree on.
 *
 * JSON Lines, in this order:
 *	{"futexsim_record":1,"tool":...,"scenario":...,"runs":9,"merged":true}
 *	{"outcome":0,"results":"A.r=0","words":"F=1","runs":9,...}
 *	{"of":0,"switches":3,"runs":9}
 *	{"node":0,"depth":0}
 *	{"node":1,"depth":7,"outcome":0}
 *	{"from":0,"to":1,"runs":9,"legs":[["A","wq.lock","wq.unlock",3]]}
 *	{"end":{"outcomes":1,"switches":1,"nodes":2,"edges":1},
 *	"digest":"32 hex digits, of all the lines before"}
 *
 * A node with neither "outcome" nor "cut" is open.
 */
#ifndef TRACE_RECORD_FORMAT_H
#define TRACE_RECORD_FORMAT_H

#include "trace/fields.h"
#include "trace/record.h"

#define RECORD_KEY "futexsim_record"

/* Which list a line belongs to; lines come in this order. */
enum record_part {
	RECORD_OUTCOMES,
	RECORD_SWITCHES,
	RECORD_NODES,
	RECORD_EDGES,
	RECORD_PARTS,
};

/* One of those lists while it is read. */
struct record_list {
	void *items;
	size_t size; /* of one */
	uint32_t count;
	uint32_t room;
	uint32_t max;
};

/* A record while it is read. */
struct record_reader {
	struct reader reader; /* first: its functions take it */
	struct record *record;
	struct record_list lists[RECORD_PARTS];
	enum record_part part; /* of the last line */
	json_t *strings; /* that are in memory already, by their text */
};

static inline struct record_reader *record_reader(struct reader *r)
{
	return (struct record_reader *)r;
}

/* A number that must be there. */
static inline bool record_u64(struct reader *r, const json_t *line,
			      const char *key, uint64_t max, uint64_t *value)
{
	return field_required(r, line, key) &&
	       field_unsigned(r, line, key, max, value);
}

static inline bool record_u32(struct reader *r, const json_t *line,
			      const char *key, uint32_t max, uint32_t *value)
{
	return field_required(r, line, key) &&
	       field_u32(r, line, key, max, value);
}

/* "outcomes" and so on; NULL ends the list. */
extern const char *const record_part_names[RECORD_PARTS + 1];

/* A line that is neither the first nor the last, into its list. */
bool record_read_line(struct reader *r, const json_t *line);

/*
 * Do the lists fit together, as record.h says?  The numbers in them were
 * checked as they were read.  Says what is wrong at the present line.
 */
bool record_check(struct reader *r, const struct record *record);

#endif
