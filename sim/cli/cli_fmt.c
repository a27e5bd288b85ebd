/* cli_fmt.c - futexsim fmt: scenario files in canonical layout. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/fmt/fmt.h"
#include "sim/loader/scenario_file.h"

struct formatted {
	char *text;
	size_t size;
};

static int write_text(FILE *out, void *arg)
{
	const struct formatted *f = arg;

	return fwrite(f->text, 1, f->size, out) == f->size ? 0 : -EIO;
}

/* What came out says what went in, and would come out again. */
static bool is_faithful(const struct tree *tree, const struct formatted *f)
{
	struct diagnostics d;
	struct formatted again = {0};
	struct tree other;
	bool same;
	FILE *out = open_memstream(&again.text, &again.size);

	if (!out)
		abort();
	diagnostics_init(&d, "");
	tree_init(&other, f->text, f->size, &d);
	same = !d.count && other.root && fmt_is_same(tree, &other) &&
	       fmt_write(&other, out, &d);
	fclose(out);
	same = same && again.size == f->size &&
	       !memcmp(again.text, f->text, f->size);
	free(again.text);
	tree_fini(&other);
	diagnostics_fini(&d);
	return same;
}

/* Returns an exit code. */
static int format(const char *path, const char *text, size_t size,
		  struct formatted *f)
{
	struct diagnostics d;
	struct tree tree;
	FILE *out = open_memstream(&f->text, &f->size);
	int code = 3;

	if (!out)
		abort();
	diagnostics_init(&d, path);
	diagnostics_set_source(&d, text, size);
	tree_init(&tree, text, size, &d);
	if (!d.count && tree.root->kind != TREE_MAP)
		diagnostics_add(&d, 1, 1, "not a scenario: no keys");
	if (!d.count)
		fmt_write(&tree, out, &d);
	fclose(out);
	if (d.count) {
		diagnostics_print(&d, stderr);
	} else if (is_faithful(&tree, f)) {
		code = 0;
	} else {
		fprintf(stderr,
			"futexsim: %s: its layout would change what it says; "
			"it is left as it is\n",
			path);
		code = 6;
	}
	tree_fini(&tree);
	diagnostics_fini(&d);
	return code;
}

static int put(const struct options *o, const char *path, struct formatted *f,
	       bool is_changed)
{
	if (o->check_only) {
		if (is_changed)
			printf("%s\n", path);
		return is_changed;
	}
	if (!o->write_back)
		return cli_write("-", write_text, f);
	return is_changed ? cli_write(path, write_text, f) : 0;
}

static int fmt_one(const struct options *o, const char *path)
{
	struct formatted f = {0};
	size_t size, skip;
	char *text = scenario_read_file(path, &size);
	int code;

	if (!text) {
		fprintf(stderr, "%s: error: cannot be opened: %s\n", path,
			strerror(errno));
		return 3;
	}
	skip = size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;
	code = format(path, text + skip, size - skip, &f);
	if (!code)
		code = put(o, path, &f,
			   size != f.size || memcmp(text, f.text, size));
	free(f.text);
	free(text);
	return code;
}

int cli_fmt(const struct options *o, int count, char **arguments)
{
	int worst = 0;

	if (count > 1 && !o->check_only && !o->write_back) {
		fprintf(stderr, "futexsim: fmt: several files need --write or "
				"--check\n");
		return 2;
	}
	for (int i = 0; i < count; i++) {
		int code = fmt_one(o, arguments[i]);

		worst = code > worst ? code : worst;
	}
	return worst;
}
