package fanout.hostile;

import static fanout.hostile.Expected.failed;
import static fanout.hostile.Expected.ok;
import static fanout.hostile.Expected.status;
import static fanout.hostile.HostileCase.visit;

import java.util.List;

/** Heads of responses that are no heads, or too much of one. */
final class Heads {

    private static final String REST = "Content-Type: text/html\r\nContent-Length: 17\r\n\r\n<title>ok</title>";

    private Heads() {}

    private static Script raw(String response) {
        return (wire, path) -> {
            wire.send(response);
            wire.close();
        };
    }

    /** A status line and headers, then a page. */
    private static Script head(String head) {
        return (wire, path) -> wire.send("HTTP/1.1 200 OK\r\n" + head + REST);
    }

    private static HostileCase statusLine(String line, Expected expected) {
        return visit("status line: " + line, raw(line + "\r\n" + REST), expected);
    }

    private static Script endless(String head, String text) {
        return (wire, path) -> {
            wire.send(head);
            wire.sendForever(text);
        };
    }

    /** How many cookies the second request had. */
    private static Script cookies(String headers) {
        return (wire, path) -> {
            String cookie = wire.header("Cookie");
            long count = cookie.chars().filter(c -> c == '=').count();
            String page = "<title>%s %d</title><a href=/next>next</a>".formatted(path, count);
            wire.respond("200 OK\r\nContent-Type: text/html\r\n" + headers,
                    page.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        };
    }

    static List<HostileCase> all() {
        return List.of(
                visit("garbage instead of HTTP", raw("\u0001\u0002\u0000garbage\r\n\r\n"), failed("protocol")),
                visit("endless garbage without a line", endless("", "\u0000\u0007\u00ff"), failed("protocol")),
                visit("endless garbage in lines", endless("", "garbage\r\n"), failed("protocol")),
                visit("another protocol", raw("SSH-2.0-OpenSSH_9.9\r\n"), failed("protocol")),
                visit("a TLS alert", raw("\u0015\u0003\u0001\u0000\u0002\u0002P\r\n"), failed("protocol")),
                visit("HTTP/0.9", raw("<title>no head</title>\r\n\r\n"), failed("protocol")),
                statusLine("http/1.1 200 OK", failed("protocol")),
                statusLine("HTTP/2.0 200 OK", failed("protocol")),
                statusLine("HTTP/1.1 2000 OK", failed("protocol")),
                statusLine("HTTP/1.1 000 Zero", failed("protocol")),
                statusLine("HTTP/1.1 20", failed("protocol")),
                statusLine("HTTP/1.1 -20 OK", failed("protocol")),
                statusLine("HTTP/1.1", failed("protocol")),
                statusLine("HTTP/1.1 999 No", status(999).with("attempts", "1")),
                statusLine("HTTP/1.1 200", ok().title("ok")),
                statusLine("HTTP/1.1 200 \u001b[31m\u0007", ok().title("ok")),
                statusLine("HTTP/1.0 200 OK", ok().title("ok")),
                visit("HTTP/1.0 without a length",
                        raw("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<title>old</title>"),
                        ok().title("old")),
                visit("a header of 2 MB", head("X-Long: " + "x".repeat(2_000_000) + "\r\n"),
                        failed("protocol").detail("long")),
                visit("a header without end", endless("HTTP/1.1 200 OK\r\nX: ", "x"), failed("protocol")),
                visit("20,000 headers", head("X-Many: of twenty thousand\r\n".repeat(20_000)),
                        failed("protocol").detail("long")),
                visit("20,000 small headers", head("x:y\r\n".repeat(20_000)), ok().title("ok")),
                visit("a header without colon", head("no colon here\r\n"), ok().title("ok")),
                visit("a header without name", head(": nothing\r\n"), ok().title("ok")),
                visit("a continued header", head("X-First: one\r\n two\r\n\tthree\r\n"), ok().title("ok")),
                visit("a continued media type and length", raw("HTTP/1.1 200 OK\r\nContent-Type:\r\n\ttext/html;\r\n"
                        + " charset=utf-8\r\nContent-Length:\r\n 17\r\n\r\n<title>ok</title>more"),
                        ok().title("ok").with("bytes", "17").with("charset", "UTF-8")),
                visit("a header continued without end", endless("HTTP/1.1 200 OK\r\nX: ", "\r\n x"),
                        failed("protocol")),
                visit("NUL in a header", head("X-Nul: a\u0000b\r\n\u0000X: y\r\n"), ok().title("ok")),
                visit("bare line feeds", raw(("HTTP/1.1 200 OK\r\n" + REST).replace("\r", "")), ok().title("ok")),
                visit("a megabyte of cookie", head("Set-Cookie: a=" + "x".repeat(1_000_000) + "\r\n"),
                        failed("protocol")),
                visit("cookies by the thousand", cookies(manyCookies()),
                        ok().title("/ 0"), ok().at("/next").title("/next 50")),
                visit("a cookie of 200 KB", cookies("Set-Cookie: a=" + "x".repeat(200_000)),
                        ok().title("/ 0"), ok().at("/next").title("/next 0")),
                visit("cookies for other domains",
                        cookies("Set-Cookie: a=b; Domain=0.1\r\nSet-Cookie: c=d; Domain=com\r\n"
                                + "Set-Cookie: e=f; Domain=example.org\r\nSet-Cookie: g=h; Domain=co.uk"),
                        ok().title("/ 0"), ok().at("/next").title("/next 0")),
                visit("an entity tag of 200 KB", head("ETag: \"" + "x".repeat(200_000) + "\"\r\n"),
                        ok().title("ok").with("etag", null)),
                visit("a media type of 200 KB", head("Content-Type: text/" + "x".repeat(200_000) + "\r\n"),
                        ok().title("ok")),
                visit("a thousand times 100 Continue", (wire, path) -> {
                    wire.send("HTTP/1.1 100 Continue\r\n\r\n".repeat(1000));
                    wire.send("HTTP/1.1 200 OK\r\n" + REST);
                }, ok().title("ok")),
                visit("102 for ever", (wire, path) -> {
                    while (wire.isOpen()) {
                        wire.send("HTTP/1.1 102 Processing\r\n\r\n");
                        Thread.sleep(5);
                    }
                }, failed("timeout").detail("headers")),
                visit("early hints", raw("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\n" + REST), ok().title("ok").with("status", "200")),
                visit("another protocol, unasked", (wire, path) -> {
                    wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
                    wire.hang();
                }, failed("protocol")));
    }

    private static String manyCookies() {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            headers.append("Set-Cookie: c").append(i).append("=v; path=/\r\n");
        }
        return headers.substring(0, headers.length() - 2);
    }
}
