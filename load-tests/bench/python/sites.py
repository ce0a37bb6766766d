"""Serves what is crawled, on a free port of loopback, for as long as a `with` block lasts."""

import contextlib
import json
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator

from scenarios import Folder, Synthetic

STARTS_WITHIN = 20
ENDS_WITHIN = 20


class Absent(Exception):
    """Something that a scenario or a peer needs is not installed here; says what, and what would install it."""


@contextlib.contextmanager
def served(site: Folder | Synthetic, java: list[str]) -> Iterator[str]:
    """Yields the address of the start page. `java` starts a JVM with the class path of load-tests/bench."""
    if isinstance(site, Synthetic):
        with synthetic(java, pages=site.pages, bytes=site.bytes, links=site.links, latencyMs=site.latency_ms) as web:
            yield web.starts[0]
    else:
        with nginx(folder_of(site)) as address:
            yield f"{address}/{site.start}"


def folder_of(site: Folder) -> pathlib.Path:
    for path in site.paths:
        if (pathlib.Path(path) / site.start).is_file():
            return pathlib.Path(path).resolve()
    raise Absent(f"no {site.paths[0]}: install Debian's {site.package}")


class SyntheticWeb:
    """A running synthetic web. Not thread-safe: a question and its answer are one line each."""

    def __init__(self, server: subprocess.Popen, starts: list[str]):
        self._server = server
        self.starts = starts

    def counts(self) -> dict[str, int]:
        """`requests`, `inFlight` and `open` connections, now."""
        self._server.stdin.write("\n")
        self._server.stdin.flush()
        return json.loads(self._server.stdout.readline())

    def end(self) -> dict[str, int]:
        """Stops it; the last counts, with `smallestGapMicros` if arrivals were kept."""
        self._server.stdin.close()
        return json.loads(self._server.stdout.read().splitlines()[-1])


@contextlib.contextmanager
def synthetic(java: list[str], **keys: int) -> Iterator[SyntheticWeb]:
    command = [*java, "fanout.synthetic.Serve", *(f"{key}={value}" for key, value in keys.items())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            starts = server.stdout.readline().split()
            if not starts:
                raise RuntimeError(f"the synthetic web did not start: {' '.join(command)}")
            yield SyntheticWeb(server, starts)
        finally:
            server.stdin.close()
            server.wait(ENDS_WITHIN)


CONFIGURATION = """
daemon off; worker_processes 1; pid nginx.pid; error_log stderr crit;
events {{ worker_connections 8192; }}
http {{
  include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  open_file_cache max={cached};
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{ listen 127.0.0.1:{port} backlog=4096; root "{root}"; index index.html; absolute_redirect off; }}
}}
"""


@contextlib.contextmanager
def nginx(root: pathlib.Path) -> Iterator[str]:
    path = os.environ.get("PATH", "") + ":/usr/sbin"
    program = shutil.which("nginx", path=path)
    if program is None:
        raise Absent("no nginx: install Debian's nginx-light")
    port = free_port()
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)  # nginx reads as another user where it was started by root
        (pathlib.Path(work) / "nginx.conf").write_text(CONFIGURATION.format(port=port, root=root,
                                                                            cached=files_to_keep_open()))
        server = subprocess.Popen([program, "-p", work, "-e", "stderr", "-c", "nginx.conf"])
        try:
            await_listener(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(ENDS_WITHIN)


def files_to_keep_open() -> int:
    """Of those that a process may open, half: the other half is for connections."""
    return min(40_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_listener(port: int) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
