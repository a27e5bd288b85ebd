/*
 * report.mjs - the report in a browser: slider, keys, deep links, tabs, dark
 * mode, two widths, nothing that asks the network, nothing that axe minds.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { futexsim, launch, open, tree, web } from "./browser.mjs";

const races = [
	["timeout/swallows-wake", "starry-0.5.11"],
	["timeout/swallows-wake-searched", "starry-0.5.11"],
	["drepper/mutex2-wakes-before-it-unlocks", "linux"],
	["verdicts/lock-order", null],
	["exit/teardown-try-lock", "starry-0.5.11"],
];

const axe = readFileSync(join(web, "node_modules/axe-core/axe.min.js"), "utf8");
let browser;
const files = [];

before(async () => {
	browser = await launch();
	for (const [name, profile] of races) {
		const file = join(web, name.replaceAll("/", "-") + ".html");
		const args = ["report", `scenarios/${name}.yaml`, "-o", file];
		const made = futexsim(...args, ...(profile ? ["-p", profile] : []));

		assert.equal(made.status, 0, made.err);
		files.push(file);
	}
});
after(() => browser.close());

/* A page with the report number i, and what must have stayed empty. */
async function load(i, { hash = "", width = 1280, scheme = "light", script = true } = {}) {
	const opened = await open(browser, {
		viewport: { width, height: 800 },
		colorScheme: scheme,
		javaScriptEnabled: script,
	});

	await opened.page.goto(pathToFileURL(files[i]).href + hash);
	return opened;
}

async function close({ context, trouble }) {
	await context.close();
	assert.deepEqual(trouble, []);
}

const text = (page, selector) => page.locator(selector).innerText();
const step = async (page) => Number((await text(page, "#count")).split(" ")[0]);

/* The row of this number's neighbour, from what the page knows. */
const numbers = (page) =>
	page.evaluate(() => JSON.parse(document.getElementById("data").textContent).steps.map((s) => s.n));

test("the page opens at the violation and tells it", async () => {
	const opened = await load(0);
	const { page } = opened;

	assert.match(await text(page, ".badge"), /LOST WAKE-UP/);
	assert.equal(await step(page), Number((await text(page, "#violation")).match(/\d+/)[0]));
	assert.match(await text(page, "#now"), /the violation/);
	assert.match(await text(page, ".verdicts.first"), /charged to A at step \d+/);
	assert.ok(await page.locator("#svg").isVisible());
	assert.equal(await page.evaluate(() => scrollY), 0);
	await close(opened);
});

test("the slider moves the picture and the state", async () => {
	const opened = await load(0);
	const { page } = opened;
	const all = await numbers(page);

	await page.locator("#slider").fill("1");
	assert.equal(await step(page), all[0]);
	assert.match(await page.locator("#slider").getAttribute("aria-valuetext"), new RegExp(`^step ${all[0]}, `));
	assert.equal(await page.locator(`#s${all[0]}.later`).count(), 0);
	assert.equal(await page.locator(`#s${all[1]}.later`).count(), 1);
	const first = await text(page, "#things");
	await page.locator("#slider").fill(String(all.length));
	assert.equal(await step(page), all[all.length - 1]);
	assert.equal(await page.locator(".picture .later").count(), 0);
	assert.notEqual(await text(page, "#things"), first);
	await close(opened);
});

test("a slider moved to the start shows the state before any step", async () => {
	const opened = await load(0);

	await opened.page.locator("#slider").fill("0");
	assert.equal(await step(opened.page), 0);
	assert.match(await text(opened.page, "#now"), /No step/);
	assert.ok(await opened.page.locator("#previous").isDisabled());
	await close(opened);
});

test("keys step, jump, find the violation and turn the lights off", async () => {
	const opened = await load(0, { hash: "#step=1" });
	const { page } = opened;
	const all = await numbers(page);
	const press = async (key) => {
		await page.keyboard.press(key);
		return step(page);
	};

	assert.equal(await press("ArrowRight"), all[1]);
	assert.equal(await press("ArrowDown"), all[2]);
	assert.equal(await press("ArrowUp"), all[1]);
	assert.equal(await press("ArrowLeft"), all[0]);
	assert.equal(await press("End"), all[all.length - 1]);
	assert.equal(await press("Home"), 0);
	assert.equal(await press("v"), Number((await text(page, "#violation")).match(/\d+/)[0]));
	const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
	assert.equal(await paper(), "rgb(255, 255, 255)");
	await press("d");
	assert.equal(await paper(), "rgb(13, 17, 23)");
	await press("d");
	assert.equal(await paper(), "rgb(255, 255, 255)");
	await page.locator("#slider").focus();
	await press("Home");
	assert.equal(await press("ArrowDown"), all[0]);
	await close(opened);
});

test("a link leads to its step, and the back button back", async () => {
	const opened = await load(0, { hash: "#step=47" });
	const { page } = opened;

	assert.equal(await step(page), 47);
	assert.ok(await page.locator("#s47").isVisible());
	const link = page.locator(".evidence a").first();
	const n = Number((await link.innerText()).match(/\d+/)[0]);
	await link.click();
	assert.equal(await step(page), n);
	assert.match(page.url(), new RegExp(`#step=${n}$`));
	await page.goBack();
	await page.waitForFunction(() => document.getElementById("count").textContent.startsWith("47 "));
	await page.keyboard.press("ArrowRight");
	await page.waitForFunction(() => location.hash !== "#step=47");
	assert.equal(Number(page.url().match(/step=(\d+)/)[1]), await step(page));
	await close(opened);
});

test("a link to a step without a row leads to the row it is told by", async () => {
	for (const [asked, wanted] of [["#step=60", 59], ["#step=999999", null], ["#step=0", 0]]) {
		const opened = await load(0, { hash: asked });
		const all = await numbers(opened.page);

		assert.equal(await step(opened.page), wanted ?? all[all.length - 1]);
		await close(opened);
	}
});

test("nonsense behind the # is no trouble", async () => {
	const opened = await load(0, { hash: "#step=%3Cscript%3E&view=nothing" });

	assert.match(await text(opened.page, "#now"), /the violation/);
	await close(opened);
});

test("tabs open by click and by key, and the address names them", async () => {
	const opened = await load(0);
	const { page } = opened;
	const shown = () => page.locator("[role=tabpanel]:visible").evaluateAll((all) => all.map((e) => e.id));

	assert.deepEqual(await shown(), ["view-sequence"]);
	await page.locator("#tab-happens-before").click();
	assert.deepEqual(await shown(), ["view-happens-before"]);
	assert.equal(await page.locator("#tab-happens-before").getAttribute("aria-selected"), "true");
	await page.keyboard.press("End");
	assert.deepEqual(await shown(), ["view-steps"]);
	await page.keyboard.press("ArrowRight");
	assert.deepEqual(await shown(), ["view-sequence"]);
	await page.keyboard.press("ArrowLeft");
	assert.deepEqual(await shown(), ["view-steps"]);
	await page.waitForFunction(() => location.hash.includes("view=steps"));
	await page.reload();
	assert.deepEqual(await shown(), ["view-steps"]);
	await close(opened);
});

test("every tab has a picture, or says why it has none", async () => {
	for (let i = 0; i < files.length; i++) {
		const opened = await load(i);

		for (const tab of await opened.page.locator("[role=tab]").all()) {
			await tab.click();
			const panel = opened.page.locator("[role=tabpanel]:visible");
			assert.equal(await panel.count(), 1);
			assert.equal(await panel.locator("svg.picture:visible, table:visible, p.absent:visible").count(), 1);
			if (await panel.locator("p.absent").count())
				assert.match(await panel.locator("p.absent").innerText(), /\w+ \w+/);
		}
		assert.equal(await opened.page.locator("#view-exploration svg").count(), 1);
		assert.equal(await opened.page.locator("#view-outcomes svg").count(), 1);
		await close(opened);
	}
});

test("the scenario's line of the step is marked, and who is where", async () => {
	const opened = await load(0, { hash: "#step=47" });
	const { page } = opened;
	const here = page.locator("#source .line.here");

	assert.equal(await here.count(), 1);
	assert.match(await here.innerText(), /B: \[store F 1/);
	assert.equal(await here.getAttribute("aria-current"), "step");
	assert.equal(await page.locator("#source .line[data-who='A']").count(), 1);
	await close(opened);
});

test("the state panel shows locks, queues, words and threads", async () => {
	/* B is about to wake: A and C are queued, B holds the queue's lock. */
	const opened = await load(0, { hash: "#step=56" });
	const things = await text(opened.page, "#things");

	assert.match(things, /B\s*.*running/);
	assert.match(things, /wq\s+held by B/);
	assert.match(things, /F\s+A\s*C/);
	assert.match(things, /F\s+1/);
	assert.match(things, /C\s+parked/);
	await close(opened);
});

test("a click on a row goes there, and a command is copied", async () => {
	const opened = await load(0, { hash: "#step=1" });
	const { page, context } = opened;

	await page.locator("#s23").click({ force: true });
	assert.equal(await step(page), 23);
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await page.locator("[data-copy=command-1]").click();
	await page.waitForFunction(() => document.querySelector("[data-copy=command-1]").textContent === "copied");
	assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await text(page, "#command-1"));
	await close(opened);
});

test("dark is what the system says, until the button says otherwise", async () => {
	const opened = await load(0, { scheme: "dark" });
	const { page } = opened;
	const ink = () => page.locator("#svg text").first().evaluate((e) => getComputedStyle(e).fill);

	assert.equal(await text(page, "#theme"), "light");
	const dark = await ink();
	await page.locator("#theme").click();
	assert.notEqual(await ink(), dark);
	assert.equal(await text(page, "#theme"), "dark");
	await close(opened);
});

test("without a script all is there to be read", async () => {
	const opened = await load(0, { script: false });
	const { page } = opened;

	for (const id of ["svg", "view-steps", "source"])
		assert.ok(await page.locator("#" + id).isVisible(), id);
	assert.ok(!(await page.locator("#bar").isVisible()));
	assert.match(await text(page, "footer"), /Reproduce/);
	await close(opened);
});

/* ---- at 1280 pixels and at a phone's width ---- */

/* Text that is smaller than so many pixels as it is shown. */
const smallest = (page) =>
	page.evaluate(() => {
		let least = 99;
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);

		while (walker.nextNode()) {
			const element = walker.currentNode.parentElement;
			const svg = element.closest("svg");

			if (!walker.currentNode.textContent.trim() || !element.getClientRects().length || element.closest("script, style"))
				continue;
			const zoom = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
			least = Math.min(least, parseFloat(getComputedStyle(element).fontSize) * zoom);
		}
		return least;
	});

for (const width of [1280, 375]) {
	test(`it is readable at ${width} pixels`, async () => {
		for (let i = 0; i < files.length; i++) {
			const opened = await load(i, { width });
			const { page } = opened;

			assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
			assert.ok((await smallest(page)) >= 8.4, String(await smallest(page)));
			for (const id of ["previous", "next", "slider", "theme"]) {
				const box = await page.locator("#" + id).boundingBox();

				assert.ok(box.x >= 0 && box.x + box.width <= width, id);
				assert.ok(box.height >= 24, id);
			}
			await close(opened);
		}
	});
}

/* As the debugger does it, past the policy of the page. */
async function violations(page) {
	await page.evaluate(axe + "; undefined");
	return page.evaluate(async () => {
		const { violations: found } = await axe.run();

		return found.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3)}`);
	});
}

for (const scheme of ["light", "dark"]) {
	test(`axe has nothing to say of five races, ${scheme}`, async () => {
		for (let i = 0; i < files.length; i++) {
			const opened = await load(i, { scheme });

			assert.deepEqual(await violations(opened.page), [], files[i]);
			await close(opened);
		}
	});

	test(`axe has nothing to say of any tab, ${scheme}`, async () => {
		const opened = await load(0, { scheme, width: 375 });

		for (const tab of await opened.page.locator("[role=tab]").all()) {
			await tab.click();
			assert.deepEqual(await violations(opened.page), [], await tab.innerText());
		}
		await close(opened);
	});
}
