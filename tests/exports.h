/*
 * exports.h - traces in other forms, for tests of viz/export/.
 */
#ifndef TESTS_EXPORTS_H
#define TESTS_EXPORTS_H

#include "tests/trace_fixture.h"
#include "viz/viz.h"

enum export {
	EXPORT_MERMAID,
	EXPORT_MARKDOWN,
	EXPORT_PERFETTO,
	EXPORT_SHIVIZ,
};

/*
 * The trace in this form; fails the test if there is none.
 * Owner: the caller frees it.
 */
char *export_of(const struct trace *t, enum export form);
/* The same with options; NULL and the reason if there is none. */
char *export_with(const struct trace *t, enum export form,
		  const struct viz_options *options, char error[VIZ_ERROR_MAX]);

/*
 * @text is that of the file tests/golden/@name, which is written if GOLDEN is
 * in the environment.
 */
void assert_golden(const char *text, const char *name);

/* How often @what stands in @text. */
unsigned int count_of(const char *text, const char *what);

/* Names and texts with all that Mermaid, Markdown and HTML have a use for. */
struct trace *fixture_nasty_names(void);

/*
 * Vector clocks for a trace made by hand: each step comes after what its
 * thread did and after the last step on its object.
 */
void fixture_clocks(struct trace *t);

#endif
