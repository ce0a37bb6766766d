"""Small sites on loopback, each on a port of its own, in a process beside the one that measures."""

import asyncio
import multiprocessing
import re
import signal

LINKS = 10


def page(number, pages, text):
    """A page of a tree: page n leads to 10n+1 … 10n+10."""
    links = "".join(f'<a href="/{one}.html">{one}</a>' for one in range(LINKS * number + 1, LINKS * number + LINKS + 1)
                    if one < pages)
    return f"<!doctype html><title>Page {number}</title><h1>Page {number}</h1>{links}{text}".encode()


async def answer(reader, writer, pages, delay, text):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            found = re.fullmatch(r"/(?:(\d+)\.html)?", path)
            number = int(found[1] or 0) if found else pages
            if found and delay:
                await asyncio.sleep(delay)
            body = page(number, pages, text) if number < pages else b""
            status = "200 OK" if body else "404 Not Found"
            answer = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(answer.encode() + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the crawl has no more questions
    finally:
        writer.close()


def serve(count, pages, delay, size, ports):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    text = f"<p>{'word ' * (size // 5)}</p>" if size else ""

    async def run():
        servers = [await asyncio.start_server(lambda r, w: answer(r, w, pages, delay, text), "127.0.0.1", 0,
                                              backlog=500)
                   for _ in range(count)]
        ports.send([server.sockets[0].getsockname()[1] for server in servers])
        await asyncio.gather(*(server.serve_forever() for server in servers))

    asyncio.run(run())


class Shops:
    """So many sites of so many pages, each with a text of so many characters, after a delay in seconds; for a with
    block."""

    def __init__(self, count, pages, delay=0.0, size=0):
        self.pages = pages
        here, there = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=serve, args=(count, pages, delay, size, there), daemon=True)
        self.process.start()
        self.ports = here.recv()

    def urls(self, port):
        """What a crawl of a site must find: the start page by its two names, and all others."""
        return {f"http://127.0.0.1:{port}/"} | {f"http://127.0.0.1:{port}/{one}.html" for one in range(1, self.pages)}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join()


def job(name, port, delay="0", more=""):
    return (f'name: {name}\nstartUrls: ["http://127.0.0.1:{port}/"]\npoliteness: '
            f'{{delay: {delay}, autoThrottle: false, perHostConcurrency: 4}}\n'
            f'network: {{allowedCidrs: [127.0.0.0/8]}}\nextract: '
            f'[{{name: heads, fields: {{head: {{css: h1, required: true}}, text: {{css: p}}}}}}]\n{more}')
