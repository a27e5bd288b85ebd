/*
 * format.c - what writer and reader of the trace file agree on.
 */
#include "trace/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static const unsigned char fields[EVENT_KIND_COUNT] = {
	[EVENT_TRYLOCK] = FIELD_OUT,
	[EVENT_LOAD] = FIELD_OUT,
	[EVENT_REF_COUNT] = FIELD_OUT,
	[EVENT_WAKE] = FIELD_OUT,
	[EVENT_INTERRUPT_TAKE] = FIELD_OUT,
	[EVENT_RETURN] = FIELD_OUT,
	[EVENT_CLOCK_READ] = FIELD_OUT,
	[EVENT_CLOCK_ADVANCE] = FIELD_IN,
	[EVENT_CLOCK_SET] = FIELD_IN | FIELD_OUT,
	[EVENT_TIMER_ARM] = FIELD_IN,
	[EVENT_TIMER_POLL] = FIELD_OUT,
	[EVENT_SIGNAL] = FIELD_IN,
	[EVENT_SPURIOUS] = FIELD_OUT,
	[EVENT_CLONE] = FIELD_OUT,
	[EVENT_FORK] = FIELD_OUT,
	[EVENT_KILL] = FIELD_IN | FIELD_OUT,
	[EVENT_DELIVER] = FIELD_IN,
	[EVENT_SIGRETURN] = FIELD_IN,
	[EVENT_USER_LOAD] = FIELD_IN | FIELD_OUT,
	[EVENT_USER_STORE] = FIELD_IN,
	[EVENT_USER_CAS] = FIELD_IN | FIELD_IN2,
	[EVENT_USER_XCHG] = FIELD_IN,
	[EVENT_USER_FETCH] = FIELD_IN,
	[EVENT_USER_READ] = FIELD_IN | FIELD_OUT,
	[EVENT_USER_WRITE] = FIELD_IN,
	[EVENT_USER_FAULT] = FIELD_IN,
	[EVENT_TIMEOUT_READ] = FIELD_OUT,
	[EVENT_ENTRY_INSERT] = FIELD_IN,
	[EVENT_ENTRY_REMOVE] = FIELD_IN,
};

unsigned int event_fields(enum event_kind kind)
{
	return fields[kind];
}

enum object_kind event_usual_object(const struct trace *t, enum event_kind kind,
				    enum object_kind parsed, uint32_t object)
{
	if (kind == EVENT_REF_GET || kind == EVENT_REF_PUT ||
	    kind == EVENT_REF_COUNT)
		return object ? t->objects[object].kind : OBJECT_NONE;
	return parsed;
}

bool object_kind_parse(const char *name, enum object_kind *kind)
{
	for (unsigned int i = 0; i < OBJECT_KIND_COUNT; i++) {
		if (strcmp(object_kind_name(i), name) == 0) {
			*kind = i;
			return true;
		}
	}
	return false;
}

const char *mover_name(int32_t mover)
{
	return mover == MOVER_CLOCK    ? "clock"
	       : mover == MOVER_SIGNAL ? "signal"
				       : NULL;
}

struct digest {
	XXH3_state_t *state;
};

struct digest *digest_new(void)
{
	struct digest *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	d->state = XXH3_createState();
	if (!d->state)
		abort();
	XXH3_128bits_reset(d->state);
	return d;
}

void digest_free(struct digest *d)
{
	if (!d)
		return;
	XXH3_freeState(d->state);
	free(d);
}

void digest_add(struct digest *d, const void *data, size_t size)
{
	XXH3_128bits_update(d->state, data, size);
}

void digest_hex(const struct digest *d, char hex[DIGEST_SIZE])
{
	XXH128_canonical_t bytes;

	XXH128_canonicalFromHash(&bytes, XXH3_128bits_digest(d->state));
	for (unsigned int i = 0; i < sizeof(bytes.digest); i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes.digest[i]);
}
