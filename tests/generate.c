/*
 * generate.c - from a number to the text of a small scenario.
 *
 * What can be in one stands in tables of templates, with a weight each.  In a
 * template %w is a word, %g another one, %v a value, %x a value or an earlier
 * result, %r a new result, %q an earlier one, %n a count, %z a count or 0, %m a
 * mask, %d a time, %o who owns a robust mutex, %e what a result may be; in
 * conditions %t is a thread and %R a result of any thread.  Of themes: %u is
 * what a wake_op does, %k a thread, %c the thread that others start.
 */
#include "tests/generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/random.h"
#include "tests/generate_internal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- chance ------------------------------------------------------------ */

unsigned int generate_below(struct generator *g, unsigned int end)
{
	return (unsigned int)random_below(&g->state, end);
}

bool generate_chance(struct generator *g, unsigned int percent)
{
	return generate_below(g, 100) < percent;
}

/* A letter of @letters, each as often as it stands there. */
static char pick(struct generator *g, const char *letters)
{
	return letters[generate_below(g, (unsigned int)strlen(letters))];
}

/* ---- how many interleavings -------------------------------------------- */

/*
 * Of threads with so many steps each: (a + b + ...)! / (a! b! ...).  Threads
 * that have none yet will have two.
 */
static double interleavings(const struct generator *g)
{
	double runs = 1, all = 0;
	unsigned int i, j, k, steps;

	for (i = 0; i < g->row_count; i++) {
		steps = g->rows[i].steps ? g->rows[i].steps : 2;
		for (j = 0; j < g->rows[i].count; j++)
			for (k = 1; k <= steps; k++)
				runs = runs * ++all / k;
	}
	steps = g->timers + g->signals + g->spurious;
	for (i = 0; i < steps; i++)
		runs *= ++all;
	return runs;
}

/* ---- templates --------------------------------------------------------- */

static void put_word(struct generator *g, FILE *out, bool other)
{
	bool second = g->word_count > 1 && generate_chance(g, 25);

	if (other && g->word_count > 1)
		second = generate_chance(g, 80);
	fputc(second ? 'G' : 'F', out);
}

/* A result of the thread itself, which has one. */
static void put_own(struct generator *g, FILE *out)
{
	fprintf(out, "r%u", generate_below(g, g->row->results));
}

static void put_value(struct generator *g, FILE *out)
{
	if (g->row->results && generate_chance(g, 20))
		put_own(g, out);
	else
		fputc(pick(g, "1111102223"), out);
}

static void put_any_thread(struct generator *g, FILE *out)
{
	struct row *row = &g->rows[generate_below(g, g->row_count)];

	g->row = row;
	fputs(row->name, out);
	if (row->count > 1)
		fprintf(out, "%u", 1 + generate_below(g, row->count));
}

static void put_any_result(struct generator *g, FILE *out)
{
	do {
		g->row = &g->rows[generate_below(g, g->row_count)];
	} while (!g->row->results);
	fputs(g->row->name, out);
	if (g->row->count > 1)
		fprintf(out, "%u", 1 + generate_below(g, g->row->count));
	fputc('.', out);
	put_own(g, out);
}

static void put_error(struct generator *g, FILE *out)
{
	static const char *const errors[] = {"0",	  "0",	    "1",
					     "ETIMEDOUT", "EAGAIN", "EINTR"};

	fputs(errors[generate_below(g, COUNT(errors))], out);
}

static void put_wake_op(struct generator *g, FILE *out)
{
	static const char *const ops[] = {"set:1", "add:1", "or:2", "andn:1",
					  "xor:1"};
	static const char *const tests[] = {"eq:0", "ne:0", "gt:0", "eq:1"};

	fprintf(out, "op=%s cmp=%s", ops[generate_below(g, COUNT(ops))],
		tests[generate_below(g, COUNT(tests))]);
}

static void put_thread_name(struct generator *g, FILE *out)
{
	struct row *row = g->row;

	put_any_thread(g, out);
	g->row = row;
}

static void put(struct generator *g, FILE *out, char letter)
{
	switch (letter) {
	case 'w':
	case 'g':
		put_word(g, out, letter == 'g');
		break;
	case 'v':
		fputc(pick(g, "0000001112"), out);
		break;
	case 'x':
		put_value(g, out);
		break;
	case 'r':
		fprintf(out, "r%u", g->row->results + g->row->fresh++);
		break;
	case 'q':
		put_own(g, out);
		break;
	case 'n':
		fputc(pick(g, "11112290"), out);
		break;
	case 'z':
		fputc(pick(g, "00112"), out);
		break;
	case 'm':
		fputc(pick(g, "112370"), out);
		break;
	case 'o':
		fputs(generate_chance(g, 60) ? "1" : "0x80000001", out);
		break;
	case 'd':
		fprintf(out, "%cms", pick(g, "1112250"));
		break;
	case 'e':
		put_error(g, out);
		break;
	case 'u':
		put_wake_op(g, out);
		break;
	case 'k':
		put_thread_name(g, out);
		break;
	case 'c':
		fputs(g->rows[g->row_count - 1].name, out);
		break;
	case 't':
		put_any_thread(g, out);
		break;
	case 'R':
		put_any_result(g, out);
		break;
	}
}

void generate_text(struct generator *g, FILE *out, const char *template)
{
	for (; *template; template ++) {
		if (*template == '%')
			put(g, out, *++template);
		else
			fputc(*template, out);
	}
}

/* One of a table that can be had now, or NULL. */
const struct recipe *generate_pick(struct generator *g,
				   const struct recipe *table, size_t count,
				   unsigned int has)
{
	unsigned int weights = 0, at;
	size_t i;

	for (i = 0; i < count; i++)
		if (!(table[i].needs & ~has))
			weights += table[i].weight;
	if (!weights)
		return NULL;
	at = generate_below(g, weights);
	for (i = 0; i < count; i++) {
		if (table[i].needs & ~has)
			continue;
		if (at < table[i].weight)
			return &table[i];
		at -= table[i].weight;
	}
	return NULL;
}

/* ---- threads ----------------------------------------------------------- */

static const struct recipe operations[] = {
	{8, {1, 1}, 0, "%r = load %w"},
	{8, {1, 1}, 0, "store %w %x"},
	{4, {1, 1}, 0, "%r = cas %w %v %x"},
	{4, {1, 1}, 0, "%r = xchg %w %x"},
	{3, {1, 1}, 0, "%r = fetch_add %w 1"},
	{1, {1, 1}, 0, "%r = fetch_sub %w 1"},
	{1, {1, 1}, 0, "%r = fetch_or %w %x"},
	{1, {1, 1}, 0, "%r = fetch_and %w %x"},
	{1, {1, 1}, 0, "%r = fetch_xor %w %x"},
	{12, {30, 2}, 0, "%r = futex_wait %w %v"},
	{8, {50, 2}, HAS_CLOCK, "%r = futex_wait %w %v timeout=%d"},
	{3, {30, 2}, 0, "%r = futex_wait_bitset %w %v %m"},
	{2, {50, 2}, HAS_CLOCK, "%r = futex_wait_bitset %w %v %m until=%d"},
	{1, {30, 2}, 0, "%r = futex_wait %w %v private"},
	{12, {12, 1}, 0, "%r = futex_wake %w %n"},
	{3, {12, 1}, 0, "%r = futex_wake_bitset %w %n %m"},
	{1, {12, 1}, 0, "%r = futex_wake %w %n private"},
	{4, {28, 1}, 0, "%r = futex_requeue %w %g wake=%z move=%n"},
	{4, {28, 1}, 0, "%r = futex_cmp_requeue %w %v %g wake=%z move=%n"},
	{2, {1, 1}, 0, "yield"},
	{2, {1, 1}, 0, "mark here"},
	{3, {1, 1}, HAS_RESULT, "{if: %q == %e, then: [%r = xchg %w %x]}"},
	{2, {12, 1}, HAS_RESULT, "{if: %q == %v, then: [futex_wake %w 1]}"},
	{2,
	 {1, 1},
	 HAS_RESULT,
	 "{if: %q != %e, then: [store %w %x], else: [%r = load %w]}"},
	{2,
	 {3, 3},
	 0,
	 "i = 0\n      - e = load %w\n      - {while: e == %v and i < 2, "
	 "do: [e = load %w, i = i + 1]}"},
	{2,
	 {30, 3},
	 0,
	 "i = 0\n      - e = load %w\n      - {while: e == %v and i < 1, "
	 "do: [futex_wait %w %v, e = load %w, i = i + 1]}"},
	{1, {4, 4}, 0, "{repeat: 2, do: [n = load %w, store %w n+1]}"},
	{2, {1, 1}, HAS_RESULT, "assert %q != %v"},
	{2, {2, 2}, 0, "call both"},
	{1, {3, 1}, 0, "%r = get_robust_list"},
	{1, {3, 1}, HAS_TID, "%r = set_tid_address %w"},
	{2, {6, 2}, 0, "aspace_lock\n      - aspace_unlock"},
	{1,
	 {7, 3},
	 0,
	 "aspace_lock\n      - %r = load %w\n      - aspace_unlock"},
	{6, {3, 1}, HAS_ROBUST, "set_robust_list head"},
	{4, {5, 1}, HAS_HEAP, "%r = mprotect 0x10000 4096 r"},
	{4, {5, 1}, HAS_HEAP, "%r = munmap 0x10000 4096"},
	{4, {5, 1}, HAS_HEAP, "%r = mmap 0x10000 4096 heap lazy"},
	{2, {5, 1}, HAS_HEAP, "%r = mremap 0x10000 4096 4096 0x80000"},
	{2, {5, 1}, HAS_HEAP, "%r = mremap 0x80000 4096 4096 0x10000"},
};

static const struct recipe endings[] = {
	{3, {5, 1}, 0, "exit"},
	{2, {8, 1}, 0, "exit_group"},
	{1, {8, 1}, 0, "exec"},
	{40, {12, 1}, HAS_ROBUST, "exit"},
};

static bool arms_timer(const struct recipe *r)
{
	return r->needs & HAS_CLOCK;
}

static void take_steps(struct generator *g, const struct recipe *r, int sign)
{
	int steps = (int)r->steps[g->granularity == GRANULARITY_CALL];

	/* Keys of shared memory take longer, and absent pages fault. */
	if (g->granularity == GRANULARITY_KERNEL && g->has_far_words)
		steps = 2 * steps + 4;
	g->row->steps += (unsigned int)(sign * steps);
	if (arms_timer(r))
		g->timers += (unsigned int)(sign * (int)g->row->count);
}

/* The last thread, by somebody else. */
static bool may_begin_the_last(const struct generator *g)
{
	const struct row *last = &g->rows[g->row_count - 1];

	if (g->has & HAS_FORKS)
		return g->row->process == 1 && g->row_count > 1;
	return last != g->row && last->count == 1 && g->process_count == 1;
}

/* Add one of @table if there is room for it.  Returns whether it did. */
static bool add(struct generator *g, const struct recipe *table, size_t count)
{
	unsigned int has = g->has | (g->row->results ? HAS_RESULT : 0);
	const struct recipe *r = NULL;

	if (g->row->count > 1)
		has &= ~HAS_TID;
	if (!may_begin_the_last(g))
		has &= ~(HAS_BIRTHS | HAS_FORKS);
	if (has & HAS_FORKS)
		has &= ~HAS_BIRTHS;
	if (table == operations)
		r = generate_themed(g, has);
	if (!r)
		r = generate_pick(g, table, count, has);
	if (!r)
		return false;
	take_steps(g, r, 1);
	if (interleavings(g) > g->runs_max) {
		take_steps(g, r, -1);
		return false;
	}
	fputs("      - ", g->row->out);
	generate_text(g, g->row->out, r->text);
	fputc('\n', g->row->out);
	g->row->has_mark |= !strcmp(r->text, "mark here");
	g->row->has_both |= !strcmp(r->text, "call both");
	return true;
}

static void fill_row(struct generator *g, struct row *row)
{
	bool is_long = g->granularity == GRANULARITY_KERNEL;
	unsigned int most = 1 + generate_below(g, is_long ? 2 : 4), tries;

	g->row = row;
	for (tries = 0; tries < 20 && most; tries++)
		most -= add(g, operations, COUNT(operations));
	if (!row->steps) /* whatever the estimate says */
		fprintf(row->out, "      - r%u = load F\n", row->results++);
	if (generate_chance(g, g->has & HAS_ROBUST ? 60 : 10))
		add(g, endings, COUNT(endings));
}

static void add_row(struct generator *g, unsigned int count)
{
	struct row *row = &g->rows[g->row_count];

	*row = (struct row){.count = count};
	row->name[0] = (char)(count > 1 ? 'T' : 'A' + g->row_count);
	row->out = open_memstream(&row->text, &row->size);
	if (!row->out)
		abort();
	row->process = 1 + g->row_count % g->process_count;
	g->row_count++;
}

/* Two to four threads; three or four where many interleavings are allowed. */
static void make_rows(struct generator *g)
{
	unsigned int threads = 2 + generate_chance(g, 60), i;
	bool is_group = generate_chance(g, 30);

	threads += generate_chance(g, 12);
	if (g->granularity == GRANULARITY_KERNEL)
		threads = 2 + generate_chance(g, 15);
	if (is_group) {
		add_row(g, threads == 2 ? 2 : threads - 1);
		g->is_symmetric =
			!(g->has & HAS_ROBUST) && generate_chance(g, 80);
	}
	for (i = is_group ? g->rows[0].count : 0; i < threads; i++)
		add_row(g, 1);
	/* In any order: who comes first takes most of what there is room for.
	 */
	for (i = generate_below(g, g->row_count), threads = 0;
	     threads < g->row_count; threads++)
		fill_row(g, &g->rows[(i + threads) % g->row_count]);
}

/* ---- the whole --------------------------------------------------------- */

static void put_profile(struct generator *g)
{
	static const char *const profiles[] = {
		"starry-0.5.11",  "starry-0.5.11",  "starry-0.5.11",
		"starry-0.5.11",  "linux",	    "linux",
		"linux",	  "starry-pre-657", "starry-pre-545",
		"starry-pre-498", "starry-pre-302",
	};

	fprintf(g->out, "profile: %s\n",
		g->themes && generate_chance(g, 50)
			? "linux"
			: profiles[generate_below(g, COUNT(profiles))]);
}

static void put_rows(struct generator *g)
{
	struct row *row;
	unsigned int i;

	fputs("procedures:\n  both: [b = load F, store F b+1]\n", g->out);
	if (g->themes & HAS_SIGNALS)
		fputs("  on: [h = load F, store F h+1]\n", g->out);
	fputs("threads:\n", g->out);
	for (i = 0; i < g->row_count; i++) {
		row = &g->rows[i];
		fclose(row->out);
		fprintf(g->out, "  %s:\n", row->name);
		if (row->count > 1)
			fprintf(g->out, "    count: %u\n", row->count);
		if (row->count > 1 && g->is_symmetric)
			fputs("    symmetric: true\n", g->out);
		if (g->process_count > 1)
			fprintf(g->out, "    process: P%u\n", row->process);
		fprintf(g->out, "    run:\n%s", row->text);
		free(row->text);
	}
}

char *generate_scenario(uint64_t seed, enum granularity granularity,
			double runs_max)
{
	struct generator g = {
		.state = seed,
		.granularity = granularity,
		.runs_max = runs_max,
		.process_count = 1,
	};
	char *text = NULL;
	size_t size;

	g.out = open_memstream(&text, &size);
	if (!g.out)
		abort();
	fprintf(g.out, "futexsim: 1\nname: generated-%llu\n",
		(unsigned long long)seed);
	generate_themes(&g, seed);
	put_profile(&g);
	generate_memory(&g);
	generate_environment(&g);
	make_rows(&g);
	put_rows(&g);
	generate_claims(&g);
	fclose(g.out);
	return text;
}
