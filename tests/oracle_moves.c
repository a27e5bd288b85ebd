/* oracle_moves.c - what can happen next, and how a run has ended. */
#include <stdlib.h>
#include <string.h>

#include "tests/oracle.h"

/* ---- sets of texts ----------------------------------------------------- */

/* Where it is or belongs. */
static uint32_t place_of(const struct text_set *set, const char *text,
			 bool *is_there)
{
	uint32_t low = 0, high = set->count, middle;
	int order;

	*is_there = false;
	while (low < high) {
		middle = (low + high) / 2;
		order = strcmp(set->items[middle], text);
		*is_there |= !order;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool text_set_has(const struct text_set *set, const char *text)
{
	bool is_there;

	place_of(set, text, &is_there);
	return is_there;
}

bool text_set_add(struct text_set *set, char *text)
{
	bool is_there;
	uint32_t at = place_of(set, text, &is_there);

	if (is_there) {
		free(text);
		return false;
	}
	if (set->count == set->room) {
		set->room = set->room * 2 + 16;
		set->items =
			realloc(set->items, set->room * sizeof(*set->items));
		if (!set->items)
			abort();
	}
	memmove(&set->items[at + 1], &set->items[at],
		(set->count - at) * sizeof(*set->items));
	set->items[at] = text;
	set->count++;
	return true;
}

void text_set_fini(struct text_set *set)
{
	while (set->count)
		free(set->items[--set->count]);
	free(set->items);
	*set = (struct text_set){0};
}

const char *text_set_difference(const struct text_set *a,
				const struct text_set *b)
{
	uint32_t i;

	for (i = 0; i < a->count; i++)
		if (!text_set_has(b, a->items[i]))
			return a->items[i];
	return NULL;
}

/* ---- how a run ends ---------------------------------------------------- */

/* What each thread has, and what is left. */
struct ending {
	const struct scenario *s;
	char *threads[SEARCH_THREADS_MAX];
	char *rest;
};

/* In order, among those that may change places. */
static void sort_threads(struct ending *e)
{
	const struct scenario_thread *t = e->s->threads;
	uint32_t i, j;
	char *other;

	for (i = 0; i < e->s->thread_count; i++)
		for (j = i + 1; j < e->s->thread_count; j++)
			if (t[i].symmetric &&
			    t[i].symmetric == t[j].symmetric &&
			    strcmp(e->threads[i], e->threads[j]) > 0) {
				other = e->threads[i];
				e->threads[i] = e->threads[j];
				e->threads[j] = other;
			}
}

static char *join(struct ending *e, bool up_to_renaming)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	uint32_t i;

	if (up_to_renaming)
		sort_threads(e);
	for (i = 0; i < e->s->thread_count; i++) {
		fprintf(out, "%s{%s} ", e->s->threads[i].name, e->threads[i]);
		free(e->threads[i]);
	}
	fprintf(out, "%s", e->rest);
	free(e->rest);
	fclose(out);
	return text;
}

static void put_result(FILE *out, const char *name, bool is_set, int64_t value)
{
	if (is_set)
		fprintf(out, " %s=%lld", name, (long long)value);
	else
		fprintf(out, " %s=-", name);
}

static void put_verdicts(FILE *out, uint32_t verdicts)
{
	int kind;

	for (kind = 0; kind < VERDICT_KIND_COUNT; kind++)
		if (verdicts >> kind & 1)
			fprintf(out, " %s", verdict_name(kind));
}

static char *thread_of_run(const struct sim *sim, const struct task *t)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	uint32_t i;

	for (i = 0; i < t->thread->register_count; i++)
		put_result(out, t->thread->registers[i], t->is_assigned[i],
			   t->registers[i]);
	/* Where a bug ended the run, who waits for a mutex is on the way. */
	if (sim->is_over ? t->state == TASK_PARKED : task_is_blocked(t))
		fputs(" blocked", out);
	fclose(out);
	return text;
}

char *ending_of_run(struct sim *sim, bool up_to_renaming)
{
	const struct scenario *s = sim->scenario;
	struct ending e = {.s = s};
	struct place place;
	uint32_t i, verdicts = 0;
	size_t size;
	FILE *out = open_memstream(&e.rest, &size);

	for (i = 0; i < s->thread_count; i++)
		e.threads[i] = thread_of_run(sim, &sim->tasks[i]);
	for (i = 0; i < s->word_count; i++) {
		place = word_place(sim, &s->words[i], NULL);
		put_result(out, s->words[i].name, true,
			   place.memory ? place_load32(sim, place)
					: s->words[i].value);
	}
	for (i = 0; i < sim->verdict_count; i++)
		verdicts |= 1u << sim->verdicts[i].kind;
	put_verdicts(out, verdicts);
	fclose(out);
	return join(&e, up_to_renaming);
}

static bool is_listed(const struct outcome *o, const char *name)
{
	uint32_t i;

	for (i = 0; i < o->blocked_count; i++)
		if (!strcmp(o->blocked[i], name))
			return true;
	return false;
}

static char *thread_of_outcome(const struct scenario_thread *t,
			       const struct outcome *o,
			       const struct search_value *results)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	uint32_t i;

	for (i = 0; i < t->register_count; i++)
		put_result(out, t->registers[i], results[i].is_set,
			   results[i].value);
	if (is_listed(o, t->name))
		fputs(" blocked", out);
	fclose(out);
	return text;
}

char *ending_of_outcome(const struct scenario *s, const struct outcome *o,
			bool up_to_renaming)
{
	struct ending e = {.s = s};
	uint32_t i, at = 0;
	size_t size;
	FILE *out = open_memstream(&e.rest, &size);

	for (i = 0; i < s->thread_count; i++) {
		e.threads[i] =
			thread_of_outcome(&s->threads[i], o, &o->results[at]);
		at += s->threads[i].register_count;
	}
	for (i = 0; i < s->word_count; i++)
		put_result(out, o->words[i].name, true, o->words[i].value);
	put_verdicts(out, o->verdicts);
	fclose(out);
	return join(&e, up_to_renaming);
}

/* ---- what can move ----------------------------------------------------- */

static uint32_t threads_that_can(struct sim *sim, struct move *moves)
{
	uint32_t i, count = 0;

	for (i = 0; i < sim->task_count; i++)
		if (task_can_move(&sim->tasks[i]))
			moves[count++] = (struct move){MOVE_STEP, i, 0};
	return count;
}

static uint32_t whims(const struct environment *env, struct sim *sim,
		      struct move *moves)
{
	const struct exploration *x = env->explore;
	uint32_t i, count = 0;

	for (i = 0; i < sim->task_count; i++) {
		if (x->signals && env->signals[i] < x->signals[i] &&
		    sim->tasks[i].state != TASK_UNBORN &&
		    (env->is_lenient || sim->tasks[i].state != TASK_DONE))
			moves[count++] =
				(struct move){MOVE_SIGNAL, i, SIGNAL_DEFAULT};
		if (env->spurious < x->spurious &&
		    sim->tasks[i].state == TASK_PARKED)
			moves[count++] = (struct move){MOVE_SPURIOUS, i, 0};
	}
	return count;
}

uint32_t environment_moves(const struct environment *env, struct sim *sim,
			   struct move moves[MOVES_MAX])
{
	const struct ktimer *timer = sim_next_timer(sim);
	uint32_t count = threads_that_can(sim, moves), more;
	enum timeouts timeouts = env->explore->timeouts;

	if (timer &&
	    (timeouts == TIMEOUTS_ANY || (timeouts == TIMEOUTS_IDLE && !count)))
		moves[count++] = (struct move){
			.kind = MOVE_FIRE,
			.thread = timer->task->index,
		};
	more = whims(env, sim, &moves[count]);
	if (!count && more) /* nothing of it has to happen */
		moves[more++] = (struct move){.kind = MOVE_STOP};
	return count + more;
}

void environment_note(struct environment *env, const struct move *move)
{
	if (move->kind == MOVE_SIGNAL)
		env->signals[move->thread]++;
	if (move->kind == MOVE_SPURIOUS)
		env->spurious++;
}
