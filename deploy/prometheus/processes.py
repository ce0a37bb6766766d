"""What the checks in this folder share: processes that are ended whatever happens, ports, and waiting for something."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
SCRAPER = HERE.parent.parent / "scraper-app" / "bin" / "scraper"
PATIENCE = 60  # seconds, for anything


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def until(what, ask, every=0.1):
    """What ask() answers, as soon as it is something; what() or what is said if that takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            answer = ask()
        except OSError:
            answer = None
        if answer:
            return answer
        time.sleep(every)
    raise SystemExit(f"prometheus: waited {PATIENCE} s in vain until {what() if callable(what) else what}")


def fetch(url, data=None, headers=None, method=None):
    """Status and text of an answer, whatever the status."""
    request = urllib.request.Request(url, data, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def opens(url):
    return fetch(url)[0] == 200


class Stage:
    """A folder and the processes that run in it. Their output is shown if the check fails."""

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp())
        self.processes = []
        return self

    def start(self, *words, environment=None, log="log"):
        with open(self.folder / log, "ab") as out:
            process = subprocess.Popen([str(word) for word in words], cwd=self.folder, stdout=out, stderr=out,
                                       env={**os.environ, "SCRAPER_BUILD": "never", **(environment or {})})
        self.processes.append(process)
        return process

    def __exit__(self, kind, problem, trace):
        if kind is not None:
            for log in sorted(self.folder.glob("log*")):
                print(f"--- {log.name}\n{log.read_text()[-3000:]}")
        running = [process for process in self.processes if process.poll() is None]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder)


class Prometheus:
    """A Prometheus that runs with a configuration of this folder, in which ports and times are other ones."""

    def __init__(self, stage, port, configuration, changes):
        text = (HERE / configuration).read_text()
        for right, changed in changes.items():
            assert text.count(right) == 1, f"{configuration} has {right} {text.count(right)} times"
            text = text.replace(right, changed)
        (stage.folder / configuration).write_text(text)
        self.address = f"http://127.0.0.1:{port}"
        stage.start("prometheus", f"--config.file={configuration}", "--storage.tsdb.path=data", "--log.level=warn",
                    f"--web.listen-address=127.0.0.1:{port}", log="log-prometheus")

    def ask(self, path, **parameters):
        """The data of an answer. ConnectionRefusedError until Prometheus has read its store, as before it listens."""
        status, text = fetch(f"{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
        if status == 503:
            raise ConnectionRefusedError(f"Prometheus is not ready: {text}")
        answer = json.loads(text)
        assert status == 200, f"{parameters}: {answer}"
        return answer["data"]

    def query(self, expression):
        return self.ask("query", query=expression)["result"]

    def number(self, expression):
        """The value of an expression that has one."""
        series = self.query(expression)
        assert len(series) == 1, f"{expression} has {len(series)} values"
        return float(series[0]["value"][1])

    def values(self, expression, seconds):
        """All values that an expression had in the last seconds, without those that are no number."""
        now = time.time()
        series = self.ask("query_range", query=expression, start=now - seconds, end=now, step=1)["result"]
        return [float(value) for each in series for _, value in each["values"] if value != "NaN"]
