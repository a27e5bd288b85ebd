/*
 * browser.mjs - Chromium for the tests: Debian's, with a new empty profile,
 * and nothing that would talk to anybody.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const tree = process.env.TREE;
export const web = process.env.WEB;

const flags = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

/* Playwright makes an empty directory for the profile and removes it. */
export function launch() {
	return chromium.launch({
		executablePath: "/usr/bin/chromium",
		headless: true,
		args: flags,
	});
}

/*
 * A page that is offline and notes what goes wrong: errors, dialogs, and every
 * request that is not for a file or data.
 */
export async function open(browser, options = {}) {
	const context = await browser.newContext({ offline: true, ...options });
	const page = await context.newPage();
	const trouble = [];

	page.on("pageerror", (error) => trouble.push(`error: ${error}`));
	page.on("console", (message) => {
		if (message.type() === "error" || message.type() === "warning")
			trouble.push(`${message.type()}: ${message.text()}`);
	});
	page.on("dialog", (dialog) => {
		trouble.push(`dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	page.on("request", (request) => {
		if (!/^(file|data|blob|about):/.test(request.url()))
			trouble.push(`request: ${request.url()}`);
	});
	return { context, page, trouble };
}

/* What the program prints; the exit status is the caller's to judge. */
export function futexsim(...args) {
	try {
		const out = execFileSync(process.env.FUTEXSIM, args, {
			cwd: tree,
			maxBuffer: 1 << 28,
			stdio: ["ignore", "pipe", "pipe"],
		});

		return { status: 0, out: String(out), err: "" };
	} catch (error) {
		if (error.status === null || error.status === undefined)
			throw error;
		return {
			status: error.status,
			out: String(error.stdout),
			err: String(error.stderr),
		};
	}
}

export function read(name) {
	return readFileSync(join(tree, name), "utf8");
}
