/*
 * cli_host.c - futexsim host: scenarios on the machine's own kernel.
 *
 * Every run of a file is compared.  The profile is linux, and files that are
 * not about it are left out; but one that is asked for by an option is taken
 * whatever the file says.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/json.h"
#include "sim/cli/cli.h"
#include "sim/cli/test_files.h"
#include "sim/host/host.h"

struct tally {
	const struct options *o;
	struct host_options host;
	bool is_asked; /* the profile was */
	struct sim sim;
	json_t *runs; /* NULL: text */
	unsigned int agree;
	unsigned int differ;
	unsigned int refused[HOST_REASON_COUNT];
	unsigned int unable;
	unsigned int unloaded;
};

/* ---- text ---------------------------------------------------------------- */

static void print_difference(const struct run_request *r,
			     const struct host_difference *d)
{
	int line = d->line;
	const char *path = scenario_place(r->scenario, &line);

	if (d->word)
		printf("      word %s (%s:%d)\n", d->word, path, line);
	else
		printf("      %s, operation %" PRIu32 ": %s (%s:%d)\n",
		       d->thread, d->op_index, d->op, path, line);
	printf("        model:  %s\n        kernel: %s\n", d->model, d->kernel);
}

static void print_report(const struct run_request *r,
			 const struct host_report *report)
{
	const char *schedule = r->schedule ? r->schedule->name : "";

	printf("%s [%s", r->scenario->path, r->profile);
	if (scenario_has_combination(r->scenario))
		printf(", %s", r->scenario->combination);
	printf("%s%s]: ", schedule[0] ? ", " : "", schedule);
	switch (report->outcome) {
	case HOST_AGREES:
		printf("agrees: %" PRIu32 " operation%s, %" PRIu32 " word%s\n",
		       report->operations, report->operations == 1 ? "" : "s",
		       report->words, report->words == 1 ? "" : "s");
		break;
	case HOST_DIFFERS:
		puts("differs");
		print_difference(r, &report->difference);
		break;
	case HOST_REFUSED:
		printf("not for a host: %s\n", report->text);
		break;
	case HOST_UNABLE:
		printf("not possible here: %s\n", report->text);
		break;
	}
	fflush(stdout);
}

static unsigned int refused_count(const struct tally *t)
{
	unsigned int i, count = 0;

	for (i = 0; i < HOST_REASON_COUNT; i++)
		count += t->refused[i];
	return count;
}

static void print_sum(const struct tally *t)
{
	const char *before = " (";
	unsigned int i, refused = refused_count(t);

	printf("%u agree, %u differ, %u not for a host", t->agree, t->differ,
	       refused);
	for (i = 0; i < HOST_REASON_COUNT; i++) {
		if (!t->refused[i])
			continue;
		printf("%s%u %s", before, t->refused[i],
		       host_reason_text((enum host_reason)i));
		before = ", ";
	}
	puts(refused ? ")" : "");
	if (t->unable)
		printf("%u not possible here\n", t->unable);
	if (t->unloaded)
		printf("%u could not be loaded\n", t->unloaded);
}

/* ---- JSON ---------------------------------------------------------------- */

static json_t *difference_json(const struct run_request *r,
			       const struct host_difference *d)
{
	json_t *object = json_object();
	int line = d->line;
	const char *path = scenario_place(r->scenario, &line);

	if (d->word) {
		json_set(object, "word", json_string(d->word));
	} else {
		json_set(object, "thread", json_string(d->thread));
		json_set(object, "index", json_integer(d->op_index));
		json_set(object, "op", json_string(d->op));
	}
	json_set(object, "file", json_string(path));
	json_set(object, "line", json_integer(line));
	json_set(object, "model", json_string(d->model));
	json_set(object, "kernel", json_string(d->kernel));
	return object;
}

static void add_json(json_t *runs, const struct run_request *r,
		     const struct host_report *report)
{
	static const char *const outcomes[] = {
		[HOST_AGREES] = "agrees",
		[HOST_DIFFERS] = "differs",
		[HOST_REFUSED] = "not for a host",
		[HOST_UNABLE] = "not possible here",
	};
	json_t *object = json_object();

	json_set(object, "file", json_string(r->scenario->path));
	json_set(object, "scenario", json_string(r->scenario->name));
	json_set(object, "schedule",
		 json_string(r->schedule ? r->schedule->name : ""));
	json_set(object, "profile", json_string(r->profile));
	json_set(object, "outcome", json_string(outcomes[report->outcome]));
	if (report->outcome == HOST_AGREES) {
		json_set(object, "operations",
			 json_integer(report->operations));
		json_set(object, "words", json_integer(report->words));
	} else if (report->outcome == HOST_DIFFERS) {
		json_set(object, "difference",
			 difference_json(r, &report->difference));
	} else {
		json_set(object, "reason", json_string(report->text));
	}
	json_append(runs, object);
}

static void print_json(struct tally *t)
{
	json_t *object = json_object();

	json_set(object, "runs", t->runs);
	json_set(object, "agree", json_integer(t->agree));
	json_set(object, "differ", json_integer(t->differ));
	json_set(object, "not_for_a_host", json_integer(refused_count(t)));
	json_set(object, "not_possible_here", json_integer(t->unable));
	json_dumpf(object, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(object);
}

/* ---- runs ---------------------------------------------------------------- */

/* Is the file about the profile, or is it asked for all the same? */
static bool is_meant(const struct tally *t, const struct run_request *request)
{
	const struct name_list *profiles = &request->scenario->profiles;
	uint32_t i;

	for (i = 0; i < profiles->count; i++) {
		if (!strcmp(profiles->items[i], request->profile))
			return true;
	}
	return t->is_asked;
}

static void refuse(const struct run_request *request,
		   struct host_report *report)
{
	*report = (struct host_report){
		.outcome = HOST_REFUSED,
		.reason = HOST_PROFILE,
	};
	snprintf(report->text, sizeof(report->text), "the file is not about %s",
		 request->profile);
}

static int compare_run(struct run_request *request, void *arg)
{
	struct tally *t = arg;
	struct host_report report;

	if (is_meant(t, request))
		host_compare(&t->sim, request, &t->host, &report);
	else
		refuse(request, &report);
	switch (report.outcome) {
	case HOST_AGREES:
		t->agree++;
		break;
	case HOST_DIFFERS:
		t->differ++;
		break;
	case HOST_REFUSED:
		t->refused[report.reason]++;
		break;
	case HOST_UNABLE:
		t->unable++;
		break;
	}
	if (t->runs)
		add_json(t->runs, request, &report);
	else
		print_report(request, &report);
	return 0;
}

static int compare_file(struct tally *t, const char *path)
{
	struct scenario *s = cli_load(path, t->o);
	int code;

	if (!s) {
		t->unloaded++;
		return 0;
	}
	code = cli_each_run(s, t->o, compare_run, t);
	scenario_free(s);
	return code;
}

static int exit_code(const struct tally *t)
{
	if (t->unloaded)
		return EXIT_INVALID;
	if (t->unable)
		return EXIT_ENVIRONMENT;
	return t->differ ? EXIT_BUG : EXIT_EXPECTED;
}

static int compare_all(struct tally *t, const struct test_files *files)
{
	int code = 0;
	size_t i;

	for (i = 0; i < files->count && !code; i++)
		code = compare_file(t, files->paths[i]);
	if (code)
		return code;
	if (t->runs)
		print_json(t);
	else
		print_sum(t);
	return exit_code(t);
}

int cli_host(const struct options *o, int count, char **arguments)
{
	struct options options = *o;
	struct tally t = {
		.o = &options,
		.host = {.gap = HOST_GAP_DEFAULT,
			 .patience = HOST_PATIENCE_DEFAULT},
	};
	struct test_files files = {0};
	int code;

	if (!options.profile)
		options.profile = "linux";
	else
		t.is_asked = true;
	if (!cli_has_profile(options.profile))
		return EXIT_USAGE;
	if (o->gap)
		t.host.gap = o->gap;
	if (o->patience)
		t.host.patience = o->patience;
	code = test_files_find(&files, count, arguments);
	if (!code) {
		sim_init(&t.sim);
		t.runs = o->is_json ? json_array() : NULL;
		code = compare_all(&t, &files);
		sim_fini(&t.sim);
	}
	test_files_fini(&files);
	return code;
}
