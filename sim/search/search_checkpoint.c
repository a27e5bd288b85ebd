/*
 * search_checkpoint.c - a search in a file, to go on from.
 *
 *	futexsim checkpoint 1
 *	scenario: mutex-of-three-values, 32 hex digits of its source
 *	strategy: dpor
 *	...
 *	(an empty line)
 *
 * says what was searched, and how; a search that is not the same may not go on
 * from it.  Then comes as bytes what was counted, and the tasks that are left;
 * last a digest of all of it, eight bytes, lowest first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "sim/search/search_shards.h"
#include "sim/search/search_state.h"
#include "sim/base/version.h"
#include "sim/base/whole_file.h"

#define FIRST_LINE "futexsim checkpoint "
#define FORMAT "1"
#define DIGEST_BYTES 8u

struct checkpoint {
	struct bytes file;
	struct reader rest; /* what was not read yet */
};

void checkpoint_free(struct checkpoint *c)
{
	if (c)
		bytes_fini(&c->file);
	free(c);
}

/* ---- which search it is ------------------------------------------------ */

static void say(struct bytes *to, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct bytes *to, const char *name, const char *format, ...)
{
	char *text;
	va_list args;
	int size;

	va_start(args, format);
	size = vasprintf(&text, format, args);
	va_end(args);
	if (size < 0)
		abort();
	bytes_put_block(to, name, strlen(name));
	bytes_put_block(to, ": ", 2);
	bytes_put_block(to, text, (size_t)size);
	bytes_put_block(to, "\n", 1);
	free(text);
}

static void say_bound(struct bytes *to, const char *name, uint64_t bound)
{
	if (bound == NO_BOUND)
		say(to, name, "none");
	else
		say(to, name, "%" PRIu64, bound);
}

static void say_environment(const struct search *s, struct bytes *to)
{
	const struct exploration *e = s->explore;
	struct bytes list = {NULL, 0, 0};
	uint32_t i;

	say(to, "timeouts", "%s", timeouts_name(e->timeouts));
	for (i = 0; e->signals && i < s->thread_count; i++)
		bytes_put(&list, e->signals[i]);
	say(to, "signals", "%016" PRIx64, XXH3_64bits(list.data, list.size));
	say(to, "spurious wake-ups", "%" PRIu32, e->spurious);
	list.size = 0;
	for (i = 0; i < e->preempt_at.count; i++)
		bytes_put_text(&list, e->preempt_at.items[i]);
	say(to, "preempt_at", "%" PRIu32 " points, %016" PRIx64,
	    e->preempt_at.count, XXH3_64bits(list.data, list.size));
	bytes_fini(&list);
}

static void say_strategy(const struct search *s, struct bytes *to)
{
	const struct exploration *e = s->explore;

	say(to, "strategy", "%s", strategy_name(e->strategy));
	say(to, "granularity", "%s", granularity_name(e->granularity));
	say_bound(to, "bound on preemptions", e->bounds.preemptions);
	say(to, "bound on steps", "%" PRIu32, s->steps_max);
	say(to, "symmetry", "%s", s->is_symmetric ? "yes" : "no");
	if (search_draws_lots(e->strategy))
		say(to, "seed", "%" PRIu64, e->seed);
	if (e->strategy == STRATEGY_PCT)
		say(to, "depth", "%" PRIu32, e->depth);
}

static void say_beginning(const struct search_request *r, struct bytes *to)
{
	XXH64_hash_t hash;

	say(to, "schedule", "%s", r->schedule ? r->schedule->name : "none");
	if (!r->prefix)
		return;
	hash = XXH3_64bits(r->prefix->items,
			   r->prefix->count * sizeof(*r->prefix->items));
	say(to, "prefix", "%" PRIu32 " movers, %016" PRIx64, r->prefix->count,
	    hash);
}

/* The first lines of a file, to the empty one. */
static void write_identity(const struct search *s, struct bytes *to)
{
	const struct scenario *scenario = s->scenario;
	XXH128_hash_t hash =
		XXH3_128bits(scenario->source, scenario->source_size);

	bytes_put_block(to, FIRST_LINE FORMAT "\n",
			sizeof(FIRST_LINE FORMAT "\n") - 1);
	say(to, "program", "futexsim %s", FUTEXSIM_VERSION);
	say(to, "scenario", "%s, %016" PRIx64 "%016" PRIx64, scenario->name,
	    hash.high64, hash.low64);
	say(to, "profile", "%s", s->request->profile);
	say(to, "quirks", "%" PRIx64, s->request->quirks);
	say_beginning(s->request, to);
	say_strategy(s, to);
	say_environment(s, to);
	bytes_put_block(to, "\n", 1);
}

/* ---- writing ----------------------------------------------------------- */

static void write_passes(const struct search *s, struct bytes *to)
{
	const struct search_pass *p = s->result->passes;
	uint32_t i, count = s->result->pass_count - 1;

	bytes_put(to, count);
	for (i = 0; i < count; i++) {
		bytes_put(to, p[i].strategy);
		bytes_put(to, p[i].preemptions);
		bytes_put(to, p[i].runs);
		bytes_put(to, p[i].is_complete);
	}
}

void checkpoint_seal(uint8_t *data, size_t size)
{
	uint64_t digest = XXH3_64bits(data, size - DIGEST_BYTES);
	unsigned int i;

	for (i = 0; i < DIGEST_BYTES; i++)
		data[size - DIGEST_BYTES + i] = (uint8_t)(digest >> 8 * i);
}

static void write_all(const struct search *s, struct bytes *to)
{
	write_identity(s, to);
	bytes_put_real(to, search_seconds(s));
	write_passes(s, to);
	tally_save(s, to);
	shards_write(s, to);
	bytes_put_block(to, "digest..", DIGEST_BYTES);
	checkpoint_seal(to->data, to->size);
}

static int put(FILE *out, void *arg)
{
	const struct bytes *b = arg;

	return fwrite(b->data, 1, b->size, out) == b->size ? 0 : -EIO;
}

void checkpoint_write(struct search *s, bool is_last)
{
	const char *path = s->request->checkpoint;
	struct bytes b = {NULL, 0, 0};
	double seconds;
	int error;

	if (!path || s->error)
		return;
	seconds = search_seconds(s);
	if (!is_last && seconds - s->saved < search_pace.seconds)
		return;
	write_all(s, &b);
	error = whole_file_write(path, put, &b);
	bytes_fini(&b);
	s->saved = search_seconds(s);
	if (error)
		search_fail(s, -EIO, "the checkpoint cannot be written: %s: %s",
			    path, strerror(-error));
}

/* ---- reading ----------------------------------------------------------- */

static int read_file(const char *path, struct bytes *to)
{
	FILE *in = fopen(path, "rb");
	uint8_t block[65536];
	size_t size;
	int error;

	if (!in)
		return -errno;
	do {
		size = fread(block, 1, sizeof(block), in);
		bytes_put_block(to, block, size);
	} while (size);
	error = ferror(in) ? -EIO : 0;
	fclose(in);
	return error;
}

/* The next line, without its end; NULL if there is none. */
static char *next_line(struct reader *r)
{
	const uint8_t *end = memchr(r->at, '\n', reader_left(r));
	char *line;

	if (!end)
		return NULL;
	line = strndup((const char *)r->at, (size_t)(end - r->at));
	if (!line)
		abort();
	r->at = end + 1;
	return line;
}

/* "strategy: dpor", there and here */
static void say_difference(struct search *s, const char *there,
			   const char *here)
{
	const char *path = s->request->resume;
	const char *colon = strchr(here, ':');
	int name = colon ? (int)(colon - here) : 0;

	if (!strncmp(here, "scenario:", 9))
		search_fail(s, -EBADMSG,
			    "%s is of another scenario, or this one has "
			    "changed since",
			    path);
	else if (colon && !strncmp(there, here, (size_t)name + 1))
		search_fail(s, -EBADMSG,
			    "%s is of another search: %.*s is %s there, and %s "
			    "here",
			    path, name, here, there + name + 2, colon + 2);
	else
		search_fail(s, -EBADMSG,
			    "%s is of another search: there it says `%s', "
			    "here `%s'",
			    path, there, here);
}

static bool is_same_line(struct search *s, struct reader *there,
			 struct reader *here)
{
	char *a = next_line(there), *b = next_line(here);
	bool is_same = a && b && !strcmp(a, b);

	if (a && b && !is_same)
		say_difference(s, a, b);
	free(a);
	free(b);
	return is_same;
}

static bool check_identity(struct search *s, struct reader *there)
{
	struct bytes identity = {NULL, 0, 0};
	struct reader here;
	bool is_same = true;

	write_identity(s, &identity);
	here = bytes_read(&identity);
	while (is_same && reader_left(&here))
		is_same = is_same_line(s, there, &here);
	bytes_fini(&identity);
	return is_same;
}

static bool has_first_line(const struct bytes *b, const char *line)
{
	size_t size = strlen(line);

	return b->size >= size && !memcmp(b->data, line, size);
}

static bool has_digest(const struct bytes *b)
{
	uint64_t digest;
	unsigned int i;

	if (b->size < DIGEST_BYTES)
		return false;
	digest = XXH3_64bits(b->data, b->size - DIGEST_BYTES);
	for (i = 0; i < DIGEST_BYTES; i++) {
		if (b->data[b->size - DIGEST_BYTES + i] !=
		    (uint8_t)(digest >> 8 * i))
			return false;
	}
	return true;
}

static void check_file(struct search *s, const struct bytes *b)
{
	const char *path = s->request->resume;

	if (!has_first_line(b, FIRST_LINE))
		search_fail(s, -EBADMSG, "%s is no checkpoint", path);
	else if (!has_first_line(b, FIRST_LINE FORMAT "\n"))
		search_fail(s, -EBADMSG,
			    "%s is a checkpoint in another format; this "
			    "program reads format " FORMAT,
			    path);
	else if (!has_digest(b))
		search_fail(s, -EBADMSG, "%s is damaged or cut off", path);
}

static bool read_passes(struct search *s, struct reader *from)
{
	struct search_result *result = s->result;
	struct search_pass *p = result->passes;
	uint32_t i, count = reader_get_below(from, SEARCH_PASSES_MAX);

	for (i = 0; i < count; i++, p++) {
		p->strategy = reader_get_below(from, STRATEGY_COUNT);
		p->preemptions = reader_get(from);
		p->runs = reader_get(from);
		p->is_complete = reader_get_below(from, 2);
	}
	result->pass_count = count;
	return !from->is_bad;
}

static void say_nonsense(struct search *s)
{
	search_fail(s, -EBADMSG, "%s makes no sense", s->request->resume);
}

int checkpoint_read(struct search *s)
{
	struct checkpoint *c = calloc(1, sizeof(*c));
	int error;

	if (!c)
		abort();
	s->checkpoint = c;
	error = read_file(s->request->resume, &c->file);
	if (error)
		search_fail(s, -EIO, "the checkpoint cannot be read: %s: %s",
			    s->request->resume, strerror(-error));
	if (!s->error)
		check_file(s, &c->file);
	if (s->error)
		return s->error;
	c->rest = bytes_read(&c->file);
	c->rest.end -= DIGEST_BYTES;
	if (!check_identity(s, &c->rest))
		return s->error;
	s->started -= reader_get_real(&c->rest);
	if (!read_passes(s, &c->rest))
		say_nonsense(s);
	return s->error;
}

bool checkpoint_resume(struct search *s)
{
	struct reader *from = &s->checkpoint->rest;
	bool is_good = tally_restore(s, from) && shards_read(s, from) &&
		       !reader_left(from);

	checkpoint_free(s->checkpoint);
	s->checkpoint = NULL;
	s->saved = search_seconds(s);
	if (!is_good)
		say_nonsense(s);
	return is_good;
}
