"""A site of bad manners, to provoke what the alerts are for: pages that come late or not at all, and pages without end.
And what Alertmanager sends to."""

import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Awkward(ThreadingHTTPServer):
    """/slow never answers, /late has some pages that do not, /many has links to ever more pages, /sick too, of which
    most are missing; /few is one page, /chain one after the other."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        self.closing = threading.Event()
        super().__init__(("127.0.0.1", 0), Answer)
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def handle_error(self, request, address):
        if not isinstance(sys.exc_info()[1], ConnectionError):    # a crawler that gives up hangs up
            super().handle_error(request, address)

    def __exit__(self, *problem):
        self.closing.set()
        self.shutdown()
        self.server_close()


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/robots.txt":
            self.send_error(404)
        elif self.path.startswith("/slow"):
            self.server.closing.wait(120)
        elif self.path.startswith("/few"):
            self.page("")
        elif self.path.startswith("/sick/") and int(self.path.rpartition("/")[2]) % 5 in (1, 2, 3):
            self.send_error(404)
        elif self.path.startswith("/sick/"):
            number = int(self.path.rpartition("/")[2])
            self.page("".join(f'<a href="/sick/{number + i}">{i}</a>' for i in range(1, 11)))
        elif self.path.startswith("/chain/"):
            number = int(self.path.rpartition("/")[2])
            self.page(f'<a href="/chain/{number + 1}">next</a>')
        elif self.path.startswith("/late"):
            self.page("".join(f'<a href="/slow/{i}">{i}</a>' for i in range(10)))
        else:
            number = int(self.path.rpartition("/")[2] or 0)
            self.page("".join(f'<a href="/many/{number * 20 + i}">{i}</a>' for i in range(1, 21)))

    def page(self, links):
        body = f"<!doctype html><title>{self.path}</title><h1>{self.path}</h1>{links}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *arguments):
        pass


class Hook(ThreadingHTTPServer):
    """Takes what Alertmanager sends: the path that it was sent to, the text, and when."""

    daemon_threads = True

    def __init__(self):
        self.taken = []
        super().__init__(("127.0.0.1", 0), HookAnswer)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *problem):
        self.shutdown()
        self.server_close()


class HookAnswer(BaseHTTPRequestHandler):
    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.taken.append((self.path, text, time.monotonic()))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format, *arguments):
        pass
