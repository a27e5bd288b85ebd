/*
 * report.c - one HTML file that tells a run: the page and its slots.
 */
#define _GNU_SOURCE /* memmem */
#include "viz/report/report.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- slots of the page itself --------------------------------------------
 */

static int slot_theme(struct report *p)
{
	if (p->is_dark)
		fputs(" data-theme=\"dark\"", p->out);
	return 0;
}

static int slot_policy(struct report *p)
{
	struct asset js = asset_js();

	fputs("default-src 'none'; style-src ", p->out);
	html_hash(p->out, p->style, strlen(p->style));
	fputs("; script-src ", p->out);
	html_hash(p->out, js.data, js.size);
	fputs("; base-uri 'none'; form-action 'none'", p->out);
	return 0;
}

static int slot_style(struct report *p)
{
	fputs(p->style, p->out);
	return 0;
}

static int slot_script(struct report *p)
{
	struct asset js = asset_js();

	fwrite(js.data, 1, js.size, p->out);
	return 0;
}

#define VIEW_SLOT(name, view)                                                  \
	static int slot_##name(struct report *p)                               \
	{                                                                      \
		return slot_view(p, view);                                     \
	}

VIEW_SLOT(sequence, VIZ_SEQUENCE)
VIEW_SLOT(happens_before, VIZ_HAPPENS_BEFORE)
VIEW_SLOT(queues, VIZ_QUEUES)
VIEW_SLOT(lock_order, VIZ_LOCK_ORDER)
VIEW_SLOT(exploration, VIZ_EXPLORATION)
VIEW_SLOT(outcomes, VIZ_OUTCOMES)

static const struct slot {
	const char *name;
	int (*fill)(struct report *p);
} slots[] = {
	{"theme", slot_theme},
	{"policy", slot_policy},
	{"style", slot_style},
	{"script", slot_script},
	{"title", slot_title},
	{"badge", slot_badge},
	{"facts", slot_facts},
	{"summary", slot_summary},
	{"verdicts", slot_verdicts},
	{"quirks", slot_quirks},
	{"sequence", slot_sequence},
	{"happens-before", slot_happens_before},
	{"queues", slot_queues},
	{"lock-order", slot_lock_order},
	{"exploration", slot_exploration},
	{"outcomes", slot_outcomes},
	{"compare", slot_compare},
	{"runs", slot_runs},
	{"steps", slot_steps},
	{"source", slot_source},
	{"commands", slot_commands},
	{"data", slot_data},
};

/* ---- the whole --------------------------------------------------------- */

static int fill_slot(struct report *p, const char *name, size_t size)
{
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (strlen(slots[i].name) == size &&
		    memcmp(slots[i].name, name, size) == 0)
			return slots[i].fill(p);
	assert(!"a slot of report.html that nobody fills");
	return -EINVAL;
}

static int fill_page(struct report *p)
{
	struct asset page = asset_html();
	const char *at = page.data, *end = page.data + page.size;
	const char *open, *close;
	int result = 0;

	while (!result && (open = memmem(at, (size_t)(end - at), "{{", 2))) {
		close = memmem(open, (size_t)(end - open), "}}", 2);
		assert(close);
		fwrite(at, 1, (size_t)(open - at), p->out);
		result = fill_slot(p, open + 2, (size_t)(close - open - 2));
		at = close + 2;
	}
	fwrite(at, 1, (size_t)(end - at), p->out);
	return result;
}

static char *make_style(void)
{
	struct asset css = asset_css();
	char *style = NULL;
	size_t size;
	FILE *out = open_memstream(&style, &size);

	if (!out)
		abort();
	palette_write(out);
	fwrite(css.data, 1, css.size, out);
	fclose(out);
	return style;
}

int viz_report(const struct viz_report *report,
	       const struct viz_options *options, FILE *out,
	       char error[VIZ_ERROR_MAX])
{
	/* Its pictures have variables for colours: those of the light ones. */
	struct viz_options light = options ? *options : (struct viz_options){0};
	struct report p = {
		.r = report,
		.t = report->trace,
		.options = &light,
		.is_dark = light.theme == VIZ_DARK,
		.out = out,
		.error = error,
	};
	int result;

	error[0] = '\0';
	light.theme = VIZ_LIGHT;
	p.style = make_style();
	p.s = story_new(p.t, &light);
	result = fill_page(&p);
	story_free(p.s);
	free(p.style);
	if (!result && ferror(out))
		result = -EIO;
	return result;
}
