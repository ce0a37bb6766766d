// A new crawl: a job that the service checks while it is typed.
import {el, show, toast} from "./dom.js";
import {Refused, getJson, getText, path, submit} from "./api.js";
import {completion} from "./complete.js";
import {EXAMPLES} from "./examples.js";

/** Shows the page until the signal; a crawl's id takes its job to begin with. */
export async function newPage(main, from, signal) {
  const text = el("textarea", {spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-label": "The job, in YAML or JSON", "aria-autocomplete": "list"});
  const gutter = el("div", {class: "gutter", "aria-hidden": "true"});
  const marks = el("div", {class: "marks", "aria-hidden": "true"});
  const problems = el("ul", {class: "problems"});
  const verdict = el("span", {class: "verdict", role: "status"});
  const go = el("button", {class: "primary", type: "button", disabled: true}, "Start");
  const examples = el("select", {"aria-label": "Examples"}, el("option", {value: ""}, "Begin with an example"), Object.keys(EXAMPLES).map((name) => el("option", {}, name)));
  const lines = el("div", {class: "lines"}, marks, text);
  show(main, el("div", {class: "head"}, el("h1", {}, "New crawl"), el("span", {class: "grow"}), verdict, examples, go),
    el("div", {class: "editor"}, gutter, lines), problems,
    el("p", {class: "muted"}, "YAML or JSON. The service checks the job while you type; nothing is fetched before it is started. ", el("kbd", {}, "Ctrl"), "+", el("kbd", {}, "Space"), " offers keys, ", el("kbd", {}, "Ctrl"), "+", el("kbd", {}, "Enter"), " starts it."));
  let bad = new Set();
  let check = new AbortController();
  let timer = 0;

  const draw = () => {
    const count = text.value.split("\n").length;
    show(gutter, Array.from({length: count}, (_, i) => el("span", {class: bad.has(i + 1) ? "bad" : null}, i + 1)));
    show(marks, Array.from({length: count}, (_, i) => el("span", {class: bad.has(i + 1) ? "bad" : null})));
    scroll();
  };
  const scroll = () => {
    gutter.scrollTop = text.scrollTop;
    marks.scrollTop = text.scrollTop;
  };
  const jump = (line, column) => {
    const lines = text.value.split("\n");
    const at = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + Math.max(0, column - 1);
    text.focus();
    text.setSelectionRange(at, at);
    text.scrollTop = Math.max(0, (line - 6) * 20);
  };
  const say = (good, words, found) => {
    bad = new Set(found.map((problem) => problem.line));
    verdict.className = `verdict ${good ? "good" : "bad"}`;
    verdict.textContent = words;
    go.disabled = !good;
    show(problems, found.map((problem) => el("li", {}, el("button", {type: "button", onclick: () => jump(problem.line, problem.column)},
      el("code", {}, `${problem.line}:${problem.column}`), el("span", {}, problem.path ? el("b", {}, `${problem.path}: `) : null, problem.message)))));
    draw();
  };
  const validate = async () => {
    check.abort();
    check = new AbortController();
    try {
      const answer = await submit(text.value, true, check.signal);
      say(true, answer.warnings.length ? `valid, ${answer.warnings.length} warnings` : "valid", []);
      show(problems, answer.warnings.map((warning) => el("li", {class: "notice"}, warning)));
    } catch (error) {
      if (error instanceof Refused) say(false, error.problems.length === 1 ? "1 problem" : `${error.problems.length || "a"} problems`, error.problems.length ? error.problems : [{line: 1, column: 1, path: "", message: error.message}]);
    }
  };
  const start = async () => {
    go.disabled = true;
    try {
      const crawl = await submit(text.value, false);
      location.hash = `#/crawls/${crawl.id}`;
    } catch (error) {
      toast(error.message);
      validate();
    }
  };
  const changed = () => { draw(); clearTimeout(timer); timer = setTimeout(validate, 250); };
  const keys = completion(text, lines, await getJson("/api/v1/schema", signal), changed);
  text.addEventListener("input", () => { changed(); keys.input(); });
  examples.addEventListener("change", () => {
    if (EXAMPLES[examples.value]) text.value = EXAMPLES[examples.value];
    changed();
    text.focus();
  });
  text.addEventListener("scroll", scroll);
  text.addEventListener("keydown", (event) => {
    if (keys.keydown(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); if (!go.disabled) start(); }
  });
  go.addEventListener("click", start);
  signal.addEventListener("abort", () => { clearTimeout(timer); check.abort(); });
  text.value = from ? await getText(path(from, "/job")) : Object.values(EXAMPLES)[0];
  draw();
  await validate();
  if (!signal.aborted) text.focus({preventScroll: true});
}
