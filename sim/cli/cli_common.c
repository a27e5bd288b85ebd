/* cli_common.c - what the subcommands share: loading, choosing runs, files. */
#define _GNU_SOURCE /* memfd_create */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/base/whole_file.h"

const char *cli_program = "futexsim";

struct scenario *cli_load_telling(const char *path, const struct options *o,
				  FILE *errors)
{
	struct scenario_params params = {o->params, o->param_count};
	struct diagnostics d;
	struct scenario *s;

	diagnostics_init(&d, path);
	s = scenario_load_with(path, &params, &d);
	if (!s)
		diagnostics_print(&d, errors);
	diagnostics_fini(&d);
	return s;
}

struct scenario *cli_load(const char *path, const struct options *o)
{
	return cli_load_telling(path, o, stderr);
}

/* ---- which runs -------------------------------------------------------- */

static void say_no(const char *what, const char *name, const char *const *names,
		   unsigned int count)
{
	const char *nearest = nearest_name(name, names, count);

	fprintf(stderr, "futexsim: error: no %s '%s'", what, name);
	if (nearest)
		fprintf(stderr, "; nearest: %s", nearest);
	fputc('\n', stderr);
}

bool cli_has_profile(const char *name)
{
	const char *names[16];
	unsigned int i;

	if (profile_find(name))
		return true;
	for (i = 0; i < profile_count; i++)
		names[i] = profile_table[i].name;
	say_no("profile", name, names, profile_count);
	return false;
}

static bool change_quirk(const char *name, bool is_on, uint64_t *quirks)
{
	const char *names[QUIRK_COUNT];
	int i, q = quirk_find(name);

	if (q >= 0) {
		*quirks &= ~(UINT64_C(1) << q);
		*quirks |= (uint64_t)is_on << q;
		return true;
	}
	for (i = 0; i < QUIRK_COUNT; i++)
		names[i] = quirk_table[i].name;
	say_no("quirk", name, names, QUIRK_COUNT);
	return false;
}

static bool override_quirks(const struct options *o, struct run_request *r)
{
	uint64_t own = r->quirks;
	unsigned int i;

	for (i = 0; i < o->with_count; i++) {
		if (!change_quirk(o->with[i], true, &r->quirks))
			return false;
	}
	for (i = 0; i < o->without_count; i++) {
		if (!change_quirk(o->without[i], false, &r->quirks))
			return false;
	}
	r->is_overridden = r->quirks != own;
	return true;
}

static const struct schedule *find_schedule(const struct scenario *s,
					    const char *name)
{
	const char *names[64];
	uint32_t i;

	for (i = 0; i < s->schedule_count; i++) {
		if (!strcmp(s->schedules[i].name, name))
			return &s->schedules[i];
		if (i < 64)
			names[i] = s->schedules[i].name;
	}
	say_no("schedule", name, names,
	       s->schedule_count < 64 ? s->schedule_count : 64);
	return NULL;
}

struct chooser {
	const struct options *o;
	int (*each)(struct run_request *request, void *arg);
	void *arg;
	int code;
};

static void run_one(struct chooser *c, struct run_request *r,
		    const struct schedule *schedule)
{
	int code;

	r->schedule = schedule;
	r->is_one_of_many = run_is_one_of_many(r->scenario, schedule);
	r->seed = c->o->seed;
	r->mode = c->o->is_random ? RUN_RANDOM : RUN_SCRIPT;
	code = c->each(r, c->arg);
	if (code > c->code)
		c->code = code;
}

static int run_profile(struct chooser *c, const struct scenario *s,
		       const char *profile)
{
	/* What was written down by a search is run as it was there. */
	struct run_request r = {
		.scenario = s,
		.profile = profile,
		.steps_max = (uint32_t)s->recorded.max_steps,
	};
	const struct schedule *schedule;
	uint32_t i;

	if (!cli_has_profile(profile))
		return EXIT_USAGE;
	run_quirks(s, profile, &r.quirks);
	if (!override_quirks(c->o, &r))
		return EXIT_USAGE;
	if (c->o->is_random) {
		run_one(c, &r, NULL);
	} else if (c->o->schedule) {
		schedule = find_schedule(s, c->o->schedule);
		if (!schedule)
			return EXIT_USAGE;
		run_one(c, &r, schedule);
	} else {
		for (i = 0; i < s->schedule_count; i++)
			run_one(c, &r, &s->schedules[i]);
		if (!s->schedule_count)
			run_one(c, &r, NULL);
	}
	return 0;
}

/* Number @index of the matrix, for as long as its runs take. */
static int run_combination(struct chooser *c, const struct scenario *s,
			   uint32_t index, const char *profile)
{
	struct scenario *combination;
	struct diagnostics d;
	int error = EXIT_INVALID;

	diagnostics_init(&d, s->path);
	combination = scenario_combination(s, index, &d);
	if (combination)
		error = run_profile(c, combination, profile);
	else
		diagnostics_print(&d, stderr);
	diagnostics_fini(&d);
	scenario_free(combination);
	return error;
}

/* What is loaded is the first combination. */
static int run_combinations(struct chooser *c, const struct scenario *s,
			    const char *profile)
{
	int error = run_profile(c, s, profile);
	uint32_t i;

	for (i = 1; i < s->matrix.combination_count && !error; i++)
		error = run_combination(c, s, i, profile);
	return error;
}

static int each_profile(struct chooser *c, const struct scenario *s,
			int (*run)(struct chooser *c, const struct scenario *s,
				   const char *profile))
{
	uint32_t i;
	int error;

	if (c->o->profile) {
		error = run(c, s, c->o->profile);
		return error ? error : c->code;
	}
	for (i = 0; i < s->profiles.count; i++) {
		error = run(c, s, s->profiles.items[i]);
		if (error)
			return error;
	}
	return c->code;
}

int cli_each_run(const struct scenario *s, const struct options *o,
		 int (*each)(struct run_request *request, void *arg), void *arg)
{
	struct chooser c = {o, each, arg, 0};

	return each_profile(&c, s, run_combinations);
}

int cli_each_run_of_one(const struct scenario *s, const struct options *o,
			int (*each)(struct run_request *request, void *arg),
			void *arg)
{
	struct chooser c = {o, each, arg, 0};

	return each_profile(&c, s, run_profile);
}

static bool is_only_limit(const struct sim *sim)
{
	return sim->verdict_count == 1 &&
	       sim->verdicts[0].kind == VERDICT_STEP_LIMIT;
}

int cli_exit_code(const struct run *run)
{
	if (run->error)
		return EXIT_INVALID;
	if (run->has_diverged)
		return EXIT_DIVERGED;
	if (run->is_expected)
		return EXIT_EXPECTED;
	return is_only_limit(run->sim) ? EXIT_INCONCLUSIVE : EXIT_BUG;
}

/* ---- files ------------------------------------------------------------- */

static int say_errno(const char *path, int error)
{
	fprintf(stderr, "futexsim: error: %s: %s\n", path, strerror(error));
	return EXIT_ENVIRONMENT;
}

int cli_write(const char *path, int (*write)(FILE *out, void *arg), void *arg)
{
	int error;

	if (!strcmp(path, "-")) {
		error = write(stdout, arg);
		return error ? say_errno("standard output", -error) : 0;
	}
	error = whole_file_write(path, write, arg);
	return error ? say_errno(path, -error) : 0;
}

static int write_trace(FILE *out, void *arg)
{
	return trace_write(arg, out);
}

int cli_write_trace(const char *path, struct trace *trace)
{
	return cli_write(path, write_trace, trace);
}

/* A pipe cannot be sought: its content, in a file without a name. */
static FILE *keep(FILE *in)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	FILE *copy = fd < 0 ? NULL : fdopen(fd, "w+");
	size_t size, left = TRACE_BYTES_MAX + 1;
	char buf[1 << 16];

	if (!copy)
		return NULL;
	while (left > 0 && (size = fread(buf, 1, sizeof(buf), in)) > 0) {
		size = size < left ? size : left;
		left -= size;
		if (fwrite(buf, 1, size, copy) != size)
			break;
	}
	if (!ferror(in) && !ferror(copy) && !fseek(copy, 0, SEEK_SET))
		return copy;
	fclose(copy);
	return NULL;
}

static FILE *say_unreadable(const char *path, const char *what)
{
	fprintf(stderr, "%s: error: cannot be %s: %s\n", path, what,
		strerror(errno));
	return NULL;
}

FILE *cli_open_input(const char *path)
{
	struct stat status;
	FILE *in;

	if (!strcmp(path, "-")) {
		if (lseek(STDIN_FILENO, 0, SEEK_CUR) >= 0)
			return stdin;
		in = keep(stdin);
		return in ? in : say_unreadable("<stdin>", "read");
	}
	in = fopen(path, "r");
	if (!in)
		return say_unreadable(path, "opened");
	if (fstat(fileno(in), &status) || !S_ISDIR(status.st_mode))
		return in;
	fclose(in);
	errno = EISDIR;
	return say_unreadable(path, "read");
}

struct trace *cli_read_trace(const char *path)
{
	FILE *in = cli_open_input(path);
	char error[TRACE_ERROR_MAX];
	struct trace *t;

	if (!in)
		return NULL;
	t = trace_read(in, strcmp(path, "-") ? path : "<stdin>", error);
	if (in != stdin)
		fclose(in);
	if (!t)
		fprintf(stderr, "%s\n", error);
	return t;
}
