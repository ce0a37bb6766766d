// All crawls, the newest first, with live progress.
import {el, show} from "./dom.js";
import {list} from "./api.js";
import {every} from "./live.js";
import {bar} from "./charts.js";
import {ENDED, ago, duration, number, rate} from "./format.js";

const STATES = ["", "queued", "running", "draining", "finished", "failed", "cancelled", "lost"];

function row(crawl) {
  const p = crawl.progress;
  const done = ENDED.has(crawl.state);
  return el("a", {class: "card crawl", href: `#/crawls/${crawl.id}`},
    el("span", {}, el("span", {class: "name"}, crawl.name), el("br"), el("small", {}, ago(crawl.createdAt))),
    el("span", {}, el("span", {class: `pill ${crawl.state}`}, crawl.state)),
    el("span", {class: "bar-cell"}, bar(p), el("small", {class: "num"}, `${number(p.ok)} ok · ${number(p.failed)} failed · ${number(p.ready + p.delayed)} queued · ${number(p.discovered)} known`)),
    el("span", {class: "num"}, `${rate(p.pagesPerSecond)}/s`, el("br"), el("small", {}, `${number(p.items)} items`)),
    el("span", {class: "num"}, duration(p.elapsedMs), el("br"), el("small", {}, done ? crawl.finishReason ?? crawl.state : crawl.stall ? "stands still" : `${number(p.inFlight)} in flight`)));
}

/** Shows the page until the signal. */
export function listPage(main, signal) {
  const state = el("select", {"aria-label": "State"}, STATES.map((name) => el("option", {value: name}, name || "any state")));
  const name = el("input", {type: "search", placeholder: "Name of the job, exactly", "aria-label": "Name", id: "search"});
  const rows = el("div", {class: "crawls"});
  const older = el("button", {type: "button", hidden: true}, "Older crawls");
  let before = null;
  show(main, el("div", {class: "head"}, el("h1", {}, "Crawls"), el("span", {class: "grow"}), el("a", {class: "button primary", href: "#/new"}, "New crawl")),
    el("div", {class: "toolbar"}, name, state), rows, el("p", {}, older));
  const look = async () => {
    const query = {limit: 50};
    if (state.value) query.state = state.value;
    if (name.value.trim()) query.name = name.value.trim();
    if (before) query.before = before;
    const page = await list(query, signal);
    if (signal.aborted) return;
    const focused = document.activeElement?.closest?.(".crawl")?.getAttribute("href");
    show(rows, page.crawls.length ? page.crawls.map(row) : el("p", {class: "empty"}, query.state || query.name || before ? "No crawl fits." : "No crawl yet. Begin with a new one."));
    if (focused) [...rows.children].find((link) => link.getAttribute("href") === focused)?.focus();
    older.hidden = !page.next;
    older.onclick = () => { before = page.next; look(); };
  };
  state.addEventListener("change", () => { before = null; look(); });
  name.addEventListener("input", () => { before = null; look(); });
  every(1000, look, signal);
}
