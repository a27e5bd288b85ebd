/*
 * beats_begin.c - what an operation begins with: arguments, deadline, memory;
 * and what words are.
 */
#include <stdlib.h>

#include "sim/host/beats_internal.h"
#include "sim/host/operations.h"
#include "sim/machine/process.h"

/* ---- words ------------------------------------------------------------- */

static uint32_t space_of(struct sim *sim, const struct memory *memory,
			 uint32_t region)
{
	uint32_t i;

	for (i = 0; i < sim->process_count; i++) {
		if (sim->processes[i].aspace->copies[region] == memory)
			return i;
	}
	return NOWHERE;
}

void beats_words(struct watcher *w, struct sim *sim)
{
	const struct scenario *s = sim->scenario;
	struct beats *b = w->beats;
	struct beat_word *word;
	struct place p;
	uint32_t i;

	beats_add(w, sim, BEAT_WORDS, 0)->first = b->word_count;
	for (i = 0; i < s->word_count; i++) {
		b->words = beats_grown(b->words, b->word_count, &b->word_room,
				       sizeof(*b->words));
		word = &b->words[b->word_count++];
		p = word_place(sim, &s->words[i], NULL);
		word->word = i;
		word->value = p.memory ? place_load32(sim, p) : 0;
		word->process = NOWHERE;
		word->address = BAD_ADDRESS;
		if (s->regions[s->words[i].region].kind != REGION_PRIVATE ||
		    !p.memory)
			continue;
		word->process = space_of(sim, p.memory, s->words[i].region);
		if (word->process != NOWHERE)
			word->address = word_address(
				sim, &s->words[i],
				sim->processes[word->process].aspace);
	}
}

/* ---- operations -------------------------------------------------------- */

static int64_t evaluate(struct sim *sim, const struct task *task,
			const struct operand *operand)
{
	switch (operand->kind) {
	case OPERAND_NONE:
		return 0;
	case OPERAND_INTEGER:
		return operand->value;
	case OPERAND_WORD:
		return (int64_t)word_address(
			       sim, &sim->scenario->words[operand->index],
			       task->process->aspace) +
		       operand->value;
	case OPERAND_REGISTER:
		return task->registers[operand->index] + operand->value;
	}
	return 0;
}

static int64_t *evaluate_more(struct sim *sim, const struct task *task)
{
	const struct op *op = task->op;
	int64_t *values;
	uint32_t i;

	if (!op->more_count)
		return NULL;
	values = calloc(op->more_count, sizeof(*values));
	if (!values)
		abort();
	for (i = 0; i < op->more_count; i++)
		values[i] = evaluate(sim, task, &op->more[i]);
	return values;
}

/* Was @page of what @memory stands for in an address space before? */
static bool was_mapped(const struct memory *memory, uint64_t page)
{
	return memory && memory->was_mapped && memory->was_mapped[page];
}

/* What comes into being with a private mapping, but for zeros. */
static void list_values(struct sim *sim, const struct task *task,
			struct beat *beat)
{
	const struct scenario *s = sim->scenario;
	const struct op *op = task->op;
	const struct memory *memory = task->process->aspace->copies[op->region];
	const struct scenario_word *word;
	uint32_t i;

	beat->values = calloc(s->word_count + 1, sizeof(*beat->values));
	if (!beat->values)
		abort();
	for (i = 0; i < s->word_count; i++) {
		word = &s->words[i];
		if (word->region != op->region || !word->value ||
		    word->offset < op->offset ||
		    word->offset - op->offset >= (uint64_t)beat->args[1] ||
		    was_mapped(memory, word->offset / PAGE_SIZE))
			continue;
		beat->values[beat->value_count++] = (struct beat_value){
			(uint64_t)beat->args[0] + word->offset - op->offset,
			word->value,
		};
	}
}

static bool is_mapped(const struct sim *sim, const struct memory *memory)
{
	const struct aspace *a;
	uint32_t i, j;

	for (i = 0; i < sim->process_count; i++) {
		a = sim->processes[i].aspace;
		for (j = 0; j < a->area_count; j++) {
			if (a->areas[j].memory == memory)
				return true;
		}
	}
	return false;
}

/* A real file may be mapped beyond its end. */
static bool is_more_than_there_is(const struct sim *sim, uint32_t region,
				  uint64_t offset, uint64_t len)
{
	uint64_t size =
		(uint64_t)sim->scenario->regions[region].pages * PAGE_SIZE;

	return offset > size || len > size - offset;
}

static bool grows_beyond(const struct sim *sim, const struct task *task,
			 const struct beat *beat)
{
	uint64_t addr = (uint64_t)beat->args[0];
	const struct area *area = aspace_find(task->process->aspace, addr);

	return area &&
	       is_more_than_there_is(sim, area->memory->region,
				     area->offset + (addr - area->start),
				     (uint64_t)beat->args[2]);
}

static void begin_map(struct sim *sim, const struct task *task,
		      struct beat *beat)
{
	uint32_t region = task->op->region;

	beat->is_beyond = is_more_than_there_is(sim, region, task->op->offset,
						(uint64_t)beat->args[1]);
	switch (sim->scenario->regions[region].kind) {
	case REGION_PRIVATE:
		list_values(sim, task, beat);
		break;
	case REGION_SHARED:
		beat->is_fresh = !is_mapped(sim, sim->memory.shared[region]);
		break;
	case REGION_FILE:
		break;
	}
}

void beats_begin(struct watcher *w, struct sim *sim, const struct task *task)
{
	struct beat *beat = beats_add(w, sim, BEAT_BEGIN, task->index);
	const char *why;
	uint32_t i;

	for (i = 0; i < OP_ARGS_MAX; i++)
		beat->args[i] = evaluate(sim, task, &task->op->args[i]);
	beat->more = evaluate_more(sim, task);
	beat->deadline_ns = operation_deadline(beat);
	if (task->op->verb == VERB_MMAP)
		begin_map(sim, task, beat);
	if (task->op->verb == VERB_MREMAP)
		beat->is_beyond = grows_beyond(sim, task, beat);
	beat->is_lost = process_takes_along(task);
	why = operation_refusal(sim, beat);
	if (why && !w->is_refused) {
		w->is_refused = true;
		host_refuse_op(w->report, HOST_MODEL_ONLY, sim->scenario,
			       task->op, why);
	}
	if (w->beats->count > HOST_BEATS_MAX)
		beats_refuse(w, HOST_NO_END, "it has more than %u operations",
			     HOST_BEATS_MAX);
	w->seen[task->index].has_begun[beat->level] = true;
}
