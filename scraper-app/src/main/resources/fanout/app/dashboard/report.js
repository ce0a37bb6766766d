// The report of a crawl that has ended, with its leak check.
import {el} from "./dom.js";
import {count, duration, number, plural, time} from "./format.js";

const LEAKS = {liveTasks: "live tasks", activeConnections: "active connections", openBodies: "open bodies", heldLeases: "held leases", undeliveredResults: "undelivered results"};

const facts = (entries) => el("dl", {class: "facts"}, entries.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]));

const expectations = (found) => (found?.judged || found?.whyNot) && el("section", {class: "card"},
  el("h2", {}, found.whyNot ? "Expectations are not judged" : found.checks.every((check) => check.holds) ? "All expectations hold" : "Not as expected"),
  found.whyNot ? el("p", {class: "muted"}, `${found.whyNot[0].toUpperCase()}${found.whyNot.slice(1)}.`)
    : el("dl", {class: "facts"}, found.checks.flatMap((check) => [el("dt", {}, check.expectation), el("dd", {class: check.holds ? null : "bad"}, `${check.holds ? "holds" : "does not hold"}: ${check.detail}`)])));

export function reportTab(report) {
  const a = report.accounting;
  const balanced = a.discovered === a.ok + a.redirected + a.failed + a.skipped + a.cancelled;
  const clean = Object.keys(LEAKS).every((key) => report.leakCheck[key] === 0);
  const spent = Object.entries(report.deadlineExceeded ?? {}).filter(([, count]) => count > 0);
  return el("div", {class: "stack"},
    el("section", {class: "card"}, el("h2", {}, `Leak check: ${clean ? "nothing was left behind" : "something was left behind"}`),
      el("div", {class: "tiles"}, Object.entries(LEAKS).map(([key, words]) => el("div", {class: `tile ${report.leakCheck[key] === 0 ? "good" : "bad"}`}, el("b", {}, number(report.leakCheck[key])), el("span", {}, words))))),
    el("div", {class: "two"},
      el("section", {class: "card"}, el("h2", {}, `Accounting ${balanced ? "adds up" : "does not add up"}`),
        facts([["discovered", number(a.discovered)], ["ok", number(a.ok)], ["redirected", number(a.redirected)], ["failed", number(a.failed)], ["skipped", number(a.skipped)], ["cancelled", number(a.cancelled)], ["duplicates", number(report.duplicates)], ["out of scope", number(report.outOfScope)], ["dropped", number(report.dropped)], ["items", number(report.items)], ["items dropped", number(report.itemsDropped)], ...(report.follow ?? []).filter((rule) => rule.links === 0 || rule.noLinks > 0).map((rule) => [`follow ${rule.entry}`, `${count(rule.links, "link")}, ${plural(rule.noLinks, "match that is no link", "matches that are not links")}${rule.example ? ` (${rule.example})` : ""}`])])),
      el("section", {class: "card"}, el("h2", {}, "Time"),
        facts([["ended as", report.finishReason], ["failure", report.failure ?? "none"], ["began", time(report.startedAt)], ["took", duration(report.elapsedMs)], ["pages per second", report.pagesPerSecond], ["latency, median", duration(report.latencyMs.p50)], ["latency, 90 %", duration(report.latencyMs.p90)], ["latency, 99 %", duration(report.latencyMs.p99)], ["latency, longest", duration(report.latencyMs.max)], ["most in flight", number(report.peakInFlight)], ["deadlines passed", spent.length ? spent.map(([stage, count]) => `${stage} ${count}`).join(", ") : "none"]]))),
    expectations(report.expectations),
    (report.fields ?? []).length > 0 && el("section", {class: "card"}, el("h2", {}, "Fields"),
      facts(report.fields.map((f) => [`${f.rule}.${f.field}`, f.percent === null ? "no item" : `${f.percent} % (${number(f.filled)} of ${count(f.items, "item")})`]))),
    el("details", {class: "card"}, el("summary", {}, "As JSON"), el("pre", {class: "raw"}, JSON.stringify(report, null, 2))));
}
