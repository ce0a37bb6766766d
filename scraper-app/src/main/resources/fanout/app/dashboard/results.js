// Pages and items as tables: found, filtered, page by page, and as files.
import {el, show, toast, webLink} from "./dom.js";
import {lines, path} from "./api.js";
import {OUTCOMES, bytes, duration, number} from "./format.js";

const REASONS = ["http_status", "timeout", "dns", "connection", "tls", "protocol", "body_too_large", "too_many_redirects", "bad_redirect", "private_address", "parse", "session", "robots", "circuit_open", "budget", "refused", "deadline", "interrupted", "aborted"];
const ROWS = 100;

/** Links to all lines that fit, as files; the service names them. */
function files(id, what, query) {
  const links = ["jsonl", "csv"].map((format) => el("a", {class: "button", download: ""}, format === "csv" ? "CSV" : "JSON Lines"));
  const aim = () => links.forEach((link, i) => {
    const wanted = new URLSearchParams({...query(), ...(i === 1 ? {format: "csv"} : {})}).toString();
    link.href = path(id, what) + (wanted ? `?${wanted}` : "");
  });
  return {links, aim};
}

/** A table that grows by pages of lines; made again when the query changes. */
function pager(url, query, empty, table, add, aim) {
  const more = el("button", {type: "button"}, "More");
  const nothing = el("p", {class: "empty", hidden: true});
  let offset = 0;
  let begun = 0;
  let shown = 0;
  const next = async () => {
    const turn = begun;
    let page;
    try {
      page = await lines(url, {...query(), limit: ROWS, offset});
    } catch (error) {
      if (turn !== begun) return;
      toast(error.message);
      nothing.hidden = false;
      nothing.textContent = error.message; // a damaged file stays so
      return;
    }
    if (turn !== begun) return;
    offset = page.next;
    add(page.rows);
    more.hidden = !page.more;
    shown += page.rows.length;
    nothing.hidden = shown > 0 || page.more;
    nothing.textContent = Object.keys(query()).length ? "Nothing fits." : empty;
    table.hidden(shown === 0);
  };
  more.addEventListener("click", next);
  const again = () => { begun++; offset = 0; shown = 0; table.clear(); aim(); return next(); };
  return {more: [nothing, more], again};
}

/** The data of a request, as in "page 2, shelf taps". */
const pairs = (data) => Object.entries(data).map(([name, value]) => `${name} ${value}`).join(", ");

function pageRow(page) {
  return el("tr", {},
    el("td", {}, el("span", {class: `pill ${page.outcome}`}, page.outcome), page.reason ? el("small", {}, page.reason) : null),
    el("td", {class: "url"}, page.method && page.method !== "GET" ? el("span", {class: "method"}, page.method) : null, webLink(page.url), page.title ? el("small", {}, page.title) : null, page.detail ? el("small", {}, page.detail) : null, page.data ? el("small", {}, pairs(page.data)) : null),
    el("td", {class: "num"}, page.status ?? ""), el("td", {class: "num"}, page.depth), el("td", {class: "num"}, page.bytes === null ? "" : bytes(page.bytes)),
    el("td", {class: "num"}, page.links ?? ""), el("td", {class: "num"}, page.durationMs === null ? "" : duration(page.durationMs)), el("td", {class: "num"}, page.attempts));
}

export function pagesTab(id, ended) {
  const outcome = el("select", {"aria-label": "Outcome"}, el("option", {value: ""}, "any outcome"), OUTCOMES.map((name) => el("option", {value: name}, name)));
  const reason = el("select", {"aria-label": "Reason"}, el("option", {value: ""}, "any reason"), REASONS.map((name) => el("option", {value: name}, name)));
  const q = el("input", {type: "search", placeholder: "In the URL or title", "aria-label": "Search", id: "search"});
  const body = el("tbody");
  const query = () => Object.fromEntries([["outcome", outcome.value], ["reason", reason.value], ["q", q.value]].filter(([, value]) => value));
  const grid = el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "Pages"}, el("table", {}, el("thead", {}, el("tr", {}, ["Outcome", "URL", "Status", "Depth", "Size", "Links", "Time", "Attempts"].map((name, i) => el("th", {class: i > 1 ? "num" : null}, name)))), body));
  const {links, aim} = files(id, "/pages", query);
  const {more, again} = pager(path(id, "/pages"), query, ended ? "The crawl has written no page." : "No page is written yet.", {clear: () => show(body), hidden: (is) => { grid.hidden = is; }}, (rows) => body.append(...rows.map(pageRow)), aim);
  for (const [node, event] of [[outcome, "change"], [reason, "change"], [q, "input"]]) node.addEventListener(event, again);
  again();
  return el("section", {class: "card"}, el("div", {class: "toolbar"}, q, outcome, reason, el("button", {type: "button", onclick: again}, "Refresh"), links), grid, more);
}

const cell = (value) => value === null || value === undefined ? "" : Array.isArray(value) && value.every((one) => typeof one !== "object") ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : typeof value === "number" ? number(value) : String(value);

export function itemsTab(id, ended) {
  const q = el("input", {type: "search", placeholder: "Anywhere in an item", "aria-label": "Search", id: "search"});
  const head = el("tr"), body = el("tbody");
  const grid = el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "Items"}, el("table", {}, el("thead", {}, head), body));
  let columns = [];
  const draw = (rows) => {
    const fresh = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !columns.includes(name) && name !== "_url");
    if (fresh.length) {
      columns = [...columns, ...fresh];
      show(head, columns.map((name) => el("th", {class: rows.some((row) => typeof row[name] === "number") ? "num" : null}, name === "_rule" ? "rule" : name)), el("th", {}, "page"));
    }
    body.append(...rows.map((row) => el("tr", {}, columns.map((name) => el("td", {class: typeof row[name] === "number" ? "num" : name === "_rule" ? "rule" : /^https?:/.test(row[name]) ? "url" : "cell"}, /^https?:/.test(row[name]) ? webLink(row[name]) : cell(row[name]))), el("td", {class: "url"}, webLink(row._url)))));
  };
  const query = () => q.value ? {q: q.value} : {};
  const {links, aim} = files(id, "/items", query);
  const {more, again} = pager(path(id, "/items"), query, ended ? "The crawl has extracted no item." : "No item is extracted yet.", {clear: () => { columns = []; show(head); show(body); }, hidden: (is) => { grid.hidden = is; }}, draw, aim);
  q.addEventListener("input", again);
  again();
  return el("section", {class: "card"}, el("div", {class: "toolbar"}, q, el("button", {type: "button", onclick: again}, "Refresh"), links), grid, more);
}
