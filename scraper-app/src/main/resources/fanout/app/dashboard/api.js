// Requests to the service this page came from, and to no other.

/** A request that was refused; has the service's words and the places in a document that are wrong. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `the service answered ${status}`);
    this.status = status;
    this.problems = problem.problems ?? [];
  }
}

let askForToken = () => {};
let saidConnected = () => {};

export function onTokenNeeded(ask) { askForToken = ask; }
export function onConnection(say) { saidConnected = say; }

async function send(method, path, {body, type, signal} = {}) {
  let response;
  try {
    response = await fetch(path, {method, body, signal, headers: type ? {"Content-Type": type} : {}, credentials: "same-origin", cache: "no-store"});
    saidConnected(true);
  } catch (error) {
    if (error.name !== "AbortError") saidConnected(false);
    throw error;
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  if (response.status === 401 && !path.endsWith("/login")) askForToken();
  throw new Refused(response.status, problem);
}

const CRAWLS = "/api/v1/crawls";
export const path = (id, what = "") => `${CRAWLS}/${encodeURIComponent(id)}${what}`;

export const getJson = async (url, signal) => (await send("GET", url, {signal})).json();
export const getText = async (url) => (await send("GET", url)).text();
export const list = (query, signal) => getJson(`${CRAWLS}?${new URLSearchParams(query)}`, signal);
export const post = async (url, value) => {
  const response = await send("POST", url, {body: JSON.stringify(value), type: "application/json"});
  return response.status === 204 ? null : response.json();
};
export const remove = (id) => send("DELETE", path(id));
export const submit = async (text, dryRun, signal) => {
  const type = text.trimStart().startsWith("{") ? "application/json" : "application/yaml";
  return (await send("POST", `${CRAWLS}${dryRun ? "?dryRun=true" : ""}`, {body: text, type, signal})).json();
};
export const login = (token) => post("/api/v1/login", {token});
export const logout = () => post("/api/v1/logout", {});

/** Why a stream is refused; null if it is not. */
export async function refusal(url) {
  const asked = new AbortController();
  try {
    await send("GET", url, {signal: asked.signal});
    return null;
  } catch (error) {
    return error instanceof Refused ? error : null;
  } finally {
    asked.abort();
  }
}

/** A page of lines: the objects in them, where the next page begins, and whether there is one. */
export async function lines(url, query) {
  const response = await send("GET", `${url}?${new URLSearchParams(query)}`);
  const text = await response.text();
  const next = Number(response.headers.get("Next-Offset"));
  return {rows: text.split("\n").filter(Boolean).map((line) => JSON.parse(line)), next, more: next < Number(response.headers.get("End-Offset"))};
}
