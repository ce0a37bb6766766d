// The live tree of tasks: who is at which stage of which URL, what each waits for, how long, and how much time is left.
import {el, webLink} from "./dom.js";
import {duration} from "./format.js";

const SLOW_MS = 3000;

const idle = (node) => node.stage === "politeness" && node.children.length === 0;

function line(node) {
  const left = node.deadlineRemainingMs;
  const whole = left === null ? 0 : left + node.sinceMs;
  const late = left !== null && left < 0;
  const slow = node.about !== null && (node.sinceMs > SLOW_MS || (left !== null && node.sinceMs > whole / 2));
  return el("div", {class: `task${late ? " late" : slow ? " slow" : ""}`},
    el("span", {class: "who"}, node.name),
    el("span", {class: "stage"}, node.stage ?? "scope"),
    el("span", {class: "about"}, node.about ? webLink(node.about) : null, el("small", {}, `waits for ${node.waitsFor}`)),
    el("span", {class: "since num", title: "in this stage for"}, duration(node.sinceMs)),
    el("span", {class: "deadline num", title: "until its deadline"}, left === null ? "" : late ? `${duration(-left)} late` : `${duration(left)} left`,
      left !== null && whole > 0 ? el("i", {"width%": Math.max(0, Math.min(100, 100 * left / whole))}) : null));
}

function branch(node) {
  const waiting = node.children.filter(idle);
  const busy = node.children.filter((child) => !idle(child)).sort((a, b) => (b.about ? b.sinceMs : -1) - (a.about ? a.sinceMs : -1));
  const longest = Math.max(0, ...waiting.map((child) => child.sinceMs));
  return el("li", {}, line(node), node.children.length ? el("ul", {}, busy.map(branch),
    waiting.length ? el("li", {}, el("div", {class: "task"}, el("span", {class: "who"}, `${waiting.length} idle`), el("span", {class: "stage"}, "politeness"),
      el("span", {class: "about"}, el("small", {}, "wait for a host that is ready")), el("span", {class: "since num"}, duration(longest)), el("span"))) : null) : null);
}

/** The tree of a crawl. */
export function tree(root) {
  return root.children.length ? el("ul", {class: "tree"}, branch(root)) : el("p", {class: "empty"}, "No task: the crawl does not run.");
}
