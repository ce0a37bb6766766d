package fanout.hostile;

import static fanout.hostile.Expected.failed;
import static fanout.hostile.Expected.ok;
import static fanout.hostile.Expected.skipped;
import static fanout.hostile.HostileCase.ofRobots;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Files of rules that are huge, slow, nonsense or somewhere else. */
final class RobotsFiles {

    private static final String FORBID = "User-agent: *\nDisallow: /secret\n";
    private static final Expected PAGE = ok().title("/");
    private static final Expected SECRET = skipped("robots").at("/secret");

    private RobotsFiles() {}

    /** A page that links to {@code /secret}, under such rules. */
    private static HostileCase robots(String name, Script robots, Expected... lines) {
        return ofRobots(name, (wire, path) -> {
            if (path.startsWith("/robots")) {
                robots.answer(wire, path);
            } else {
                wire.html("<title>" + path + "</title><a href=/secret>secret</a>");
            }
        }, lines);
    }

    private static HostileCase file(String name, byte[] body, Expected... lines) {
        return robots(name, (wire, path) -> wire.respond("200 OK\r\nContent-Type: text/plain", body), lines);
    }

    private static HostileCase file(String name, String head, String body, Expected... lines) {
        return robots(name, (wire, path) -> wire.respond(head, body.getBytes(UTF_8)), lines);
    }

    private static HostileCase file(String name, String body, Expected... lines) {
        return file(name, body.getBytes(UTF_8), lines);
    }

    private static HostileCase status(String head, Expected... lines) {
        return robots("robots.txt: " + head.replace("\r\n", ", "), (wire, path) -> wire.respond(head, new byte[0]),
                lines);
    }

    private static Expected secret() {
        return ok().at("/secret").title("/secret");
    }

    static List<HostileCase> all() {
        return List.of(
                robots("robots.txt without end", (wire, path) -> {
                    wire.send("HTTP/1.1 200 OK\r\n\r\n" + FORBID);
                    wire.sendForever("Disallow: /something/else\n");
                }, PAGE, SECRET),
                file("robots.txt with a line of 10 MB", FORBID + "Disallow: /" + "x".repeat(10_000_000), PAGE, SECRET),
                file("robots.txt with 500 KB of one agent", FORBID + "User-agent: " + "x".repeat(500_000), PAGE,
                        SECRET),
                file("robots.txt that is cut in its last rule", "User-agent: *\n#" + "x".repeat((512 << 10) - 29)
                        + "\nDisallow: /secrets-of-others\n", PAGE, secret()),
                file("robots.txt with an unknown encoding", "200 OK\r\nContent-Encoding: utf-8", FORBID, PAGE, SECRET),
                file("robots.txt of stars", FORBID + ("Disallow: /" + "*a".repeat(500) + "$\n").repeat(300)
                        + "Disallow: /*$*$*$*\n", PAGE, SECRET),
                file("robots.txt of 50,000 agents", "User-agent: x\n".repeat(30_000) + FORBID, PAGE, SECRET),
                file("robots.txt of angle brackets", "<".repeat(200_000) + "\n" + FORBID, PAGE, SECRET),
                file("robots.txt of bytes", Packed.gzip("nothing to read".repeat(1000).getBytes(UTF_8)), PAGE,
                        secret()),
                file("robots.txt of NULs", "\u0000".repeat(100_000), PAGE, secret()),
                file("robots.txt with a mark", "\ufeff" + FORBID, PAGE, SECRET),
                file("robots.txt in UTF-16", ("\ufeff" + FORBID).getBytes(UTF_16LE), PAGE, SECRET),
                file("robots.txt with bare returns", FORBID.replace('\n', '\r'), PAGE, SECRET),
                file("robots.txt in Latin-1", ("# caf\u00e9\n" + FORBID).getBytes(ISO_8859_1), PAGE, SECRET),
                file("robots.txt that is a page", "<html><body><h1>Not found</h1></body></html>", PAGE, secret()),
                file("robots.txt that asks for an age", "User-agent: *\nCrawl-delay: 999999999999999999999\n", PAGE,
                        secret()),
                file("robots.txt that asks for less than nothing", "User-agent: *\nCrawl-delay: -1e308\n", PAGE,
                        secret()),
                file("robots.txt that asks for no number", "User-agent: *\nCrawl-delay: NaN\nCrawl-delay: Infinity\n",
                        PAGE,
                        secret()),
                file("robots.txt that names sitemaps within",
                        FORBID + "Sitemap: http://127.0.0.1/\nSitemap: file:///etc/passwd",
                        PAGE, SECRET),
                robots("robots.txt as a gigabyte of gzip",
                        (wire, path) -> wire.respond("200 OK\r\nContent-Encoding: gzip",
                                Packed.gigabyteOfGzip(FORBID.getBytes(UTF_8))),
                        PAGE, SECRET),
                robots("robots.txt of one byte every 50 ms", (wire, path) -> {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                    wire.trickle("x".repeat(1000), 50);
                }, failed("timeout").detail("robots.txt").with("attempts", "0")),
                robots("robots.txt that never comes", (wire, path) -> wire.hang(),
                        failed("timeout").detail("robots.txt")),
                robots("robots.txt that is reset", (wire, path) -> wire.reset(),
                        failed("connection").detail("robots.txt")),
                robots("robots.txt that is no HTTP", (wire, path) -> {
                    wire.send("User-agent: *\nDisallow: /\n\n");
                    wire.close();
                }, failed("protocol").detail("robots.txt")),
                robots("robots.txt behind five redirects", (wire, path) -> {
                    int hop = Integer.parseInt("0" + path.substring("/robots".length()).replace(".txt", ""));
                    if (hop == 5) {
                        wire.respond("200 OK", FORBID.getBytes(UTF_8));
                    } else {
                        wire.respond("302 Found\r\nLocation: /robots" + (hop + 1) + ".txt", new byte[0]);
                    }
                }, PAGE, SECRET),
                status("302 Found\r\nLocation: /robots.txt", PAGE, secret()),
                status("302 Found\r\nLocation: file:///etc/passwd", PAGE, secret()),
                robots("robots.txt that redirects to an address within", (wire, path) -> wire.respond(
                        "302 Found\r\nLocation: http://127.0.0.1:" + wire.port() + "/robots.txt", new byte[0]),
                        failed("private_address").detail("robots.txt")),
                status("302 Found\r\nLocation: http://169.254.169.254/robots.txt",
                        failed("private_address").detail("robots.txt")),
                status("401 Who", PAGE, secret()), status("403 Forbidden", PAGE, secret()),
                status("404 Not Found", PAGE, secret()),
                status("500 Broken", skipped("robots")), status("503 Busy", skipped("robots")),
                status("429 Slow Down", skipped("robots")),
                status("429 Slow Down\r\nRetry-After: 1e9", skipped("robots")),
                status("503 Busy\r\nRetry-After: 86400", skipped("robots")));
    }
}
