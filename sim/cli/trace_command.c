/*
 * trace_command.c - the command line that makes the run of a trace again.
 *
 * A trace has the scenario's text, in which the values that parameters had are
 * the defaults, and the quirks that were in force.  What they were before is
 * not known, so every parameter gets its value; quirks are held against those
 * of the profile and the scenario.
 */
#include "sim/cli/trace_command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/shell.h"
#include "sim/loader/yaml_tree.h"
#include "sim/run/run.h"
#include "sim/run/trace_run.h"

const char *command_path(const char *path)
{
	const char *slash = strrchr(path, '/');

	return path[0] == '/' && slash[1] ? slash + 1 : path;
}

/* ---- options ----------------------------------------------------------- */

static const struct tree_node *child(const struct tree_node *map,
				     const char *key)
{
	const struct tree_node *n;

	if (!map || map->kind != TREE_MAP)
		return NULL;
	for (n = map->first; n; n = n->next) {
		if (!strcmp(n->key->text, key))
			return n;
	}
	return NULL;
}

static void put_params(const struct trace *t, FILE *out)
{
	const struct tree_node *params, *n;
	struct diagnostics d;
	struct tree tree;

	diagnostics_init(&d, t->file);
	tree_init(&tree, t->source, strlen(t->source), &d);
	params = child(tree.root, "params");
	for (n = params ? params->first : NULL; n; n = n->next) {
		const struct tree_node *value =
			n->kind == TREE_MAP ? child(n, "default") : n;
		if (!value || value->kind != TREE_SCALAR || !n->key)
			continue;
		fputs(" -P ", out);
		shell_word(out, n->key->text);
		fputc('=', out);
		shell_word(out, value->text);
	}
	tree_fini(&tree);
	diagnostics_fini(&d);
}

static void put_quirks(const struct run_request *q, FILE *out)
{
	uint64_t own = 0;
	int i;

	if (run_quirks(q->scenario, q->profile, &own))
		return;
	for (i = 0; i < QUIRK_COUNT; i++) {
		if ((own ^ q->quirks) >> i & 1)
			fprintf(out, " --%s %s",
				own >> i & 1 ? "without" : "with",
				quirk_table[i].name);
	}
}

static void put_limit(const struct trace *t, FILE *out)
{
	unsigned int i;

	for (i = 0; i < t->verdict_count; i++) {
		if (t->verdicts[i].kind == VERDICT_STEP_LIMIT) {
			fprintf(out, " --max-steps %u", t->step_count);
			return;
		}
	}
}

static void put_options(const struct trace *t, const struct run_request *q,
			FILE *out)
{
	if (t->schedule && *t->schedule) {
		fputs(" --schedule ", out);
		shell_word(out, t->schedule);
	}
	fputs(" --profile ", out);
	shell_word(out, t->profile);
	put_quirks(q, out);
	put_params(t, out);
	if (!strcmp(t->policy, "random"))
		fprintf(out, " --random --seed %" PRIu64, t->seed);
	put_limit(t, out);
}

/* ---- the command ------------------------------------------------------- */

static struct scenario *scenario_of(const struct trace *t)
{
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, t->file);
	s = scenario_parse(t->file, t->source, strlen(t->source), &d);
	diagnostics_fini(&d);
	if (s &&
	    (s->thread_count != t->thread_count || !profile_find(t->profile))) {
		scenario_free(s);
		s = NULL;
	}
	return s;
}

static void put_command(FILE *out, const char *name, const char *path)
{
	fprintf(out, "%s %s ", COMMAND_PROGRAM, name);
	shell_word(out, command_path(path));
}

/* Options choose runs of schedules and seeds, and no others. */
static bool can_be_run(const struct trace *t)
{
	return strcmp(t->file, "<stdin>") &&
	       (!strcmp(t->policy, "script") || !strcmp(t->policy, "random"));
}

static void put_run(const struct trace *t, const struct scenario *s, FILE *out)
{
	struct run_request q;
	struct move *moves;

	if (s->recorded.is_given) {
		put_command(out, "replay", t->file);
		return;
	}
	trace_run_request(t, s, &q, &moves);
	free(moves);
	put_command(out, "run", t->file);
	put_options(t, &q, out);
}

char *trace_command(const struct trace *t, const char *path)
{
	bool has_path = path && strcmp(path, "-");
	struct scenario *s = can_be_run(t) ? scenario_of(t) : NULL;
	char *command = NULL;
	size_t size;
	FILE *out;

	if (!s && !has_path)
		return NULL;
	out = open_memstream(&command, &size);
	if (!out)
		abort();
	if (s)
		put_run(t, s, out);
	else
		put_command(out, "replay", path);
	fclose(out);
	scenario_free(s);
	return command;
}
