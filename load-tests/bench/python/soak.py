"""A crawl of an hour, looked at from outside: what it keeps must not grow with what it has done, except for the URLs that
it knows."""

import json
import os
import pathlib
import subprocess
import time
import urllib.request
from dataclasses import dataclass

import measure
import runners
import sites
from promises import ENDS_WITHIN, LAUNCHER, Measured, crawl_of

A_SECOND = 200
HOSTS = 100
LOOK_EVERY = 15
SETTLED_AFTER = 5
"""Minutes. Until then hosts, URLs, connections and code are still new."""
MAX_DURATION_REACHED = 3


@dataclass(frozen=True)
class Look:
    """Bytes that are alive after a collection, URLs that are known by then, threads of the system, and open
    descriptors."""

    minute: float
    heap: int
    known: int
    threads: int
    descriptors: int


def soak(minutes: float) -> list[Measured]:
    """Each host is asked about twice a second: hosts, their connections, robots rules and the journal live as long as
    the crawl."""
    settled = min(SETTLED_AFTER, minutes / 2)
    pages = int(minutes * 60 * A_SECOND / HOSTS * 1.2)  # more than there is time for
    with crawl_of(64, hosts=HOSTS, pages=pages, links=8, bytes=8192) as (web, job):
        port = sites.free_port()
        command = runners.crawl_command(
            LAUNCHER,
            job,
            startUrls=web.starts,
            limits={"maxDuration": f"{round(minutes * 60)}s", "maxUrls": 10_000_000},
            politeness={"perHostConcurrency": 2, "obeyRobots": True, "maxRequestsPerSecond": A_SECOND},
        )
        command.words.extend(["--metrics-port", str(port)])
        looks = looked_at(command, port, job.work / "said", settled)
        report = json.loads(runners.report_of(job).read_text())
    if report["finishReason"] != "maxDuration" or any(report["leakCheck"].values()):
        raise measure.RunFailed(f"a soak ended with {report['finishReason']} and left {report['leakCheck']}")
    first, largest = looks[0], max(looks, key=lambda look: look.heap)
    grown = (largest.heap - first.heap) / max(1, largest.known - first.known)
    name = f"{minutes:.0f} minutes at {A_SECOND} pages a second, {HOSTS} hosts"
    return [
        Measured(f"{name}: pages, and failures", f"{report['accounting']['ok']:,}, {report['accounting']['failed']:,}",
                 "–, 0"),
        Measured(
            f"{name}: heap after a collection, at minute {settled:.0f}, at most, in the end",
            f"{first.heap / 1e6:.0f} MB, {largest.heap / 1e6:.0f} MB at minute {largest.minute:.0f}, "
            f"{looks[-1].heap / 1e6:.0f} MB",
            "what its URLs take",
        ),
        Measured(f"{name}: what it grew by at most, for each URL that came to be known meanwhile", f"{grown:.0f} bytes",
                 "120 bytes"),
        Measured(f"{name}: threads of the system, least and most", least_and_most([look.threads for look in looks]),
                 "the same"),
        Measured(f"{name}: open descriptors, least and most", least_and_most([look.descriptors for look in looks]),
                 "the same"),
    ]


def looked_at(command: runners.Command, port: int, said: pathlib.Path, settled: float) -> list[Look]:
    """Runs the crawl to its end; returns what was seen from the minute `settled` on."""
    looks = []
    begin = time.monotonic()
    with said.open("wb") as output:
        crawl = subprocess.Popen(command.words, stdout=output, stderr=output, env={**os.environ, **command.environment})
        try:
            time.sleep(settled * 60)
            while crawl.poll() is None:
                looks.append(look(crawl.pid, port, (time.monotonic() - begin) / 60))
                time.sleep(LOOK_EVERY)
        except (subprocess.CalledProcessError, OSError):
            if crawl.wait(ENDS_WITHIN) not in (0, MAX_DURATION_REACHED):  # it may have ended under the look
                raise
        finally:
            crawl.kill()
            crawl.wait(ENDS_WITHIN)
    if crawl.returncode not in (0, MAX_DURATION_REACHED) or len(looks) < 2:
        raise measure.RunFailed(f"a soak ended with {crawl.returncode} after {len(looks)} "
                                f"looks:\n{said.read_text(errors='replace')[-4000:]}")
    return looks


def look(process: int, port: int, minute: float) -> Look:
    tools = pathlib.Path(runners.jdk25()).parent
    subprocess.run([tools / "jcmd", str(process), "GC.run"], check=True, capture_output=True, timeout=ENDS_WITHIN)
    said = subprocess.run([tools / "jstat", "-gc", str(process)], check=True, capture_output=True, text=True,
                          timeout=ENDS_WITHIN).stdout
    sizes = dict(zip(*(line.split() for line in said.splitlines()[:2]), strict=True))
    heap = sum(float(sizes[space]) for space in ("S0U", "S1U", "EU", "OU"))
    status = pathlib.Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    threads = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("Threads:"))
    return Look(minute, int(heap * 1024), known_at(port), threads, len(os.listdir(f"/proc/{process}/fd")))


def known_at(port: int) -> int:
    """URLs that wait, are at work, or have their outcome."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=ENDS_WITHIN) as answer:
        lines = answer.read().decode("utf-8").splitlines()
    counted = ("scraper_frontier_urls{", "scraper_fetches_total{")
    return int(sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(counted)))


def least_and_most(numbers: list[int]) -> str:
    return f"{min(numbers)}, {max(numbers)}"
