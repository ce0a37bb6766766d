"""The crawlers: how each is prepared and started. All do one job: START_URL OUT.jsonl IN_FLIGHT."""

import json
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from sites import Absent

LOAD_TESTS = pathlib.Path(__file__).resolve().parents[2]
ROOT = LOAD_TESTS.parent
PEERS = LOAD_TESTS / "peers"
LIB = LOAD_TESTS / "bench/target/lib"
BUILT = LOAD_TESTS / "bench/target/peers"
JVM_FLAGS = ["--enable-preview", "-XX:+UseSerialGC", "-Xmx512m", "-XX:AOTMode=off"]
"""Of the bare loop, and of `same-flags`. The AOT cache is off, because only our launcher has one."""


@dataclass(frozen=True)
class Job:
    start: str
    out: pathlib.Path
    in_flight: int
    work: pathlib.Path


@dataclass(frozen=True)
class Command:
    words: list[str]
    environment: dict[str, str]


@dataclass(frozen=True)
class Runner:
    name: str
    title: str
    prepare: Callable[[], None]
    """Builds what is needed; throws Absent where that cannot be."""
    command: Callable[[Job], Command]
    extracts_titles: bool = True


def jdk25() -> str:
    return subprocess.run([LOAD_TESTS / "bin/jdk25"], check=True, capture_output=True, text=True).stdout.strip()


def java(flags: list[str]) -> list[str]:
    return [jdk25(), *flags, "-cp", f"{LIB}/*"]


def maven(*arguments: str) -> None:
    command = ["mvn", "-q", "-B", "-ntp", "-Dmaven.test.skip=true", "-Djacoco.skip=true", *arguments, "package"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)


def build_bench() -> None:
    maven("-pl", "load-tests/bench", "-am")


def _nothing() -> None:
    pass


def needs(program: str, package: str) -> None:
    if shutil.which(program) is None:
        raise Absent(f"no {program}: install Debian's {package}")


# --- the bare loop and ourselves

def _bare(job: Job) -> Command:
    return Command([*java(JVM_FLAGS), "fanout.bench.BareLoop", job.start, str(job.out), str(job.in_flight)], {})


def crawl_command(launcher: pathlib.Path, job: Job, java_opts: str = "", **changes: object) -> Command:
    """A crawl by a launcher of ours: politeness off, unless `changes` to the job's keys say otherwise."""
    description = {
        "version": 1,
        "name": "bench",
        "startUrls": [job.start],
        "scope": {"maxDepth": 100_000},
        "limits": {"maxPages": 1_000_000, "maxUrls": 2_000_000, "maxDuration": "30m"},
        "concurrency": job.in_flight,
        "politeness": {
            "perHostConcurrency": job.in_flight,
            "delay": "0ms",
            "autoThrottle": False,
            "obeyRobots": False,
            "maxRequestsPerSecond": 1_000_000,
        },
        "network": {"allowedCidrs": ["127.0.0.0/8"]},
    }
    for key, value in changes.items():
        section = description.get(key)
        description[key] = {**section, **value} if isinstance(section, dict) else value
    file = job.work / "job.yaml"
    file.write_text(json.dumps(description))
    outputs = ["--pages", str(job.out), "--items", str(job.work / "items.jsonl"), "--report", str(job.work / "report.json")]
    environment = {"SCRAPER_BUILD": "never", **({"SCRAPER_JAVA_OPTS": java_opts} if java_opts else {})}
    return Command([str(launcher), "crawl", str(file), "--progress", "none", *outputs], environment)


def launcher_runner(name: str, title: str, checkout: pathlib.Path, java_opts: str = "") -> Runner:
    launcher = checkout / "scraper-app/bin/scraper"

    def prepare() -> None:
        if not launcher.is_file():
            raise Absent(f"no checkout of the scraper: {checkout}")
        subprocess.run([launcher, "--version"], check=True, stdout=sys.stderr)

    return Runner(name, title, prepare, lambda job: crawl_command(launcher, job, java_opts))


# --- peers

def _prepare_scrapy() -> None:
    needs("scrapy", "python3-scrapy")


def _scrapy_python() -> str:
    """Debian's Python, where another one is first on the path and knows no Scrapy."""
    known = subprocess.run(["python3", "-c", "import scrapy"], stderr=subprocess.DEVNULL, check=False).returncode == 0
    return "python3" if known else "/usr/bin/python3"


def _scrapy(job: Job) -> Command:
    return Command([_scrapy_python(), str(PEERS / "scrapy_crawl.py"), job.start, str(job.out), str(job.in_flight)], {})


GO_SOURCES = pathlib.Path("/usr/share/gocode")


def _prepare_go() -> None:
    needs("go", "golang-go")
    if not (GO_SOURCES / "src/github.com/PuerkitoBio/goquery").is_dir():
        raise Absent("no goquery: install Debian's golang-github-puerkitobio-goquery-dev")
    BUILT.mkdir(parents=True, exist_ok=True)
    environment = {"GO111MODULE": "off", "GOPATH": str(GO_SOURCES), "GOCACHE": str(BUILT / "go-cache"), "PATH": "/usr/bin:/bin"}
    command = ["go", "build", "-o", str(BUILT / "go-loop"), str(PEERS / "go/crawl.go")]
    subprocess.run(command, check=True, env=environment)


def _go(job: Job) -> Command:
    return Command([str(BUILT / "go-loop"), job.start, str(job.out), str(job.in_flight)], {})


RUNNERS = {
    each.name: each
    for each in (
        Runner("bare", "bare loop (OkHttp, jsoup)", _nothing, _bare),
        launcher_runner("ours", "fanout-scraper", ROOT),
        launcher_runner("same-flags", "fanout-scraper, JVM flags of the bare loop", ROOT, " ".join(JVM_FLAGS)),
        Runner("go", "loop in Go (net/http, goquery)", _prepare_go, _go),
        Runner("scrapy", "Scrapy", _prepare_scrapy, _scrapy),
    )
}
