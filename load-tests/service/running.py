"""A "scraper serve" in a process of its own, and what can be seen of it from outside."""

import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import time

SCRAPER = pathlib.Path(__file__).resolve().parents[2] / "scraper-app" / "bin" / "scraper"
ENDED = ("finished", "failed", "cancelled", "lost")
CRAWLS = "/api/v1/crawls"


def fail(words):
    sys.exit(f"FAILED: {words}")


def until(what, look, patience=60.0, pause=0.05):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(pause)
    fail(f"after {patience:.0f} s still waiting until {what}")


class Running:
    """Starts the service; the configuration is text. Leaving a with block kills it."""

    def __init__(self, folder, config, heap="384m"):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        (self.folder / "service.yaml").write_text(config)
        self.log = self.folder / "log"
        began = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                [SCRAPER, "serve", "--port", "0", "--data", self.data, "--config", self.folder / "service.yaml"],
                stderr=log, stdout=log,
                env={**os.environ, "SCRAPER_JAVA_OPTS": f"-Xmx{heap} -XX:+ExitOnOutOfMemoryError"})
        said = until("the service serves", lambda: self.process.poll() is not None or re.search(
            r"serving at http://127\.0\.0\.1:(\d+)/", self.log.read_text()[began:]))
        if said is True:
            fail(f"the service ended with {self.process.returncode}: {self.log.read_text()[began:]}")
        self.port = int(said[1])

    def ask(self, method, path, body=None, kind="application/json"):
        """Status and body of an answer."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, path, body, {"Content-Type": kind} if body else {})
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()

    def get(self, path):
        status, body = self.ask("GET", path)
        if status != 200:
            fail(f"{path} answered {status}: {body[:300]}")
        return json.loads(body)

    def submit(self, job):
        """The id of a new crawl; None if the queue is full."""
        status, body = self.ask("POST", CRAWLS, job, "application/yaml")
        if status == 429:
            return None
        if status != 201:
            fail(f"a job was answered with {status}: {body[:500]}")
        return json.loads(body)["id"]

    def lines(self, crawl, what="pages"):
        return [json.loads(line) for line in self.ask("GET", f"{CRAWLS}/{crawl}/{what}")[1].splitlines()]

    def all(self):
        """Every crawl that the history has, by its id."""
        found, before = {}, ""
        while True:
            page = self.get(f"{CRAWLS}?limit=100{before}")
            found.update({crawl["id"]: crawl for crawl in page["crawls"]})
            if not page["next"]:
                return found
            before = f"&before={page['next']}"

    def metric(self, name):
        """The sum of a metric over its labels."""
        text = self.ask("GET", "/metrics")[1].decode()
        return sum(float(value) for value in re.findall(rf"^{name}(?:\{{[^}}]*\}})? (\S+)$", text, re.M))

    def status(self, key):
        return int(re.search(rf"^{key}:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text(),
                             re.M)[1])

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def disk(self):
        """Bytes of all files, without the access log, which grows to twice 16 MiB and no further."""
        used = 0
        for folder, _, files in os.walk(self.data):
            for name in files:
                try:
                    used += 0 if name.startswith("access") else os.stat(os.path.join(folder, name)).st_size
                except FileNotFoundError:
                    pass  # deleted meanwhile
        return used

    def heap_after_gc(self):
        """Bytes that are left in the heap after a whole collection."""
        jdk = pathlib.Path(f"/proc/{self.process.pid}/exe").resolve().parent
        subprocess.run([jdk / "jcmd", str(self.process.pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
        return self.metric('jvm_memory_used_bytes\\{area="heap"[^}]*\\}')

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        if self.process.wait(60):
            fail(f"the service ended with {self.process.returncode}:\n{self.log.read_text()[-3000:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
