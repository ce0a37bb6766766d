"""A site for members, whose lists come by POST, and a job for it. For load-tests/bin/kill."""
import http.server
import json
import pathlib
import re
import threading
import urllib.parse

PAGES_OF_A_LIST = 4
LINKS_OF_A_PAGE = 5
SERVED_BY_A_SESSION = 60
PASSWORD = "hush-2048"


class Site:
    """Logs in by a form with a token that is good once, and forgets a session when it has served some requests."""

    def __init__(self):
        self.lock = threading.Lock()
        self.tokens = set()
        self.sessions = {}
        self.logins = 0
        self.refused = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                outer.answer(self, "")

            def do_POST(self):
                outer.answer(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                pass  # a crawl that is killed leaves connections behind

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler, body):
        path, _, query = handler.path.partition("?")
        if path == "/login":
            self.login(handler, body)
        elif not self.is_served(handler.headers.get("Cookie", "")):
            reply(handler, 302, "", ("Location", "/login"))
        elif path == "/list":
            asked = json.loads(body)
            name, page = asked["list"], asked["page"]
            links = "".join(f"<li><a href='/item?list={name}&amp;n={page}-{n}'>{n}</a>" for n in range(LINKS_OF_A_PAGE))
            more = f"<b class=next>{page + 1}</b>" if page < PAGES_OF_A_LIST else ""
            reply(handler, 200, f"<title>{name} {page}</title><ul>{links}</ul>{more}")
        elif path == "/item":
            asked = urllib.parse.parse_qs(query)
            reply(handler, 200, f"<title>{asked['list'][0]} {asked['n'][0]}</title><p>of the list</p>")
        else:
            reply(handler, 404, "")

    def login(self, handler, body):
        fields = urllib.parse.parse_qs(body)
        with self.lock:
            token = fields.get("token", [""])[0]
            right = token in self.tokens and fields.get("password") == [PASSWORD]
            self.tokens.discard(token)
            if right:
                self.logins += 1
                self.sessions[f"s{self.logins}"] = SERVED_BY_A_SESSION
                cookie = ("Set-Cookie", f"sid=s{self.logins}; Path=/")
            else:
                fresh = f"t{len(self.tokens)}-{self.logins}-{self.refused}"
                self.tokens.add(fresh)
        if right:
            reply(handler, 200, "<a class=logout href=/logout>out</a>", cookie)
        else:
            reply(handler, 200, f"<form id=login method=post><input type=hidden name=token value={fresh}>"
                                "<input name=user><input name=password></form>")

    def is_served(self, cookies):
        with self.lock:
            found = re.search(r"sid=(\w+)", cookies)
            left = self.sessions.get(found[1], 0) if found else 0
            if left:
                self.sessions[found[1]] = left - 1
            else:
                self.refused += 1
            return left > 0


def reply(handler, status, text, *headers):
    body = text.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def job(site: Site, lists: int, work: pathlib.Path) -> pathlib.Path:
    """Writes a job whose start list has the first page of each list; templates ask for the others."""
    with open(work / "lists.jsonl", "w", encoding="utf-8") as file:
        for n in range(lists):
            file.write(json.dumps({"url": f"{site.url}/list", "method": "POST", "json": {"list": f"l{n}", "page": 1},
                                   "label": "list", "data": {"list": f"l{n}", "page": 1}}) + "\n")
    path = work / "job.yaml"
    path.write_text(f"""
version: 1
name: members
startUrlsFile: lists.jsonl
session:
  login:
    - {{url: "{site.url}/login"}}
    - {{form: "form#login", fields: {{user: ann, password: "${{MEMBERS_PASSWORD}}"}}}}
  success: {{css: "a.logout"}}
  expired: {{css: "form#login", url: "/login"}}
retries: {{unsafeMethods: false}}
concurrency: 16
politeness: {{perHostConcurrency: 16, delay: 0ms, autoThrottle: false, obeyRobots: false}}
network: {{allowedCidrs: [127.0.0.0/8]}}
follow:
  - {{css: "li a", label: item}}
  - request: {{url: /list, method: POST, json: {{list: "{{list}}", page: "{{next}}"}}}}
    values: {{list: {{from: data.list}}, next: {{from: data.page, add: 1}}}}
    when: {{css: "b.next"}}
    label: list
    data: {{list: {{from: data.list}}, page: {{from: data.page, add: 1}}}}
extract:
  - name: titles
    fields: {{title: {{css: title}}, list: {{from: data.list}}, page: {{from: data.page}}}}
""")
    return path


def expected(lists: int) -> int:
    return lists * PAGES_OF_A_LIST * (1 + LINKS_OF_A_PAGE)
