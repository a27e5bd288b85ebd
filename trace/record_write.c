/*
 * record_write.c - the record of a search into a file of JSON Lines;
 * record_format.h shows the lines.
 */
#include "trace/record.h"

#include <errno.h>

#include "trace/format.h"
#include "trace/line.h"
#include "trace/record_format.h"

struct writer {
	const struct record *r;
	FILE *out;
	struct line line;
	struct digest *digest;
	int error;
};

static void end_line(struct writer *w)
{
	line_close(&w->line, '}');
	line_raw(&w->line, "\n");
	digest_add(w->digest, w->line.data, w->line.size);
	errno = 0;
	if (w->error == 0 &&
	    fwrite(w->line.data, 1, w->line.size, w->out) != w->line.size)
		w->error = errno ? -errno : -EIO;
}

static void put_header(struct writer *w)
{
	const struct record *r = w->r;
	struct line *l = &w->line;

	line_start(l);
	line_signed(l, RECORD_KEY, RECORD_FORMAT);
	line_string(l, "tool", r->tool);
	line_string(l, "scenario", r->scenario);
	line_string(l, "title", r->title);
	line_string(l, "schedule", r->schedule);
	line_string(l, "profile", r->profile);
	line_string(l, "digest", r->digest);
	line_string(l, "strategy", r->strategy);
	line_string(l, "granularity", r->granularity);
	line_string(l, "coverage", r->coverage);
	line_unsigned(l, "runs", r->runs);
	line_unsigned(l, "states", r->states);
	line_unsigned(l, "moves", r->moves);
	line_bool(l, "merged", r->states_are_merged);
	line_bool(l, "whole", r->is_whole);
	line_bool(l, "truncated", r->is_truncated);
	if (r->counterexample >= 0)
		line_signed(l, "counterexample", r->counterexample);
	if (r->decisive)
		line_unsigned(l, "decisive", r->decisive);
	end_line(w);
}

static void put_outcome(struct writer *w, uint32_t index)
{
	const struct record_outcome *o = &w->r->outcomes[index];
	struct line *l = &w->line;
	int kind;

	line_start(l);
	line_unsigned(l, "outcome", index);
	line_string(l, "results", o->results);
	line_string(l, "words", o->words);
	line_string(l, "blocked", o->blocked);
	line_open(l, "verdicts", '[');
	for (kind = 0; kind < VERDICT_KIND_COUNT; kind++) {
		if (o->verdicts >> kind & 1)
			line_string(l, NULL,
				    verdict_name((enum verdict_kind)kind));
	}
	line_close(l, ']');
	line_bool(l, "expected", o->is_expected);
	line_unsigned(l, "runs", o->runs);
	line_unsigned(l, "preemptions", o->preemptions);
	line_unsigned(l, "switches", o->switches);
	end_line(w);
}

static void put_switches(struct writer *w, uint32_t index)
{
	const struct record_switches *s = &w->r->switches[index];

	line_start(&w->line);
	line_unsigned(&w->line, "of", s->outcome);
	line_unsigned(&w->line, "switches", s->switches);
	line_unsigned(&w->line, "runs", s->runs);
	end_line(w);
}

static void put_node(struct writer *w, uint32_t index)
{
	const struct record_node *n = &w->r->nodes[index];

	line_start(&w->line);
	line_unsigned(&w->line, "node", index);
	line_unsigned(&w->line, "depth", n->depth);
	if (n->outcome >= 0)
		line_signed(&w->line, "outcome", n->outcome);
	else if (n->outcome == RECORD_CUT)
		line_bool(&w->line, "cut", true);
	end_line(w);
}

static void put_edge(struct writer *w, uint32_t index)
{
	const struct record_edge *e = &w->r->edges[index];
	struct line *l = &w->line;

	line_start(l);
	line_unsigned(l, "from", e->from);
	line_unsigned(l, "to", e->to);
	line_unsigned(l, "runs", e->runs);
	if (e->is_counterexample)
		line_bool(l, "counterexample", true);
	line_open(l, "legs", '[');
	for (uint32_t i = 0; i < e->leg_count; i++) {
		line_open(l, NULL, '[');
		line_string(l, NULL, e->legs[i].mover);
		line_string(l, NULL, e->legs[i].first);
		line_string(l, NULL, e->legs[i].last);
		line_unsigned(l, NULL, e->legs[i].steps);
		line_close(l, ']');
	}
	line_close(l, ']');
	end_line(w);
}

static void put_end(struct writer *w)
{
	const struct record *r = w->r;
	struct line *l = &w->line;
	char hex[DIGEST_SIZE];

	digest_hex(w->digest, hex);
	line_start(l);
	line_open(l, "end", '{');
	line_unsigned(l, "outcomes", r->outcome_count);
	line_unsigned(l, "switches", r->switches_count);
	line_unsigned(l, "nodes", r->node_count);
	line_unsigned(l, "edges", r->edge_count);
	line_close(l, '}');
	line_string(l, "digest", hex);
	end_line(w);
}

static void put_all(struct writer *w, uint32_t count,
		    void (*put)(struct writer *w, uint32_t index))
{
	for (uint32_t i = 0; i < count && w->error == 0; i++)
		put(w, i);
}

int record_write(const struct record *r, FILE *out)
{
	struct writer w = {.r = r, .out = out, .digest = digest_new()};

	put_header(&w);
	put_all(&w, r->outcome_count, put_outcome);
	put_all(&w, r->switches_count, put_switches);
	put_all(&w, r->node_count, put_node);
	put_all(&w, r->edge_count, put_edge);
	put_end(&w);
	errno = 0;
	if (w.error == 0 && fflush(out) != 0)
		w.error = errno ? -errno : -EIO;
	digest_free(w.digest);
	line_fini(&w.line);
	return w.error;
}
