package fanout.hostile;

import static fanout.hostile.Expected.failed;
import static fanout.hostile.Expected.ok;
import static fanout.hostile.Expected.redirected;
import static fanout.hostile.Expected.skipped;
import static fanout.hostile.Expected.status;
import static fanout.hostile.HostileCase.ofRobots;
import static fanout.hostile.HostileCase.visit;

import java.util.List;

/** Redirects without a target, in a loop, or to a forbidden address. */
final class RedirectCases {

    private static final Expected BAD = failed("bad_redirect").with("attempts", "1");

    private RedirectCases() {}

    /** Redirects {@code /} there, and answers everything else. */
    private static Script to(String location) {
        return (wire, path) -> {
            if (path.equals("/")) {
                wire.respond("302 Found\r\nLocation: " + location.replace("PORT", String.valueOf(wire.port())),
                        new byte[0]);
            } else {
                wire.html("<title>" + path + "</title>");
            }
        };
    }

    private static HostileCase refused(String location, Expected expected) {
        return visit("a redirect to " + (location.length() > 80 ? location.substring(0, 80) + "…" : location),
                to(location), expected);
    }

    private static HostileCase leads(String location, String url) {
        return visit("a redirect to " + location, to(location), redirected(), ok().at(url).with("redirects", "1"));
    }

    private static HostileCase inside(String location, String url) {
        return visit("a redirect to " + location, to(location), redirected(), failed("private_address").at(url));
    }

    /** Numbers in the path; each redirects to the next. */
    private static Script chain(int length) {
        return (wire, path) -> {
            int hop = path.equals("/") ? 0 : Integer.parseInt(path.substring(1));
            if (hop == length) {
                wire.html("<title>end</title>");
            } else {
                wire.respond("301 Moved\r\nLocation: /" + (hop + 1), new byte[0]);
            }
        };
    }

    static List<HostileCase> all() {
        return List.of(
                leads("/t/a\u00e7\u00e3o", "/t/a%E7%E3o"),
                visit("a redirect to itself", (wire, path) -> wire.respond("302 Found\r\nLocation: /", new byte[0]),
                        failed("too_many_redirects")),
                visit("a loop of two", (wire, path) -> wire.respond(
                        "302 Found\r\nLocation: " + (path.equals("/") ? "/back" : "/"), new byte[0]),
                        redirected(), failed("too_many_redirects").at("/back")),
                visit("five redirects", chain(5), redirected().at("/"), redirected().at("/1"), redirected().at("/2"),
                        redirected().at("/3"), redirected().at("/4"),
                        ok().at("/5").title("end").with("redirects", "5")),
                visit("redirects without end", chain(1_000_000), redirected().at("/"), redirected().at("/1"),
                        redirected().at("/2"), redirected().at("/3"), redirected().at("/4"),
                        failed("too_many_redirects").at("/5")),
                visit("a redirect to itself after a cookie", (wire, path) -> {
                    if (wire.header("Cookie").contains("seen=yes")) {
                        wire.html("<title>seen</title>");
                    } else {
                        wire.respond("302 Found\r\nLocation: /\r\nSet-Cookie: seen=yes", new byte[0]);
                    }
                }, ok().title("seen").with("redirects", "1")),
                refused("file:///etc/passwd", BAD.detail("file:///etc/passwd")),
                refused("ftp://127.0.0.1/", BAD), refused("gopher://127.0.0.1:6379/_FLUSHALL", BAD),
                refused("javascript:alert(1)", BAD), refused("data:text/html,<title>x</title>", BAD),
                refused("http://", BAD), refused("http://user:secret@127.0.0.1/", BAD),
                refused("http://[::1/", BAD), refused("http://127.0.0.1:99999/", BAD),
                refused("data:" + "x".repeat(200_000), BAD),
                visit("a redirect without a target", (wire, path) -> wire.respond("302 Found", new byte[0]), BAD),
                visit("a redirect to nothing", (wire, path) -> wire.respond("302 Found\r\nLocation: ", new byte[0]),
                        failed("too_many_redirects")),
                visit("a redirect to a URL of 64 KB", to("/" + "x".repeat(64 << 10)), redirected()),
                leads("/a b", "/a%20b"), leads("/a\u0001b", "/a%01b"), leads("/a\tb", "/ab"), leads("/a\\b", "/a/b"),
                leads("next.html", "/next.html"), leads("/next#fragment", "/next"), leads("?", "/?"),
                leads("/../../etc/passwd", "/etc/passwd"), leads("http:next", "/next"),
                inside("http://127.0.0.1:PORT/redirect", "http://127.0.0.1:PORT/redirect"),
                inside("//127.2.0.1:PORT/", "http://127.2.0.1:PORT/"),
                inside("\\\\127.3.0.1:PORT\\", "http://127.3.0.1:PORT/"),
                inside("http://0x7f.1:PORT/redirect-hex", "http://127.0.0.1:PORT/redirect-hex"),
                inside("http://localhost:PORT/redirect", "http://localhost:PORT/redirect"),
                inside("http://[::1]:PORT/redirect", "http://[::1]:PORT/redirect"),
                inside("http://[::ffff:7f00:1]:PORT/redirect-mapped", "http://127.0.0.1:PORT/redirect-mapped"),
                inside("http://169.254.169.254/", "http://169.254.169.254/"),
                inside("https://192.168.0.1/admin", "https://192.168.0.1/admin"),
                visit("a redirect to a closed port", to("http://127.1.255.1:1/"), redirected(),
                        failed("connection").at("http://127.1.255.1:1/")),
                visit("a redirect to TLS on a plain port", (wire, path) -> {
                    if (path.equals("/")) {
                        wire.respond("302 Found\r\nLocation: " + wire.origin().replace("http:", "https:") + "/tls",
                                new byte[0]);
                    } else {
                        wire.send("HTTP/1.1 400 Plain\r\n\r\n");
                        wire.close();
                    }
                }, redirected(), failed("tls").at("https://HOST:PORT/tls")),
                visit("a redirect with an endless body", (wire, path) -> {
                    if (path.equals("/")) {
                        wire.send("HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n");
                        wire.sendForever("more ");
                    } else {
                        wire.html("<title>next</title>");
                    }
                }, redirected(), ok().at("/next")),
                ofRobots("a redirect to what robots.txt forbids", (wire, path) -> {
                    if (path.equals("/robots.txt")) {
                        wire.respond("200 OK", "User-agent: *\nDisallow: /secret"
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    } else {
                        wire.respond("302 Found\r\nLocation: /%73ecret", new byte[0]);
                    }
                }, redirected(), skipped("robots").at("/secret")),
                visit("300 with a Location", (wire, path) -> wire.respond("300 Many\r\nLocation: /next", new byte[0]),
                        status(300)),
                visit("304 that was not asked for", (wire, path) -> wire.respond("304 Not Modified", new byte[0]),
                        status(304)),
                visit("305 to a proxy", (wire, path) -> wire.respond("305 Use Proxy\r\nLocation: http://127.0.0.1:1/",
                        new byte[0]), status(305)),
                visit("a page that refreshes itself", (wire, path) -> wire.html(
                        "<title>again</title><meta http-equiv=refresh content='0; url=/'>"), ok().title("again")));
    }
}
