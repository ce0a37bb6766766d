"""What fires, and when, if nothing is made quicker for a check. Each misfortune names the alert that it must bring and
how soon, or that it must bring none; an alert that nothing explains is a failure as well. The real Alertmanager sends
what it groups to a real receiver."""

import time

from awkward import Awkward, Hook
from processes import Prometheus, Stage, free_ports, until
from service import TOKEN, Service
from watch import JOB, alertmanager, rules_of, unwritable

CONFIG = """
maxConcurrentCrawls: 8
maxBytesPerCrawl: 1MiB
retention: {maxAge: 1d, maxBytes: 100MiB}
shutdownGrace: 2s
stallAfter: 30s
network: {allowedCidrs: [127.0.0.0/8]}
"""
EXPECTED = """
groups:
  - name: scraper-jobs
    rules:
      - {record: crawl_job:scraper_success_expected:seconds, expr: vector(3600), labels: {crawl_job: good}}
      - {record: crawl_job:scraper_success_expected:seconds, expr: vector(120), labels: {crawl_job: forgotten}}
"""
MARGIN = 45     # seconds: a scrape, two evaluations, and the machine


class Night:
    def __init__(self, prometheus, hook):
        self.prometheus, self.hook = prometheus, hook
        self.began = time.monotonic()
        self.firing = {}        # (alert, job) -> when it was first seen to fire since it last did not
        self.seen = {}          # all of these, with every time
        self.rows = []

    def look(self):
        """Asks Prometheus once what fires."""
        now = time.monotonic()
        alerts = {(alert["labels"]["alertname"], alert["labels"].get("crawl_job", ""))
                  for alert in self.prometheus.ask("alerts")["alerts"] if alert["state"] == "firing"}
        for alert in alerts - self.firing.keys():
            self.firing[alert] = now
            self.seen.setdefault(alert, []).append(now)
            print(f"{self.clock(now)}  {alert[0]} {alert[1]} fires", flush=True)
        for alert in self.firing.keys() - alerts:
            print(f"{self.clock(now)}  {alert[0]} {alert[1]} is over", flush=True)
            del self.firing[alert]

    def clock(self, moment):
        seconds = int(moment - self.began)
        return f"{seconds // 60:2}:{seconds % 60:02}"

    def watch(self, seconds, done=lambda: False):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not done():
            self.look()
            time.sleep(1)

    def expect(self, what, alert, job, since, within):
        """An alert fires after a moment, and soon enough."""
        def times():
            return [seen for seen in self.seen.get((alert, job), []) if seen >= since]
        self.watch(since + within + MARGIN - time.monotonic(), times)
        fired = times()
        told = [at for path, text, at in list(self.hook.taken) if at >= since and f'"alertname":"{alert}"' in text
                and (not job or f'"crawl_job":"{job}"' in text)]
        self.rows.append((what, alert, since, fired[0] if fired else None, told[0] if told else None, within))

    def table(self):
        print(f"\n{'what happened':44} {'at':>6}  {'alert':28} {'fired':>6} {'after':>6} {'at most':>8}  "
              f"{'receiver':>8}")
        wrong = []
        for what, alert, since, fired, told, within in self.rows:
            if told is None:    # grouped with an earlier one: it is on its way
                told = next((at for path, text, at in self.hook.taken if fired and at >= fired
                             and f'"alertname":"{alert}"' in text), None)
            print(f"{what:44} {self.clock(since)}  {alert:28} {self.clock(fired) if fired else '-':>6} "
                  f"{f'{fired - since:.0f} s' if fired else '-':>6} {within + MARGIN:>6} s  "
                  f"{self.clock(told) if told else 'later':>8}")
            if not fired:
                wrong.append(f"{alert} did not fire for: {what}")
        return wrong


def main():
    port, prometheus_port, alertmanager_port, gossip, dead = free_ports(5)
    with Stage() as stage, Awkward() as site, Awkward() as sick_site, Awkward() as long_site, Hook() as hook:
        (stage.folder / "service.yaml").write_text(CONFIG)
        (stage.folder / "token").write_text(TOKEN)
        rules_of(stage, lambda text: text, EXPECTED)
        prometheus = Prometheus(stage, prometheus_port, "prometheus.yml", {
            "127.0.0.1:8080": f"127.0.0.1:{port}", "/etc/prometheus/scraper.token": str(stage.folder / "token"),
            "127.0.0.1:9093": f"127.0.0.1:{alertmanager_port}"})
        alertmanager(stage, alertmanager_port, gossip, hook, lambda text: text)
        service = Service(stage, port)
        until("Prometheus answers", lambda: prometheus.query("vector(1)"))
        night = Night(prometheus, hook)

        def address(of):
            return f"http://127.0.0.1:{of.port}"

        def job(name, path, more=""):
            return JOB % (name, f'"{address(site)}{path}"') + more

        def slow(name, of, path):
            """A crawl of a host of its own: the delay is for all who visit it."""
            return (JOB % (name, f'"{address(of)}{path}"')).replace("delay: 0", "delay: 1s") + (
                "limits: {maxDuration: 1h}\nscope: {maxDepth: 10000}\n")

        def ended(crawl):
            until("a crawl has ended", lambda: service.state(crawl) in ("finished", "failed", "cancelled", "lost"))
            return time.monotonic()

        def broken_sink(name):
            unwritable(service, stage, name, address(site), 8)
            return time.monotonic()

        good = service.submit(job("good", "/few"))
        ended(good)
        start = time.monotonic()
        service.submit(slow("sick", sick_site, "/sick/0"))
        long = service.submit(slow("long", long_site, "/chain/0"))
        night.watch(60)

        # The names of those that must bring no alert are looked for at the end.
        greedy = service.submit(job("greedy", "/many/0"))
        full = ended(greedy)
        assert service.ask("GET", f"crawls/{greedy}")[1]["state"] == "failed"
        gone = ended(service.submit(JOB % ("gone", f'"http://127.0.0.1:{dead}/"') + "retries: {maxAttempts: 1}\n"))
        night.expect("a site that is down", "ScraperCrawlWithoutResults", "gone", gone, 30)
        failed = broken_sink("unwritable")
        night.expect("a sink that fails", "ScraperSinkFailed", "unwritable", failed, 30)
        stuck = service.submit(job("stuck", "/slow", "limits: {requestTimeout: 2m}\n"))
        stands = time.monotonic()
        night.expect("a stalled crawl", "ScraperCrawlStalled", "stuck", stands, 30 + 60)
        service.ask("POST", f"crawls/{stuck}/cancel", '{"mode":"now"}', "application/json")
        night.expect("a job that no service knows", "ScraperJobOverdue", "forgotten", night.began, 5 * 60)

        before = service.ask("GET", f"crawls/{long}")[1]["progress"]["ok"]
        service.stop()
        service = Service(stage, port)
        restarted = time.monotonic()
        until("a crawl resumes", lambda: service.ask("GET", f"crawls/{long}")[1]["progress"]["ok"] > before)
        failed = broken_sink("unwritable2")
        night.expect("a sink that fails right after a restart", "ScraperSinkFailed", "unwritable2", failed, 30)
        night.expect("a site of which most pages fail", "ScraperManyFailures", "sick", start, 10 * 60 + 60)

        service.process.kill()
        service.process.wait()
        (stage.folder / "data" / "crawls" / long / "crawl.journal").write_text("no journal")
        service = Service(stage, port)
        crashed = time.monotonic()
        assert service.state(long) == "lost", service.state(long)
        night.expect("a crawl that is lost in a crash", "ScraperCrawlLost", "long", crashed, 30)

        service.stop()
        down = time.monotonic()
        night.expect("a service that is down", "ScraperDown", "", down, 2 * 60)
        service = Service(stage, port)
        night.watch(60)
        service.stop()

        wrong = night.table()
        explained = {(alert, name) for _, alert, *_ in night.rows for name in
                     ("", "gone", "unwritable", "unwritable2", "stuck", "forgotten", "sick", "long")}
        unexplained = [alert for alert in night.seen if alert not in explained]
        wrong += [f"{alert} {name} fired, and nothing explains it" for alert, name in unexplained]
        early = [alert for alert, times in night.seen.items() if alert[0] == "ScraperDown" and min(times) < down]
        wrong += ["ScraperDown fired for a restart"] if early else []
        print(f"a quota was reached at {night.clock(full)}, and the service restarted at {night.clock(restarted)}: "
              f"{'no alert' if not unexplained and not early else 'see below'}")
        if wrong:
            raise SystemExit("night: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
