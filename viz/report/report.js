"use strict";
(() => {
const $ = (id) => document.getElementById(id);
const root = document.documentElement;
const data = JSON.parse($("data").textContent);
const steps = data.steps;
const last = steps.length;
const diagram = $("svg");
const box = diagram.parentElement;
let at = -1;

function make(tag, name, text) {
	const element = document.createElement(tag);

	if (name)
		element.className = name;
	if (text !== undefined)
		element.textContent = text;
	return element;
}

/* ---- states: of each step what differs, added up; 0 is the start ---- */

const states = [data.start];
for (const step of steps)
	states.push({ ...states[states.length - 1], ...step.now });

/* The row that step n is in. */
function rowOf(n) {
	let row = 0;

	while (row < last && steps[row].n <= n)
		row++;
	return row;
}

/* ---- what belongs to which row of the pictures ---- */

const marks = [...document.querySelectorAll(".picture [class*=' at']")].map((group) => ({
	group,
	n: Math.max(...[...group.classList].map((c) => +(c.match(/^at(\d+)$/) || [0, 0])[1])),
}));
marks.sort((a, b) => a.n - b.n);

function show(from, to) {
	const n = to ? steps[to - 1].n : 0;

	for (const mark of marks)
		mark.group.classList.toggle("later", mark.n > n);
	for (const group of document.querySelectorAll(".here"))
		group.classList.remove("here");
	for (const prefix of ["hb-s", "queues-s", "diff-s", "step="]) {
		const element = to && $(prefix + n);

		if (element)
			element.classList.add("here");
	}
}

const cursor = document.createElementNS("http://www.w3.org/2000/svg", "rect");
cursor.setAttribute("class", "cursor");
cursor.setAttribute("rx", "2");
(diagram.querySelector("g") || diagram).append(cursor);

function place(row) {
	const band = row && $("row" + steps[row - 1].n);
	const r = band && band.getBBox();

	/* A box that is not shown has no size. */
	cursor.style.display = r && r.width ? "" : "none";
	if (!r || !r.width)
		return;
	const insets = { x: r.x + 1, y: r.y + 0.5, width: r.width - 2, height: r.height - 1 };
	for (const [name, value] of Object.entries(insets))
		cursor.setAttribute(name, value);
}

/* Scroll the diagram so that the row is seen, and the page if it moved. */
function follow(row, isMoved) {
	const target = row ? $("s" + steps[row - 1].n) : $("lane0");

	if (!target || !box.offsetParent)
		return;
	const inner = box.getBoundingClientRect();
	const r = target.getBoundingClientRect();
	const top = 80, side = 24;
	/* What is below the row, such as why it is wrong, is seen as well. */
	const below = steps[row - 1]?.bad ? 150 : 48;
	const end = innerHeight - inner.top < 300 ? inner.bottom : Math.min(inner.bottom, innerHeight);
	if (r.top < inner.top + top || r.bottom > end - below)
		box.scrollTop += r.top - inner.top - Math.max(top, Math.min((end - inner.top) / 2, end - inner.top - below - r.height));
	if (r.left < inner.left + side)
		box.scrollLeft += r.left - inner.left - side;
	else if (r.right > inner.right - side)
		box.scrollLeft += r.right - inner.right + side;
	if (!isMoved)
		return;
	const moved = target.getBoundingClientRect();
	if (moved.top < $("bar").offsetHeight || moved.bottom > innerHeight)
		scrollBy(0, moved.top - innerHeight / 2);
}

/* ---- state panel ---- */

function table(title, rows) {
	const element = make("table", "state");

	element.append(make("caption", "", title));
	for (const [name, value, style] of rows) {
		const row = element.insertRow();
		const head = make("th");

		head.scope = "row";
		head.append(...[name].flat());
		row.append(head);
		row.insertCell().append(...[value].flat());
		row.className = style || "";
	}
	return element;
}

function locks(now, before) {
	const rows = [];

	data.locks.forEach((lock, i) => {
		const holder = now["l" + i];

		if (lock.quiet && !holder && !before["l" + i])
			return;
		rows.push([
			[make("span", "swatch lock" + lock.color), make("code", "", lock.name)],
			holder ? "held by " + holder : make("span", "quiet", "free"),
			(holder ? "held" : "") + (holder !== before["l" + i] ? " changed" : ""),
		]);
	});
	return rows;
}

/*
 * A queue that nobody is left on is dropped, and the next waiter gets another
 * one, F#2: of those for one word, the empty ones are not told.
 */
function queues(now, before) {
	const rows = new Map();

	data.queues.forEach((name, i) => {
		const queue = now["q" + i];
		const gone = before["q" + i].filter((thread) => !queue.includes(thread));
		const chips = [
			...gone.map((thread) => make("span", "chip gone", thread)),
			...queue.map((thread) => make("span", "chip", thread)),
		];
		const word = name.replace(/#\d+$/, "");

		rows.set(word, rows.get(word) || []);
		if (chips.length)
			rows.get(word).push([name, chips]);
	});
	return [...rows].flatMap(([word, told]) => {
		if (!told.length)
			return [[make("code", "", word), make("span", "quiet", "empty")]];
		return told.map(([name, chips]) => [make("code", "", told.length > 1 ? name : word), chips]);
	});
}

function words(now, before) {
	const rows = [];

	data.words.forEach((name, i) => {
		const value = now["w" + i];

		if (value !== null)
			rows.push([make("code", "", name), make("code", "", value), value !== before["w" + i] ? "changed" : ""]);
	});
	return rows;
}

function threads(now, before, who) {
	return data.threads.map((name, i) => {
		const [state, call] = now["t" + i];
		const cell = [state];

		if (call)
			cell.push(make("small", "mono", call));
		return [name, cell, (name === who ? "mine" : "") + (state !== before["t" + i][0] ? " changed" : "")];
	});
}

function tell(row) {
	const step = row ? steps[row - 1] : null;
	const now = states[row], before = states[row ? row - 1 : 0];
	const tables = [["threads", threads(now, before, step && step.who)], ["wait queues, head first", queues(now, before)], ["locks", locks(now, before)], ["words", words(now, before)]];

	$("things").replaceChildren(...tables.filter((t) => t[1].length).map((t) => table(...t)));
	$("after").textContent = step ? "step " + step.n : "nothing: the start";
	const line = $("now");
	line.className = step && step.bad ? "now bad" : "now";
	line.replaceChildren();
	if (!step) {
		line.append("No step was made.");
		return;
	}
	line.append(make("b", "", step.who), make("code", "", step.text));
	if (step.bad || step.proof)
		line.append(make("span", "bad", step.bad ? "✗ the violation" : "• evidence"));
	line.append(make("span", "where", ["t = " + step.time, step.src].filter(Boolean).join(" · ")));
}

/* ---- source ---- */

const lines = [...document.querySelectorAll("#source .line")];

/* Where each line tells who is at it. */
function whoIsAt(row) {
	const who = new Map();

	data.threads.forEach((name, i) => {
		const line = states[row]["o" + i];

		if (line)
			who.set(line, (who.has(line) ? who.get(line) + " " : "") + name);
	});
	return who;
}

const widest = Math.max(1, ...states.flatMap((state, row) => [...whoIsAt(row).values()].map((names) => names.length)));
$("source").style.setProperty("--who", Math.min(widest, 10) + "ch");

function source(row) {
	const step = row ? steps[row - 1] : null;
	const who = whoIsAt(row);

	lines.forEach((line, i) => {
		const names = who.get(i + 1);

		line.classList.toggle("here", !!step && step.line === i + 1);
		if (step && step.line === i + 1)
			line.setAttribute("aria-current", "step");
		else
			line.removeAttribute("aria-current");
		if (names)
			line.dataset.who = names;
		else
			delete line.dataset.who;
	});
	const here = step && lines[step.line - 1];
	const pane = $("source");
	if (!here)
		return;
	const y = here.offsetTop - pane.offsetTop;
	if (y < pane.scrollTop || y + here.offsetHeight > pane.scrollTop + pane.clientHeight)
		pane.scrollTop = y - pane.clientHeight / 2;
}

/* ---- going to a step ---- */

const slider = $("slider");
slider.max = last;
let later = 0;

/* The address names the step, a moment later: keys repeat fast. */
function remember() {
	clearTimeout(later);
	later = setTimeout(() => {
		let hash = "#step=" + (at ? steps[at - 1].n : 0);

		if (view !== "sequence")
			hash += "&view=" + view;
		try {
			history.replaceState(null, "", hash);
		} catch (error) {
			/* A page without an address of its own. */
		}
	}, 150);
}

function go(row, isMoved, isFollowed = isMoved) {
	row = Math.max(0, Math.min(last, row));
	if (row !== at) {
		const step = row ? steps[row - 1] : null;

		show(at, row);
		at = row;
		slider.value = row;
		slider.setAttribute("aria-valuetext", step ? `step ${step.n}, ${step.who}: ${step.text}` : "the start");
		$("count").textContent = (step ? step.n : 0) + " / " + (last ? steps[last - 1].n : 0);
		$("previous").disabled = !row;
		$("next").disabled = row === last;
		place(row);
		tell(row);
		source(row);
	}
	if (isFollowed)
		follow(row, isMoved || location.hash);
	if (isMoved)
		remember();
}

const bad = data.verdict ? rowOf(data.verdict) : 0;
if (bad) {
	const where = steps[bad - 1].bad ? "step " + steps[bad - 1].n : "end";

	$("violation").textContent = "✗ " + where;
	$("violation").setAttribute("aria-label", "✗ " + where + ", to the violation");
	$("violation").hidden = false;
}

/* ---- tabs ---- */

const tabs = [...document.querySelectorAll("[role=tab]")];
let view = "sequence";

function open(name, isMoved) {
	const tab = $("tab-" + name);

	if (!tab)
		return;
	view = name;
	for (const other of tabs) {
		other.setAttribute("aria-selected", other === tab);
		other.tabIndex = other === tab ? 0 : -1;
		$(other.getAttribute("aria-controls")).hidden = other !== tab;
	}
	fit();
	if (at >= 0) {
		place(at);
		follow(at, false);
	}
	if (isMoved)
		remember();
}

for (const tab of tabs) {
	const panel = $(tab.getAttribute("aria-controls"));

	tab.classList.toggle("empty", !!panel.querySelector(".absent"));
	/* A panel that holds nothing to focus can be focused itself. */
	if (!panel.querySelector("[tabindex]"))
		panel.tabIndex = 0;
	tab.addEventListener("click", () => open(tab.id.slice(4), true));
}
document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
	const i = tabs.indexOf(document.activeElement);
	const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];

	if (to === undefined || i < 0)
		return;
	event.preventDefault();
	const tab = tabs[(to + tabs.length) % tabs.length];
	tab.focus();
	open(tab.id.slice(4), true);
});

/* ---- the picture's width, and the heads of its lanes ---- */

/* A little smaller if it fits then; never so small that it is not read. */
const SMALLEST = 0.85;

for (const picture of document.querySelectorAll(".picture")) {
	picture.dataset.width = picture.getAttribute("width");
}

const heads = make("div", "heads");
heads.setAttribute("aria-hidden", "true");
heads.hidden = true;

function makeHeads() {
	const lane = $("lane0"), panel = $("panel0");

	if (!lane || !panel || !panel.getBBox().height)
		return;
	const view = diagram.viewBox.baseVal;
	const shift = diagram.querySelector("g").transform.baseVal.consolidate().matrix.f;
	const top = panel.getBBox().y + shift;
	const bottom = lane.getBBox().y + lane.getBBox().height + shift + 1;
	const svg = diagram.cloneNode(false);
	const use = document.createElementNS("http://www.w3.org/2000/svg", "use");

	for (const name of ["id", "role", "aria-label", "class"])
		svg.removeAttribute(name);
	svg.setAttribute("viewBox", `${view.x} ${top} ${view.width} ${bottom - top}`);
	use.setAttribute("href", "#graph0");
	svg.append(use);
	heads.replaceChildren(svg);
	heads.dataset.share = (bottom - top) / view.width;
	heads.dataset.from = (bottom - view.y) / view.width;
	box.prepend(heads);
}

function headsUp() {
	const width = diagram.getBoundingClientRect().width;

	heads.hidden = box.scrollTop < width * heads.dataset.from;
}

function fit() {
	for (const picture of document.querySelectorAll(".picture")) {
		const own = +picture.dataset.width;
		const room = picture.parentElement.clientWidth;

		if (room)
			picture.setAttribute("width", Math.round(Math.max(own * SMALLEST, Math.min(own, room))));
	}
	const svg = heads.firstChild;
	if (!svg)
		return;
	const width = +diagram.getAttribute("width");
	svg.setAttribute("width", width);
	svg.setAttribute("height", width * heads.dataset.share);
	headsUp();
}

/* ---- light and dark ---- */

const system = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

function nameTheme() {
	$("theme").textContent = isDark() ? "light" : "dark";
}

function turn() {
	root.dataset.theme = isDark() ? "light" : "dark";
	nameTheme();
}
system.addEventListener("change", nameTheme);

/* ---- what the reader does ---- */

const keys = {
	ArrowRight: () => go(at + 1, true),
	ArrowDown: () => go(at + 1, true),
	ArrowLeft: () => go(at - 1, true),
	ArrowUp: () => go(at - 1, true),
	Home: () => go(0, true),
	End: () => go(last, true),
	v: () => bad && go(bad, true),
	d: turn,
};

/* Boxes other than the diagram scroll by the same keys. */
function isElsewhere(event) {
	const place = event.target.closest("[role=tablist], [role=region], pre, summary");

	return place && place !== box && event.key.length > 1;
}

addEventListener("keydown", (event) => {
	if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isElsewhere(event))
		return;
	const act = keys[event.key];

	if (!act)
		return;
	event.preventDefault();
	act();
});
slider.addEventListener("input", () => go(+slider.value, true));
$("previous").addEventListener("click", () => go(at - 1, true));
$("next").addEventListener("click", () => go(at + 1, true));
$("violation").addEventListener("click", () => go(bad, true));
$("theme").addEventListener("click", turn);
box.addEventListener("scroll", headsUp, { passive: true });
addEventListener("resize", fit);
diagram.addEventListener("click", (event) => {
	const hit = steps.findIndex((step) => {
		const band = $("row" + step.n);
		const r = band && band.getBoundingClientRect();

		return r && r.height && event.clientY >= r.top && event.clientY < r.bottom;
	});

	if (hit >= 0)
		go(hit + 1, true);
});

for (const button of document.querySelectorAll("[data-copy]")) {
	button.addEventListener("click", async () => {
		const text = $(button.dataset.copy);

		try {
			await navigator.clipboard.writeText(text.textContent);
		} catch (error) {
			getSelection().selectAllChildren(text);
			document.execCommand("copy");
		}
		button.textContent = "copied";
		setTimeout(() => (button.textContent = "copy"), 1500);
	});
}

/* ---- deep links ---- */

function arrive() {
	const asked = new URLSearchParams(location.hash.slice(1));
	const name = asked.get("view");
	const n = asked.get("step");

	open(name && $("tab-" + name) ? name : "sequence", false);
	if (n !== null && /^\d+$/.test(n))
		go(rowOf(+n), false, true);
	else
		go(bad || last, false, bad > 0);
}
addEventListener("hashchange", arrive);

root.classList.add("js");
for (const element of document.querySelectorAll(".needs-script"))
	element.hidden = false;
makeHeads();
nameTheme();
arrive();
})();
