"""Thousands of short crawls with retention on: what the service holds must not grow."""

import statistics
import time

from running import ENDED, Running, fail, until
from shops import Shops, job

CONFIG = ("maxConcurrentCrawls: 4\nmaxQueuedCrawls: 20\nretention: {maxAge: 1d, maxBytes: 1MiB}\n"
          "network: {allowedCidrs: [127.0.0.0/8]}\n")
SAMPLES = 20


def run(folder, crawls=3000, heap="384m"):
    with Shops(8, 6) as shops, Running(folder, CONFIG, heap) as service:
        began = time.monotonic()
        samples = []
        for number in range(crawls):
            text = job(f"week{number % 300}", shops.ports[number % len(shops.ports)])
            until("the queue has room", lambda: service.submit(text), 60, 0.01)
            if (number + 1) % (crawls // SAMPLES) == 0:
                until("the queue is empty", lambda: service.metric("scraper_crawl_queue_size") == 0)
                samples.append({"crawls": number + 1, "heap": service.heap_after_gc() / 2 ** 20,
                                "threads": service.status("Threads"),
                                "files": service.files(), "disk": service.disk() / 2 ** 20, "kept": len(service.all())})
                print("{crawls:6,} crawls: heap {heap:.1f} MiB, {threads} threads, {files} descriptors, disk "
                      "{disk:.2f} MiB, {kept} kept"
                      .format(**samples[-1]), flush=True)
        until("all have ended", lambda: all(crawl["state"] in ENDED for crawl in service.all().values()))
        took = time.monotonic() - began
        early, late = samples[SAMPLES // 4:SAMPLES // 2], samples[-SAMPLES // 4:]
        for key, room in (("heap", 3), ("threads", 6), ("files", 12), ("disk", 2)):
            first, last = (statistics.median(sample[key] for sample in some) for some in (early, late))
            print(f"{key}: median {first:.1f} in the second quarter, {last:.1f} in the last")
            if last > first * 1.15 + room:
                fail(f"{key} grows")
        print(f"{crawls:,} crawls in {took:.0f} s")
        service.stop()
