/*
 * mermaid.mjs - the diagrams as Mermaid draws them, in the versions that
 * forges use, with the settings that they use.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { futexsim, launch, open, read, tree, web } from "./browser.mjs";

/* One run of each; together they have all that a diagram can show. */
const runs = [
	["timeout/swallows-wake", "-p", "starry-0.5.11"],
	["timeout/swallows-wake", "-p", "linux"],
	["requeue/opposite-directions", "-p", "linux"],
	["requeue/twice", "-p", "linux"],
	["wake/in-queue-order", "-p", "linux"],
	["wake/stale-waker-at-a-mutex", "-p", "starry-0.5.11"],
	["signal/handler-restarts-a-wait", "-p", "linux"],
	["signal/to-a-process", "-p", "linux"],
	["process/fork-in-the-middle", "-p", "linux"],
	["process/exec-lets-go", "-p", "starry-0.5.11"],
	["process/clone-and-join", "-p", "linux"],
	["glibc/cond-lock-forgets-the-moved", "-p", "linux"],
	["drepper/mutex1-counts-round", "-p", "linux"],
	["verdicts/lock-order", "-p", "starry-0.5.11"],
	["verdicts/deadlock-on-a-mutex", "-p", "linux"],
	["verdicts/data-race", "-p", "linux"],
];

function trace_of([scenario, ...options], index) {
	const path = join(web, `mermaid-${index}.jsonl`);
	const { err } = futexsim(
		"run",
		`scenarios/${scenario}.yaml`,
		...options,
		"--trace",
		path,
	);

	assert.ok(readFileSync(path, "utf8").length > 0, err);
	return path;
}

function drawn(...args) {
	const { status, out, err } = futexsim("draw", ...args, "-o", "-");

	assert.equal(status, 0, err);
	return out;
}

/* What a person reads in the picture, and whether texts are in their boxes. */
function inspect(text) {
	const holder = document.getElementById("holder");

	mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
	return mermaid
		.parse(text)
		.then(() => mermaid.render("picture", text))
		.then(({ svg }) => {
			holder.innerHTML = svg;
			const root = holder.querySelector("svg");
			const texts = [...root.querySelectorAll("text")];
			const boxes = [...root.querySelectorAll("rect.note")];

			return {
				is_error: /aria-roledescription="error"/.test(svg),
				role: root.getAttribute("aria-roledescription"),
				width: root.viewBox.baseVal.width,
				height: root.viewBox.baseVal.height,
				title: root.querySelector("title")?.textContent,
				text: texts.map((t) => t.textContent).join("\n"),
				foreign: root.querySelectorAll(
					"script, img, iframe, b, foreignObject b",
				).length,
				frames: root.querySelectorAll("rect.rect").length,
				outside: boxes
					.map((box) => {
						const b = box.getBoundingClientRect();
						return [
							...box.parentNode.querySelectorAll(
								".noteText",
							),
						]
							.map((t) => t.getBoundingClientRect())
							.filter(
								(t) =>
									t.left < b.left - 9 ||
									t.right > b.right + 9,
							).length;
					})
					.reduce((a, b) => a + b, 0),
			};
		});
}

for (const version of ["mermaid", "mermaid-10"]) {
	const { version: number } = JSON.parse(
		readFileSync(join(web, "node_modules", version, "package.json")),
	);

	describe(`Mermaid ${number}`, () => {
		let browser, page, trouble;

		before(async () => {
			browser = await launch();
			({ page, trouble } = await open(browser));
			await page.setContent(
				"<!doctype html><title>t</title><div id=holder></div>",
			);
			await page.addScriptTag({
				path: join(
					web,
					"node_modules",
					version,
					"dist/mermaid.min.js",
				),
			});
		});
		after(() => browser?.close());

		async function check(text) {
			const seen = await page.evaluate(inspect, text);

			assert.equal(seen.is_error, false);
			assert.equal(seen.role, "sequence");
			assert.ok(seen.width > 100 && seen.height > 100);
			assert.equal(seen.foreign, 0);
			assert.equal(seen.outside, 0, "text outside of its note");
			/* What stands for numbers inside of Mermaid. */
			assert.doesNotMatch(seen.text, /ﬂ°|¶ß/);
			assert.deepEqual(trouble, []);
			return seen;
		}

		runs.forEach((run, index) => {
			it(`draws ${run.join(" ")}`, async () => {
				const trace = trace_of(run, index);
				const text = drawn(trace, "--to", "mermaid");
				const seen = await check(text);
				const lines = text.split("\n");

				assert.equal(
					seen.frames,
					lines.filter((l) => /^ *(rect|box) /.test(l))
						.length,
				);
				assert.doesNotMatch(seen.text, /#\d+;|&#/);
				assert.match(seen.text, /At the end /);
			});
		});

		it("draws the diagram that is inside of a comment", async () => {
			const trace = trace_of(runs[0], "comment");
			const text = drawn(trace, "--to", "md");
			const inner = /\n```mermaid\n([^]*?)\n```\n/.exec(text)[1];
			const seen = await check(inner);

			assert.match(seen.text, /✗ LOST WAKE-UP/);
		});

		it("draws each step if nothing is folded", async () => {
			const trace = trace_of(runs[0], "all");
			const text = drawn(trace, "--to", "mermaid", "--fold", "none");

			await check(text);
		});

		for (const name of readdirSync(join(tree, "tests/golden")))
			if (name.endsWith(".mmd"))
				it(`draws ${name}`, () =>
					check(read(`tests/golden/${name}`)));

		it("shows names of any kind as they are", async () => {
			const seen = await check(read("tests/golden/nasty-names.mmd"));

			for (const name of [
				"end",
				"a;b#c",
				"wrap: x",
				"`|*_@me$",
				"process rgb(1,2,3) box",
				"process <b>&lt;</b>",
				"mark style of:x#59; <b>",
				"<img src=x> & 'a' -->> b: \"c\"",
			])
				assert.ok(seen.text.includes(name), name);
			assert.ok(seen.title.includes("# <title> & `more` |"));
		});

		it("does complain of what is no diagram", async () => {
			await assert.rejects(
				page.evaluate(inspect, "sequenceDiagram\n  A->>\n"),
			);
		});
	});
}
