// What changes by itself: repeated looks that never overlap, and events of one crawl. Each ends with the page that began it.

/** Calls a function again and again, some time after it has ended, until the signal. */
export function every(ms, look, signal) {
  let timer = 0;
  const again = async () => {
    if (signal.aborted) return;
    try {
      if (!document.hidden) await look();
    } catch (error) {
      if (error.name === "AbortError") return; // said elsewhere; the next look may succeed
    }
    if (!signal.aborted) timer = setTimeout(again, ms);
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  again();
}

/**
 * Follows the events of a crawl until its last state or the signal. The browser comes back by itself with Last-Event-ID, but not
 * when the service refuses it, which is told instead.
 */
export function follow(url, handlers, ended, signal, refused) {
  const source = new EventSource(url);
  source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED && !signal.aborted) refused(); });
  signal.addEventListener("abort", () => source.close());
  for (const [kind, handle] of Object.entries(handlers)) {
    source.addEventListener(kind, (event) => {
      const data = JSON.parse(event.data);
      handle(data);
      if (kind === "state" && ended(data.state)) source.close();
    });
  }
  return source;
}
