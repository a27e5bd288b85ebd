/*
 * host.c - the model, then the kernel; and again if the machine was too slow
 * or they differ, for what is seen once may be the machine's doing.
 */
#include "sim/host/host.h"

#include <stdio.h>

#include "sim/host/beats.h"
#include "sim/host/enact.h"
#include "sim/host/stage.h"

#define TRIES_MAX 6 /* the gap doubles each time */

const char *host_reason_text(enum host_reason reason)
{
	static const char *const texts[HOST_REASON_COUNT] = {
		[HOST_INSIDE] = "stop a thread inside a call",
		[HOST_MODEL_ONLY] = "do what only the model can",
		[HOST_TIME] = "let a deadline pass unseen",
		[HOST_MEMORY] = "map memory as no process can",
		[HOST_NO_END] = "do not come to their end",
		[HOST_QUIRKS] = "change the profile",
		[HOST_PROFILE] = "are about other kernels",
		[HOST_NOTHING] = "have nothing to compare",
		[HOST_SLOW] = "are too fast for this machine",
	};

	return texts[reason];
}

void host_refuse_op(struct host_report *report, enum host_reason reason,
		    const struct scenario *s, const struct op *op,
		    const char *why)
{
	int line = op->mark.line;
	const char *path = scenario_place(s, &line);

	report->outcome = HOST_REFUSED;
	report->reason = reason;
	if (path == s->path)
		snprintf(report->text, sizeof(report->text), "line %d: '%s' %s",
			 line, op->text, why);
	else
		snprintf(report->text, sizeof(report->text), "%s:%d: '%s' %s",
			 path, line, op->text, why);
}

/* One performance.  Returns false if it tells nothing. */
static bool perform(const struct scenario *s, const struct beats *beats,
		    const struct host_options *options,
		    struct host_report *report)
{
	struct stage stage;
	bool is_known = true;

	if (stage_open(&stage, s, options, report))
		is_known = enact(&stage, beats, options, report);
	stage_close(&stage);
	return is_known;
}

static void perform_until_known(const struct scenario *s,
				const struct beats *beats,
				const struct host_options *options,
				struct host_report *report)
{
	struct host_options o = *options;
	bool has_differed = false;
	int i;

	for (i = 0; i < TRIES_MAX; i++) {
		if (perform(s, beats, &o, report)) {
			if (report->outcome != HOST_DIFFERS || has_differed)
				return;
			has_differed = true;
		}
		o.gap *= 2;
	}
	report->outcome = HOST_REFUSED;
	report->reason = HOST_SLOW;
	snprintf(report->text, sizeof(report->text),
		 "this machine is too slow for its deadlines");
}

void host_compare(struct sim *sim, const struct run_request *request,
		  const struct host_options *options,
		  struct host_report *report)
{
	struct beats beats;

	*report = (struct host_report){0};
	if (beats_record(&beats, sim, request, report))
		perform_until_known(request->scenario, &beats, options, report);
	if (report->outcome == HOST_AGREES && !report->operations) {
		report->outcome = HOST_REFUSED;
		report->reason = HOST_NOTHING;
		snprintf(report->text, sizeof(report->text),
			 "no operation comes to its end, so there is nothing "
			 "to compare");
	}
	beats_free(&beats);
}
