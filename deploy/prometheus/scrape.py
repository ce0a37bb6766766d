"""Starts the demo shop, a slow crawl of it with --metrics-port, and Prometheus with crawl.yml; asks Prometheus for the
crawl's metrics, then ends the crawl by SIGTERM."""

import json
import signal

from processes import PATIENCE, SCRAPER, Prometheus, Stage, free_ports, opens, until

EXAMPLE = SCRAPER.parent.parent / "examples" / "catalogue.yaml"


def main():
    shop, metrics, port = free_ports(3)
    with Stage() as stage:
        stage.start(SCRAPER, "demo", "--shop", "--port", shop)
        until("the shop is open", lambda: opens(f"http://127.0.0.1:{shop}/"))
        crawl = stage.start(SCRAPER, "crawl", EXAMPLE, "--metrics-port", metrics, "--progress", "none",
                            "--set", f'startUrls=[{{url: "http://127.0.0.1:{shop}/", label: list}}]',
                            "--set", "network.allowedCidrs=[127.0.0.0/8]", "--set", "politeness.delay=1s")
        # Another port, to run beside anything, and no five seconds between two scrapes.
        prometheus = Prometheus(stage, port, "crawl.yml", {
            '"127.0.0.1:9400"': f'"127.0.0.1:{metrics}"', "interval: 5s": "interval: 1s", "timeout: 4s": "timeout: 1s"})
        series = until("Prometheus knows the crawl's connections",
                       lambda: prometheus.query("scraper_active_connections"))
        labels = series[0]["metric"]
        assert (labels["job"], labels["instance"]) == ("scraper", f"127.0.0.1:{metrics}"), labels
        until("Prometheus has seen pages", lambda: prometheus.query('scraper_fetches_total{outcome="ok"} > 0'))
        assert prometheus.number('up{job="scraper"}') == 1
        count = len(prometheus.query('{job="scraper"}'))
        print(f"a crawl was scraped: {count} series, scraper_active_connections {series[0]['value'][1]}")
        crawl.send_signal(signal.SIGTERM)
        code = crawl.wait(PATIENCE)
        assert code == 130, f"exit code {code} after SIGTERM"
        report = json.loads((stage.folder / "out/catalogue/report.json").read_text())
        assert report["finishReason"] == "interrupted", report


main()
