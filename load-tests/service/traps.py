"""Sites that cost whoever reads them: one process, one port, a trap for each path. Nothing here answers anybody but
loopback."""

import asyncio
import functools
import gzip
import multiprocessing
import signal

ELEMENTS = 18_000
MIB = 1 << 20


def html(body, head=""):
    return f"<!doctype html><title>trap</title>{head}<body>{body}".encode()


# Bodies, by the first part of the path. A number may follow: pages of a site that are all alike.
BODIES = {
    "flat": lambda: html("<p class=a id=b>x</p>" * ELEMENTS),
    "bold": lambda: html("<b>x</b>" * ELEMENTS),
    "deep": lambda: html("<div class=a>" * 3_000 + "x"),
    "deeper": lambda: html("<div>" * 400_000),
    "siblings": lambda: html("<i></i>" * 60_000),
    "text": lambda: html("<p>" + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! " * 20_000 + "</p>"),
    "words": lambda: html("".join(f"<p>{'a' * 40}!</p>" for _ in range(2_000))),
    "nested": lambda: html("<div class=a>text " * 1_500),
    "tables": lambda: html("<table><b><tr><i>" * 8_000),
    "formatting": lambda: html("<a><b><i><u><s>" * 6_000 + "<p>" * 500),
    "entities": lambda: html("&nsubE;&amp;&#x41;&notanentity " * 60_000),
    "attributes": lambda: html("<p " + " ".join(f"a{n}={n}" for n in range(60_000)) + ">"),
    "names": lambda: html("".join(f"<x{n}>" for n in range(40_000))),
    "quotes": lambda: html("<blockquote><ul><li>x" * 30_000),
    "cells": lambda: html("<table>" + "<tr><td>x<td>y" * 250_000),
    "wide": lambda: html("<table><tr><td>" + "y" * 100_000 + "<td>z" + "<tr><td rowspan=60000 colspan=1000>x" * 5_000),
    "svg": lambda: html("<svg><math><template><select>" * 9_000),
    "comments": lambda: html("<!--" * 500_000),
    "unclosed": lambda: html("<a href='" * 300_000),
    "scripts": lambda: html("<script type=application/ld+json>{\"@type\":\"Product\",\"name\":\"x\"}</script>" * 9_000),
    "ld": lambda: html("<script type=application/ld+json>" + '{"@graph":[' * 3_000 + "]}" * 3_000 + "</script>"),
    "srcset": lambda: html("<img srcset='" + "/x 1x," * 200_000 + "'>"),
    "large": lambda: html("x" * (7 * MIB)),
    "tags": lambda: html("<b>" * (2 * MIB)),
    "json": lambda: b"[" * 400_000,
    "numbers": lambda: b"[" + b",".join(b"1" * 2_000 for _ in range(2_000)) + b"]",
    "pointer": lambda: b'{"a":' * 20_000 + b'"/json/x"' + b"}" * 20_000,
    "sitemap": lambda: ("<urlset>" + "".join(f"<url><loc>http://127.0.0.1/{'x' * 200}{n}</loc></url>"
                                             for n in range(20_000))
                        + "</urlset>").encode(),
    "bomb": lambda: html("x" * (300 * MIB)),
    "entity": lambda: b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("k")))
        + b"]><urlset><url><loc>&j;</loc></url></urlset>",
    "utf7": lambda: ("+ADw-script+AD4-" * 100_000).encode(),
    "invalid": lambda: b"<title>\xff\xfe" + b"\xc3\x28\xf0\x28\x8c\xbc" * 300_000,
}
TYPES = {"json": "application/json", "numbers": "application/json", "pointer": "application/json",
         "sitemap": "application/xml",
         "entity": "application/xml"}


@functools.cache
def packed(name):
    body = BODIES[name]()
    return gzip.compress(gzip.compress(body, 6), 6) if name == "bomb" else body


def head(status, length, more=""):
    return f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{more}\r\n".encode()


def links(base, count, length):
    return html("".join(f'<a href="{base}{n}-{"y" * length}">{n}</a>' for n in range(count)))


async def trap(path, port, rules, writer):
    """Writes an answer; returns whether the connection goes on."""
    name, _, rest = path.strip("/").partition("/")
    if name in BODIES:
        coding = "Content-Encoding: gzip, gzip\r\n" if name == "bomb" else ""
        body = packed(name)
        writer.write(head("200 OK", len(body), f"Content-Type: {TYPES.get(name, 'text/html')}\r\n{coding}") + body)
    elif name == "pages":  # leads to 8 pages of another kind
        body = html("".join(f'<a href="/{rest}/{n}">{n}</a>' for n in range(8)))
        writer.write(head("200 OK", len(body), "Content-Type: text/html\r\n") + body)
    elif name == "endless":  # every page leads to new ones, with long names
        body = links(f"/endless/{rest[-40:]}", 200, 400)
        writer.write(head("200 OK", len(body), "Content-Type: text/html\r\n") + body)
    elif name == "long":
        body = links(f"/long/{rest[-20:]}", 100, 8_000)
        writer.write(head("200 OK", len(body), "Content-Type: text/html\r\n") + body)
    elif name == "hosts":  # as many hosts as loopback has addresses
        number = int(rest or 0)
        hosts = (f"127.{1 + n // 250}.{number % 250}.{1 + n % 250}:{port}" for n in range(2_000))
        body = html("".join(f'<a href="http://{host}/hosts/{number + 1}">x</a>' for host in hosts))
        writer.write(head("200 OK", len(body), "Content-Type: text/html\r\n") + body)
    elif name == "loop":
        writer.write(head("302 Found", 0, f"Location: /loop/{rest}x\r\n" if len(rest) < 4_000
                          else "Location: /loop/\r\n"))
    elif name == "cookies":
        many = "".join(f"Set-Cookie: c{n}={'v' * 200}; Path=/\r\n" for n in range(150))
        body = links("/cookies/" + rest[-20:], 20, 10)
        writer.write(head("200 OK", len(body), "Content-Type: text/html\r\n" + many) + body)
    elif name == "headers":
        writer.write(head("200 OK", 1, "X-Long: " + "h" * 4 * MIB + "\r\n") + b"x")
    elif name == "refresh":
        body = html("", f'<meta http-equiv=refresh content="0;url=/refresh/{rest}x">')
        writer.write(head("200 OK", len(body), "Content-Type: text/html\r\n") + body)
    elif name == "busy":
        writer.write(head("503 Service Unavailable", 0))
    elif name == "limited":
        writer.write(head("429 Too Many Requests", 0, "Retry-After: 60\r\n"))
    elif name == "hang":
        await asyncio.sleep(120)
        return False
    elif name == "drip":
        writer.write(head("200 OK", 10_000, "Content-Type: text/html\r\n"))
        for _ in range(2_000):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)
        return False
    elif name == "slowhead":
        for _ in range(2_000):
            writer.write(b"H")
            await writer.drain()
            await asyncio.sleep(0.05)
        return False
    elif name == "hints":
        for _ in range(20_000):
            writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
            await writer.drain()
        return False
    elif name == "chunks":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(40_000):
            writer.write(b"1\r\nx\r\n" * 100)
            await writer.drain()
        return False
    elif name == "claims":
        writer.write(head("200 OK", 10 ** 15, "Content-Type: text/html\r\n") + b"x" * 1_000)
        return False
    elif name == "robots.txt":
        if rules:  # slow to match, and sitemaps without number
            body = (b"User-agent: *\n" + b"Disallow: /" + b"*a" * 60 + b"$\n") * 2_500
            body += "".join(f"Sitemap: http://127.0.0.1:{port}/sitemap/{n}\n" for n in range(3_000)).encode()
        else:
            body = b""
        writer.write(head("200 OK", len(body), "Content-Type: text/plain\r\n") + body)
    else:
        writer.write(head("404 Not Found", 0))
    await writer.drain()
    return True


async def answer(reader, writer, rules):
    port = writer.get_extra_info("sockname")[1]
    try:
        while True:
            asked = await reader.readuntil(b"\r\n\r\n")
            if not await trap(asked.split(b" ", 2)[1].decode(), port, rules, writer):
                break
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        pass  # the crawl has no more questions
    finally:
        writer.close()


def serve(ports):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for name in BODIES:
        packed(name)

    async def run():
        servers = [await asyncio.start_server(functools.partial(answer, rules=rules), "0.0.0.0", 0, backlog=1000)
                   for rules in (False, True)]
        ports.send([server.sockets[0].getsockname()[1] for server in servers])
        await asyncio.gather(*(server.serve_forever() for server in servers))

    asyncio.run(run())


class Traps:
    """Two sites for a with block: one is plain; the other's robots.txt is a trap, too."""

    def __init__(self):
        here, there = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=serve, args=(there,), daemon=True)
        self.process.start()
        self.plain, self.rules = here.recv()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join()

