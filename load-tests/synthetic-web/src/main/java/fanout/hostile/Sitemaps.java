package fanout.hostile;

import static fanout.hostile.Expected.ok;
import static fanout.hostile.HostileCase.ofSitemap;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Sitemaps that explode, lie, or never end. */
final class Sitemaps {

    private static final String URLSET =
            "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>";
    private static final String INDEX = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>";
    private static final String ONE = "<url><loc>ORIGIN/listed</loc></url>";
    private static final Expected LISTED = ok().at("/listed").title("/listed");

    private Sitemaps() {}

    /** Serves {@code /sitemap…} so, and pages otherwise. */
    private static Script serving(Script sitemap) {
        return (wire, path) -> {
            if (path.startsWith("/sitemap")) {
                sitemap.answer(wire, path);
            } else {
                wire.html("<title>" + path + "</title>");
            }
        };
    }

    private static Script text(String text) {
        return serving((wire, path) -> wire.respond("200 OK\r\nContent-Type: application/xml",
                text.replace("ORIGIN", wire.origin()).getBytes(UTF_8)));
    }

    private static HostileCase read(String name, String text, Expected... lines) {
        return ofSitemap("sitemap: " + name, 1, 0, text(text), lines);
    }

    private static HostileCase broken(String name, String text) {
        return ofSitemap("sitemap: " + name, 0, 1, text(text));
    }

    private static HostileCase cut(String name, String text) {
        return ofSitemap("sitemap: " + name, 0, 1, text(text), LISTED);
    }

    private static Script gzip(byte[] body) {
        return serving((wire, path) -> wire.respond("200 OK\r\nContent-Type: application/xml", body));
    }

    static List<HostileCase> all() {
        return List.of(
                read("two in one", URLSET + ONE + "</urlset>" + URLSET + "<url><loc>ORIGIN/two</loc></url></urlset>",
                        LISTED, ok().at("/two").title("/two")),
                read("with mistakes",
                        URLSET + "<url><image:loc>ORIGIN/no</image:loc><x>&nbsp; & \u0001 <<</wrong></url>"
                                + ONE + "</urlset>",
                        LISTED),
                cut("without its end", URLSET + ONE + "<url><loc>ORIGIN/half"),
                read("of another namespace", "<urlset xmlns='http://example.org/'>" + ONE + "</urlset>", LISTED),
                read("with relative places", URLSET + ONE + "<url><loc>/relative</loc></url></urlset>", LISTED),
                read("with places elsewhere", URLSET + ONE + "<url><loc>http://10.0.0.1/</loc></url><url><loc>"
                        + "file:///etc/passwd</loc></url><url><loc>http://127.0.0.1/</loc></url></urlset>", LISTED),
                cut("with a place of 2 MB", URLSET + ONE + "<url><loc>ORIGIN/" + "x".repeat(2_000_000)),
                cut("that nests 100,000 times", URLSET + ONE + "<x>".repeat(100_000)),
                read("of plain text", "ORIGIN/listed\r\nnot a URL\r\n\u0000\r\nftp://127.0.0.1/\r\n", LISTED),
                read("that is a feed", "<rss><channel><item><link>ORIGIN/listed</link></item></channel></rss>", LISTED),
                read("with 50,000 attributes", URLSET + ONE + "<url " + "a='' ".repeat(50_000) + "/></urlset>",
                        LISTED),
                broken("with entities", "<!DOCTYPE urlset [<!ENTITY a 'ORIGIN/listed'>]>" + URLSET.substring(21)
                        + "<url><loc>&a;</loc></url></urlset>"),
                broken("of a billion laughs", "<!DOCTYPE urlset [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>"
                        + "<urlset><url><loc>&b;</loc></url></urlset>"),
                broken("with an entity from elsewhere", "<!DOCTYPE urlset [<!ENTITY a SYSTEM 'ORIGIN/entity'>]>"
                        + "<urlset><url><loc>&a;</loc></url></urlset>"),
                broken("with a DTD from elsewhere",
                        "<!DOCTYPE urlset SYSTEM 'ORIGIN/entity'><urlset>" + ONE + "</urlset>"),
                broken("of bytes", "\u0001\u0002\u0003".repeat(10_000)),
                broken("that is a page", "<html><a href='ORIGIN/listed'>listed</a></html>"),
                broken("of nothing", ""),
                ofSitemap("sitemap: 404", 0, 1, serving((wire, path) -> wire.respond("404 Not Found", new byte[0]))),
                ofSitemap("sitemap: redirecting to itself", 0, 1, serving((wire, path) -> wire.respond(
                        "302 Found\r\nLocation: /sitemap.xml", new byte[0]))),
                ofSitemap("sitemap: redirecting to an address within", 0, 1, serving((wire, path) -> wire.respond(
                        "302 Found\r\nLocation: http://127.0.0.1:" + wire.port() + "/sitemap.xml", new byte[0]))),
                ofSitemap("sitemap: an endless file", 0, 1, serving((wire, path) -> {
                    wire.send("HTTP/1.1 200 OK\r\n\r\n" + URLSET);
                    wire.sendForever("<url><loc>http://example.org/</loc></url>");
                })),
                ofSitemap("sitemap: of one byte every 50 ms", 0, 1, serving((wire, path) -> {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                    wire.trickle("x".repeat(1000), 50);
                })),
                ofSitemap("sitemap: a gigabyte of gzip", 0, 1, serving((wire, path) -> wire.respond(
                        "200 OK\r\nContent-Type: application/gzip",
                        Packed.gigabyteOfGzip((URLSET + ONE).replace("ORIGIN", wire.origin()).getBytes(UTF_8)))),
                        LISTED.heavyWork()),
                ofSitemap("sitemap: a gigabyte of gzip as an encoding", 0, 1, serving((wire, path) -> wire.respond(
                        "200 OK\r\nContent-Encoding: gzip",
                        Packed.gigabyteOfGzip((URLSET + ONE).replace("ORIGIN", wire.origin()).getBytes(UTF_8))))),
                ofSitemap("sitemap: gzip, cut short", 0, 1,
                        gzip(java.util.Arrays.copyOf(Packed.gzip(URLSET.getBytes(UTF_8)),
                                40))),
                ofSitemap("sitemap: gzip by its content alone", 1, 0, serving((wire, path) -> wire.respond("200 OK",
                        Packed.gzip((URLSET + ONE + "</urlset>").replace("ORIGIN", wire.origin()).getBytes(UTF_8)))),
                        LISTED),
                read("an index that lists itself",
                        INDEX + "<sitemap><loc>ORIGIN/sitemap.xml</loc></sitemap></sitemapindex>"),
                ofSitemap("sitemap: indexes in a circle", 2, 0, serving((wire, path) -> wire.respond("200 OK",
                        (INDEX + "<sitemap><loc>" + wire.origin() + "/sitemap" + (path.contains("2") ? "" : "2")
                                + ".xml</loc></sitemap></sitemapindex>").getBytes(UTF_8)))),
                read("an index of addresses within", INDEX + "<sitemap><loc>http://10.77.7.7/s.xml</loc></sitemap>"
                        + "<sitemap><loc>http://192.168.77.7/s.xml</loc></sitemap></sitemapindex>"),
                read("5,000 places elsewhere", "ORIGIN/listed\n" + places(5_000), LISTED));
    }

    private static String places(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("http://example.org/").append(i).append('\n');
        }
        return text.toString();
    }
}
