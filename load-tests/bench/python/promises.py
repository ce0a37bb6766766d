"""What is no matter of speed next to others: each check crawls a synthetic web by the launcher, and says what it
measured."""

import json
import os
import pathlib
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import measure
import runners
import sites

LAUNCHER = runners.ROOT / "scraper-app/bin/scraper"
ENDS_WITHIN = 120
SERVER_HEAP = ["--enable-preview", "-XX:+UseSerialGC", "-Xmx2g", "-XX:AOTMode=off"]


@dataclass(frozen=True)
class Measured:
    what: str
    value: str
    aim: str


@contextmanager
def crawl_of(in_flight: int, **keys: int) -> Iterator[tuple[sites.SyntheticWeb, runners.Job]]:
    with tempfile.TemporaryDirectory() as folder, sites.synthetic(runners.java(SERVER_HEAP), **keys) as web:
        work = pathlib.Path(folder)
        yield web, runners.Job(web.starts[0], work / "pages.jsonl", in_flight, work)


def many_hosts(hosts: int = 1000, pages: int = 100) -> list[Measured]:
    """Each host is asked once a second, by a crawl of all of them at once."""
    with crawl_of(256, hosts=hosts, pages=pages, links=8, bytes=8192, log=1) as (web, job):
        politeness = {"perHostConcurrency": 1, "delay": "1s"}
        command = runners.crawl_command(LAUNCHER, job, startUrls=web.starts, politeness=politeness)
        run = measure.run(command, job.work / "said")
        report = json.loads(runners.report_of(job).read_text())
        gap = web.end()["smallestGapMicros"] / 1e6
    ideal = pages - 1.0
    elapsed = report["elapsedMs"] / 1000
    name = f"{hosts:,} hosts of {pages} pages at a delay of 1 s"
    return [
        Measured(f"{name}: share of the possible rate", f"{100 * ideal / elapsed:.1f} % ({elapsed:.2f} s; "
                 f"{run.wall:.2f} s with start and end)", "98 %"),
        Measured(f"{name}: shortest time between two arrivals at one host, from the server's log", f"{gap:.4f} s",
                 "1 s"),
    ]


def cancel(in_flight: int = 5000, rounds: int = 3) -> list[Measured]:
    """Two signals, while as many requests wait for an answer: the first drains, the second cancels."""
    releases, exits = [], []
    for _ in range(rounds):
        with crawl_of(in_flight, pages=100_000, bytes=4096, latencyMs=4000) as (web, job):
            command = runners.crawl_command(LAUNCHER, job)
            with (job.work / "said").open("wb") as said:
                crawl = subprocess.Popen(command.words, stdout=said, stderr=said,
                                         env={**os.environ, **command.environment})
            try:
                _await(lambda: web.counts()["inFlight"] >= in_flight, crawl)
                crawl.send_signal(signal.SIGTERM)
                time.sleep(0.3)  # two signals that wait at once are one
                begin = time.monotonic()
                crawl.send_signal(signal.SIGTERM)
                _await(lambda: web.counts()["open"] == 0, None)
                releases.append(time.monotonic() - begin)
                crawl.wait(ENDS_WITHIN)
                exits.append(time.monotonic() - begin)
            finally:
                crawl.kill()
                crawl.wait(ENDS_WITHIN)
            if crawl.returncode != 130:
                raise measure.RunFailed(f"a cancelled crawl ended with {crawl.returncode}")
            leaks = json.loads(runners.report_of(job).read_text())["leakCheck"]
            if any(leaks.values()):
                raise measure.RunFailed(f"a cancelled crawl left something behind: {leaks}")
    name = f"cancelled with {in_flight:,} fetches in flight"
    return [
        Measured(f"{name}: all connections closed, seen by the server, after", _milliseconds(releases), "250 ms"),
        Measured(f"{name}: all lines and the report written and the process ended after", _milliseconds(exits), "–"),
    ]


def max_duration(in_flight: int = 256, rounds: int = 100) -> list[Measured]:
    """Crawls whose time is up while all of their requests wait for an answer."""
    limit, overshoots, exits = 1.0, [], []
    with crawl_of(in_flight, pages=100_000, bytes=4096, latencyMs=300) as (_, job):
        for _ in range(rounds):
            begin = time.monotonic()
            command = runners.crawl_command(LAUNCHER, job, limits={"maxDuration": f"{limit:.0f}s"})
            measure.run(replace(command, good_exits=(3,)), job.work / "said")
            exits.append(time.monotonic() - begin - limit)
            report = json.loads(runners.report_of(job).read_text())
            if report["finishReason"] != "maxDuration" or any(report["leakCheck"].values()):
                raise measure.RunFailed(f"a crawl of {limit} s ended so: {report}")
            overshoots.append(report["elapsedMs"] / 1000 - limit)
    name = f"{rounds} crawls with maxDuration and {in_flight} fetches in flight"
    return [
        Measured(f"{name}: longer than that, by the report, at the 99th percentile",
                 f"{1000 * percentile(overshoots, 99):.0f} ms (median {1000 * statistics.median(overshoots):.0f}, at "
                 f"most {1000 * max(overshoots):.0f})", "100 ms"),
        Measured(f"{name}: the whole process longer than that, with its start and end", _milliseconds(exits), "–"),
    ]


def percentile(values: list[float], share: int) -> float:
    """The smallest of the values than which so many of a hundred are not larger."""
    return sorted(values)[max(0, -(-share * len(values) // 100) - 1)]


def slow_reader(pages: int = 20_000, bytes_a_second: int = 1_000_000) -> list[Measured]:
    """Pages go to standard output, whose reader is slower than the crawl."""
    with crawl_of(64, pages=pages) as (web, job):
        command = runners.crawl_command(LAUNCHER, runners.Job(job.start, pathlib.Path("-"), job.in_flight, job.work))
        begin = time.monotonic()
        with (job.work / "said").open("wb") as said:
            crawl = subprocess.Popen(command.words, stdout=subprocess.PIPE, stderr=said,
                                     env={**os.environ, **command.environment})
        lines = total = ahead = 0
        while block := crawl.stdout.read1(65536):
            lines += block.count(b"\n")
            total += len(block)
            ahead = max(ahead, web.counts()["requests"] - lines)
            time.sleep(max(0.0, begin + total / bytes_a_second - time.monotonic()))
        _, status, usage = os.wait4(crawl.pid, 0)
        crawl.returncode = os.waitstatus_to_exitcode(status)
        if crawl.returncode != 0 or lines != pages:
            raise measure.RunFailed(f"a crawl with a slow reader ended with {crawl.returncode} after {lines} lines")
    name = f"{pages:,} pages to a reader of 1 MB/s"
    return [
        Measured(f"{name}: pages asked for and not read yet, at most", f"{ahead:,}", "bounded"),
        Measured(f"{name}: peak resident size", f"{usage.ru_maxrss / 1024:.0f} MB", "300 MB"),
    ]


def ill_web(pages: int = 5_000) -> list[Measured]:
    """A tenth of the pages say nothing, a twentieth reset, a twentieth answer 429 at first, a hundredth are bombs."""
    with crawl_of(512, pages=pages, ill=1) as (web, job):
        changes = {
            "limits": {"requestTimeout": "5s"},
            "retries": {"maxAttempts": 3, "backoff": "100ms"},
            "circuitBreaker": {"failureRateThreshold": 100, "window": 1000},
        }
        run = measure.run(runners.crawl_command(LAUNCHER, job, **changes), job.work / "said")
        accounting = json.loads(runners.report_of(job).read_text())["accounting"]
        expected = web.end()["expected"]
    reasons = accounting["reasons"]
    got = {
        "OK": accounting["ok"],
        "TIMEOUT": reasons.get("timeout", 0),
        "CONNECTION": reasons.get("connection", 0),
        "TOO_LARGE": reasons.get("body_too_large", 0),
    }
    if got != expected:
        raise measure.RunFailed(f"of an ill web came {got} in place of {expected}; in all {accounting}")
    name = f"ill web of {pages:,} pages"
    return [
        Measured(f"{name}: pages, and failures by their kind, as the web expects them",
                 ", ".join(f"{count:,} {kind.lower()}" for kind, count in got.items()), "equal"),
        Measured(f"{name}: wall time; 512 in flight, 5 s for a request, three attempts", f"{run.wall:.1f} s", "–"),
        Measured(f"{name}: peak resident size", f"{run.rss:.0f} MB", "300 MB"),
    ]


PROMISES: dict[str, Callable[[], list[Measured]]] = {"many-hosts": many_hosts, "cancel": cancel,
                                                     "max-duration": max_duration, "slow-reader": slow_reader,
                                                     "ill-web": ill_web}


def _await(holds: Callable[[], bool], crawl: subprocess.Popen | None) -> None:
    end = time.monotonic() + ENDS_WITHIN
    while not holds():
        if time.monotonic() > end:
            raise measure.RunFailed(f"waited {ENDS_WITHIN} s in vain")
        if crawl is not None and crawl.poll() is not None:
            raise measure.RunFailed(f"the crawl ended with {crawl.returncode}")
        time.sleep(0.005)


def _milliseconds(seconds: list[float]) -> str:
    return f"{1000 * statistics.median(seconds):.0f} ms (at most {1000 * max(seconds):.0f})"
