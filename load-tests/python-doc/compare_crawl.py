"""compare_crawl.py FOLDER ORIGIN START PAGES.jsonl REPORT.json ACCESS.log

Holds a finished crawl against the files it crawled, its report against its pages, and both against the web server's
log: "-" for a crawl that was ended and went on, which may ask twice.
Prints a summary; exits 1 on any difference.
"""

import collections
import json
import sys

import site_files

SHOWN = 10


def main(folder, origin, start, pages_file, report_file, access_log):
    expected = site_files.expected_lines(folder, origin, start)
    with open(pages_file, encoding="utf-8") as opened:
        lines = [json.loads(line) for line in opened]
    with open(report_file, encoding="utf-8") as opened:
        report = json.load(opened)
    problems = list(page_problems(expected, lines))
    problems += report_problems(lines, report)
    if access_log != "-":
        with open(access_log, encoding="utf-8") as opened:
            requests = collections.Counter(line.rstrip("\n") for line in opened)
        problems += request_problems(expected, requests, origin)

    outcomes = collections.Counter(line["outcome"] for line in expected.values())
    html = sum(1 for line in expected.values() if "title" in line)
    print(f"expected from the files: {len(expected)} URLs, {html} HTML pages, {dict(outcomes)}")
    print(f"crawled: {len(lines)} lines; {report['elapsedMs']} ms, {report['pagesPerSecond']} pages/s by the report")
    for problem in problems[:SHOWN]:
        print("DIFFERENCE " + problem)
    if len(problems) > SHOWN:
        print(f"… and {len(problems) - SHOWN} more")
    print("same set, same titles, nothing twice, report adds up" if not problems else f"{len(problems)} differences")
    return 1 if problems else 0


def page_problems(expected, lines):
    if not expected or not any("title" in line for line in expected.values()):
        yield "the folder has no pages at all, so this check proves nothing"
    times = collections.Counter(line["url"] for line in lines)
    for url, count in times.items():
        if count > 1:
            yield f"{url} has {count} lines"
        if url not in expected:
            yield f"{url} is not reachable in the files"
    for url in expected.keys() - times.keys():
        yield f"{url} was not crawled, expected {expected[url]}"
    for line in lines:
        for key, value in expected.get(line["url"], {}).items():
            found = line[key]
            if key == "title":
                found = " ".join((found or "").split())
            if found != value:
                yield f"{line['url']}: {key} is {found!r}, in the files {value!r}"


def report_problems(lines, report):
    counted = collections.Counter(line["outcome"] for line in lines)
    accounting = report["accounting"]
    sums = {name: counted[name] for name in ("ok", "redirected", "failed", "skipped", "cancelled")}
    sums["discovered"] = len(lines)
    problems = [
        f"report says {name} {accounting[name]}, the pages {value}"
        for name, value in sums.items()
        if accounting[name] != value
    ]
    reasons = collections.Counter(line["reason"] for line in lines if line["reason"] is not None)
    if {name: count for name, count in accounting["reasons"].items() if count} != dict(reasons):
        problems.append(f"report's reasons {accounting['reasons']}, the pages' {dict(reasons)}")
    body_bytes = sum(line["bytes"] or 0 for line in lines)
    if report["bytes"] != body_bytes:
        problems.append(f"report says {report['bytes']} bytes, the pages {body_bytes}")
    if report["finishReason"] != "exhausted":
        problems.append(f"finishReason is {report['finishReason']}")
    kinds = ("liveTasks", "activeConnections", "openBodies", "heldLeases", "undeliveredResults")
    problems += [f"leakCheck: {kind} is {report['leakCheck'][kind]}" for kind in kinds
                 if report["leakCheck"][kind] != 0]
    return problems


def request_problems(expected, requests, origin):
    """Each line of the log is a method, a path with its query, and a status."""
    wanted = collections.Counter(f"GET {url[len(origin):]} {line['status']}" for url, line in expected.items())
    robots = [request for request in requests if request.startswith("GET /robots.txt ")]
    wanted.update(robots if len(robots) == 1 else ["GET /robots.txt, once"])
    problems = [f"the server saw {requests[request]} times: {request}" for request in requests - wanted]
    return problems + [f"the server never saw: {request}" for request in wanted - requests]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
