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
  if (left < 1000) return `${sign}${Math.round(left)} ms`;
  if (left < 60_000) return `${sign}${(left / 1000).toFixed(left < 10_000 ? 1 : 0)} s`;
  if (left < 3_600_000) return `${sign}${Math.floor(left / 60_000)} m ${Math.floor(left / 1000) % 60} s`;
  if (left < 86_400_000 * 2) return `${sign}${Math.floor(left / 3_600_000)} h ${Math.floor(left / 60_000) % 60} m`;
  return `${sign}${Math.floor(left / 86_400_000)} d`;
}

export function time(text) {
  return text ? new Date(text).toLocaleString("en-GB", {dateStyle: "medium", timeStyle: "medium"}) : "–";
}

export function ago(text) {
  return text ? `${duration(Date.now() - new Date(text).getTime())} ago` : "–";
}

export const rate = (value) => (value >= 100 ? Math.round(value) : (value ?? 0).toFixed(1));

export const ENDED = new Set(["finished", "failed", "cancelled", "lost"]);
export const OUTCOMES = ["ok", "redirected", "failed", "skipped", "cancelled"];
