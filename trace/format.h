/*
 * format.h - what writer and reader of the trace file agree on.
 *
 * The header line:
 *	{"futexsim_trace":1,"tool":...,"scenario":...,"threads":[{"name":"A",
 *	"process":"P1","end":...}],"objects":[{"kind":"wq","name":"wq:F"}]}
 * An event:
 *	{"n":7,"t":0,"th":"A","point":"wq.lock","obj":"wq:F","src":...}
 * The last line:
 *	{"end":{"verdicts":[],"expected":true,"t":0,"events":9,"steps":8,
 *	"state":{...}},"digest":"32 hex digits, of all the lines before"}
 *
 * A field that means nothing for its kind of event is left out when it is
 * zero; one that does mean something is there even then.
 */
#ifndef TRACE_FORMAT_H
#define TRACE_FORMAT_H

#include "trace/event.h"
#include "trace/trace.h"

#define FIELD_IN 1u
#define FIELD_IN2 2u
#define FIELD_OUT 4u

/* FIELD_ bits: those that mean something for this kind of event. */
unsigned int event_fields(enum event_kind kind);

/*
 * The kind of object that an event has if the file does not say: the one of
 * its point, else, for references, that of the object @object of @t.
 */
enum object_kind event_usual_object(const struct trace *t, enum event_kind kind,
				    enum object_kind parsed, uint32_t object);

/* Inverse of object_kind_name. */
bool object_kind_parse(const char *name, enum object_kind *kind);

/* "clock", "signal"; NULL for a thread or nobody. */
const char *mover_name(int32_t mover);

/* Hex digits of a digest, and the NUL. */
#define DIGEST_SIZE 33

/* A running digest of lines. */
struct digest;
struct digest *digest_new(void);
void digest_free(struct digest *d);
void digest_add(struct digest *d, const void *data, size_t size);
/* The digest so far, in hex, most significant digit first. */
void digest_hex(const struct digest *d, char hex[DIGEST_SIZE]);

#endif
