/*
 * perfetto.mjs - traces for Perfetto in a viewer that reads the same format.
 *
 * Perfetto itself is a page on the network, and Debian's Chromium comes
 * without chrome://tracing.  Speedscope is a reader of trace events of its own
 * that works from a file: it shows a track for each thread that has slices.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { futexsim, launch, open, web } from "./browser.mjs";

const runs = [
	["timeout/swallows-wake", "starry-0.5.11"],
	["requeue/twice", "linux"],
	["signal/handlers-nest", "linux"],
	["process/fork-in-the-middle", "linux"],
	["verdicts/lock-order", "starry-0.5.11"],
];
const viewer = join(web, "node_modules/speedscope/dist/release/index.html");

function events_of([scenario, profile], index) {
	const trace = join(web, `perfetto-${index}.jsonl`);

	futexsim("run", `scenarios/${scenario}.yaml`, "-p", profile, "-t", trace);
	const { status, out, err } = futexsim(
		"draw",
		trace,
		"--to",
		"perfetto",
		"-o",
		"-",
	);
	assert.equal(status, 0, err);
	return out;
}

/* "P1, A" of each thread that has a slice. */
function tracks_of(text) {
	const { traceEvents } = JSON.parse(text);
	const names = {};
	const tracks = new Set();

	for (const e of traceEvents)
		if (e.ph === "M" && e.name === "process_name")
			names[e.pid] = e.args.name;
		else if (e.ph === "M" && e.name === "thread_name")
			names[`${e.pid}:${e.tid}`] = e.args.name;
	for (const e of traceEvents)
		if (e.ph === "X")
			tracks.add(
				`${names[e.pid]} (pid ${e.pid}), ` +
					`${names[`${e.pid}:${e.tid}`]} (tid ${e.tid})`,
			);
	return tracks;
}

describe("a viewer of trace events", () => {
	let browser;

	before(async () => {
		browser = await launch();
	});
	after(() => browser?.close());

	async function load(text, name) {
		const { context, page, trouble } = await open(browser);
		const script = join(web, `${name}.js`);
		const data = Buffer.from(text).toString("base64");

		writeFileSync(
			script,
			`speedscope.loadFileFromBase64("${name}.json", "${data}");`,
		);
		await page.goto(`file://${viewer}#localProfilePath=${script}`);
		return { context, page, trouble };
	}

	runs.forEach((run, index) => {
		it(`loads ${run[0]}`, async () => {
			const text = events_of(run, index);
			const wanted = tracks_of(text);
			const { context, page, trouble } = await load(
				text,
				`perfetto-${index}`,
			);
			const seen = new Set();

			for (let i = 1; i <= wanted.size; i++) {
				const place = `(${i}/${wanted.size})`;

				await page.getByText(place).waitFor();
				seen.add(
					await page.evaluate(
						() =>
							/(.* \(tid \d+\)) \(\d+\/\d+\)/.exec(
								document.body.innerText,
							)[1],
					),
				);
				/* The next track. */
				await page.keyboard.press("n");
			}
			assert.deepEqual(seen, wanted);
			assert.deepEqual(
				trouble.filter((t) => !/WebGL/.test(t)),
				[],
			);
			await context.close();
		});
	});

	it("does complain of what is no trace", async () => {
		const { context, page, trouble } = await load(
			'{"traceEvents": 1}',
			"perfetto-broken",
		);

		for (let i = 0; i < 100 && trouble.length === 0; i++)
			await page.waitForTimeout(50);
		assert.match(trouble.join(), /dialog|error/);
		await context.close();
	});
});
