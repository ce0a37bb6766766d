"""The service of a check: started as the systemd unit starts it, asked over its API, stopped by SIGTERM."""

import json
import re
import signal
import time

from processes import HERE, PATIENCE, SCRAPER, fetch, opens, until

SYSTEMD = HERE.parent / "systemd"
TOKEN = "a-token-of-the-check-only-0123456789"


class Service:
    def __init__(self, stage, port):
        self.address = f"http://127.0.0.1:{port}"
        unit = (SYSTEMD / "scraper.service").read_text()
        # As the unit starts it, but for folders and the port.
        options = re.search(r'^Environment="SCRAPER_JAVA_OPTS=(.*)"$', unit, re.M)[1]
        command = re.search(r"^ExecStart=/opt/scraper/bin/scraper (.*)$", unit, re.M)[1]
        changes = {"--port 8080": f"--port {port}", "/var/lib/scraper": "data", "/etc/scraper/service.yaml": "service.yaml",
                   "/etc/scraper": str(SYSTEMD)}
        for right, changed in changes.items():
            command, options = command.replace(right, changed), options.replace(right, changed)
        began = time.monotonic()
        self.process = stage.start(SCRAPER, *command.split(), log="log-service", environment={
            "SCRAPER_JAVA_OPTS": options, "SCRAPER_API_TOKEN": TOKEN})
        until("the service is ready", lambda: opens(f"{self.address}/health/ready"), every=0.02)
        self.seconds_to_ready = time.monotonic() - began

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
        code = self.process.wait(PATIENCE)
        assert code == 0, f"the service ended with {code} after SIGTERM"
