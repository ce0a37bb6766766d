"""Starts the demo shop, a slow crawl of it with --metrics-port, and Prometheus with the configuration in this folder; asks
Prometheus for the crawl's metrics, then ends the crawl by SIGTERM."""

import json
import os
import shutil
import signal
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
EXAMPLE = HERE.parent.parent / "scraper-app" / "examples" / "catalogue.yaml"
PATIENCE = 30  # seconds, for anything


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def until(what, ask):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            answer = ask()
        except (OSError, urllib.error.URLError):
            answer = None
        if answer:
            return answer
        time.sleep(0.2)
    raise SystemExit(f"prometheus: waited {PATIENCE} s in vain until {what}")


def main():
    folder = Path(tempfile.mkdtemp())
    shop, metrics, prometheus = free_ports(3)
    processes = []

    def start(*words):
        with open(folder / "log", "ab") as log:
            processes.append(subprocess.Popen([str(word) for word in words], cwd=folder, stdout=log, stderr=log))
        return processes[-1]

    def query(expression):
        url = f"http://127.0.0.1:{prometheus}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)["data"]["result"]

    def open_shop():
        with urllib.request.urlopen(f"http://127.0.0.1:{shop}/", timeout=5) as answer:
            return answer.status == 200

    try:
        start(SCRAPER, "demo", "--serve", "--port", shop, "--progress", "none")
        until("the shop is open", open_shop)
        crawl = start(SCRAPER, "crawl", EXAMPLE, "--metrics-port", metrics, "--progress", "none",
                      "--set", f'startUrls=[{{url: "http://127.0.0.1:{shop}/", label: list}}]',
                      "--set", "network.allowedCidrs=[127.0.0.0/8]", "--set", "politeness.delay=1s")
        text = (HERE / "prometheus.yml").read_text()
        target = '"127.0.0.1:9400"'
        assert text.count(target) == 1, "prometheus.yml has one target"
        # Only the port is another one, so that this runs beside anything; and it need not wait for five seconds.
        text = text.replace(target, f'"127.0.0.1:{metrics}"').replace(": 5s", ": 1s").replace(": 4s", ": 1s")
        (folder / "prometheus.yml").write_text(text)
        start("prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--log.level=warn",
              f"--web.listen-address=127.0.0.1:{prometheus}")
        series = until("Prometheus knows the crawl's connections", lambda: query("scraper_active_connections"))
        labels = series[0]["metric"]
        assert (labels["job"], labels["instance"]) == ("scraper", f"127.0.0.1:{metrics}"), labels
        until("Prometheus has seen pages", lambda: query('scraper_fetches_total{outcome="ok"} > 0'))
        assert query('up{job="scraper"}')[0]["value"][1] == "1"
        count = len(query('{job="scraper"}'))
        print(f"a crawl was scraped: {count} series, scraper_active_connections {series[0]['value'][1]}")
        crawl.send_signal(signal.SIGTERM)
        code = crawl.wait(PATIENCE)
        assert code == 130, f"exit code {code} after SIGTERM"
        report = json.loads((folder / "out/catalogue/report.json").read_text())
        assert report["finishReason"] == "interrupted", report
    except BaseException:
        print((folder / "log").read_text()[-3000:])
        raise
    finally:
        for process in processes:
            if process.poll() is None:
                process.terminate()
        for process in processes:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(folder)


main()
