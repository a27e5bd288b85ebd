/*
 * view.c - the views by name, and who draws which.
 */
#include <string.h>

#include "viz/exploration/exploration.h"
#include "viz/happens_before/happens_before.h"
#include "viz/lock_order/lock_order.h"
#include "viz/outcomes/outcomes.h"
#include "viz/queues/queues.h"
#include "viz/sequence/sequence.h"

static const char *const views[VIZ_VIEW_COUNT] = {
	[VIZ_SEQUENCE] = "sequence",
	[VIZ_HAPPENS_BEFORE] = "happens-before",
	[VIZ_QUEUES] = "queues",
	[VIZ_LOCK_ORDER] = "lock-order",
	[VIZ_EXPLORATION] = "exploration",
	[VIZ_OUTCOMES] = "outcomes",
};

static const char *const themes[VIZ_THEME_COUNT] = {
	[VIZ_LIGHT] = "light",
	[VIZ_DARK] = "dark",
	[VIZ_PRINT] = "print",
};

static const char *const folds[VIZ_FOLD_COUNT] = {
	[VIZ_FOLD_AUTO] = "auto",
	[VIZ_FOLD_NONE] = "none",
	[VIZ_FOLD_CALLS] = "calls",
};

static bool find(const char *const *names, unsigned int count, const char *name,
		 unsigned int *index)
{
	for (unsigned int i = 0; i < count; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*index = i;
		return true;
	}
	return false;
}

const char *viz_view_name(enum viz_view view)
{
	return views[view];
}

bool viz_view_parse(const char *name, enum viz_view *view)
{
	return find(views, VIZ_VIEW_COUNT, name, (unsigned int *)view);
}

const char *viz_theme_name(enum viz_theme theme)
{
	return themes[theme];
}

bool viz_theme_parse(const char *name, enum viz_theme *theme)
{
	return find(themes, VIZ_THEME_COUNT, name, (unsigned int *)theme);
}

const char *viz_fold_name(enum viz_fold fold)
{
	return folds[fold];
}

bool viz_fold_parse(const char *name, enum viz_fold *fold)
{
	return find(folds, VIZ_FOLD_COUNT, name, (unsigned int *)fold);
}

bool viz_view_is_of_record(enum viz_view view)
{
	return view == VIZ_EXPLORATION || view == VIZ_OUTCOMES;
}

int viz_dot(enum viz_view view, const struct trace *t, const struct record *r,
	    const struct viz_options *options, FILE *out,
	    char error[VIZ_ERROR_MAX])
{
	static const struct viz_options none;
	const struct viz_options *o = options ? options : &none;

	error[0] = '\0';
	switch (view) {
	case VIZ_SEQUENCE:
		return sequence_dot(t, o, out, error);
	case VIZ_HAPPENS_BEFORE:
		return happens_before_dot(t, o, out, error);
	case VIZ_QUEUES:
		return queues_dot(t, o, out, error);
	case VIZ_LOCK_ORDER:
		return lock_order_dot(t, o, out, error);
	case VIZ_EXPLORATION:
		return exploration_dot(r, o, out, error);
	case VIZ_OUTCOMES:
		return outcomes_dot(r, o, out, error);
	case VIZ_VIEW_COUNT:
		break;
	}
	return 0;
}
