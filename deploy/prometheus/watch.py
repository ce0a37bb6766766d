"""A service that is watched, all of it real: the service, Prometheus with the rules, Alertmanager. Crawls provoke what
the alerts and the dashboard are for, and a stall that comes to the pager; then Prometheus must have an answer to every
query of the dashboard and the rules, with the numbers of the reports. Ends with a restart of the service under a
running crawl."""

import json
import re
import subprocess
import time

from awkward import Awkward, Hook
from processes import HERE, SCRAPER, Prometheus, Stage, fetch, free_ports, opens, until
from queries import of_dashboard, of_rules, without_data
from service import TOKEN, Service

DEPLOY = HERE.parent
CONFIG = """
maxConcurrentCrawls: 5
maxQueuedCrawls: 1
concurrency: 64
maxBytesPerCrawl: 150KiB
retention: {maxAge: 1d, maxBytes: 10MiB}
shutdownGrace: 2s
stallAfter: 3s
network: {allowedCidrs: [127.0.0.0/8]}
"""
JOB = """
name: %s
startUrls: [%s]
network: {allowedCidrs: [127.0.0.0/8]}
politeness: {delay: 0, autoThrottle: false}
extract: [{name: prices, fields: {title: {css: h1}, price: {css: .price, required: true}}}]    # and no page has a price
"""
# Not ScraperDiskNearlyFull, nor anything for the crawl that has used up its quota.
FIRING = {"ScraperCrawlStalled", "ScraperCircuitsOpen", "ScraperSinkFailed", "ScraperManyFailures",
          "ScraperDeadlinesExceeded", "ScraperCrawlNotAsExpected",
          "ScraperCrawlQueueFull", "ScraperCrawlWithoutResults", "ScraperJobOverdue"}
# With every second counted, a machine that is busy with other things brings these about as well.
BUSY = {"ScraperDown", "ScraperResultsQueueFull"}
# What only a bug or a very slow disk brings about; the service looks at its disk once a minute, and when it starts.
MAY_BE_ZERO = ("scraper_leaked_tasks_total", "scraper_results_queue_size", "scraper_results_queue:ratio",
               "scraper_crawls_deleted_total", "scraper_sink_failures_total", "scraper_api_connections_closed_total")
DISK = ("scraper_disk_used_bytes", "scraper_disk:ratio")
# Ends that a check brings about in no second of its own.
RARE = ('result="lost"', 'result="error"')


EXPECTED = """
groups:
  - name: scraper-jobs
    rules:
      - {record: crawl_job:scraper_success_expected:seconds, expr: vector(3600), labels: {crawl_job: shop}}
      - {record: crawl_job:scraper_success_expected:seconds, expr: vector(3600), labels: {crawl_job: forgotten}}
"""


def rules_of(stage, changed, jobs):
    """The rules, with changes, and what is expected of jobs."""
    (stage.folder / "rules").mkdir()
    for rules in (HERE / "rules").glob("*.yml"):
        (stage.folder / "rules" / rules.name).write_text(changed(rules.read_text()))
    (stage.folder / "rules" / "jobs.yml").write_text(jobs)


def alertmanager(stage, port, gossip, hook, changed):
    text = changed((HERE / "alertmanager.yml").read_text())
    (stage.folder / "alertmanager.yml").write_text(text.replace("127.0.0.1:9099", f"127.0.0.1:{hook.port}"))
    stage.start("prometheus-alertmanager", "--config.file=alertmanager.yml", "--storage.path=alerts",
                "--log.level=warn",
                f"--web.listen-address=127.0.0.1:{port}", f"--cluster.listen-address=127.0.0.1:{gossip}",
                log="log-alertmanager")


def check_numbers(prometheus, report, name, auxiliary):
    """What Prometheus has of a crawl that has ended is what its report says."""
    accounting = report["accounting"]
    expected = {f'scraper_fetches_total{{outcome="{outcome}"}}': accounting[outcome]
                for outcome in ("ok", "redirected", "failed", "skipped", "cancelled")}
    expected |= {f'scraper_fetches_total{{reason="{reason}"}}': count for reason,
                 count in accounting["reasons"].items()}
    expected |= {f'scraper_deadline_exceeded_total{{stage="{stage}"}}': count
                 for stage, count in report["deadlineExceeded"].items()}
    expected["scraper_items_total"] = report["items"]
    expected["scraper_items_dropped_total"] = report["itemsDropped"]
    # The metric has robots.txt and sitemaps, too.
    expected["scraper_fetched_bytes_total"] = report["bytes"] + sum(len(fetch(url)[1].encode()) for url in auxiliary)
    assert report["auxiliary"]["robots"]["ok"] + report["auxiliary"]["sitemaps"]["ok"] == len(auxiliary), report
    expected["scraper_leaked_tasks_total"] = report["leakCheck"]["liveTasks"]
    for series, count in expected.items():
        metric, _, labels = series.partition("{")
        labels = labels.rstrip("}") + "," if labels else ""
        value = prometheus.number(f'sum({metric}{{{labels}job="scraper",crawl_job="{name}"}})')
        assert value == count, f"{series} of {name}: Prometheus has {value}, the report {count}"
    assert accounting["ok"] > 10, accounting
    return len(expected)


def check_mistakes(prometheus, rules, dashboard, seconds):
    """A check that finds nothing proves nothing: of each of these, every query that has it must be found."""
    def broken(queries, right, wrong):
        changed = [(name, expression.replace(right, wrong)) for name, expression in queries if right in expression]
        assert changed, f"no query has {right}"
        return changed

    mistakes = [(rules, "scraper_crawls_stalled", "scraper_crawl_stalled"),
                (rules, 'outcome="failed"', 'outcome="fail"'),
                (rules, "crawl_job:scraper_failed:ratio10m", "crawl_job:scraper_failed:ratio5m"),
                (dashboard, "scraper_frontier_urls", "scraper_frontier_size"),
                (dashboard, 'area="heap"', 'area="Heap"'),
                (dashboard, "scraper_fetch_duration_seconds_bucket", "scraper_fetch_seconds_bucket"),
                (rules, 'circuit="open"', 'circuit="opened"'), (rules, 'result="sink"', 'result="sunk"'),
                (dashboard, "crawl_job:scraper_pages:rate5m", "crawl_job:scraper_pages:rate1m")]
    for queries, right, wrong in mistakes:
        changed = broken(queries, right, wrong)
        told = list(without_data(prometheus, changed, seconds, MAY_BE_ZERO + RARE))
        assert len(told) == len(changed), f"{wrong} was not minded"
    return len(mistakes)


def unwritable(service, stage, name, address, places):
    """A crawl whose file cannot be opened when it begins: until then it waits behind others, which then make room."""
    running = len(service.ask("GET", "crawls?state=running")[1]["crawls"])
    holders = [service.submit(JOB % (f"holder{i}", f'"{address}/slow"')) for i in range(places - running)]
    crawl = service.submit(JOB % (name, f'"{address}/late"'))
    assert service.state(crawl) == "queued", service.state(crawl)
    (stage.folder / "data" / "crawls" / crawl / "pages.jsonl").mkdir()
    for holder in holders:
        service.ask("POST", f"crawls/{holder}/cancel", '{"mode":"now"}', "application/json")
    until("a crawl that cannot write has failed", lambda: service.state(crawl) == "failed")
    until("those that made room have ended", lambda: all(service.state(holder) == "cancelled" for holder in holders))


def provoke(service, stage, shop, sites):
    """Crawls of every kind, each at a host of its own; the identifiers of those that the check goes on with."""
    (dead,) = free_ports(1)
    demo = (DEPLOY / "compose" / "demo-job.yaml").read_text().replace("8090", str(shop))
    # This and "full" run for some seconds, so that what they count grows between scrapes: a rate does not see what came
    # before the first.
    ended = service.submit(demo.replace("delay: 2s", "delay: 60ms"))
    stuck = service.submit(JOB % ("stuck", f'"http://127.0.0.1:{sites[0]}/slow"') + "limits: {requestTimeout: 2m}\n")
    full = service.submit((JOB % ("full", f'"http://127.0.0.1:{sites[1]}/many/0"')).replace("delay: 0", "delay: 30ms"))
    late = service.submit(JOB % ("late", f'"http://127.0.0.1:{sites[2]}/late"') + "limits: {requestTimeout: 500ms}\n"
                          "retries: {maxAttempts: 2, backoff: 50ms}\ncircuitBreaker: {window: 1000}\n")
    few = service.submit(JOB % ("few", f'"http://127.0.0.1:{sites[2]}/few"') + "expect: {minPages: 2}\n")
    until("the crawl that brings too few pages has ended", lambda: service.state(few) == "finished")
    dead_site = service.submit(JOB % ("down", f'"http://127.0.0.1:{dead}/"') + "retries: {maxAttempts: 1}\n")
    until("the crawl of a dead site has ended", lambda: service.state(dead_site) == "finished")
    gone = service.submit(JOB % ("gone", f'"http://127.0.0.1:{dead}/"')
                          + "circuitBreaker: {window: 2, openFor: 1m}\nretries: {maxAttempts: 9, backoff: 10ms}\n")
    until("the crawl of the shop has ended", lambda: service.state(ended) == "finished")
    until("a crawl has reached maxBytesPerCrawl", lambda: service.state(full) == "failed")
    until("the late pages have failed", lambda: service.state(late) in ("finished", "failed"))
    unwritable(service, stage, "unwritable", f"http://127.0.0.1:{sites[0]}", 5)
    # Long, and long enough apart that Prometheus sees it wait; two more take the last places, one waits, and one is
    # refused.
    tours = [service.submit(demo.replace("name: shop", f"name: tour{i}").replace("delay: 2s", "delay: 1s"))
             for i in range(3)]
    until("they run", lambda: all(service.state(tour) == "running" for tour in tours))
    waiting = service.submit(demo.replace("name: shop", "name: later"))
    status, refusal = service.ask("POST", "crawls", demo)
    assert status == 429, (status, refusal)
    return ended, stuck, tours, waiting


def main():
    shop, port, prometheus_port, alertmanager_port, gossip = free_ports(5)
    began = time.monotonic()
    with Stage() as stage, Awkward() as stuck_site, Awkward() as full_site, Awkward() as late_site, Hook() as hook:
        (stage.folder / "service.yaml").write_text(CONFIG)
        (stage.folder / "token").write_text(TOKEN)
        rules_of(stage, lambda text: re.sub(r"for: \d+m", "for: 1s", text), EXPECTED)
        prometheus = Prometheus(stage, prometheus_port, "prometheus.yml", {
            "127.0.0.1:8080": f"127.0.0.1:{port}", "/etc/prometheus/scraper.token": str(stage.folder / "token"),
            "127.0.0.1:9093": f"127.0.0.1:{alertmanager_port}",
            "scrape_interval: 15s": "scrape_interval: 1s", "scrape_timeout: 10s": "scrape_timeout: 1s",
            "evaluation_interval: 15s": "evaluation_interval: 1s"})
        alertmanager(stage, alertmanager_port, gossip, hook,
                     lambda text: re.sub(r"(group_wait|group_interval): \w+", r"\1: 1s", text))
        stage.start(SCRAPER, "demo", "--shop", "--port", shop)
        service = Service(stage, port)
        until("the shop is open", lambda: opens(f"http://127.0.0.1:{shop}/"))
        until(lambda: f"Prometheus scrapes: {prometheus.ask('targets')['activeTargets']}",
              lambda: prometheus.query('up{job="scraper"} == 1'))

        ended, stuck, tours, waiting = provoke(service, stage, shop,
                                               [site.port for site in (stuck_site, full_site, late_site)])
        events = stage.start("curl", "-sN", "-H", f"Authorization: Bearer {TOKEN}",
                             f"{service.address}/api/v1/crawls/{tours[0]}/events", log="events")
        java = subprocess.run([SCRAPER, "--version"], capture_output=True, text=True, check=True, env={
            "PATH": "/usr/bin:/bin", "SCRAPER_BUILD": "never", "SCRAPER_JAVA_OPTS": "-XshowSettings:properties"}).stderr
        jdk = re.search(r"java\.home = (.*)", java)[1]
        subprocess.run([f"{jdk}/bin/jcmd", str(service.process.pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)

        def pages(status, name):
            return [alert for path, text, _ in list(hook.taken) for alert in json.loads(text)["alerts"]
                    if path == "/pager" and alert["status"] == status and alert["labels"]["alertname"] == name]

        stalled = until("the stall comes to the pager", lambda: pages("firing", "ScraperCrawlStalled"))
        assert {alert["labels"]["crawl_job"] for alert in stalled} == {"stuck"}, stalled
        firing = lambda: {alert["labels"]["alertname"] for alert in prometheus.ask("alerts")["alerts"]
                          if alert["state"] == "firing"}
        until(lambda: f"these alerts fire, too: {FIRING - firing()}", lambda: firing() >= FIRING)
        unprovoked = firing() - FIRING - BUSY
        assert not unprovoked, f"these fire, and nothing provoked them: {unprovoked}"

        report = service.ask("GET", f"crawls/{ended}/report")[1]
        numbers = check_numbers(prometheus, report, "shop",
                                [f"http://127.0.0.1:{shop}/{name}" for name in ("robots.txt", "sitemap.xml")])
        seconds = int(time.monotonic() - began)
        rules = list(of_rules(prometheus))
        dashboard = list(of_dashboard((DEPLOY / "grafana" / "dashboard.json").read_text()))
        missing = rules + dashboard

        def answered():
            nonlocal missing
            missing = [query for query in missing if list(without_data(prometheus, [query], seconds, MAY_BE_ZERO + DISK
                                                                       + RARE))]
            return not missing

        until(lambda: f"these queries have data: {missing}", answered, every=1)
        mistakes = check_mistakes(prometheus, rules, dashboard, seconds)
        text = (DEPLOY / "grafana" / "dashboard.json").read_text() + (HERE / "rules" / "recording.yml").read_text()
        exposed = set(re.findall(r"^# TYPE (scraper_\w+)", service.metrics(), re.M))
        assert len(exposed) > 20, exposed
        unseen = [name for name in exposed if name not in text]
        assert not unseen, f"the dashboard shows no {unseen}"
        events.terminate()

        assert service.ask("POST", f"crawls/{stuck}/cancel", '{"mode":"now"}', "application/json")[0] == 202
        until("the pager hears that the stall is over", lambda: pages("resolved", "ScraperCrawlStalled"))
        print(f"the service was ready after {service.seconds_to_ready:.1f} s; {', '.join(sorted(FIRING))} were "
              f"provoked, the stall"
              f" came to the pager and was taken back; {len(rules)} rules and {len(dashboard)} queries of the "
              f"dashboard have data;"
              f" {numbers} numbers of Prometheus are those of the report; {mistakes} mistakes found")

        # Log events are JSON, as the journal gets them; the stall is one.
        events = [json.loads(line) for line in (stage.folder / "log-service").read_text().splitlines()
                  if line.startswith("{")]
        assert any(event["level"] == "WARN" and "/slow" in event["formattedMessage"] for event in events), events

        # A restart, as for an upgrade: what ran goes on, what waited comes to its turn.
        done = service.ask("GET", f"crawls/{tours[0]}")[1]["progress"]["ok"]
        service.stop()
        until("Prometheus sees that the service is down", lambda: "ScraperDown" in firing())
        service = Service(stage, port)
        until("a crawl that ran goes on", lambda: service.ask("GET", f"crawls/{tours[0]}")[1]["progress"]["ok"] > done)
        assert service.state(tours[0]) == "running" and service.state(waiting) in ("queued", "running")
        disk = [query for query in rules + dashboard if any(word in query[1] for word in DISK)]
        until("Prometheus knows how full the disk is", lambda: not list(without_data(prometheus, disk, 5, ())))
        service.stop()
        print(f"restarted with {len(tours)} crawls running, which went on")


if __name__ == "__main__":
    main()
