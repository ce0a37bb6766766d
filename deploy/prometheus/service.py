"""The service of a check: started as the systemd unit starts it, asked over its API, stopped by SIGTERM."""

import json
import re
import signal
import socket
import time
from pathlib import Path

from processes import HERE, PATIENCE, SCRAPER, fetch, opens

SYSTEMD = HERE.parent / "systemd"
TOKEN = "a-token-of-the-check-only-0123456789"


class Manager:
    """The socket to which systemd would listen."""

    def __init__(self, stage):
        self.path = str(stage.folder / "notify")
        Path(self.path).unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(PATIENCE)

    def expect(self, state):
        try:
            told = self.socket.recv(1000).decode()
        except TimeoutError:
            raise SystemExit(f"prometheus: waited {PATIENCE} s in vain for the service to say {state}") from None
        assert told == state, told


class Service:
    def __init__(self, stage, port):
        self.address = f"http://127.0.0.1:{port}"
        unit = (SYSTEMD / "scraper.service").read_text()
        # As the unit starts it, but for folders and the port.
        options = re.search(r'^Environment="SCRAPER_JAVA_OPTS=(.*)"$', unit, re.M)[1]
        command = re.search(r"^ExecStart=/opt/scraper/bin/scraper (.*)$", unit, re.M)[1]
        changes = {"--port 8080": f"--port {port}", "/var/lib/scraper": "data",
                   "/etc/scraper/service.yaml": "service.yaml",
                   "/etc/scraper": str(SYSTEMD)}
        for right, changed in changes.items():
            command, options = command.replace(right, changed), options.replace(right, changed)
        assert "\nType=notify\n" in unit, "the unit does not wait for the service"
        began = time.monotonic()
        self.manager = Manager(stage)
        self.process = stage.start(SYSTEMD / "filtered", SYSTEMD / "scraper.service", SCRAPER, *command.split(),
                                   log="log-service", environment={"SCRAPER_JAVA_OPTS": options,
                                                                   "SCRAPER_API_TOKEN": TOKEN,
                                                                   "NOTIFY_SOCKET": self.manager.path})
        self.manager.expect("READY=1")
        self.seconds_to_ready = time.monotonic() - began
        assert opens(f"{self.address}/health/ready"), "the service said that it is ready, and is not"

    def ask(self, method, path, text=None, kind="application/yaml"):
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
        status, answer = fetch(f"{self.address}/api/v1/{path}", text and text.encode(), headers, method)
        return status, json.loads(answer) if answer else None

    def metrics(self):
        return fetch(f"{self.address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})[1]

    def submit(self, job):
        status, crawl = self.ask("POST", "crawls", job)
        assert status == 201, (status, crawl, job)
        return crawl["id"]

    def state(self, crawl):
        return self.ask("GET", f"crawls/{crawl}")[1]["state"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.manager.expect("STOPPING=1")
        code = self.process.wait(PATIENCE)
        assert code == 0, f"the service ended with {code} after SIGTERM"
