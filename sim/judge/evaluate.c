/* evaluate.c - walking the tree of an expression. */
#include "sim/judge/evaluate.h"

#include <string.h>

/* Bound thread variables, innermost last. */
struct scope {
	struct sim *sim;
	const struct task *own; /* in a program: whose it is */
	uint32_t bound[SCENARIO_EXPR_DEPTH_MAX];
	uint32_t depth;
	bool is_missing; /* a result was used that is not there yet */
};

static int64_t walk(struct scope *s, const struct expr *e);

/* The array is filled in as variables are bound. */
static void scope_init(struct scope *s, struct sim *sim, const struct task *own)
{
	s->sim = sim;
	s->own = own;
	s->depth = 0;
	s->is_missing = false;
}

static struct task *thread_of(struct scope *s, const struct expr *e)
{
	uint32_t index = e->thread;

	if (e->is_bound)
		index = s->bound[s->depth - 1 - e->index];
	return &s->sim->tasks[index];
}

static int64_t result_of(struct scope *s, const struct expr *e)
{
	const struct task *task = &s->sim->tasks[e->thread];

	if (!task->is_assigned[e->index])
		s->is_missing = true;
	return task->registers[e->index];
}

static int64_t word_of(struct scope *s, const struct expr *e)
{
	struct place p =
		word_place(s->sim, &s->sim->scenario->words[e->index], NULL);

	return p.memory ? place_load32(s->sim, p) : 0;
}

/* ---- keys -------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9fb21c651e98df25);
	return hash ^ hash >> 28;
}

/* Equal for equal keys; what is private has no identity, but a space. */
static int64_t key_number(uint64_t identity, uint32_t space, uint64_t value)
{
	uint64_t hash = mix(identity ? 1 : 2, identity ? identity : space);

	return (int64_t)(mix(hash, value) >> 1);
}

/*
 * Of the futex that it sleeps on, which a requeue may have changed, or of the
 * first that its present or last call looked up.
 */
static int64_t key_of(struct scope *s, const struct expr *e)
{
	const struct task *task = thread_of(s, e);
	const struct resolved *key = &task->keys[0];

	if (task->wait && task->wait->is_moved)
		key = &task->wait->key;
	if (!key->is_set)
		s->is_missing = true;
	return key_number(key->identity, key->space, key->value);
}

/*
 * What a word is to be known by: shared memory and the place in it, or the
 * address in the first address space that has it.
 */
static int64_t key_of_word(struct scope *s, const struct expr *e)
{
	struct sim *sim = s->sim;
	const struct scenario_word *word = &sim->scenario->words[e->index];
	struct place p = word_place(sim, word, NULL);
	struct aspace *aspace;
	uint64_t address;
	uint32_t i;

	if (p.memory && p.memory->identity)
		return key_number(p.memory->identity->address, 0, p.offset);
	for (i = 0; i < sim->process_count; i++) {
		aspace = sim->processes[i].aspace;
		address =
			aspace ? word_address(sim, word, aspace) : BAD_ADDRESS;
		if (address != BAD_ADDRESS)
			return key_number(0, aspace->index, address);
	}
	s->is_missing = true;
	return 0;
}

/* ---- conditions -------------------------------------------------------- */

static int64_t compare(struct scope *s, const struct expr *e)
{
	bool was_missing = s->is_missing;
	int64_t left, right;

	s->is_missing = false;
	left = walk(s, e->left);
	right = walk(s, e->right);
	if (s->is_missing) {
		s->is_missing = was_missing;
		return 0;
	}
	s->is_missing = was_missing;
	if (e->kind == EXPR_EQ)
		return left == right;
	if (e->kind == EXPR_NE)
		return left != right;
	if (e->kind == EXPR_LT)
		return left < right;
	if (e->kind == EXPR_LE)
		return left <= right;
	if (e->kind == EXPR_GT)
		return left > right;
	return left >= right;
}

/* How many threads of the set make the body true. */
static int64_t count(struct scope *s, const struct expr *e)
{
	int64_t n = 0;
	uint32_t i;

	for (i = 0; i < e->set_count; i++) {
		s->bound[s->depth++] = e->set[i];
		if (walk(s, e->left))
			n++;
		s->depth--;
	}
	return n;
}

static bool is_marked(const struct task *task, const char *name)
{
	const struct mark_list *m;

	for (m = task->marks; m; m = m->next) {
		if (!strcmp(m->name, name))
			return true;
	}
	return false;
}

static bool holds(struct sim *sim, const struct task *task,
		  enum object_kind kind)
{
	const struct object *o;
	uint32_t i;

	for (i = 1; i < sim->object_count; i++) {
		o = &sim->objects[i];
		if (o->kind == kind && o->mutex && o->mutex->owner == task)
			return true;
	}
	return false;
}

static bool is_queued(const struct task *task)
{
	struct kwaker *w = wait_first(task->wait);

	while (w && !w->is_queued)
		w = wait_next(w);
	return w;
}

static int64_t predicate(struct scope *s, const struct expr *e)
{
	const struct task *t = thread_of(s, e);

	if (e->kind == EXPR_BLOCKED)
		return task_is_blocked(t);
	if (e->kind == EXPR_DONE)
		return t->state == TASK_DONE;
	if (e->kind == EXPR_QUEUED)
		return is_queued(t);
	if (e->kind == EXPR_WOKEN)
		return task_can_move(t) && t->step.kind == EVENT_RESUME;
	if (e->kind == EXPR_CHARGED)
		return t->was_charged;
	if (e->kind == EXPR_RETURNED)
		return t->has_wait_result && t->last_wait_result == e->value;
	if (e->kind == EXPR_MARKED)
		return is_marked(t, e->name);
	if (e->kind == EXPR_IN)
		return t->state != TASK_DONE && t->state != TASK_UNBORN &&
		       t->regions[e->procedure];
	return holds(s->sim, t, e->object);
}

static int64_t walk(struct scope *s, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_INTEGER:
		return e->value;
	case EXPR_RESULT:
		return result_of(s, e);
	case EXPR_REGISTER:
		return s->own->registers[e->index];
	case EXPR_WORD:
		return word_of(s, e);
	case EXPR_WORD_KEY:
		return key_of_word(s, e);
	case EXPR_KEY:
		return key_of(s, e);
	case EXPR_VARIABLE:
		return s->bound[s->depth - 1 - e->index];
	case EXPR_NOT:
		return !walk(s, e->left);
	case EXPR_AND:
		return walk(s, e->left) && walk(s, e->right);
	case EXPR_OR:
		return walk(s, e->left) || walk(s, e->right);
	case EXPR_IMPLIES:
		return !walk(s, e->left) || walk(s, e->right);
	case EXPR_IFF:
		return !walk(s, e->left) == !walk(s, e->right);
	case EXPR_EQ:
	case EXPR_NE:
	case EXPR_LT:
	case EXPR_LE:
	case EXPR_GT:
	case EXPR_GE:
		return compare(s, e);
	case EXPR_ADD:
		return (int64_t)((uint64_t)walk(s, e->left) +
				 (uint64_t)walk(s, e->right));
	case EXPR_SUB:
		return (int64_t)((uint64_t)walk(s, e->left) -
				 (uint64_t)walk(s, e->right));
	case EXPR_FORALL:
		return count(s, e) == e->set_count;
	case EXPR_EXISTS:
		return count(s, e) > 0;
	case EXPR_COUNT:
		return count(s, e);
	case EXPR_BLOCKED:
	case EXPR_DONE:
	case EXPR_QUEUED:
	case EXPR_WOKEN:
	case EXPR_CHARGED:
	case EXPR_RETURNED:
	case EXPR_MARKED:
	case EXPR_HOLDS:
	case EXPR_IN:
		return predicate(s, e);
	}
	return 0;
}

int64_t evaluate_expr(struct sim *sim, const struct expr *e)
{
	struct scope scope;

	scope_init(&scope, sim, NULL);
	return walk(&scope, e);
}

int64_t evaluate_own(struct task *task, const struct expr *e)
{
	struct scope scope;

	scope_init(&scope, sim_running, task);
	return walk(&scope, e);
}

/* ---- leaves ------------------------------------------------------------ */

static bool is_predicate(enum expr_kind kind)
{
	return kind >= EXPR_BLOCKED;
}

static uint64_t leaves(struct scope *s, const struct expr *e, uint64_t hash);

/* The body, for each thread of the set. */
static uint64_t leaves_of_set(struct scope *s, const struct expr *e,
			      uint64_t hash)
{
	uint32_t i;

	for (i = 0; i < e->set_count; i++) {
		s->bound[s->depth++] = e->set[i];
		hash = leaves(s, e->left, hash);
		s->depth--;
	}
	return hash;
}

static uint64_t leaves(struct scope *s, const struct expr *e, uint64_t hash)
{
	if (e->kind == EXPR_KEY || e->kind == EXPR_WORD_KEY)
		return mix(hash, (uint64_t)walk(s, e));
	if (is_predicate(e->kind))
		return mix(hash, (uint64_t)predicate(s, e));
	if (e->kind == EXPR_RESULT)
		hash = mix(hash,
			   s->sim->tasks[e->thread].is_assigned[e->index]);
	if (e->kind == EXPR_RESULT || e->kind == EXPR_WORD)
		return mix(hash, (uint64_t)walk(s, e));
	if (e->set_count)
		return leaves_of_set(s, e, hash);
	if (e->left)
		hash = leaves(s, e->left, hash);
	if (e->right)
		hash = leaves(s, e->right, hash);
	return hash;
}

uint64_t evaluate_leaves(struct sim *sim, const struct expr *e)
{
	struct scope scope;

	scope_init(&scope, sim, NULL);
	return leaves(&scope, e, 1);
}
