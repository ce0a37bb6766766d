"""Shows that the check can fail: each kind of difference, made on purpose, is found. Run here: python3 -B -m
unittest"""

import collections
import contextlib
import copy
import io
import json
import pathlib
import tempfile
import unittest

import compare_crawl
import site_files

ORIGIN = "http://127.0.0.1:8081"
FILES = {
    "index.html": '<title>\n The  &amp; index</title><a href="a/">a</a><a href=./a/b.html#x>b</a>'
    '<a href="HTTP://127.0.0.1:8081/%61/none.html">none</a><a href="http://example.org/">out</a>'
    '<a rel="nofollow" href="hidden.html">no</a><script>"<a href=script.html>"</script><a href="notes.txt">t</a>',
    "a/index.html": '<base href="/a/c/"><title>A</title><a href="../b.html">b</a><a href="../../d">d</a>',
    "a/b.html": '<title>B</title><svg><title>no</title></svg><iframe src="framed.html"></iframe>',
    "a/framed.html": '<meta http-equiv="refresh" content="0; url=\'/late.html\'"><title>Framed</title>',
    "late.html": '<link rel="next" href="last.html">',
    "last.html": "<svg><title>no</title></svg><title>Last</title>",
    "d/index.html": '<meta name="robots" content="noindex, nofollow"><title>D</title><a href="hidden.html">no</a>',
    "hidden.html": "",
    "script.html": "",
    "notes.txt": "<a href=hidden.html>",
}
TITLES = {
    "/index.html": "The & index",
    "/a/": "A",
    "/a/b.html": "B",
    "/a/framed.html": "Framed",
    "/late.html": "",
    "/last.html": "Last",
    "/d/": "D",
}


class CompareCrawlTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name, "site")
        for name, html in FILES.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(html)
        expected = site_files.expected_lines(str(self.folder), ORIGIN, "/index.html")
        self.lines = [{"url": url, "reason": None, "bytes": None, "title": None} | line for url,
                      line in expected.items()]
        self.requests = [f"GET {line['url'][len(ORIGIN):]} {line['status']}" for line in self.lines]
        self.requests.append("GET /robots.txt 404")
        self.report = self.report_of(self.lines)

    def report_of(self, lines):
        outcomes = collections.Counter(line["outcome"] for line in lines)
        names = ("ok", "redirected", "failed", "skipped", "cancelled")
        accounting = {"discovered": len(lines), "reasons": {"http_status": 1}} | {name: outcomes[name]
                for name in names}
        leaks = ("liveTasks", "activeConnections", "openBodies", "heldLeases", "undeliveredResults")
        return {
            "accounting": accounting,
            "bytes": sum(line["bytes"] or 0 for line in lines),
            "finishReason": "exhausted",
            "leakCheck": dict.fromkeys(leaks, 0),
            "elapsedMs": 1,
            "pagesPerSecond": 1,
        }

    def differences(self):
        work = self.folder.parent
        (work / "pages").write_text("".join(json.dumps(line) + "\n" for line in self.lines))
        (work / "report").write_text(json.dumps(self.report))
        (work / "log").write_text("".join(request + "\n" for request in self.requests))
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = compare_crawl.main(
                str(self.folder), ORIGIN, "/index.html", str(work / "pages"), str(work / "report"), str(work / "log")
            )
        found = [line for line in said.getvalue().splitlines() if line.startswith("DIFFERENCE")]
        self.assertEqual(code, 1 if found else 0)
        return found

    def line(self, path):
        return next(line for line in self.lines if line["url"] == ORIGIN + path)

    def test_the_files_give_exactly_these_pages(self):
        titles = {line["url"][len(ORIGIN) :]: line["title"] for line in self.lines if line["title"] is not None}
        self.assertEqual(titles, TITLES)
        others = {line["url"][len(ORIGIN) :]: (line["outcome"], line["status"]) for line in self.lines}
        self.assertEqual(
            {path: others[path] for path in others.keys() - TITLES.keys()},
            {"/a/none.html": ("failed", 404), "/d": ("redirected", 301), "/notes.txt": ("ok", 200)},
        )

    def test_a_right_crawl_has_no_difference(self):
        self.assertEqual(self.differences(), [])

    def test_a_missing_page_is_found(self):
        self.lines.remove(self.line("/last.html"))
        self.report = self.report_of(self.lines)
        self.assertRegex(self.differences()[0], "last.html was not crawled")

    def test_a_page_too_many_is_found(self):
        self.lines.append(dict(self.line("/a/"), url=ORIGIN + "/hidden.html"))
        self.report = self.report_of(self.lines)
        self.assertRegex(self.differences()[0], "hidden.html is not reachable")

    def test_a_page_written_twice_is_found(self):
        self.lines.append(copy.deepcopy(self.line("/a/")))
        self.report = self.report_of(self.lines)
        self.assertRegex(self.differences()[0], "2 lines")

    def test_a_wrong_title_status_outcome_or_body_is_found(self):
        for key, value in {"title": "C", "status": 500, "outcome": "failed", "contentHash": "0", "bytes": 1}.items():
            with self.subTest(key):
                self.setUp()
                self.line("/a/b.html")[key] = value
                self.report = self.report_of(self.lines)
                self.assertRegex(self.differences()[0], f"b.html: {key} is")

    def test_a_report_that_does_not_add_up_is_found(self):
        changes = [("accounting", "ok"), ("accounting", "discovered"), ("leakCheck", "openBodies")]
        for part, name in changes:
            with self.subTest(name):
                self.setUp()
                self.report[part][name] += 1
                self.assertRegex(" ".join(self.differences()), name)
        self.setUp()
        self.report["bytes"] += 1
        self.report["finishReason"] = "maxPages"
        self.report["accounting"]["reasons"] = {"timeout": 1}
        self.assertEqual(len(self.differences()), 3)

    def test_a_page_fetched_twice_or_never_is_found_in_the_servers_log(self):
        self.requests.append("GET /a/ 200")
        self.assertRegex(self.differences()[0], "the server saw 2 times: GET /a/ 200")
        self.setUp()
        self.requests.remove("GET /robots.txt 404")
        self.assertRegex(self.differences()[0], "never saw: GET /robots.txt")


if __name__ == "__main__":
    unittest.main()
