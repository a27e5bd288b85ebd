/*
 * search_outcomes.c - the distinct ends of a search.
 *
 * An outcome is what a program can tell: the named results of every thread,
 * the final words, who is blocked, and the kinds of verdicts.  It is kept as
 * a row of numbers; runs that end alike are counted, and the list of movers of
 * one with the fewest preemptions, then steps, is kept.
 */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "sim/run/names.h"
#include "sim/search/search_internal.h"

static void *checked(void *p)
{
	if (!p)
		abort();
	return p;
}

/*
 * A row: for each register its value, or 0; bits of those that are assigned;
 * words; bits of blocked threads; bits of verdicts.
 */
static uint32_t register_count(const struct scenario *s)
{
	uint32_t i, count = 0;

	for (i = 0; i < s->thread_count; i++)
		count += s->threads[i].register_count;
	return count;
}

void endings_init(struct endings *e, const struct scenario *s)
{
	uint32_t registers = register_count(s);

	*e = (struct endings){
		.key_size =
			registers + (registers + 63) / 64 + s->word_count + 2,
		.slot_count = 64,
	};
	e->slots = checked(calloc(e->slot_count, sizeof(*e->slots)));
	e->key = checked(calloc(e->key_size, sizeof(*e->key)));
}

void endings_clear(struct endings *e)
{
	uint32_t i;

	for (i = 0; i < e->count; i++) {
		free(e->items[i].key);
		free(e->items[i].trail);
	}
	e->count = 0;
	e->bytes = 0;
	memset(e->slots, 0, e->slot_count * sizeof(*e->slots));
}

void endings_fini(struct endings *e)
{
	endings_clear(e);
	free(e->items);
	free(e->slots);
	free(e->key);
}

/* ---- one end ----------------------------------------------------------- */

static uint32_t verdicts_of(const struct sim *sim)
{
	uint32_t i, bits = 0;

	for (i = 0; i < sim->verdict_count; i++)
		bits |= UINT32_C(1) << sim->verdicts[i].kind;
	return bits;
}

static uint64_t *put_registers(const struct search *s, uint64_t *to)
{
	const struct task *task;
	uint64_t *bits = to + register_count(s->scenario);
	uint32_t i, r, n = 0;

	memset(bits, 0, (register_count(s->scenario) + 63) / 64 * 8);
	for (i = 0; i < s->thread_count; i++) {
		task = &s->sim.tasks[i];
		for (r = 0; r < task->thread->register_count; r++, n++) {
			*to++ = task->is_assigned[r]
					? (uint64_t)task->registers[r]
					: 0;
			bits[n / 64] |= (uint64_t)task->is_assigned[r]
					<< (n % 64);
		}
	}
	return to + (n + 63) / 64;
}

/*
 * Where a bug has ended the run, who waits for a mutex was on the way, asleep
 * or not yet.
 */
static bool is_blocked(const struct sim *sim, const struct task *task)
{
	if (sim->is_over)
		return task->state == TASK_PARKED;
	return task_is_blocked(task);
}

static void take_key(struct endings *e, struct search *s)
{
	struct sim *sim = &s->sim;
	uint64_t *to = put_registers(s, e->key);
	uint64_t blocked = 0;
	struct place p;
	uint32_t i;

	for (i = 0; i < s->scenario->word_count; i++) {
		if (s->word_bytes[i]) {
			*to++ = *s->word_bytes[i];
			continue;
		}
		p = word_place(sim, &s->scenario->words[i], NULL);
		*to++ = p.memory ? place_load32(sim, p)
				 : s->scenario->words[i].value;
	}
	for (i = 0; i < s->thread_count; i++)
		blocked |= (uint64_t)is_blocked(sim, &sim->tasks[i]) << i;
	*to++ = blocked;
	*to++ = verdicts_of(sim);
}

/* ---- the table --------------------------------------------------------- */

static uint32_t *find_slot(const struct endings *e, const uint64_t hash[2])
{
	uint32_t at = (uint32_t)hash[0] & (e->slot_count - 1);
	const struct ending *found;

	while (e->slots[at]) {
		found = &e->items[e->slots[at] - 1];
		if (found->hash[0] == hash[0] && found->hash[1] == hash[1])
			break;
		at = (at + 1) & (e->slot_count - 1);
	}
	return &e->slots[at];
}

static void grow(struct endings *e)
{
	uint32_t i;

	free(e->slots);
	e->slot_count *= 2;
	e->slots = checked(calloc(e->slot_count, sizeof(*e->slots)));
	for (i = 0; i < e->count; i++)
		*find_slot(e, e->items[i].hash) = i + 1;
}

static struct ending *add(struct endings *e, const uint64_t hash[2],
			  const uint64_t *key)
{
	size_t size = e->key_size * sizeof(*e->key);
	struct ending *new_one;

	if (e->count == e->room) {
		e->room = e->room ? 2 * e->room : 16;
		e->items =
			checked(realloc(e->items, e->room * sizeof(*e->items)));
	}
	if (2 * e->count >= e->slot_count)
		grow(e);
	new_one = &e->items[e->count++];
	*new_one = (struct ending){.hash = {hash[0], hash[1]}};
	new_one->key = checked(malloc(size));
	memcpy(new_one->key, key, size);
	*find_slot(e, hash) = e->count;
	e->bytes += sizeof(*new_one) + size;
	return new_one;
}

/* Fewest preemptions, then steps, then first in order. */
static bool is_better(const struct ending *more, const struct ending *than)
{
	if (!than->trail)
		return true;
	if (more->preemptions != than->preemptions)
		return more->preemptions < than->preemptions;
	if (more->steps != than->steps)
		return more->steps < than->steps;
	return more->trail_count < than->trail_count;
}

static void keep_trail(struct endings *e, struct ending *end,
		       const struct ending *more)
{
	size_t size = more->trail_count * sizeof(*more->trail);

	e->bytes += size - end->trail_count * sizeof(*more->trail);
	end->trail = checked(realloc(end->trail, size + 1));
	if (size)
		memcpy(end->trail, more->trail, size);
	end->trail_count = more->trail_count;
	end->preemptions = more->preemptions;
	end->steps = more->steps;
}

bool endings_merge(struct endings *e, const struct ending *more)
{
	XXH128_hash_t h =
		XXH3_128bits(more->key, e->key_size * sizeof(*e->key));
	uint64_t hash[2] = {h.low64, h.high64};
	uint32_t *slot = find_slot(e, hash);
	struct ending *end;
	bool is_new = !*slot;

	if (is_new) {
		end = add(e, hash, more->key);
		end->first_run = more->first_run;
		end->verdicts = (uint32_t)more->key[e->key_size - 1];
	} else {
		end = &e->items[*slot - 1];
	}
	e->last = (uint32_t)(end - e->items);
	if (!end->is_of_last_pass) {
		end->is_of_last_pass = true;
		end->runs = 0;
	}
	end->runs += more->runs;
	if (is_better(more, end))
		keep_trail(e, end, more);
	return is_new;
}

void endings_add(struct endings *e, struct search *s)
{
	take_key(e, s);
	endings_merge(e, &(struct ending){
				 .runs = 1,
				 .first_run = s->runs_before + s->runs,
				 .key = e->key,
				 .trail = s->trail,
				 .trail_count = s->depth,
				 .steps = s->sim.step_count,
				 .preemptions = s->preemptions,
			 });
}

bool endings_find(struct endings *e, struct search *s, uint32_t *index)
{
	XXH128_hash_t h;
	uint32_t *slot;

	take_key(e, s);
	h = XXH3_128bits(e->key, e->key_size * sizeof(*e->key));
	slot = find_slot(e, (uint64_t[]){h.low64, h.high64});
	if (*slot)
		*index = *slot - 1;
	return *slot;
}

/* ---- the report -------------------------------------------------------- */

static const struct endings *sorting;

/* Right ends first, then the frequent ones, then by values. */
static int compare(const void *a, const void *b)
{
	const struct ending *x = &sorting->items[*(const uint32_t *)a];
	const struct ending *y = &sorting->items[*(const uint32_t *)b];

	if (x->verdicts != y->verdicts)
		return x->verdicts < y->verdicts ? -1 : 1;
	if (x->runs != y->runs)
		return x->runs > y->runs ? -1 : 1;
	return memcmp(x->key, y->key, sorting->key_size * sizeof(*x->key));
}

static void report_results(const struct search *s, struct arena *arena,
			   const uint64_t *key, struct outcome *o)
{
	const uint64_t *bits = key + register_count(s->scenario);
	const struct scenario_thread *t;
	struct search_value *v;
	uint32_t i, r, n = 0;
	char name[2 * SCENARIO_NAME_MAX + 2];

	o->results = arena_alloc(arena, register_count(s->scenario) *
						sizeof(*o->results));
	for (i = 0; i < s->thread_count; i++) {
		t = &s->scenario->threads[i];
		for (r = 0; r < t->register_count; r++, n++) {
			v = &o->results[n];
			snprintf(name, sizeof(name), "%s.%s", t->name,
				 t->registers[r]);
			v->name = memcpy(arena_alloc(arena, strlen(name) + 1),
					 name, strlen(name) + 1);
			v->value = (int64_t)key[n];
			v->is_set = bits[n / 64] >> (n % 64) & 1;
		}
	}
}

static void report_words(const struct search *s, struct arena *arena,
			 const uint64_t *key, struct outcome *o)
{
	uint32_t i, count = s->scenario->word_count;

	o->words = arena_alloc(arena, count * sizeof(*o->words));
	for (i = 0; i < count; i++) {
		o->words[i].name = s->scenario->words[i].name;
		o->words[i].value = (int64_t)key[i];
		o->words[i].is_set = true;
	}
}

static void report_one(const struct endings *e, const struct search *s,
		       struct arena *arena, const struct ending *end,
		       struct outcome *o)
{
	uint32_t registers = register_count(s->scenario), i;
	uint64_t blocked = end->key[e->key_size - 2];

	o->runs = end->runs;
	o->first_run = end->first_run;
	o->verdicts = end->verdicts;
	o->preemptions = end->preemptions;
	report_results(s, arena, end->key, o);
	report_words(s, arena, end->key + registers + (registers + 63) / 64, o);
	o->blocked = arena_alloc(arena, s->thread_count * sizeof(*o->blocked));
	for (i = 0; i < s->thread_count; i++) {
		if (blocked >> i & 1)
			o->blocked[o->blocked_count++] =
				s->scenario->threads[i].name;
	}
	o->movers.count = end->trail_count;
	o->movers.items =
		arena_alloc(arena, end->trail_count * sizeof(*end->trail));
	if (end->trail_count)
		memcpy(o->movers.items, end->trail,
		       end->trail_count * sizeof(*end->trail));
}

void endings_report(const struct endings *e, const struct search *s,
		    struct search_result *result)
{
	uint32_t *order = checked(calloc(e->count + 1, sizeof(*order)));
	uint32_t i;

	for (i = 0; i < e->count; i++)
		order[i] = i;
	sorting = e;
	qsort(order, e->count, sizeof(*order), compare);
	result->outcomes = arena_alloc(&result->arena,
				       e->count * sizeof(*result->outcomes));
	result->outcome_count = e->count;
	result->result_count = register_count(s->scenario);
	result->word_count = s->scenario->word_count;
	for (i = 0; i < e->count; i++) {
		report_one(e, s, &result->arena, &e->items[order[i]],
			   &result->outcomes[i]);
		result->outcomes[i].number = order[i];
	}
	free(order);
}
