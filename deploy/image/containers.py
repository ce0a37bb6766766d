"""Runs the image in containers: a demo, exit codes, and signals to PID 1. Arguments: the folder of scraper-app, then podman
and its options."""

import json
import os
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


def is_open(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def signals(folder):
    """A crawl in a container drains at SIGTERM, as "docker stop" and Kubernetes send it, and its exit code comes out."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shop = subprocess.Popen([APP / "bin" / "scraper", "demo", "--serve", "--port", str(port), "--progress", "none"],
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
    finally:
        shutil.rmtree(folder)
    print(f"in a container: --version {version:.2f} s, the demo {demo:.1f} s, podman's own time included;"
          " exit codes 0, 2, 4 and, at SIGTERM, 130 come out")


main()
