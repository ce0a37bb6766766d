// All crawls, the newest first, with live progress.
import {el, show} from "./dom.js";
import {list} from "./api.js";
import {every} from "./live.js";
import {bar} from "./charts.js";
import {ENDED, ago, count, duration, isBroken, isFruitless, number, rate} from "./format.js";

const STATES = ["", "queued", "running", "draining", "held", "finished", "failed", "cancelled", "lost"];

function row(crawl) {
  const p = crawl.progress;
  const waits = crawl.state === "queued" || crawl.state === "held";
  const fruitless = isFruitless(crawl);
  const bad = fruitless || isBroken(crawl);
  const end = fruitless ? "no page was ok" : bad ? "not as expected" : ENDED.has(crawl.state) ? crawl.finishReason ?? crawl.state : crawl.stall ? "stalled" : `${number(p.inFlight)} in flight`;
  return el("a", {class: "card crawl", href: `#/crawls/${crawl.id}`},
    el("span", {}, el("span", {class: "name"}, crawl.name), el("br"), el("small", {}, ago(crawl.createdAt))),
    el("span", {}, el("span", {class: `pill ${bad ? "fruitless" : crawl.state}`}, crawl.state)),
    el("span", {class: "bar-cell"}, bar(p), el("small", {class: "num"}, `${number(p.ok)} ok · ${number(p.failed)} failed · ${number(p.ready + p.delayed)} queued · ${number(p.discovered)} known`)),
    el("span", {class: "num"}, waits ? "–" : `${rate(p.pagesPerSecond)}/s`, el("br"), el("small", {}, waits ? "" : count(p.items, "item"))),
    el("span", {class: "num"}, waits ? "–" : duration(p.elapsedMs), el("br"), el("small", {class: crawl.stall || bad ? "bad" : null}, crawl.state === "held" ? "must be continued or cancelled" : waits ? "waits for its turn" : end)));
}

const nothing = (narrowed) => narrowed ? el("p", {class: "empty"}, "No crawl fits.")
  : el("div", {class: "card empty"}, el("p", {}, "No crawl yet."), el("p", {}, "A job says where a crawl begins, how far it goes and what it extracts."), el("a", {class: "button primary", href: "#/new"}, "Write the first one"));

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
    show(rows, page.crawls.length ? page.crawls.map(row) : nothing(query.state || query.name || before));
    if (focused) [...rows.children].find((link) => link.getAttribute("href") === focused)?.focus();
    older.hidden = !page.next;
    older.onclick = () => { before = page.next; look(); };
  };
  state.addEventListener("change", () => { before = null; look(); });
  name.addEventListener("input", () => { before = null; look(); });
  every(1000, look, signal);
}
