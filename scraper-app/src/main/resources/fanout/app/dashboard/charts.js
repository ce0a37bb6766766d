// Lines over time, drawn as SVG.
import {el, svg} from "./dom.js";
import {duration} from "./format.js";

const WIDTH = 560, HEIGHT = 150, LEFT = 44, BOTTOM = 20, TOP = 8;

function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

/** A chart of one or two series: points [x, y…] and the words for each y. */
export function chart(title, points, names, unit) {
  const box = el("section", {class: "card"}, el("h2", {}, title));
  if (points.length < 2) {
    box.append(el("p", {class: "empty"}, "Nothing to draw yet: a line needs two seconds."));
    return box;
  }
  const first = points[0][0], last = points.at(-1)[0];
  const top = nice(Math.max(1e-9, ...points.flatMap((point) => point.slice(1))));
  const x = (at) => LEFT + (WIDTH - LEFT - 6) * (at - first) / Math.max(1, last - first);
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const now = names.map((name, i) => `${name} ${Math.round(points.at(-1)[i + 1] * 10) / 10} ${unit}`).join(", ");
  const picture = svg("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": `${title}: now ${now}`, preserveAspectRatio: "none"});
  for (const part of [0, .5, 1]) {
    picture.append(svg("line", {class: "grid", x1: LEFT, x2: WIDTH - 6, y1: y(top * part), y2: y(top * part)}),
      svg("text", {x: LEFT - 6, y: y(top * part) + 4, "text-anchor": "end"}, String(Math.round(top * part * 10) / 10)));
  }
  picture.append(svg("text", {x: LEFT, y: HEIGHT - 5}, duration(first)), svg("text", {x: WIDTH - 6, y: HEIGHT - 5, "text-anchor": "end"}, duration(last)));
  names.forEach((_, i) => {
    const line = points.map((point, n) => `${n ? "L" : "M"}${x(point[0]).toFixed(1)} ${y(point[i + 1]).toFixed(1)}`).join("");
    if (i === 0) picture.append(svg("path", {class: "area", d: `${line}L${x(last)} ${y(0)}L${x(first)} ${y(0)}Z`}));
    picture.append(svg("path", {class: `s${i + 1}`, d: line}));
  });
  box.append(picture, el("div", {class: "keys"}, names.map((name, i) => el("span", {}, el("i", {class: `s${i + 1}`}), `${name} (${unit})`))));
  return box;
}

/** The charts of a crawl's series. */
export function charts(points) {
  const speed = points.slice(1).map((point, i) => {
    const seconds = Math.max(.001, (point.atMs - points[i].atMs) / 1000);
    return [point.atMs, (point.done - points[i].done) / seconds];
  });
  return el("div", {class: "two"},
    chart("Throughput", speed, ["URLs done"], "per s"),
    chart("Latency", points.map((point) => [point.atMs, point.p50Ms, point.p90Ms]), ["median", "90th percentile"], "ms"),
    chart("In flight", points.map((point) => [point.atMs, point.inFlight]), ["in flight"], "URLs"),
    chart("Queue", points.map((point) => [point.atMs, point.queued]), ["queued and delayed"], "URLs"));
}

/** How outcomes share what is done, as one bar with its legend, and the reasons below. */
export function outcomes(progress) {
  const counts = ["ok", "redirected", "failed", "skipped", "cancelled"].map((name) => [name, progress[name] ?? 0]);
  const all = Math.max(1, counts.reduce((sum, [, count]) => sum + count, 0));
  const reasons = Object.entries(progress.reasons ?? {}).sort((a, b) => b[1] - a[1]);
  const most = Math.max(1, ...reasons.map(([, count]) => count));
  return el("section", {class: "card"}, el("h2", {}, "Outcomes and reasons"), bar(progress),
    el("div", {class: "legend"}, counts.map(([name, count]) => el("span", {}, el("i", {class: `c-${name}`}), `${name} ${count.toLocaleString("en")} (${Math.round(100 * count / all)} %)`))),
    reasons.length ? el("ul", {class: "reasons"}, reasons.map(([name, count]) => el("li", {}, el("span", {}, name), el("span", {class: "meter"}, el("i", {"width%": 100 * count / most})), el("b", {class: "num"}, count.toLocaleString("en"))))) : null);
}

/** What is done of what is known, by outcome. */
export function bar(progress) {
  const all = Math.max(1, progress.discovered ?? 0);
  return el("div", {class: "stackbar", role: "img", "aria-label": `${progress.ok} ok, ${progress.failed} failed of ${progress.discovered} discovered`},
    ["ok", "redirected", "failed", "skipped", "cancelled"].map((name) => el("i", {class: `c-${name}`, "width%": 100 * (progress[name] ?? 0) / all})));
}
