"""Runs the image in containers: a demo, exit codes, signals to PID 1, and the service. Arguments: the folder of
scraper-app, then podman and its options."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

APP = Path(sys.argv[1])
PODMAN = sys.argv[2:]
IMAGE = "scraper:0.1.0"
STRICT = ["--read-only", "--tmpfs", "/tmp", "--cap-drop=all", "--security-opt=no-new-privileges"]
PATIENCE = 60  # seconds, for anything
READY = 1.5  # seconds from java's start until the service is ready, on two cores


def podman(*words, expect=0):
    done = subprocess.run([*PODMAN, *words], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == expect, f"{words}: exit code {done.returncode}, not {expect}\n{done.stdout}{done.stderr}"
    return done.stdout


def seconds(*words):
    started = time.monotonic()
    podman(*words)
    return time.monotonic() - started


def until(what, ask):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if ask():
            return
        time.sleep(0.1)
    raise SystemExit(f"image: waited {PATIENCE} s in vain until {what}")


def is_open(port, path="/"):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def signals(folder):
    """A crawl in a container drains at SIGTERM, as "docker stop" and Kubernetes send it, and its exit code comes
    out."""
    port = free_port()
    shop = subprocess.Popen([APP / "bin" / "scraper", "demo", "--shop", "--port", str(port), "--progress", "none"],
                            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    results = folder / "results"
    results.mkdir()
    results.chmod(0o777)
    try:
        until("the shop is open", lambda: is_open(port))
        podman("run", "--detach", "--name", "crawl", *STRICT, "--network=host",
               "--volume", f"{results}:/data", "--volume", f"{APP}/examples:/examples:ro", IMAGE,
               "crawl", "/examples/catalogue.yaml", "--progress", "plain",
               "--set", f'startUrls=[{{url: "http://127.0.0.1:{port}/", label: list}}]',
               "--set", "network.allowedCidrs=[127.0.0.0/8]", "--set", "politeness.delay=500ms")
        pages = results / "out/catalogue/pages.jsonl"
        until("pages are written", lambda: pages.exists() and pages.stat().st_size > 0)
        podman("kill", "--signal", "TERM", "crawl")
        code = podman("wait", "crawl").strip()
        assert code == "130", f"exit code {code}\n{podman('logs', 'crawl')}"
        report = json.loads((results / "out/catalogue/report.json").read_text())
        assert report["finishReason"] == "interrupted" and report["accounting"]["ok"] > 0, report
        owner = os.stat(pages).st_uid
        assert owner == 10001, f"written by user {owner}"
        podman("rm", "crawl")
    finally:
        shop.terminate()
        shop.wait(PATIENCE)


def service(folder):
    """The service: ready soon, healthy by the check of compose.yaml, ends in order, and finds its data again."""
    port = free_port()
    token = {"Authorization": "Bearer a-token-of-the-check-only-0123456789"}
    data = folder / "data"
    data.mkdir()
    data.chmod(0o777)
    compose = (Path(__file__).parent.parent / "compose" / "compose.yaml").read_text()
    health = re.search(r"test: \[CMD, (.*)\]", compose)[1].replace('"8080"', str(port)).split(", ")
    starts = []
    for start in range(4):
        podman("run", "--detach", "--name", "service", *STRICT, "--network=host", "--memory=1g", "--volume",
               f"{data}:/data",
               "--env", "SCRAPER_API_TOKEN=a-token-of-the-check-only-0123456789", IMAGE,
               "serve", "--port", str(port), "--data", "/data/service")
        until("the service is ready", lambda: is_open(port, "/health/ready"))
        # Java knows when it began; podman's own time is not the image's.
        metrics = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers=token)
        with urllib.request.urlopen(metrics, timeout=5) as answer:
            text = answer.read().decode()
        starts.append((float(re.search(r"^process_uptime_seconds (.*)$", text, re.M)[1]),
                       float(re.search(r"^process_cpu_seconds_total (.*)$", text, re.M)[1])))
        podman("exec", "service", *health)
        podman("exec", "service", *health[:-1], str(free_port()), expect=1)
        if start == 0:
            job = json.dumps({"name": "nothing", "startUrls": ["http://127.0.0.1/"]}).encode()
            crawl = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/crawls", job,
                                           {**token, "Content-Type": "application/json"})
            with urllib.request.urlopen(crawl, timeout=5) as answer:
                made = json.load(answer)["id"]
        else:
            again = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/crawls/{made}", headers=token)
            with urllib.request.urlopen(again, timeout=5) as answer:
                assert json.load(answer)["id"] == made
        podman("stop", "--time", str(PATIENCE), "service")
        code = podman("inspect", "--format", "{{.State.ExitCode}}", "service").strip()
        assert code == "0", f"the service ended with {code}\n{podman('logs', 'service')}"
        podman("rm", "service")
    seconds, cpu = min(starts)
    # On a machine that is busy with other things the CPU time may do as a measure.
    busy = os.getloadavg()[0] > os.cpu_count()
    assert min(seconds, cpu if busy else seconds) <= READY, \
        f"the service needs {seconds:.2f} s to be ready, {cpu:.2f} s of CPU time"
    return f"{seconds:.2f} s after java began ({cpu:.2f} s of CPU time{', on a busy machine' if busy else ''})"


def main():
    version = min(seconds("run", "--rm", *STRICT, "--network=none", IMAGE, "--version") for _ in range(3))
    demo = seconds("run", "--rm", *STRICT, "--network=none", "--tmpfs", "/data", IMAGE, "demo")
    # Whatever user a platform chooses (OpenShift does).
    podman("run", "--rm", *STRICT, "--network=none", "--user", "4711:0", IMAGE, "demo", "--progress", "none",
           "--output", "/tmp/demo")
    podman("run", "--rm", *STRICT, "--network=none", IMAGE, "crawl", "/etc/passwd", expect=2)
    podman("run", "--rm", *STRICT, "--network=none", IMAGE, "demo", "--output", "/opt/none", expect=4)
    folder = Path(tempfile.mkdtemp())
    try:
        signals(folder)
        ready = service(folder)
    finally:
        shutil.rmtree(folder)
    print(f"in a container: --version {version:.2f} s, the demo {demo:.1f} s, podman's own time included;"
          f" exit codes 0, 2, 4 and, at SIGTERM, 130 come out; the service is ready {ready}")


main()
