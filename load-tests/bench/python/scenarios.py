"""What is crawled: each scenario is a site, a number of fetches in flight, and the crawlers that run it unless others
are named."""

import collections
import functools
import heapq
import random
from dataclasses import dataclass

ALL = ("bare", "ours", "go", "wget2", "webmagic", "crawlee", "scrapy")
FAST = ("bare", "ours", "go", "wget2")
"""Without the peers that would need minutes for a run."""
MEASURED_WITH_TITLES = ("bare", "ours", "go")


@dataclass(frozen=True)
class Folder:
    """Real pages on disk, served by nginx. `packages` are Debian's that hold them."""

    paths: tuple[str, ...]
    package: str
    start: str = "index.html"


@dataclass(frozen=True)
class Synthetic:
    """Generated pages of one host, served by load-tests/synthetic-web."""

    pages: int
    bytes: int = 12288
    links: int = 20
    latency_ms: int = 0


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    site: Folder | Synthetic
    runners: tuple[str, ...]
    in_flight: int = 64
    colly: float | None = None
    """Wall time of Colly (Go 1.24, default settings) as a multiple of the bare loop's, measured side by side on another
    machine."""

    @property
    def ideal(self) -> float | None:
        """Seconds of a crawler that only waits for answers, if the site has a latency."""
        if isinstance(self.site, Synthetic) and self.site.latency_ms:
            return _waits(self.site, self.in_flight)
        return None


@functools.cache
def _waits(site: Synthetic, in_flight: int) -> float:
    """A page can be asked for when one that links to it is there: at first there are few. The links are like those of
    the synthetic web: half of them are a tree, the others lead anywhere."""
    latency, branches, chance = site.latency_ms / 1000, (site.links + 1) // 2, random.Random(1)
    now, asked = 0.0, []
    known, waiting = {0}, collections.deque([0])
    while waiting or asked:
        while waiting and len(asked) < in_flight:
            heapq.heappush(asked, (now + latency, waiting.popleft()))
        now, page = heapq.heappop(asked)
        tree = range(page * branches + 1, min(page * branches + branches + 1, site.pages))
        for link in [*tree, *(chance.randrange(site.pages) for _ in range(site.links - branches))]:
            if link not in known:
                known.add(link)
                waiting.append(link)
    return now


def _latency(milliseconds: int, in_flight: int, colly: float | None = None) -> Scenario:
    latency = f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds // 1000} s"
    return Scenario(
        f"latency-{milliseconds}ms-{in_flight}",
        f"20,000 pages at {latency}, {in_flight:,} in flight",
        Synthetic(20_000, bytes=8192, latency_ms=milliseconds),
        MEASURED_WITH_TITLES,
        in_flight,
        colly,
    )


SCENARIOS = {
    each.name: each
    for each in (
        Scenario("python3-doc", "Python's documentation", Folder(("/usr/share/doc/python3-doc/html",
                                                                  "/usr/share/doc/python3/html"), "python3-doc"), ALL,
                                                                  colly=0.27),
        Scenario("synthetic-20k", "20,000 synthetic pages", Synthetic(20_000), ALL, colly=0.83),
        Scenario("jdk-docs", "The JDK's API documentation", Folder(("/usr/share/doc/openjdk-25-jre-headless/api",
                                                                    "/usr/share/doc/openjdk-21-jre-headless/api"),
                                                                    "openjdk-25-doc"), FAST, colly=0.69),
        Scenario("rust-doc", "Rust's documentation", Folder(("/usr/share/doc/rust-doc/html",), "rust-doc"), FAST,
                 colly=0.88),
        Scenario("postgresql-docs", "PostgreSQL's documentation",
                 Folder(("/usr/share/doc/postgresql-doc-17/html",), "postgresql-doc-17"), FAST),
        Scenario("synthetic-100k", "100,000 synthetic pages", Synthetic(100_000), FAST, colly=1.4),
        _latency(200, 64),
        _latency(200, 1000, 0.76),
        _latency(200, 5000),
        _latency(1000, 64),
        _latency(1000, 1000),
        _latency(1000, 5000, 0.67),
    )
}
