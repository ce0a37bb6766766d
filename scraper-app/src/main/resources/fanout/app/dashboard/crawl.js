// One crawl: its figures as they change, its tasks, hosts, results, report and job.
import {ask, el, show, toast, webLink} from "./dom.js";
import {Refused, getJson, getText, path, post, refusal, remove} from "./api.js";
import {every, follow} from "./live.js";
import {charts, outcomes} from "./charts.js";
import {tree} from "./tree.js";
import {itemsTab, pagesTab} from "./results.js";
import {reportTab} from "./report.js";
import {ENDED, bytes, duration, isBroken, isFruitless, number, rate, time} from "./format.js";

const LOOK_MS = 5000;
const TABS = ["Overview", "Tasks", "Hosts", "Pages", "Items", "Report", "Job"];

function tiles(p, ended) {
  const tile = (value, words, kind) => el("div", {class: `tile ${kind ?? ""}`}, el("b", {class: String(value).length > 7 ? "long" : null}, value), el("span", {}, words));
  return el("div", {class: "tiles"}, tile(number(p.ok), "ok", p.ok ? "good" : ended ? "bad" : ""), tile(number(p.failed), "failed", p.failed ? "bad" : ""), tile(number(p.ready + p.delayed), "queued"),
    tile(number(p.inFlight), "in flight"), tile(rate(p.pagesPerSecond), "pages/s"), tile(number(p.items), "items"), tile(bytes(p.bytes), "fetched"), tile(number(p.hosts), "hosts"),
    tile(duration(p.elapsedMs), ended ? "elapsed" : `of ${duration(p.elapsedMs + p.deadlineRemainingMs)}`));
}

function stallNotice(stall) {
  return el("div", {class: "notice bad"}, el("b", {}, `The crawl was stalled for ${duration(stall.lastedMs)}`), ` (seen ${time(stall.seenAt)})`, el("pre", {}, stall.text));
}

/** Whether it has not begun, and cancelling it leaves nothing in flight. */
const waits = (crawl) => crawl.state === "queued" || crawl.state === "held";

/** Asks for the limits that a resumed crawl gets: an object without those that stay as they are, or null to leave it ended. */
function askForLimits(crawl) {
  return new Promise((answer) => {
    const pages = el("input", {type: "number", min: "1", step: "1", name: "maxPages", placeholder: "as before", required: crawl.finishReason === "maxPages"});
    const time = el("input", {name: "maxDuration", placeholder: "as before, like 30m or 2h", pattern: "[0-9]+(ms|s|m|h|d)|P.+"});
    const dialog = el("dialog", {"aria-labelledby": "resume-limits"}, el("form", {method: "dialog", class: "stack"}, el("p", {id: "resume-limits"}, `Resume ${crawl.name}, which has ${number(crawl.progress.ok)} ok pages of all its runs`),
      el("label", {}, "Pages of all runs (maxPages) ", pages), el("label", {}, "Time of the new run (maxDuration) ", time),
      el("div", {class: "actions"}, el("button", {value: "no", formnovalidate: true}, "Leave it"), el("button", {value: "yes", class: "primary"}, "Resume it"))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      const limits = {...(pages.value ? {maxPages: Number(pages.value)} : {}), ...(time.value ? {maxDuration: time.value} : {})};
      answer(dialog.returnValue === "yes" ? limits : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function hostsTable(hosts) {
  return hosts.length ? el("div", {class: "card"}, el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "Hosts"}, el("table", {}, el("thead", {}, el("tr", {}, ["Host", "Circuit", "Queued", "In flight", "Delay", "Ready in", "Ok", "Failed", "Last failure"].map((name, i) => el("th", {class: i > 1 && i < 8 ? "num" : null}, name)))),
    el("tbody", {}, hosts.map((host) => el("tr", {}, el("td", {}, host.host, host.waitsFor ? el("small", {}, `held by ${host.waitsFor}`) : null), el("td", {}, el("span", {class: `pill ${host.circuit}`}, host.circuit.replace("_", " "))), el("td", {class: "num"}, number(host.queued)), el("td", {class: "num"}, number(host.inFlight)),
      el("td", {class: "num"}, duration(host.delayMs)), el("td", {class: "num"}, host.readyInMs === null ? "–" : duration(host.readyInMs), host.refusal ? el("small", {}, `answered ${host.refusal.status}`) : ""), el("td", {class: "num"}, number(host.ok)), el("td", {class: "num"}, number(host.failed)),
      el("td", {class: "url"}, host.lastFailure ? [host.lastFailure.reason, el("small", {}, host.lastFailure.detail ?? ""), el("small", {}, host.lastFailure.url)] : ""))))))) : el("p", {class: "card empty"}, "No host: the crawl does not run.");
}

/** Shows the page until the signal. */
export async function crawlPage(main, id, tab, signal) {
  let crawl = await getJson(path(id), signal);
  const head = el("div"), figures = el("div", {class: "stack"}), panel = el("div", {role: "tabpanel", tabindex: "0"});
  const tabs = el("div", {role: "tablist", "aria-label": "Parts of the crawl"});
  show(main, head, figures, tabs, panel);
  let inner = new AbortController();
  let refused = null;
  signal.addEventListener("abort", () => inner.abort());

  const act = (words, action) => el("button", {type: "button", class: words === "Delete" ? "danger" : null, onclick: async (event) => {
    event.target.disabled = true;
    try {
      await action();
    } catch (error) {
      toast(error.message);
      event.target.disabled = false;
    }
  }}, words);
  const drawHead = () => {
    const ended = ENDED.has(crawl.state);
    show(head, el("div", {class: "head"}, el("h1", {}, crawl.name), el("span", {class: `pill ${isFruitless(crawl) || isBroken(crawl) ? "fruitless" : crawl.state}`}, crawl.state), el("span", {class: "grow"}), el("div", {class: "actions"},
      ended && crawl.finishReason !== "exhausted" ? act("Resume", async () => {
        const limits = await askForLimits(crawl);
        if (!limits) { drawHead(); return; }
        await post(path(id, "/resume"), Object.keys(limits).length ? {limits} : {});
        inner.abort();
        await crawlPage(main, id, "overview", signal);
      }) : null,
      crawl.state === "held" ? act("Continue", async () => { await post(path(id, "/continue"), {}); inner.abort(); await crawlPage(main, id, "overview", signal); }) : null,
      ended ? act("Delete", async () => { if (await ask(`Delete ${crawl.name} and all its files?`, "Delete")) { await remove(id); location.hash = "#/"; } else drawHead(); }) : null,
      waits(crawl) ? act("Cancel", () => post(path(id, "/cancel"), {mode: "now"})) : null,
      ended || waits(crawl) ? null : act("Drain", async () => { await post(path(id, "/cancel"), {mode: "drain"}); toast("No new fetch starts; what is in flight ends."); }),
      ended || waits(crawl) ? null : act("Stop now", async () => { await post(path(id, "/cancel"), {mode: "now"}); toast("Fetches in flight are given up."); }),
      ended && crawl.startedAt ? el("a", {class: "button", href: path(id, "/report?format=html"), target: "_blank", rel: "noopener"}, "Report page") : null,
      el("a", {class: "button", href: `#/new?from=${id}`}, "Use as a template")),
      el("div", {class: "sub"}, el("span", {}, id), el("span", {}, `submitted ${time(crawl.createdAt)}`), crawl.finishedAt ? el("span", {}, `ended ${time(crawl.finishedAt)}${crawl.finishReason ? ` as ${crawl.finishReason}` : ""}`) : null)));
  };
  const drawFigures = () => {
    const p = crawl.progress;
    show(figures, refused ? el("div", {class: "notice", role: "status"}, `This page gets no events, and looks every ${LOOK_MS / 1000} seconds: ${refused.message}.`) : null, crawl.state === "queued" ? el("div", {class: "notice"}, "The crawl waits for its turn: as many crawls run as the service runs at a time.") : null, crawl.problems.map((problem) => el("div", {class: "notice bad"}, problem)),
      ENDED.has(crawl.state) && p.discovered > 0 && p.ok === 0 ? el("div", {class: "notice bad"}, "No page was ok. The reasons are below, each URL with its own under Pages.") : null, crawl.stall ? stallNotice(crawl.stall) : null, tiles(p, ENDED.has(crawl.state)), outcomes(p),
      p.lastFailure ? el("div", {class: "muted"}, `Last failure: ${p.lastFailure.reason}, ${p.lastFailure.detail ?? ""} `, webLink(p.lastFailure.url)) : null);
  };
  /** Returns whether there is an answer, which may be a refusal: a file of the crawl may be damaged, and the service says which. */
  const orWhyNot = async (look) => {
    try {
      await look();
    } catch (error) {
      if (!(error instanceof Refused)) return false;
      show(panel, el("p", {class: "card empty"}, error.message));
    }
    return true;
  };
  const parts = {
    Overview: (s) => every(2000, async () => {
      const answered = await orWhyNot(async () => { const {points} = await getJson(path(id, "/series"), s); if (!s.aborted) show(panel, charts(points, ENDED.has(crawl.state))); });
      if (answered && ENDED.has(crawl.state)) inner.abort();
    }, s),
    Tasks: (s) => every(1000, async () => { const root = await getJson(path(id, "/tasks"), s); if (!s.aborted) show(panel, el("div", {class: "card"}, tree(root))); }, s),
    Hosts: (s) => every(1000, async () => { const {hosts} = await getJson(path(id, "/hosts?limit=100"), s); if (!s.aborted) show(panel, hostsTable(hosts)); }, s),
    Pages: () => show(panel, pagesTab(id, ENDED.has(crawl.state))),
    Items: () => show(panel, itemsTab(id, ENDED.has(crawl.state))),
    Report: async (s) => {
      if (!ENDED.has(crawl.state)) {
        show(panel, el("p", {class: "card empty"}, "The report is written when the crawl ends."));
        return;
      }
      await orWhyNot(async () => show(panel, reportTab(await getJson(path(id, "/report"), s))));
    },
    Job: () => orWhyNot(async () => show(panel, el("div", {class: "card"}, el("pre", {class: "raw"}, await getText(path(id, "/job")))))),
  };
  const open = (name, focus) => {
    inner.abort();
    inner = new AbortController();
    show(panel);
    show(tabs, TABS.map((each) => el("button", {type: "button", role: "tab", "aria-selected": String(each === name), tabindex: each === name ? "0" : "-1", onclick: () => open(each)}, each)));
    history.replaceState(null, "", `#/crawls/${id}/${name.toLowerCase()}`);
    const chosen = tabs.querySelector("[aria-selected=true]");
    chosen.scrollIntoView({block: "nearest", inline: "center"});
    if (focus) chosen.focus();
    parts[name](inner.signal);
    tabs.onkeydown = (event) => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (step) open(TABS[(TABS.indexOf(name) + step + TABS.length) % TABS.length], true);
    };
  };
  drawHead();
  drawFigures();
  const wanted = TABS.find((name) => name.toLowerCase() === tab) ?? "Overview";
  open(wanted);
  const drawAll = async () => {
    crawl = await getJson(path(id), signal);
    drawHead();
    drawFigures();
  };
  const ends = async () => {
    await drawAll();
    if (["Report", "Overview"].includes(tabs.querySelector("[aria-selected=true]").textContent)) open(tabs.querySelector("[aria-selected=true]").textContent);
  };
  const watch = () => {
    refused = null;
    follow(path(id, "/events"), {
      state: async ({state}) => {
        crawl.state = state;
        drawHead();
        if (ENDED.has(state)) await ends();
      },
      progress: (progress) => { crawl.progress = progress; drawFigures(); },
      stall: (stall) => { crawl.stall = stall; drawFigures(); },
    }, (state) => ENDED.has(state), signal, look);
  };
  // Without a place among the readers of the crawl its figures are asked for, until there is one.
  const look = () => {
    const looking = new AbortController();
    signal.addEventListener("abort", () => looking.abort());
    every(LOOK_MS, async () => {
      refused = await refusal(path(id, "/events"));
      await drawAll();
      if (looking.signal.aborted) return;
      if (ENDED.has(crawl.state)) {
        looking.abort();
        await ends();
      } else if (!refused) {
        looking.abort();
        watch();
      }
    }, looking.signal);
  };
  if (!ENDED.has(crawl.state)) watch();
}
