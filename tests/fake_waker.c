/*
 * fake_waker.c - sleeping and waking in the fake kernel, and signals.
 */
#include "tests/fake_kernel.h"

#include <stdlib.h>

#include "tests/fake_private.h"

struct kwaker {
	struct kwaker *next;
	struct fake_task *task;
	struct kwaker *whole; /* of a part: a reference */
	unsigned int refs;
	bool permit;
};

static struct kwaker *wakers;
static void (*on_park)(void *arg);
static void *on_park_arg;

void fake_wakers_init(void)
{
	on_park = NULL;
}

void fake_wakers_fini(void)
{
	struct kwaker *w;

	while ((w = wakers)) {
		wakers = w->next;
		free(w);
	}
}

/* ---- sleeping and waking ----------------------------------------------- */

void fake_sleep(enum fake_state state)
{
	struct fake_task *t = fake_current;

	t->state = state;
	if (!fake_is_own(t)) {
		fake_stop();
		return;
	}
	if (state == FAKE_PARKED && on_park)
		on_park(on_park_arg);
	if (t->state != FAKE_READY)
		fake_fail("the test itself would sleep for ever; the log is %s",
			  fake_log());
}

void fake_make_runnable(struct fake_task *t)
{
	if (t->state == FAKE_PARKED || t->state == FAKE_AWAITING)
		t->state = FAKE_READY;
}

void fake_make_ready(struct fake_task *t)
{
	fake_make_runnable(t);
}

void fake_on_park(void (*callback)(void *arg), void *arg)
{
	on_park = callback;
	on_park_arg = arg;
}

struct kwaker *kwaker_new(void)
{
	struct kwaker *w = calloc(1, sizeof(*w));

	if (!w)
		abort();
	w->task = fake_current;
	w->refs = 1;
	w->next = wakers;
	wakers = w;
	return w;
}

struct kwaker *kwaker_new_part(struct kwaker *whole, unsigned int index)
{
	struct kwaker *w = kwaker_new();

	(void)index;
	w->whole = kwaker_get(whole);
	return w;
}

struct kwaker *kwaker_get(struct kwaker *w)
{
	w->refs++;
	return w;
}

void kwaker_put(struct kwaker *w)
{
	struct kwaker **at;

	if (--w->refs)
		return;
	if (w->whole)
		kwaker_put(w->whole);
	for (at = &wakers; *at != w; at = &(*at)->next)
		;
	*at = w->next;
	free(w);
}

unsigned int fake_waker_count(void)
{
	const struct kwaker *w;
	unsigned int count = 0;

	for (w = wakers; w; w = w->next)
		count++;
	return count;
}

const char *fake_waker_name(const struct kwaker *w)
{
	return w->task->name;
}

bool kpark_at(struct kwaker *w, const struct ksite *site)
{
	bool has_slept = false;

	fake_begin(site);
	if (!w->permit) {
		fake_sleep(FAKE_PARKED);
		has_slept = true;
	}
	w->permit = false;
	fake_end(site);
	return has_slept;
}

void fake_unpark(struct kwaker *w)
{
	if (w->whole)
		w = w->whole;
	w->permit = true;
	fake_make_runnable(w->task);
}

void kunpark_at(struct kwaker *w, const struct ksite *site)
{
	fake_begin(site);
	fake_unpark(w);
	fake_end(site);
}

void kyield_at(const struct ksite *site)
{
	fake_begin(site);
	fake_end(site);
}

/* ---- signals ----------------------------------------------------------- */

void kinterrupt_register_at(struct kwaker *w, const struct ksite *site)
{
	struct fake_task *t = fake_current;

	fake_begin(site);
	kwaker_get(w);
	if (t->interrupt_waker)
		kwaker_put(t->interrupt_waker);
	t->interrupt_waker = w;
	fake_end(site);
}

bool kinterrupt_take_at(const struct ksite *site)
{
	bool was;

	fake_begin(site);
	was = fake_clear_interrupt(fake_current);
	fake_end(site);
	return was;
}

void fake_signal(struct fake_task *t)
{
	if (!t)
		t = fake_tasks;
	t->interrupted = true;
	if (t->interrupt_waker)
		fake_unpark(t->interrupt_waker);
}

bool fake_clear_interrupt(struct fake_task *t)
{
	bool was;

	if (!t)
		t = fake_tasks;
	was = t->interrupted;
	t->interrupted = false;
	return was;
}
