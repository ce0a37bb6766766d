"""What a crawl of a folder of HTML files must find, computed from the files alone.

Independent of the crawler on purpose: Python's html.parser instead of jsoup, RFC 3986 written out by hand instead of a
URL library, files instead of a network. Models a static nginx (index files, redirects of folders without a slash).
"""

import hashlib
import os
import re
from collections import deque
from html.parser import HTMLParser

HTML_NAMES = (".html", ".htm", ".shtml", ".xhtml")
UNRESERVED = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
URL_PARTS = re.compile(r"^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$", re.DOTALL)


def percent(text, unsafe):
    """Escapes what a URL may not hold, decodes escaped unreserved characters, upper-cases the other escapes."""
    text = "".join(
        "".join("%%%02X" % byte for byte in c.encode("utf-8")) if c in unsafe or not " " < c < "\x7f" else c
        for c in text
    )

    def normal(match):
        char = chr(int(match.group(1), 16))
        return char if char in UNRESERVED else match.group(0).upper()

    return re.sub("%([0-9A-Fa-f]{2})", normal, text)


def without_dots(path):
    segments = []
    parts = path.split("/")
    for i, segment in enumerate(parts):
        last = i == len(parts) - 1
        dots = segment.lower().replace("%2e", ".")
        if dots == "..":
            if len(segments) > 1:
                segments.pop()
            if last:
                segments.append("")
        elif dots == ".":
            if last:
                segments.append("")
        else:
            segments.append(segment)
    return "/".join(segments)


def resolve(base, link):
    """The link's canonical URL; None if it is not an http(s) one, or has userinfo."""
    link = re.sub("[\t\n\r]", "", link).strip("".join(map(chr, range(33))))
    if not re.match("[A-Za-z][A-Za-z0-9+.-]*:", link) or re.match("https?:", link, re.I):
        head, sep, tail = link.partition("?")
        link = head.replace("\\", "/") + sep + tail
    scheme, authority, path, query = URL_PARTS.match(link).groups()
    base_scheme, base_authority, base_path, base_query = URL_PARTS.match(base).groups()
    if scheme is not None and scheme.lower() not in ("http", "https"):
        return None
    if scheme is not None and authority is None:
        return None if scheme.lower() != base_scheme else resolve(base, link[len(scheme) + 1 :])
    if authority is None:
        authority = base_authority
        if path == "":
            path, query = base_path, query if query is not None else base_query
        elif not path.startswith("/"):
            path = base_path[: base_path.rfind("/") + 1] + path
    scheme = (scheme or base_scheme).lower()
    if authority == "" or "@" in authority:
        return None
    authority = authority.lower()
    default_port = ":80" if scheme == "http" else ":443"
    if authority.endswith(default_port):
        authority = authority[: -len(default_port)]
    path = percent(without_dots(path or "/"), ' "<>`{}^')
    query = "" if query is None else "?" + percent(query, ' "<>\'')
    return scheme + "://" + authority + path + query


class PageReader(HTMLParser):
    """The standard link set, the title, the base and the robots wishes of one page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.links = []
        self.base = None
        self.title = None
        self.nofollow = False
        self.in_title = False
        self.in_svg = 0

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag == "svg":
            self.in_svg -= 1

    def handle_starttag(self, tag, attrs):
        attributes = {}
        for name, value in attrs:
            attributes.setdefault(name, value or "")
        words = attributes.get("rel", "").lower().split()
        if tag == "svg":
            self.in_svg += 1
        elif tag == "title" and self.title is None and not self.in_svg:
            self.title = ""
            self.in_title = True
        elif tag == "base" and self.base is None and "href" in attributes:
            self.base = attributes["href"]
        elif tag in ("a", "area") and "href" in attributes and "nofollow" not in words:
            self.links.append(attributes["href"])
        elif tag in ("iframe", "frame") and "src" in attributes:
            self.links.append(attributes["src"])
        elif tag == "link" and "next" in words and "href" in attributes:
            self.links.append(attributes["href"])
        elif tag == "meta":
            self.read_meta(attributes)

    def read_meta(self, attributes):
        content = attributes.get("content", "")
        if attributes.get("http-equiv", "").lower() == "refresh":
            refresh = re.match(r"\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?(.*)$", content, re.I | re.DOTALL)
            target = refresh.group(1).strip()
            if target[:1] in ("'", '"'):
                target = target[1:].split(target[0])[0]
            if target:
                self.links.append(target)
        elif attributes.get("name", "").lower() == "robots":
            if {"nofollow", "none"} & set(re.split(r"[\s,]+", content.lower())):
                self.nofollow = True

    def handle_endtag(self, tag):
        if tag == "title":
            self.in_title = False
        elif tag == "svg":
            self.in_svg = max(0, self.in_svg - 1)

    def handle_data(self, data):
        if self.in_title:
            self.title += data


def read_page(url, data):
    """(title, links) of a page's bytes."""
    reader = PageReader()
    reader.feed(data.decode("utf-8-sig", errors="replace"))
    reader.close()
    base = url if reader.base is None else resolve(url, reader.base) or url
    links = [] if reader.nofollow else [resolve(base, link) for link in reader.links]
    return " ".join((reader.title or "").split()), [link for link in links if link]


def file_of(folder, origin, url):
    path = re.sub("/+", "/", url[len(origin) :].split("?")[0])
    decoded = re.sub(b"%([0-9A-F]{2})", lambda m: bytes([int(m.group(1), 16)]), path.encode())
    return os.fsencode(folder) + decoded


def answer(folder, origin, url):
    """What nginx answers: (the expected line without url, the links)."""
    file = file_of(folder, origin, url)
    if file.endswith(b"/"):
        index = file + b"index.html"
        if not os.path.isdir(file):
            return failed(404), []
        if not os.path.isfile(index):
            return failed(403), []
        file = index
    elif os.path.isdir(file):
        path, query = (url.split("?", 1) + [None])[:2]
        target = path + "/" + ("" if query is None else "?" + query)
        return {"outcome": "redirected", "status": 301, "redirectUrl": target}, [target]
    elif not os.path.isfile(file):
        return failed(404), []
    if not file.decode("utf-8", "replace").endswith(HTML_NAMES):
        return {"outcome": "ok", "status": 200, "bytes": 0}, []
    with open(file, "rb") as opened:
        data = opened.read()
    title, links = read_page(url, data)
    line = {"outcome": "ok", "status": 200, "bytes": len(data), "title": title}
    return line | {"contentHash": hashlib.sha256(data).hexdigest()}, links


def failed(status):
    return {"outcome": "failed", "reason": "http_status", "status": status}


def expected_lines(folder, origin, start):
    """URL -> what the crawl must say of it, for everything reachable from the start page on this origin."""
    first = resolve(origin + "/", start)
    lines = {}
    waiting = deque([first])
    known = {first}
    while waiting:
        url = waiting.popleft()
        lines[url], links = answer(folder, origin, url)
        for link in links:
            if link.startswith(origin + "/") and link not in known:
                known.add(link)
                waiting.append(link)
    return lines
