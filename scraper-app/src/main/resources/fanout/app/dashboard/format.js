// Numbers and times for people.

const NUMBER = new Intl.NumberFormat("en");

export const number = (value) => NUMBER.format(value ?? 0);

export function bytes(value) {
  let size = value ?? 0;
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (size < 1024 || unit === "GiB") return `${size < 10 && unit !== "B" ? size.toFixed(1) : Math.round(size)} ${unit}`;
    size /= 1024;
  }
}

export function duration(ms) {
  const sign = ms < 0 ? "−" : "";
  const left = Math.abs(ms);
  const seconds = Math.round(left / 1000);
  if (left < 999.5) return `${sign}${Math.round(left)} ms`;
  if (left < 9_950) return `${sign}${(left / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${sign}${seconds} s`;
  if (seconds < 3600) return sign + parts(seconds, 60, "min", "s");
  if (seconds < 48 * 3600) return sign + parts(Math.round(seconds / 60), 60, "h", "min");
  return sign + parts(Math.round(seconds / 3600), 24, "d", "h");
}

const parts = (value, size, large, small) => `${Math.floor(value / size)} ${large}${value % size ? ` ${value % size} ${small}` : ""}`;

/** A number with its word, as in "1 item" and "2 items". */
export const count = (value, word) => `${number(value)} ${word}${value === 1 ? "" : "s"}`;

export function time(text) {
  return text ? new Date(text).toLocaleString("en-GB", {dateStyle: "medium", timeStyle: "medium"}) : "–";
}

export function ago(text) {
  const passed = Date.now() - new Date(text).getTime();
  return passed < 5000 ? "just now" : `${duration(Math.floor(passed / 1000) * 1000).replace(".0", "")} ago`;
}

export const rate = (value) => (value >= 100 ? Math.round(value) : (value ?? 0).toFixed(1));

/** A number with the word for one or for several of them. */
export const plural = (value, one, several) => `${number(value)} ${value === 1 ? one : several}`;

/** Whether a crawl has ended well, and brought less than its job expects. */
export const isBroken = ({state, problems}) => state === "finished" && problems.length > 0;

/** Whether a crawl has ended without a page that was ok: it has not failed, and is no success. */
export const isFruitless = ({state, progress}) => state === "finished" && progress.discovered > 0 && progress.ok === 0;

export const ENDED = new Set(["finished", "failed", "cancelled", "lost"]);

/** Which outcome a reason belongs to, where it is not failed. */
const OTHERS = {robots: "skipped", circuit_open: "skipped", budget: "skipped", refused: "skipped", deadline: "cancelled", interrupted: "cancelled", aborted: "cancelled"};
export const outcomeOf = (reason) => OTHERS[reason] ?? "failed";
export const OUTCOMES = ["ok", "redirected", "failed", "skipped", "cancelled"];
