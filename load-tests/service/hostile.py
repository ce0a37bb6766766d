"""Jobs that try to take processor, heap, disk, threads, sockets, descriptors or other crawls' turns, all submitted to
one service with a small heap, while a crawl that behaves runs, and a probe asks what an operator asks."""

import http.client
import http.server
import json
import multiprocessing
import re
import signal
import time

from running import CRAWLS, ENDED, Running, fail, until
from shops import Shops, job as good_job
from traps import Traps

GRACE = 5
CONFIG = f"""maxConcurrentCrawls: 8
maxQueuedCrawls: 100
concurrency: 128
limits: {{requestTimeout: 4s, maxDuration: 10m}}
maxBytesPerCrawl: 24MiB
retention: {{maxBytes: 1GiB}}
shutdownGrace: {GRACE}s
network: {{allowedCidrs: [127.0.0.0/8]}}
"""
NETWORK = "network: {allowedCidrs: [127.0.0.0/8]}\n"
RUNS = 6.0  # seconds that a hostile crawl may run before it is cancelled
CANCELLED = 5.0  # seconds in which it must have ended then
GOOD_PAGES = 250
P99 = 0.250


def jobs(plain, rules, good):
    """Names and texts. Every page of a site is alike, so a job names one page that leads to eight."""
    found = {}

    def add(name, path, more="", port=plain):
        found[name] = (f'name: {name}\nstartUrls: ["http://127.0.0.1:{port}/{path}"]\nconcurrency: 16\n'
                       f"politeness: {{delay: 0, autoThrottle: false, perHostConcurrency: 16}}\nretries: "
                       f"{{maxAttempts: 1}}\n{NETWORK}{more}")

    def rule(selector, more=""):
        return f"extract: [{{name: x, fields: {{v: {{{selector}}}}}}}]\n{more}"

    # The processor: selectors, patterns, parsers.
    add("xpath-counts", "pages/flat", rule('xpath: "count(//*[count(//*[count(//*) > 0]) > 0])"'))
    add("xpath-preceding", "pages/bold", rule('xpath: "count(//b[count(preceding::b) > 10])"'))
    add("xpath-text", "pages/nested", rule('xpath: "//*[contains(string(.), string(//div[last()]))]"'))
    add("xpath-translate", "pages/flat", rule('xpath: "//p[translate(string(//body), \'x\', \'y\') = \'z\']"'))
    add("xpath-union", "pages/flat",
        rule('xpath: "//p[preceding-sibling::p | following-sibling::p | //p]", list: true'))
    add("xpath-each", "pages/flat", "extract: [{name: x, each: {xpath: \"//p[count(//p) > 1]\"}, fields: {v: {xpath: "
        "\"count(//p)\"}}}]\n")
    add("xpath-follow", "pages/flat", 'follow: [{xpath: "//p[count(//p[count(//p) > 1]) > 1]/@id"}]\n')
    add("xpath-ancestors", "pages/deep", rule('xpath: "count(//div[ancestor::div[descendant::div[ancestor::div]]])"'))
    add("css-has", "pages/deep", rule('css: "div:has(div:has(div:has(div:has(p))))"'))
    add("css-contains", "pages/nested", rule('css: "div:contains(nothing like it):has(div:contains(nor this))"'))
    add("css-regex", "pages/words", rule('css: "p:matches((a+)+$)"'))
    add("css-own-regex", "pages/words", rule('css: "p:matchesOwn((a|aa)+$)"'))
    add("css-whole-text", "pages/nested", rule('css: "div:matchesWholeText((x|text )+y)"'))
    add("css-attribute-regex", "pages/flat", rule('css: "p[class~=(a*)*b]"'))
    add("css-siblings", "pages/siblings", rule('css: "i ~ i ~ i ~ i ~ b"'))
    add("css-nth", "pages/siblings", rule('css: "i:nth-last-of-type(2n+1):nth-child(odd)", list: true'))
    add("css-descendants", "pages/deep", rule('css: "div div div div div div div div b"'))
    add("css-not", "pages/deep", rule('css: "div:not(:has(div:not(:has(p))))"'))
    add("css-each", "pages/deep", 'extract: [{name: x, each: "div", fields: {v: {css: "div div"}, w: {css: "div", '
        'type: html}}}]\n')
    add("css-follow", "pages/deep", 'follow: [{css: "div:has(div:has(div:has(a)))"}]\n')
    add("field-regex", "pages/text", rule('css: p, regex: "(.*a){40}!$"'))
    add("number-text", "pages/text", rule("css: p, type: number"))
    add("date-text", "pages/text", rule('css: p, type: date, format: "dd MMMM yyyy"'))
    add("text-quotes", "pages/quotes", rule("css: body, type: markdown"))
    add("text-cells", "pages/cells", rule("css: body, type: markdown"))
    add("text-article", "pages/wide", rule("article: markdown"))
    add("deeper", "pages/deeper", rule("css: b"))
    add("tables", "pages/tables", rule("css: b"))
    add("formatting", "pages/formatting", rule("css: s"))
    add("entities", "pages/entities", rule("css: b"))
    add("attributes", "pages/attributes", rule("css: p, attr: a7"))
    add("names", "pages/names", rule("css: x1"))
    add("foreign", "pages/svg", rule("css: a"))
    add("comments", "pages/comments", rule("css: a"))
    add("unclosed", "pages/unclosed")
    add("srcset", "pages/srcset", rule("css: img, attr: srcset"))
    add("json-deep", "json/1", "parse: {contentTypes: [application/json, text/html]}\n" + rule("json: /a"))
    add("json-numbers", "numbers/1", "parse: {contentTypes: [application/json]}\n" + rule("json: /0, type: number"))
    add("json-pointer", "pointer/1", "parse: {contentTypes: [application/json]}\nfollow: [{json: \"" + "/a" * 3_000
        + "\"}]\n")
    add("json-ld-many", "pages/scripts", rule("json: /name"))
    add("json-ld-deep", "pages/ld", rule("json: /name"))
    add("utf7", "pages/utf7")
    add("not-utf8", "pages/invalid", rule("css: title"))
    add("robots-patterns", "pages/flat", "sitemaps: auto\n", rules)
    add("sitemap-entities", "flat/1", f'sitemaps: ["http://127.0.0.1:{plain}/entity/1"]\n')
    add("sitemap-many", "flat/1", "sitemaps: [" + ", ".join(f'"http://127.0.0.1:{plain}/sitemap/{n}"'
                                                            for n in range(500)) + "]\n")
    add("scope-patterns", "endless/x", "scope: {include: [" + ", ".join(f"'(x[a-y]{{1,90}}){n}'" for n in range(80))
        + "]}\n")
    slow = ", ".join(f"'(?:x?y?[a-z]{{1,90}}){{9}}Q{n}'" for n in range(80))
    add("scope-patterns-long-links", "long/x", "scope: {exclude: [" + slow + "]}\n")
    add("scope-patterns-sitemap", "flat/1", f'sitemaps: ["http://127.0.0.1:{plain}/sitemap/1"]\n'
        'scope: {allowedDomains: ["127.0.0.1"], include: [' + slow + "]}\n")
    # The heap.
    add("bodies", "pages/large")
    add("all-tags", "pages/tags", rule("css: b, list: true"))
    add("html-of-all", "pages/nested", 'extract: [{name: x, each: div, fields: {v: {css: "div", type: html, list: '
        'true}}}]\n')
    add("items", "pages/flat", 'extract: [{name: x, each: p, fields: {v: {css: "*", list: true}}}]\n')
    add("bomb", "pages/bomb")
    add("endless", "endless/x", "limits: {maxUrls: 1000000}\n")
    many = ", ".join(f'"127.{1 + n // 250}.0.{1 + n % 250}:{plain}"' for n in range(2_000))
    add("hosts", "hosts/0", f'limits: {{maxUrls: 1000000}}\nscope: {{allowedDomains: ["127.0.0.1:{plain}", {many}]}}\n')
    add("cookies", "cookies/x")
    add("headers", "headers/x")
    add("patterns", "flat/1", "scope: {include: [" + ", ".join(f'"x[a-z]{{1,900}}y{n}"' for n in range(12_000))
        + "]}\n")
    add("selectors", "pages/flat", "extract: ["
        + ", ".join(f"{{name: r{n}, fields: {{v: {{css: 'p:has(i) > b ~ a'}}}}}}" for n in range(8_000)) + "]\n")
    add("host-overrides", "flat/1")
    found["host-overrides"] = found["host-overrides"].replace(
        "perHostConcurrency: 16}", "perHostConcurrency: 16, hosts: {"
        + ", ".join(f'"h{n}.test": {{delay: 1s}}' for n in range(12_000)) + "}}")
    found["starts"] = ("name: starts\nstartUrls: [" + ", ".join(f'"http://127.{n // 250}.{n % 250}.1:{plain}/flat/{n}"'
                                                                for n in range(250, 20_000)) + "]\n" + NETWORK)
    found["yaml-deep"] = "name: x\nx-a: " + "[" * 40_000 + "\n"
    found["yaml-wide"] = "name: x\nx-a: {" + ", ".join(f"k{n}: {n}"
                                                       for n in range(60_000)) + "}\nstartUrls: [\"http://127.0.0.1:1/\"]\n"
    found["yaml-aliases"] = "name: x\nx-a: &a [x, x]\nx-b: [*a, *a]\n"
    # The disk.
    add("long-links", "long/x", "limits: {maxUrls: 1000000}\n")
    add("long-lines", "pages/text", 'extract: [{name: x, fields: {a: {css: body}, b: {css: body}, c: {css: body, type: '
        'html}}}]\n')
    # Threads, sockets, descriptors.
    add("hang", "pages/hang")
    add("drip", "pages/drip")
    add("slow-head", "pages/slowhead")
    add("hints", "pages/hints")
    add("chunks", "pages/chunks", "limits: {maxBodySize: 1GiB}\n")
    add("claims", "pages/claims")
    add("workers", "hosts/0", f'scope: {{allowedDomains: ["127.0.0.1:{plain}", {many}]}}\n')
    found["workers"] = found["workers"].replace("concurrency: 16\n", "concurrency: 100000\n", 1)
    add("refused", "pages/busy", "circuitBreaker: {failureRateThreshold: 100, maxOpenings: 1000}\n")
    found["refused"] = found["refused"].replace("maxAttempts: 1", "maxAttempts: 1000, backoff: 1ms, maxBackoff: 1ms")
    add("redirects", "loop/x", "limits: {maxRedirects: 1000}\n")
    add("refresh", "refresh/x", "scope: {maxDepth: 1000000}\n")
    add("limited", "pages/limited")
    # Other crawls' turns: the host of the crawl that behaves.
    found["same-host-hang"] = (f'name: same-host-hang\nstartUrls: '
                               f'[{", ".join(chr(34) + f"http://127.0.0.1:{good}/hang/{n}" + chr(34) for n in range(3))}]\n'
                               f"politeness: {{delay: 0, perHostConcurrency: 1}}\nretries: "
                               f"{{maxAttempts: 1}}\n{NETWORK}")
    found["same-host-flood"] = (f'name: same-host-flood\nstartUrls: ["http://127.0.0.1:{good}/"]\n'
                                f"politeness: {{delay: 0, autoThrottle: false, perHostConcurrency: 64}}\nconcurrency: "
                                f"128\n{NETWORK}")
    found["escapes"] = 'name: "../../x"\nstartUrls: ["http://127.0.0.1:1/"]\n'
    found["secrets"] = 'name: secrets\nstartUrls: ["http://127.0.0.1:1/${HOME}"]\nstartUrlsFile: /etc/passwd\n'
    return found


class Nothing(http.server.BaseHTTPRequestHandler):
    """Answers at once; what this takes is the machine's."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def bare(ports):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        ports.send(server.server_port)
        server.serve_forever()


def probe(port, bare_port, ended, results):
    """Asks the service three questions every 50 ms, and a bare server one; reports how long each took when it is told to end."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    taken, wrong = {}, []
    while not results.poll():
        for name, to, method, path, status in (
                ("live", port, "GET", "/health/live", 200), ("list", port, "GET", f"{CRAWLS}?limit=20", 200),
                ("cancel", port, "POST", f"{CRAWLS}/{ended}/cancel", 409), ("bare", bare_port, "GET", "/", 200)):
            began = time.monotonic()
            try:
                link = http.client.HTTPConnection("127.0.0.1", to, timeout=20)
                link.request(method, path, '{"mode": "now"}' if method == "POST" else None,
                             {"Content-Type": "application/json"} if method == "POST" else {})
                answer = link.getresponse()
                answer.read()
                link.close()
                if answer.status != status:
                    wrong.append(f"{name} answered {answer.status}")
            except (OSError, http.client.HTTPException) as e:
                wrong.append(f"{name} failed: {e!r}")
            taken.setdefault(name, []).append(time.monotonic() - began)
        time.sleep(0.05)
    results.send((taken, wrong))


class Probe:
    """A probe and a bare server, each in a process of its own; the figures count from the first crawl to the last."""

    def __init__(self, port, ended):
        ports, there = multiprocessing.Pipe()
        self.bare = multiprocessing.Process(target=bare, args=(there,), daemon=True)
        self.bare.start()
        bare_port = ports.recv() if ports.poll(60) else fail("the bare server does not start")
        self.here, there = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=probe, args=(port, bare_port, ended, there), daemon=True)
        self.process.start()

    def end(self):
        self.here.send("end")
        found = self.here.recv() if self.here.poll(60) else fail("the probe does not end")
        self.process.join()
        self.bare.terminate()
        self.bare.join()
        return found


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def submit(service, name, text):
    """The id of a crawl, or the reason why the job is refused; which is a problem of the job, and says where."""
    began = time.monotonic()
    status, body = service.ask("POST", CRAWLS, text.encode(), "application/yaml")
    took = time.monotonic() - began
    if status == 201:
        return json.loads(body)["id"], None, took
    answer = json.loads(body)
    if status not in (400, 413, 422) or not (answer.get("problems") or answer.get("detail") or answer.get("title")):
        fail(f"{name} was answered with {status}: {body[:300]}")
    problems = answer.get("problems") or [{"message": answer.get("detail", answer["title"])}]
    return None, f"{status}: {problems[0]['message'][:70]}", took


def run(folder, only=None):
    with Shops(1, GOOD_PAGES, delay=0.002) as shops, Traps() as traps:
        good = shops.ports[0]
        hostile = jobs(traps.plain, traps.rules, good)
        if only:
            hostile = {name: text for name, text in hostile.items() if re.search(only, name)}
        rows = []

        def ended(name, state, seconds, words):
            rows.append(name)
            print(f"  {name:20} {state:10} {seconds:5.1f} s  {words}", flush=True)

        with Running(folder, CONFIG, heap="256m") as service:
            first = service.submit(good_job("first", good))
            until("a first crawl has ended", lambda: service.get(f"{CRAWLS}/{first}")["state"] in ENDED)
            before = service.status("Threads"), service.files()
            watch = Probe(service.port, first)
            well = service.submit(good_job("well", good, "200ms"))
            began = time.monotonic()
            running = {}  # id to name, since when it runs, since when it is cancelled
            waiting = list(hostile.items())
            while waiting or running:
                while waiting and len(running) < 6:
                    name, text = waiting.pop(0)
                    one, refused, took = submit(service, name, text)
                    if refused:
                        ended(name, "refused", took, refused)
                    else:
                        running[one] = [name, None, None]
                for one, state in list(running.items()):
                    crawl = service.get(f"{CRAWLS}/{one}")
                    now = time.monotonic()
                    if state[1] is None and crawl["state"] != "queued":
                        state[1] = now
                    if crawl["state"] in ENDED:
                        progress = crawl["progress"]
                        if "private_address" in progress["reasons"]:
                            fail(f"{state[0]} was not let loose: {progress}")
                        ended(state[0], crawl["state"], now - (state[1] or now),
                              f"{progress['ok']} ok, {progress['failed']} failed"
                              + (f", ended {now - state[2]:.1f} s after it was cancelled" if state[2] else ""))
                        del running[one]
                    elif state[2] is not None and now - state[2] > CANCELLED:
                        fail(f"{state[0]} has not ended {CANCELLED:.0f} s after it was cancelled: "
                             f"{service.ask('GET', f'{CRAWLS}/{one}/tasks')}")
                    elif state[2] is None and state[1] is not None and now - state[1] > RUNS:
                        state[2] = now
                        service.ask("POST", f"{CRAWLS}/{one}/cancel", '{"mode": "now"}')
                time.sleep(0.1)
            took = time.monotonic() - began
            end = until("the crawl that behaves has ended", lambda: (lambda crawl: crawl["state"] in ENDED
                                                                     and crawl)(service.get(f"{CRAWLS}/{well}")), 180)
            lines = [line["url"] for line in service.lines(well)]
            if end["state"] != "finished" or set(lines) != shops.urls(good) or len(lines) != len(set(lines)):
                fail(f"the crawl that behaves is {end['state']} with {len(lines)} lines of {len(shops.urls(good))}: "
                     f"{end}")
            taken, wrong = watch.end()
            print(f"{len(rows)} hostile jobs in {took:.0f} s; the crawl beside them has its {len(lines)} lines")
            for name, values in taken.items():
                print(f"  {name:6} {len(values):5} times, p50 {percentile(values, 0.5) * 1000:4.0f} ms, p99 "
                      f"{percentile(values, 0.99) * 1000:4.0f} ms, "
                      f"max {max(values) * 1000:5.0f} ms")
            if wrong:
                fail(f"{len(wrong)} answers were wrong: {wrong[:5]}")
            del taken["bare"]  # which says what the machine itself took of the others
            slow = [name for name, values in taken.items() if percentile(values, 0.99) > P99]
            if slow:
                fail(f"the 99th percentile of {', '.join(slow)} is above {P99 * 1000:.0f} ms")
            until("threads and descriptors are back", lambda: service.status("Threads") <= before[0] + 40
                  and service.files() <= before[1] + 60, 90, 1)
            last = [submit(service, name, hostile[name])[0] for name in list(hostile)[:6]]
            until("they run", lambda: sum(service.get(f"{CRAWLS}/{one}")["state"] == "running" for one in last
                                          if one) >= 1, 20)
            asked = time.monotonic()
            service.stop()
            took = time.monotonic() - asked
            print(f"SIGTERM while {len([one for one in last if one])} of them ran: {took:.1f} s")
            if took > GRACE + 5:
                fail(f"SIGTERM took {took:.1f} s, with a shutdownGrace of {GRACE} s")
        log = service.log.read_text()
        for word in ("OutOfMemoryError", "internal error", "StackOverflowError", "left something behind"):
            if word in log:
                fail(f"the log has {word}: {log[max(0, log.index(word) - 500):][:3000]}")
        with Running(folder, CONFIG, heap="256m") as service:
            states = [crawl["state"] for crawl in service.all().values()]
            if "lost" in states or "held" in states:
                fail(f"after an orderly stop crawls are {states}")
            print(f"the next start: {len(states)} crawls, none lost, none held")
            service.stop()
