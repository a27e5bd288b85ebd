/*
 * mutation.c - the list of mutations, and the one that is in force.
 *
 * A lock that is left out leaves a phantom: the thread believes that it holds
 * the mutex, and so its unlock, and an assertion that it holds it, pass
 * without effect.  Steps and their points stay as they are; schedules can
 * still be followed.
 */
#include "sim/machine/mutation.h"

#include <ctype.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "sim/machine/sim.h"
#include "sim/machine/sites.h"

static const struct mutation *in_force;
static bool *record;
static uint64_t *record_quirks;
bool mutation_is_watching;

/* ---- in force ---------------------------------------------------------- */

static void look(void)
{
	mutation_is_watching = in_force || record;
}

void mutation_set(const struct mutation *m)
{
	in_force = m;
	look();
}

void mutation_record(bool *passed, uint64_t *asked)
{
	record = passed;
	record_quirks = asked;
	look();
}

/*
 * The linker sends every call of quirk() here, and calls of the second name to
 * where it is (--wrap).
 */
bool __wrap_quirk(enum quirk q);
bool __real_quirk(enum quirk q);

bool __wrap_quirk(enum quirk q)
{
	if (record_quirks)
		*record_quirks |= UINT64_C(1) << q;
	return __real_quirk(q);
}

uint64_t mutation_quirks(const struct mutation *m, uint64_t quirks)
{
	if (m->kind == MUTATION_QUIRK_ON)
		return quirks | UINT64_C(1) << m->quirk;
	if (m->kind == MUTATION_QUIRK_OFF)
		return quirks & ~(UINT64_C(1) << m->quirk);
	return quirks;
}

bool mutation_here(enum mutation_kind kind, const struct ksite *site)
{
	if (record && site)
		record[site_number(site)] = true;
	return in_force && in_force->kind == kind && in_force->site == site &&
	       site;
}

/* ---- phantoms ---------------------------------------------------------- */

void phantom_take(struct task *task, const struct kmutex *m)
{
	if (task->phantom_count == PHANTOMS_MAX)
		sim_bug(sim_running, VERDICT_KERNEL_BUG,
			"a thread takes locks and gives none back");
	task->phantoms[task->phantom_count++] = m->id;
}

bool phantom_has(const struct task *task, const struct kmutex *m)
{
	uint32_t i;

	for (i = 0; i < task->phantom_count; i++) {
		if (task->phantoms[i] == m->id)
			return true;
	}
	return false;
}

bool phantom_drop(struct task *task, const struct kmutex *m)
{
	uint32_t i;

	for (i = 0; i < task->phantom_count; i++) {
		if (task->phantoms[i] != m->id)
			continue;
		task->phantoms[i] = task->phantoms[--task->phantom_count];
		return true;
	}
	return false;
}

/* ---- steps that do not end --------------------------------------------- */

#define LOOK_MS 250
#define LOOKS_MAX 8u

volatile unsigned int mutation_looks;

static void look_at_step(int number)
{
	if (!sim_running || !sim_running->current)
		mutation_looks = 0;
	else if (++mutation_looks > LOOKS_MAX)
		siglongjmp(sim_running->crash, number);
}

void mutation_guard_steps(void)
{
	const struct itimerval every = {{0, LOOK_MS * 1000},
					{0, LOOK_MS * 1000}};
	/* As in fault.c: the mask is not restored on the way out. */
	struct sigaction action = {
		.sa_handler = look_at_step,
		.sa_flags = SA_ONSTACK | SA_NODEFER | SA_RESTART,
	};

	sigaction(SIGVTALRM, &action, NULL);
	setitimer(ITIMER_VIRTUAL, &every, NULL);
}

void mutation_end_step(struct sim *sim)
{
	struct task *task = sim->current;
	struct verdict *v = NULL;

	if (task)
		v = sim_verdict(sim, VERDICT_LIVELOCK, (int32_t)task->index);
	if (v) {
		v->rule = "every step of the kernel ends";
		v->what = sim_format(sim, "%s goes round and round in one step",
				     task->name);
		v->at = sim->event_count;
	}
	sim->current = NULL;
	sim->is_over = true;
}

/* ---- the list ---------------------------------------------------------- */

static const char *const kind_names[MUTATION_KIND_COUNT] = {
	[MUTATION_QUIRK_ON] = "quirk-on",
	[MUTATION_QUIRK_OFF] = "quirk-off",
	[MUTATION_NO_LOCK] = "no-lock",
	[MUTATION_TRYLOCK_TAKES] = "trylock-takes",
	[MUTATION_TRYLOCK_FAILS] = "trylock-fails",
	[MUTATION_NO_WAKE] = "no-wake",
	[MUTATION_FLAG_UNSEEN] = "flag-unseen",
	[MUTATION_SPLIT] = "split",
};

/*
 * The last identifier of "&q->wq_mutex", less "_mutex"; of a reference count
 * what is done to it.
 */
static int object_name(const struct ksite *site, const char **name)
{
	const char *end = site->object + strlen(site->object);
	const char *start = end;
	int size;

	if (!strcmp(site->object, "ref")) {
		*name = site->op;
		return (int)strlen(site->op);
	}
	while (start > site->object &&
	       (isalnum((unsigned char)start[-1]) || start[-1] == '_'))
		start--;
	size = (int)(end - start);
	if (size > 6 && !strncmp(end - 6, "_mutex", 6))
		size -= 6;
	*name = start;
	return size;
}

static bool is_flag(const struct ksite *site)
{
	const char *name;
	int size = object_name(site, &name);

	return (size == 5 && !strncmp(name, "woken", 5)) ||
	       (size == 9 && !strncmp(name, "cancelled", 9));
}

static bool is_possible(enum mutation_kind kind, const struct ksite *site)
{
	const char *op = site->op;

	switch (kind) {
	case MUTATION_QUIRK_ON:
	case MUTATION_QUIRK_OFF:
		return false;
	case MUTATION_NO_LOCK:
		return !strcmp(op, "lock");
	case MUTATION_TRYLOCK_TAKES:
	case MUTATION_TRYLOCK_FAILS:
		return !strcmp(op, "trylock");
	case MUTATION_NO_WAKE:
		return !strcmp(op, "wake");
	case MUTATION_FLAG_UNSEEN:
		return !strcmp(op, "load") && is_flag(site);
	case MUTATION_SPLIT:
		return !strcmp(op, "get") || !strcmp(op, "put");
	case MUTATION_KIND_COUNT:
		break;
	}
	return false;
}

/* Which of those of its kind on this object in its file, from 1. */
static unsigned int rank_of(const struct ksite *const *sites, unsigned int at)
{
	const struct ksite *site = sites[at];
	unsigned int i, rank = 1;
	const char *a, *b;
	int size = object_name(site, &a);

	for (i = 0; i < at; i++) {
		if (!strcmp(sites[i]->file, site->file) &&
		    !strcmp(sites[i]->op, site->op) &&
		    object_name(sites[i], &b) == size &&
		    !strncmp(a, b, (size_t)size))
			rank++;
	}
	return rank;
}

/* "no-lock:wait.wq.1": the first of wait.c; lines of the source move. */
static void name_site(struct mutation *m, const struct ksite *const *sites,
		      unsigned int at)
{
	const char *file = strrchr(m->site->file, '/');
	const char *object;
	int size = object_name(m->site, &object);

	file = file ? file + 1 : m->site->file;
	snprintf(m->name, sizeof(m->name), "%s:%.*s.%.*s.%u",
		 kind_names[m->kind], (int)strcspn(file, "."), file, size,
		 object, rank_of(sites, at));
}

struct mutation *mutations_new(unsigned int *count)
{
	const struct ksite **sites = sites_by_place();
	unsigned int i, sites_all = site_count(), n = 0;
	struct mutation *list, *m;
	int kind, q;

	list = calloc(2 * QUIRK_COUNT + MUTATION_KIND_COUNT * sites_all,
		      sizeof(*list));
	if (!list)
		abort();
	for (q = 0; q < 2 * QUIRK_COUNT; q++) {
		m = &list[n++];
		m->kind = q % 2 ? MUTATION_QUIRK_OFF : MUTATION_QUIRK_ON;
		m->quirk = (enum quirk)(q / 2);
		snprintf(m->name, sizeof(m->name), "%s:%s", kind_names[m->kind],
			 quirk_table[m->quirk].name);
	}
	for (kind = 0; kind < MUTATION_KIND_COUNT; kind++) {
		for (i = 0; i < sites_all; i++) {
			if (!is_possible((enum mutation_kind)kind, sites[i]))
				continue;
			m = &list[n++];
			m->kind = (enum mutation_kind)kind;
			m->site = sites[i];
			name_site(m, sites, i);
		}
	}
	free(sites);
	*count = n;
	return list;
}
