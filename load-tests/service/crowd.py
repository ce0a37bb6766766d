"""Many crawls at once, many who watch them, and some who do not read what they asked for."""

import concurrent.futures
import contextlib
import selectors
import socket
import threading
import time

from running import CRAWLS, ENDED, Running, fail, until
from shops import Shops, job


class Watchers:
    """Open requests: those that are read as answers come, and those that are not. One thread reads all of them."""

    def __init__(self, port):
        self.port = port
        self.read = {}
        self.ended = set()
        self.unread = []
        self.selector = selectors.DefaultSelector()
        self.closing = False
        self.thread = threading.Thread(target=self.run)

    def open(self, path, read):
        link = socket.socket()
        if not read:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.settimeout(30)
        link.connect(("127.0.0.1", self.port))
        link.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n".encode())
        if read:
            link.setblocking(False)
            self.read[link] = bytearray()
            self.selector.register(link, selectors.EVENT_READ)
        else:
            self.unread.append(link)
        return link

    def run(self):
        while not self.closing:
            for key, _ in self.selector.select(0.1):
                try:
                    some = key.fileobj.recv(65536)
                except ConnectionError:
                    some = b""
                if some:
                    self.read[key.fileobj] += some
                else:
                    self.selector.unregister(key.fileobj)
                    self.ended.add(key.fileobj)

    def body(self, link):
        """What was read, without its chunks; fails if it was cut off."""
        head, _, rest = bytes(self.read[link]).partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            fail(f"a stream was refused: {head[:200]}")
        body, at = bytearray(), 0
        while True:
            end = rest.find(b"\r\n", at)
            if end < 0:
                fail("a stream was cut off")
            size = int(rest[at:end], 16)
            if size == 0:
                return bytes(body)
            body += rest[end + 2:end + 2 + size]
            at = end + 2 + size + 2

    def close(self):
        self.closing = True
        self.thread.join()
        for link in list(self.read) + self.unread:
            link.close()


def whole(link):
    """Whether an answer that was not read until now came with its end."""
    link.settimeout(60)
    tail = b""
    try:
        while some := link.recv(65536):
            tail = (tail + some)[-7:]
    except ConnectionError:
        return False
    return tail.endswith(b"\r\n0\r\n\r\n")


def run(folder, crawls=50, streams=500, unread=50, stalled=50, pages=400, heap="384m"):
    config = (f"maxConcurrentCrawls: {crawls}\nconcurrency: 256\nnetwork: {{allowedCidrs: [127.0.0.0/8]}}\n")
    with Shops(crawls, pages, size=16_000) as shops, Running(folder, config, heap) as service, \
            contextlib.closing(Watchers(service.port)) as watchers:
        began = time.monotonic()
        ids = [service.submit(job(f"shop{i}", port, "100ms")) for i, port in enumerate(shops.ports)]
        watchers.thread.start()
        events = {watchers.open(f"{CRAWLS}/{ids[i % crawls]}/events", read=True): ids[i % crawls]
                  for i in range(streams - unread)}
        for i in range(unread):
            watchers.open(f"{CRAWLS}/{ids[i % crawls]}/events", read=False)
        stalls = [watchers.open(f"{CRAWLS}/{ids[i % crawls]}/items?follow=true", read=False)
                  for i in range(stalled)]
        follows = {crawl: watchers.open(f"{CRAWLS}/{crawl}/pages?follow=true", read=True) for crawl in ids}
        until("all streams are open", lambda: service.metric("scraper_event_streams") >= streams + crawls)
        most = {"streams": 0, "heap": 0, "running": 0, "slowest answer": 0.0}

        def over():
            asked = time.monotonic()
            crawls_now = service.get(f"{CRAWLS}?limit=200")["crawls"]
            most["slowest answer"] = max(most["slowest answer"], time.monotonic() - asked)
            most["running"] = max(most["running"], sum(crawl["state"] == "running" for crawl in crawls_now))
            most["streams"] = max(most["streams"], service.metric("scraper_event_streams"))
            most["heap"] = max(most["heap"], service.metric('jvm_memory_used_bytes\\{area="heap"[^}]*\\}'))
            return all(crawl["state"] in ENDED for crawl in crawls_now)

        until("all crawls have ended", over, 600, 0.5)
        took = time.monotonic() - began
        until("their streams have ended", lambda: len(watchers.ended) == len(watchers.read), 30)
        for crawl, port in zip(ids, shops.ports):
            lines = service.lines(crawl)
            if len(lines) != pages or {line["url"] for line in lines} != shops.urls(port):
                fail(f"{crawl} has {len(lines)} lines of {pages}")
            if len(service.lines(crawl, "items")) != pages:
                fail(f"{crawl} has other items than pages")
            stored = service.ask("GET", f"{CRAWLS}/{crawl}/pages")[1]
            if watchers.body(follows[crawl]) != stored:
                fail(f"a follower of {crawl} has read something else than what is stored")
        for link in events:
            if b'"state":"finished"' not in watchers.body(link).replace(b" ", b""):
                fail(f"a stream of {events[link]} has no end")
        until("readers that take nothing are cut off", lambda: service.metric("scraper_event_streams") == 0, 60)
        cut = sum(not whole(link) for link in stalls)
        if cut < stalled:
            fail(f"{stalled - cut} stalled downloads were not cut off: the system's buffers had room for them")
        watchers.close()
        print(f"{crawls} crawls of {crawls} sites, {crawls * pages:,} lines and as many items in {took:.0f} s, none "
              f"lost; "
              f"{most['running']} ran at once, {most['streams']:.0f} streams were open at once; {streams - unread} "
              f"event streams read to the end, "
              f"{crawls} followers have read what is stored; {cut} of {stalled} stalled downloads were cut off; "
              f"slowest answer to a list of crawls {most['slowest answer']:.2f} s")
        cancel(service, crawls)
        print(f"memory: heap at most {most['heap'] / 2 ** 20:.0f} MiB, {service.heap_after_gc() / 2 ** 20:.0f} MiB "
              f"after a collection; "
              f"process {service.status('VmHWM') / 2 ** 10:.0f} MiB at most; -Xmx{heap}")
        service.stop()


def cancel(service, crawls):
    """All at once, of crawls whose sites do not answer."""
    with Shops(crawls, 1000, delay=600) as silent:
        ids = [service.submit(job(f"silent{i}", port)) for i, port in enumerate(silent.ports)]
        until("all are in flight", lambda: service.metric("scraper_active_connections") >= crawls)
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(crawls) as pool:
            answers = list(pool.map(lambda one: service.ask("POST", f"{CRAWLS}/{one}/cancel", '{"mode": "now"}')[0],
                                    ids))
        asked = time.monotonic() - began
        if set(answers) != {202}:
            fail(f"cancels were answered with {set(answers)}")
        until("all are cancelled", lambda: all(
            crawl["state"] == "cancelled" for crawl in service.get(f"{CRAWLS}?limit={crawls}")["crawls"]), 30, 0.01)
        print(f"cancel of {crawls} crawls: all answered after {asked:.2f} s, all ended after "
              f"{time.monotonic() - began:.2f} s")
        if time.monotonic() - began > 1 + 2:
            fail("a cancel of all takes seconds")
