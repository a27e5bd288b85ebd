/*
 * markdown.mjs - comments for reviews as a reader of GitHub's Markdown has
 * them.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { marked } from "marked";
import { futexsim, read, web } from "./browser.mjs";

function comment_on(scenario, profile) {
	const trace = join(web, "markdown.jsonl");

	futexsim("run", `scenarios/${scenario}.yaml`, "-p", profile, "-t", trace);
	const { status, out, err } = futexsim(
		"draw",
		trace,
		"--to",
		"md",
		"-o",
		"-",
	);
	assert.equal(status, 0, err);
	return out;
}

/* All tokens of kind @type, however deep. */
function all(text, type) {
	const found = [];

	marked.walkTokens(marked.lexer(text, { gfm: true }), (token) => {
		if (token.type === type) found.push(token);
	});
	return found;
}

function check(text) {
	const [heading, ...more] = all(text, "heading");
	const code = all(text, "code");
	const [table] = all(text, "table");

	assert.equal(heading.depth, 3);
	assert.match(heading.text, /^[✓✗] /);
	assert.deepEqual(more, []);
	assert.equal(code[0].lang, "mermaid");
	assert.match(code[0].text, /^sequenceDiagram\n/);
	assert.deepEqual(
		table.header.map((cell) => cell.text),
		["step", "thread", "what", "after it"],
	);
	assert.ok(table.rows.length > 2);
	for (const row of table.rows) assert.equal(row.length, 4);
	for (const { raw } of all(text, "html"))
		assert.match(raw, /^<\/?span>$/);
	assert.deepEqual(all(text, "image"), []);
	assert.deepEqual(all(text, "link"), []);
	return { heading, code, table };
}

/* What a person reads. */
function words(text) {
	return marked
		.parse(text)
		.replace(/<[^>]*>/g, "")
		.replace(/&lt;/g, "<")
		.replace(/&gt;/g, ">")
		.replace(/&quot;/g, '"')
		.replace(/&#39;/g, "'")
		.replace(/&amp;/g, "&");
}

describe("a comment for a review", () => {
	for (const [scenario, profile, wanted] of [
		["timeout/swallows-wake", "starry-0.5.11", /✗ lost-wakeup: /],
		["timeout/swallows-wake", "linux", /✓ /],
		["verdicts/lock-order", "starry-0.5.11", /✗ lock-order: /],
		["requeue/twice", "linux", /✓ /],
		["process/exec-lets-go", "starry-0.5.11", /✗ wrong-key: /],
	])
		it(`has its parts for ${scenario} on ${profile}`, () => {
			const text = comment_on(scenario, profile);
			const { heading, code, table } = check(text);
			const faults = table.rows.filter((row) =>
				/✗/.test(row[0].text),
			);

			assert.match(heading.text, wanted);
			assert.equal(faults.length, /✗/.test(heading.text) ? 1 : 0);
			assert.equal(code[1].lang, "sh");
			assert.match(code[1].text, /^futexsim run /);
		});

	it("shows names of any kind as they are", () => {
		const text = read("tests/golden/nasty-names.md");
		const seen = words(text);

		check(text);
		for (const name of [
			"# <title> & `more` |",
			"nasty | `name`",
			"<img src=x> & 'a' -->> b: \"c\"; | @me $1$ `d`",
			"mark `` | ``` ]]>",
			"`|*_@me$",
		])
			assert.ok(seen.includes(name), name);
	});
});
