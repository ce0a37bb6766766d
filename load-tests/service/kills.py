"""SIGKILL at random moments while crawls run, are submitted, cancelled, resumed and deleted; then the history and the
files must be right."""

import http.client
import random
import sqlite3
import threading
import time

from running import CRAWLS, ENDED, Running, fail, until
from shops import Shops, job

CONFIG = "maxConcurrentCrawls: 3\nmaxQueuedCrawls: 20\nnetwork: {allowedCidrs: [127.0.0.0/8]}\n"


class Known:
    """What the service has said, which must be true afterwards."""

    def __init__(self):
        self.ports = {}
        self.cancelled = set()
        self.resumed = set()
        self.deleting = set()
        self.deleted = set()
        self.ends = {}
        self.held = 0

    def kept(self):
        return [one for one in self.ports if one not in self.deleted and one not in self.deleting]


def act(service, known, shops, chance):
    """One thing that a user does; what was answered counts, what was not may have happened or not."""
    kept = known.kept()
    what = chance.choice(["submit"] * 4 + ["cancel", "resume", "delete", "look", "look"])
    if what == "submit" or not kept:
        port = chance.choice(shops.ports)
        one = service.submit(job(f"kill{len(known.ports)}", port, f"{chance.choice((1, 5, 20))}ms"))
        if one:
            known.ports[one] = port
        return
    one = chance.choice(kept)
    if what == "cancel":
        known.cancelled.add(one)
        service.ask("POST", f"{CRAWLS}/{one}/cancel", chance.choice(['{"mode": "now"}', '{"mode": "drain"}']))
    elif what == "resume":
        known.resumed.add(one)
        service.ask("POST", f"{CRAWLS}/{one}/resume", "{}")
    elif what == "delete":
        known.deleting.add(one)
        status = service.ask("DELETE", f"{CRAWLS}/{one}")[0]
        if status == 204:
            known.deleted.add(one)
        elif status == 409:
            known.deleting.discard(one)
    else:
        service.ask("GET", f"{CRAWLS}/{one}/pages?limit=10")


def release(service, known, chance):
    """Continues crawls that are held, since the kills are not theirs; some stay held until a later start, or until they
    are cancelled."""
    for one, crawl in service.all().items():
        if crawl["state"] == "held":
            if not any("it was running both times" in problem for problem in crawl["problems"]):
                fail(f"{one} is held, and does not say why: {crawl['problems']}")
            if chance.random() < 0.7:
                status, body = service.ask("POST", f"{CRAWLS}/{one}/continue", "{}")
                if status == 202:
                    known.held += 1
                elif status != 429:
                    fail(f"{one} is held and cannot be continued: {status} {body}")


class Certainly:
    """Chance without any."""

    @staticmethod
    def random():
        return 0.0


def check(service, known, when):
    """History and folders, after a start."""
    history = service.all()
    missing = [one for one in known.kept() if one not in history]
    back = [one for one in known.deleted if one in history]
    if missing or back:
        fail(f"{when}: missing {missing}, deleted and there again {back}")
    for one, crawl in history.items():
        end = (crawl["state"], crawl["finishedAt"])
        if one in known.ends and known.ends[one] != end and one not in known.resumed:
            fail(f"{when}: {one} ended as {known.ends[one]}, and now as {end}")
        if crawl["state"] in ENDED:
            known.ends[one] = end
    for one in [one for one in known.deleting if one not in history]:
        known.deleted.add(one)
    known.deleting -= known.deleted
    for one in list(known.deleting):
        known.deleting.discard(one)  # it was not deleted before the kill
    left = {folder.name for folder in (service.data / "crawls").iterdir()} - set(history)
    if left:
        fail(f"{when}: folders without a crawl: {left}")


def run(folder, kills=50, seed=None):
    seed = random.randrange(1 << 32) if seed is None else seed
    chance = random.Random(seed)
    print(f"seed {seed}", flush=True)
    known = Known()
    with Shops(5, 120, delay=0.002) as shops:
        for number in range(kills):
            with Running(folder, CONFIG) as service:
                check(service, known, f"start {number}")
                deadline = time.monotonic() + chance.uniform(0.05, 2.5)
                killer = threading.Timer(deadline - time.monotonic(), service.process.kill)
                killer.start()
                try:
                    release(service, known, chance)
                    while True:
                        act(service, known, shops, chance)
                except (OSError, http.client.HTTPException):
                    pass  # it was killed
                killer.join()
                service.process.wait()
            with sqlite3.connect(service.data / "history.db") as store:
                found = store.execute("PRAGMA integrity_check").fetchone()[0]
            store.close()
            if found != "ok":
                fail(f"kill {number}: the store is corrupt: {found}")
        with Running(folder, CONFIG) as service:
            check(service, known, "the last start")

            def have_ended():
                release(service, known, Certainly)
                return all(crawl["state"] in ENDED for crawl in service.all().values())

            until("all have ended", have_ended, 300, 0.5)
            check(service, known, "the end")
            whole = 0
            for one, crawl in service.all().items():
                urls = [line["url"] for line in service.lines(one)]
                items = [line["_url"] for line in service.lines(one, "items")]
                if len(urls) != len(set(urls)) or len(items) != len(set(items)):
                    fail(f"{one} has a line twice")
                if crawl["state"] in ("failed", "lost"):
                    fail(f"{one} is {crawl['state']}: {crawl}")
                if one in known.ports and one not in known.cancelled:
                    whole += 1
                    expected = shops.urls(known.ports[one])
                    if crawl["state"] != "finished" or set(urls) != expected or set(items) != set(urls):
                        fail(f"{one} is {crawl['state']} with {len(urls)} pages and {len(items)} items "
                             f"of {shops.pages}")
            print(f"{kills} kills, {len(known.ports)} crawls taken, {len(known.deleted)} deleted, "
                  f"{len(known.cancelled)} asked to end, "
                  f"{len(known.resumed)} to go on, {known.held} held and continued; {whole} had to be whole and are, "
                  f"each URL and item once; every end is the first one; "
                  "the store was sound after each kill")
            service.stop()
