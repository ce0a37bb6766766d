"""The crawlers: how each is prepared and started. All do one job: START_URL OUT.jsonl IN_FLIGHT."""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

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
    environment: dict[str, str] = field(default_factory=dict)
    good_exits: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Runner:
    name: str
    title: str
    prepare: Callable[[], None]
    """Builds what is needed; throws Absent where that cannot be."""
    command: Callable[[Job], Command]
    found: Callable[[Job], set[str]] = lambda job: pages_in(job.out)
    """The URLs of pages that were got, after redirects."""
    only_pages: bool = True
    """False of a crawler that gets what pages are made of, too."""
    slow: bool = False
    """Runs in the first round only."""


def jdk25() -> str:
    return subprocess.run([LOAD_TESTS / "bin/jdk25"], check=True, capture_output=True, text=True).stdout.strip()


def java(flags: list[str]) -> list[str]:
    return [jdk25(), *flags, "-cp", f"{LIB}/*"]


def maven(*arguments: str) -> None:
    command = ["mvn", "-q", "-B", "-ntp", "-Dmaven.test.skip=true", "-Djacoco.skip=true", *arguments, "package"]
    java_home = str(pathlib.Path(jdk25()).parents[1])
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr, env={**os.environ, "JAVA_HOME": java_home})


def build_bench() -> None:
    maven("-pl", "load-tests/bench", "-am")


def _nothing() -> None:
    pass


def needs(program: str, package: str) -> None:
    if shutil.which(program) is None:
        raise Absent(f"no {program}: install Debian's {package}")


# --- the bare loop and ourselves

def _bare(job: Job) -> Command:
    return Command([*java(JVM_FLAGS), "fanout.bench.BareLoop", job.start, str(job.out), str(job.in_flight)])


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
    outputs = ["--pages", str(job.out), "--items", str(job.work / "items.jsonl"), "--report", str(report_of(job))]
    environment = {"SCRAPER_BUILD": "never", **({"SCRAPER_JAVA_OPTS": java_opts} if java_opts else {})}
    return Command([str(launcher), "crawl", str(file), "--progress", "none", *outputs], environment)


def report_of(job: Job) -> pathlib.Path:
    return job.work / "report.json"


def launcher_runner(name: str, title: str, checkout: pathlib.Path, java_opts: str = "", **changes: object) -> Runner:
    launcher = checkout / "scraper-app/bin/scraper"

    def prepare() -> None:
        if not launcher.is_file():
            raise Absent(f"no checkout of the scraper: {checkout}")
        subprocess.run([launcher, "--version"], check=True, stdout=sys.stderr)

    return Runner(name, title, prepare, lambda job: crawl_command(launcher, job, java_opts, **changes))


# --- peers

def _prepare_scrapy() -> None:
    needs("scrapy", "python3-scrapy")


def _scrapy_python() -> str:
    """Debian's Python, where another one is first on the path and knows no Scrapy."""
    known = subprocess.run(["python3", "-c", "import scrapy"], stderr=subprocess.DEVNULL, check=False).returncode == 0
    return "python3" if known else "/usr/bin/python3"


def _scrapy(job: Job) -> Command:
    return Command([_scrapy_python(), str(PEERS / "scrapy_crawl.py"), job.start, str(job.out), str(job.in_flight)])


GO_SOURCES = pathlib.Path("/usr/share/gocode")


def _prepare_go() -> None:
    needs("go", "golang-go")
    if not (GO_SOURCES / "src/github.com/PuerkitoBio/goquery").is_dir():
        raise Absent("no goquery: install Debian's golang-github-puerkitobio-goquery-dev")
    BUILT.mkdir(parents=True, exist_ok=True)
    environment = {"GO111MODULE": "off", "GOPATH": str(GO_SOURCES), "GOCACHE": str(BUILT / "go-cache"),
                   "PATH": "/usr/bin:/bin"}
    command = ["go", "build", "-o", str(BUILT / "go-loop"), str(PEERS / "go/crawl.go")]
    subprocess.run(command, check=True, env=environment)


def _go(job: Job) -> Command:
    return Command([str(BUILT / "go-loop"), job.start, str(job.out), str(job.in_flight)])


def _prepare_webmagic() -> None:
    needs("mvn", "maven")
    try:
        maven("-f", str(PEERS / "webmagic/pom.xml"))
    except subprocess.CalledProcessError:
        raise Absent("webmagic cannot be built: see above") from None


def _webmagic(job: Job) -> Command:
    libraries = PEERS / "webmagic/target/lib/*"
    flags = ["-XX:+UseSerialGC", "-Xmx2g"]  # keeps all it has seen, with half a gigabyte it dies of 100,000 pages
    return Command([jdk25(), *flags, "-cp", str(libraries), "WebmagicCrawl", job.start, str(job.out),
                    str(job.in_flight)])


def _prepare_crawlee() -> None:
    needs("npm", "npm")
    folder = BUILT / "crawlee"
    folder.mkdir(parents=True, exist_ok=True)
    for file in (PEERS / "crawlee").iterdir():
        shutil.copy(file, folder)
    try:
        install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent", "--prefer-offline"]
        subprocess.run(install, cwd=folder, check=True, stdout=sys.stderr)
    except subprocess.CalledProcessError:
        raise Absent("Crawlee cannot be had from npm's registry") from None


def _crawlee(job: Job) -> Command:
    return Command(["node", str(BUILT / "crawlee/crawl.js"), job.start, str(job.out), str(job.in_flight)])


def _prepare_wget2() -> None:
    needs("wget2", "wget2")


def _wget2(job: Job) -> Command:
    saved = job.work / "wget2"
    shutil.rmtree(saved, ignore_errors=True)
    options = ["--quiet", "--recursive", "--level=inf", "--no-robots", "--ignore-tags=img,link,script",
               f"--max-threads={job.in_flight}"]
    # 8: some page does not exist.
    return Command(["wget2", *options, f"--directory-prefix={saved}", f"--stats-site=csv:{job.out}", job.start],
                   good_exits=(0, 8))


def _wget2_found(job: Job) -> set[str]:
    with job.out.open(encoding="utf-8", newline="") as rows:
        return {row["URL"].split("#")[0] for row in csv.DictReader(rows) if row["Status"] == "200"}


def pages_in(out: pathlib.Path) -> set[str]:
    with out.open(encoding="utf-8") as lines:
        pages = (json.loads(line) for line in lines)
        return {page["url"] for page in pages if page["status"] == 200}


RUNNERS = {
    each.name: each
    for each in (
        Runner("bare", "bare loop (OkHttp, jsoup)", _nothing, _bare),
        launcher_runner("ours", "fanout-scraper", ROOT),
        launcher_runner("same-flags", "fanout-scraper, JVM flags of the bare loop", ROOT, " ".join(JVM_FLAGS)),
        launcher_runner("unjournaled", "fanout-scraper without a journal", ROOT, output={"journal": None}),
        Runner("go", "loop in Go (net/http, goquery)", _prepare_go, _go),
        Runner("wget2", "wget2 (saves files, reads no titles)", _prepare_wget2, _wget2, _wget2_found, only_pages=False),
        Runner("webmagic", "webmagic", _prepare_webmagic, _webmagic, slow=True),
        Runner("crawlee", "Crawlee (Cheerio)", _prepare_crawlee, _crawlee, slow=True),
        Runner("scrapy", "Scrapy", _prepare_scrapy, _scrapy, slow=True),
    )
}
