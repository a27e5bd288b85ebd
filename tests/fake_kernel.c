/*
 * fake_kernel.c - the fake kernel's log, memory, mutexes, words and notes.
 */
#include "tests/fake_kernel.h"

#include <check.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake_private.h"

struct block {
	struct block *next;
	const char *what;
	uint64_t address;
	size_t size;
	max_align_t memory[];
};

bool fake_is_broken;

static struct futex_system futexes;
static struct block *blocks;
static uint64_t next_address;
static unsigned int held; /* mutexes */
static uint32_t next_id;
static char log_text[1 << 16];
static char notes_text[1 << 14];
static struct fake_key_note key_note;

/* ---- set-up ------------------------------------------------------------ */

void fake_init(uint64_t quirks)
{
	fake_is_broken = false;
	next_address = 0x100000;
	next_id = 1;
	held = 0;
	log_text[0] = '\0';
	notes_text[0] = '\0';
	fake_user_init();
	fake_aspaces_init();
	fake_wakers_init();
	fake_tasks_init();
	futex_system_init(&futexes, quirks);
}

static void put_shared_tables(void)
{
	struct futex_tables_slot *slot;

	while ((slot = list_pop_front(&futexes.shared_tables.map))) {
		futex_table_put(slot->table);
		kfree(slot);
	}
}

static void assert_nothing_left(void)
{
	if (fake_alive(NULL))
		fake_fail("%u blocks leak, the last a %s", fake_alive(NULL),
			  blocks->what);
	if (held)
		fake_fail("%u mutexes are still held", held);
	if (fake_waker_count())
		fake_fail("%u wakers leak", fake_waker_count());
	if (fake_timer_count())
		fake_fail("%u timers leak", fake_timer_count());
}

void fake_fini(void)
{
	struct block *b;

	if (!fake_is_broken) {
		fake_tasks_assert_done();
		put_shared_tables();
		fake_aspaces_release();
		assert_nothing_left();
	}
	fake_tasks_fini();
	fake_wakers_fini();
	fake_aspaces_fini();
	while ((b = blocks)) {
		blocks = b->next;
		free(b);
	}
}

void fake_set_quirks(uint64_t quirks)
{
	futexes.quirks = quirks;
}

void fake_abandon(void)
{
	fake_is_broken = true;
}

struct futex_system *kfutex_system(void)
{
	return &futexes;
}

/* ---- the log ---------------------------------------------------------------
 */

static void append(char *text, size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

static void append(char *text, size_t size, const char *format, va_list args)
{
	size_t used = strlen(text);

	if (used + 64 > size)
		fake_fail("the log is full");
	if (used)
		text[used++] = ' ';
	vsnprintf(text + used, size - used, format, args);
}

void fake_logf(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append(log_text, sizeof(log_text), format, args);
	va_end(args);
}

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append(notes_text, sizeof(notes_text), format, args);
	va_end(args);
}

const char *fake_log(void)
{
	return log_text;
}

void fake_log_clear(void)
{
	log_text[0] = '\0';
	notes_text[0] = '\0';
}

void fake_assert_log(const char *expected)
{
	ck_assert_str_eq(log_text, expected);
	log_text[0] = '\0';
}

void fake_assert_notes(const char *expected)
{
	ck_assert_str_eq(notes_text, expected);
	notes_text[0] = '\0';
}

/* "&q->wq_mutex" and "lock" make "wq.lock". */
void fake_point_name(const struct ksite *site, char *buf, size_t size)
{
	const char *object = site->object, *c;
	int length;

	for (c = object; *c; c++) {
		if (*c == '>' || *c == '.' || *c == '&')
			object = c + 1;
	}
	length = (int)strlen(object);
	c = strstr(object, "_mutex");
	if (c)
		length = (int)(c - object);
	snprintf(buf, size, "%.*s.%s", length, object, site->op);
}

struct fake_key_note fake_key_note(void)
{
	return key_note;
}

/* ---- memory ------------------------------------------------------------ */

void *kalloc(size_t size, const char *what)
{
	struct block *b = calloc(1, sizeof(*b) + size);

	if (!b)
		abort();
	b->what = what;
	b->size = size;
	b->address = next_address;
	next_address += 0x1000;
	b->next = blocks;
	blocks = b;
	return b->memory;
}

void kfree(void *ptr)
{
	struct block **at, *b;

	for (at = &blocks; (b = *at); at = &b->next) {
		if (b->memory != ptr)
			continue;
		*at = b->next;
		memset(ptr, 0xdd, b->size);
		free(b);
		return;
	}
	kbug("frees what is not allocated", KSITE("free", "memory"));
}

uint64_t kaddress(const void *ptr)
{
	uintptr_t at = (uintptr_t)ptr, base;
	const struct block *b;

	for (b = blocks; b; b = b->next) {
		base = (uintptr_t)b->memory;
		if (at >= base && at < base + b->size)
			return b->address + (at - base);
	}
	kbug("asks for the address of foreign memory",
	     KSITE("address", "memory"));
}

unsigned int fake_alive(const char *what)
{
	const struct block *b;
	unsigned int count = 0;

	for (b = blocks; b; b = b->next)
		count += !what || !strcmp(b->what, what);
	return count;
}

/* ---- mutexes ----------------------------------------------------------- */

void kmutex_init(struct kmutex *m, enum kobject kind)
{
	*m = (struct kmutex){.id = next_id++, .kind = kind};
}

static void take(struct kmutex *m)
{
	m->owner = fake_current;
	held++;
}

static void queue_sleeper(struct kmutex *m)
{
	fake_current->next_sleeper = NULL;
	if (m->last)
		((struct fake_task *)m->last)->next_sleeper = fake_current;
	else
		m->first = fake_current;
	m->last = fake_current;
}

static bool is_queued(const struct kmutex *m, const struct fake_task *t)
{
	const struct fake_task *sleeper;

	for (sleeper = m->first; sleeper; sleeper = sleeper->next_sleeper) {
		if (sleeper == t)
			return true;
	}
	return false;
}

void kmutex_lock_at(struct kmutex *m, const struct ksite *site)
{
	fake_begin(site);
	if (!m->id)
		kbug("locks what is no mutex", site);
	if (m->owner == fake_current)
		kbug("locks its own mutex", site);
	while (m->owner && m->owner != fake_current) {
		if (!is_queued(m, fake_current))
			queue_sleeper(m);
		fake_sleep(FAKE_AWAITING);
	}
	if (!m->owner)
		take(m);
	fake_end(site);
}

bool kmutex_trylock_at(struct kmutex *m, const struct ksite *site)
{
	bool is_free;

	fake_begin(site);
	is_free = !m->owner;
	if (is_free)
		take(m);
	fake_end(site);
	return is_free;
}

void kmutex_unlock_at(struct kmutex *m, const struct ksite *site)
{
	struct fake_task *heir;

	fake_begin(site);
	if (m->owner != fake_current)
		kbug("unlocks a mutex that is not its own", site);
	held--;
	m->owner = NULL;
	heir = m->first;
	if (heir) {
		m->first = heir->next_sleeper;
		if (!m->first)
			m->last = NULL;
		m->owner = heir;
		held++;
		fake_make_runnable(heir);
	}
	fake_end(site);
}

void kmutex_assert_held(const struct kmutex *m)
{
	if (m->owner != fake_current)
		kbug("the mutex is not held", KSITE("assert", "mutex"));
}

/* ---- words and reference counts ---------------------------------------- */

void katomic_init(struct katomic *a, enum kobject kind, uint64_t value)
{
	*a = (struct katomic){.id = next_id++, .kind = kind, .value = value};
}

uint64_t katomic_load_at(struct katomic *a, const struct ksite *site)
{
	uint64_t value;

	fake_begin(site);
	value = a->value;
	fake_end(site);
	return value;
}

/* Store @value, or add it; returns what was there. */
static uint64_t modify(struct katomic *a, bool add, uint64_t value,
		       const struct ksite *site)
{
	uint64_t old;

	fake_begin(site);
	old = a->value;
	a->value = add ? old + value : value;
	fake_end(site);
	return old;
}

void katomic_store_at(struct katomic *a, uint64_t value,
		      const struct ksite *site)
{
	modify(a, false, value, site);
}

uint64_t katomic_swap_at(struct katomic *a, uint64_t value,
			 const struct ksite *site)
{
	return modify(a, false, value, site);
}

uint64_t katomic_add_at(struct katomic *a, uint64_t value,
			const struct ksite *site)
{
	return modify(a, true, value, site);
}

uint64_t katomic_sub_at(struct katomic *a, uint64_t value,
			const struct ksite *site)
{
	return modify(a, true, -value, site);
}

void kref_init(struct kref *r, enum kobject kind)
{
	*r = (struct kref){.id = next_id++, .kind = kind, .count = 1};
}

void kref_get_at(struct kref *r, const struct ksite *site)
{
	fake_begin_of(site, r->kind);
	if (!r->count)
		kbug("takes a reference to what is gone", site);
	r->count++;
	fake_end(site);
}

bool kref_put_at(struct kref *r, const struct ksite *site)
{
	bool is_last;

	fake_begin_of(site, r->kind);
	if (!r->count)
		kbug("drops a reference to what is gone", site);
	is_last = --r->count == 0;
	fake_end(site);
	return is_last;
}

uint64_t kref_count_at(struct kref *r, const struct ksite *site)
{
	uint64_t count;

	fake_begin_of(site, r->kind);
	count = r->count;
	fake_end(site);
	return count;
}

/* ---- notes ------------------------------------------------------------- */

void knote_queue_at(enum knote what, const struct kmutex *queue,
		    struct kwaker *waker, const struct ksite *site)
{
	static const char *const words[] = {
		[KNOTE_QUEUE_PUSH] = "push",
		[KNOTE_QUEUE_CHARGE] = "charge",
		[KNOTE_QUEUE_REMOVE] = "remove",
		[KNOTE_QUEUE_DROP] = "drop",
		[KNOTE_QUEUE_DRAIN] = "drain",
		[KNOTE_QUEUE_APPEND] = "append",
	};

	if (queue->owner != fake_current)
		kbug("tells of a queue it does not hold", site);
	note("%s:%s", words[what], fake_waker_name(waker));
}

void knote_entry_at(bool insert, const struct kmutex *table, uint64_t key,
		    const struct kmutex *queue, const struct ksite *site)
{
	if (table->owner != fake_current || queue->kind != KOBJECT_WQ)
		kbug("tells of a table it does not hold", site);
	note("entry%c%#" PRIx64, insert ? '+' : '-', key);
}

void knote_table_at(bool insert, const struct kmutex *table, uint64_t identity,
		    const struct ksite *site)
{
	if (table->kind != KOBJECT_TABLE)
		kbug("tells of a table that is none", site);
	note("table%c%#" PRIx64, insert ? '+' : '-', identity);
}

void knote_waking(unsigned int word)
{
	note("waking:%u", word);
}

void knote_key(uint64_t addr, uint64_t key, const struct kidentity *region,
	       bool asked_private)
{
	key_note = (struct fake_key_note){addr, key, region, asked_private};
}
