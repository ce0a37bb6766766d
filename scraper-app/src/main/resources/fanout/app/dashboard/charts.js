// Lines over time, drawn as SVG.
import {el, svg} from "./dom.js";
import {OUTCOMES, duration, number, outcomeOf, plural} from "./format.js";

// The drawing is stretched to the width there is, so all words stand next to it.
const WIDTH = 1000, HEIGHT = 100;

function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

/** A chart of one or two series: points [x, y…], the words for each y, and a figure with its unit. */
export function chart(title, points, names, said, axis = figure) {
  const box = el("section", {class: "card"}, el("h2", {}, title));
  const first = points[0][0], last = points.at(-1)[0];
  const top = nice(Math.max(1e-9, ...points.flatMap((point) => point.slice(1))));
  const x = (at) => WIDTH * (at - first) / Math.max(1, last - first);
  const y = (value) => HEIGHT * (1 - value / top);
  const now = names.map((name, i) => `${name} ${said(points.at(-1)[i + 1])}`).join(", ");
  const picture = svg("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}: now ${now}`, preserveAspectRatio: "none"});
  for (const part of [0, .5, 1]) picture.append(svg("line", {class: "grid", x1: 0, x2: WIDTH, y1: y(top * part), y2: y(top * part)}));
  names.forEach((_, i) => {
    const line = points.map((point, n) => `${n ? "L" : "M"}${x(point[0]).toFixed(1)} ${y(point[i + 1]).toFixed(1)}`).join("");
    if (i === 0) picture.append(svg("path", {class: "area", d: `${line}L${x(last)} ${HEIGHT}L0 ${HEIGHT}Z`}));
    picture.append(svg("path", {class: `s${i + 1}`, d: line}));
  });
  box.append(el("div", {class: "chart"}, el("div", {class: "scale", "aria-hidden": "true"}, [1, .5, 0].map((part) => el("span", {}, axis(top * part)))), picture,
    el("div", {class: "times", "aria-hidden": "true"}, el("span", {}, duration(first)), el("span", {}, duration(last)))),
    el("div", {class: "keys"}, names.map((name, i) => el("span", {}, el("i", {class: `s${i + 1}`}), `${name} `, el("b", {class: "num"}, said(points.at(-1)[i + 1]))))));
  return box;
}

const rounded = (value) => Math.round(value * 10) / 10;
const figure = (value) => number(rounded(value));
const urls = (value) => plural(rounded(value), "URL", "URLs");
const milliseconds = (value) => `${figure(value)} ms`;

/** The charts of a crawl's series. */
export function charts(points, ended) {
  if (points.length < 3) {
    return el("p", {class: "card empty"}, ended ? "The crawl ended before there was a line to draw." : "Lines begin after three seconds.");
  }
  const speed = points.slice(1).map((point, i) => {
    const seconds = Math.max(.001, (point.atMs - points[i].atMs) / 1000);
    return [point.atMs, (point.done - points[i].done) / seconds];
  });
  return el("div", {class: "two"},
    chart("Throughput", speed, ["URLs done"], (value) => `${figure(value)} a second`),
    chart("Latency", points.map((point) => [point.atMs, point.p50Ms, point.p90Ms]), ["median", "90th percentile"], milliseconds, milliseconds),
    chart("In flight", points.map((point) => [point.atMs, point.inFlight]), ["in flight"], urls),
    chart("Queue", points.map((point) => [point.atMs, point.queued]), ["queued"], urls));
}

/** How outcomes share what is done, as one bar with its legend, and the reasons below. */
export function outcomes(progress) {
  const counts = OUTCOMES.map((name) => [name, progress[name] ?? 0]);
  const all = Math.max(1, counts.reduce((sum, [, count]) => sum + count, 0));
  const reasons = Object.entries(progress.reasons ?? {}).sort((a, b) => b[1] - a[1]);
  const most = Math.max(1, ...reasons.map(([, count]) => count));
  return el("section", {class: "card"}, el("h2", {}, "Outcomes and reasons"), bar(progress),
    el("div", {class: "legend"}, counts.map(([name, count]) => el("span", {}, el("i", {class: `c-${name}`}), `${name} ${number(count)} (${Math.round(100 * count / all)} %)`))),
    reasons.length ? el("ul", {class: "reasons"}, reasons.map(([name, count]) => el("li", {}, el("span", {}, name), el("span", {class: "meter"}, el("i", {class: `c-${outcomeOf(name)}`, "width%": 100 * count / most})), el("b", {class: "num"}, number(count))))) : null);
}

/** What is done of what is known, by outcome. */
export function bar(progress) {
  const all = Math.max(1, progress.discovered ?? 0);
  return el("div", {class: "stackbar", role: "img", "aria-label": `${progress.ok} ok, ${progress.failed} failed of ${progress.discovered} discovered`},
    OUTCOMES.map((name) => el("i", {class: `c-${name}`, "width%": 100 * (progress[name] ?? 0) / all})));
}
