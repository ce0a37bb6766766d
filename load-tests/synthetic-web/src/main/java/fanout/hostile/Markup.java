package fanout.hostile;

import static fanout.hostile.Expected.failed;
import static fanout.hostile.Expected.ok;
import static fanout.hostile.Expected.skipped;
import static fanout.hostile.HostileCase.ofRobots;
import static fanout.hostile.HostileCase.visit;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Pages made to hold a parser, fill a memory, or lead a crawl in circles. */
final class Markup {

    private static final String TITLE = "<title>made</title>";
    private static final int KIBIBYTE = 1 << 10;

    private Markup() {}

    private static Expected made() {
        return ok().title("made").heavyWork();
    }

    /** A page of so many bytes of the same. */
    private static HostileCase full(int kibibytes, String of) {
        return page(kibibytes + " KiB of " + of, TITLE + of.repeat(kibibytes * KIBIBYTE / of.length()), made());
    }

    /** The same, but larger than the small limit. */
    private static HostileCase large(String name, String html) {
        return page(name, TITLE + html, failed("body_too_large").byDefault(made()));
    }

    /** Too large as a page, or as a document. */
    private static HostileCase refused(String name, String html) {
        return page(name, TITLE + html, failed("body_too_large").byDefault(failed("parse").detail("memory")));
    }

    private static HostileCase page(String name, String html, Expected... expected) {
        byte[] body = html.getBytes(UTF_8);
        return visit(name, (wire, path) -> wire.respond("200 OK\r\nContent-Type: text/html; charset=utf-8", body),
                expected);
    }

    private static HostileCase xhtml(String name, String xml, Expected... expected) {
        return visit(name, (wire, path) -> {
            if (path.equals("/")) {
                wire.respond("200 OK\r\nContent-Type: application/xhtml+xml",
                        xml.replace("ORIGIN", wire.origin()).getBytes(UTF_8));
            } else {
                wire.html("<title>" + path + "</title>");
            }
        }, expected);
    }

    private static String numbered(int count, String before, String after) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(before).append(i).append(after);
        }
        return text.toString();
    }

    private static HostileCase manyLinks(String name, String html, Expected... lines) {
        return ofRobots(name, (wire, path) -> {
            if (path.equals("/robots.txt")) {
                wire.respond("200 OK", "User-agent: *\nDisallow: /many/".getBytes(UTF_8));
            } else {
                wire.html(html);
            }
        }, lines);
    }

    static List<HostileCase> all() {
        return List.of(
                page("100,000 nested elements", TITLE + "<div>".repeat(100_000), made()),
                page("20,000 nested inline elements", TITLE + "<b>".repeat(20_000), made()),
                page("5,000 nested tables", TITLE + "<table><td>".repeat(5_000), made()),
                page("5,000 nested lists", TITLE + "<ul><li>".repeat(5_000), made()),
                page("10,000 forms", TITLE + "<form><input>".repeat(10_000), made()),
                page("10,000 selects", TITLE + "<select><option>".repeat(10_000), made()),
                page("10,000 nested templates", TITLE + "<template>".repeat(10_000), made()),
                page("5,000 nested drawings", TITLE + "<svg><g><foreignObject>".repeat(5_000), made()),
                page("misnested formatting", TITLE + "<b><i><p></b><a></i>".repeat(3_000), made()),
                page("misplaced table content", TITLE + "<table>" + "<a>x<tr>y".repeat(3_000), made()),
                page("a base of 900 KiB and 1,000 links",
                        "<base href='/" + "x".repeat(900 * KIBIBYTE) + "/'>" + TITLE
                                + numbered(1_000, "<a href=", ">x</a>"),
                        made()),
                full(64, "<"), full(64, "&"), full(64, "<a"), full(64, "<p x="), full(64, "</p>"),
                full(64, "&lt"),
                full(200, "<i>"), full(800, "<p>x"), full(1000, "\u0000"), full(64, "<!--"), full(64, "<![CDATA["),
                full(64, "<!doctype "),
                page("a comment without end", TITLE + "<!--" + "-".repeat(900_000), made()),
                page("a script without end", TITLE + "<script>" + "</scrip ".repeat(100_000), made()),
                page("a title without end", "<title>" + "long ".repeat(100_000), ok()),
                page("an attribute of 900 KB", TITLE + "<p title='" + "x".repeat(900_000) + "'>", made()),
                page("30,000 attributes", TITLE + "<p " + numbered(30_000, "a", " ") + ">", made()),
                large("an attribute of 3 MB", "<p title='" + "x".repeat(3_000_000) + "'>"),
                large("200,000 attributes", "<p " + numbered(200_000, "a", " ") + ">"),
                large("400,000 elements", "<p>x".repeat(400_000)),
                large("8 MB of <p>", "<p>".repeat(2_700_000)), refused("8 MB of <i>x", "<i>x".repeat(2_000_000)),
                page("a title of 5 MB", "<title>" + "t".repeat(5_000_000) + "</title>",
                        failed("body_too_large").byDefault(ok().title("t".repeat(10_000)))),
                page("a link of 100 KB", TITLE + "<a href='/" + "x".repeat(100_000) + "'>", made().with("links", "1")),
                page("links with credentials", TITLE + "<a href='http://u:p@127.0.0.1/'><a href='//u@127.0.0.1/'>",
                        made().with("links", "0")),
                page("links of other kinds", TITLE + "<a href='javascript:x()'><a href=data:,x><a href=mailto:a@b>"
                        + "<a href='file:///etc/passwd'><a href='http://[::1'><a href='http://a b/'>",
                        made().with("links", "0")),
                page("links to addresses within", TITLE + "<a href='http://10.0.0.1/'><a href=//169.254.169.254/>"
                        + "<iframe src='http://localhost/'>", made().with("links", "3")),
                page("a base elsewhere", TITLE + "<base href='http://127.0.0.1:1/'><a href=x>",
                        made().with("links", "1")),
                page("a base that is a script", TITLE + "<base href='javascript:x'><a href='#'>",
                        made().with("links", "1")),
                manyLinks("50,000 links", TITLE + numbered(50_000, "<a href=/many/", ">"),
                        made().with("links", "50000"), skipped("robots").at("/many/").times(10_000).heavyWork()),
                manyLinks("a hundred thousand links", TITLE + numbered(100_000, "<a href=/many/", ">"),
                        failed("body_too_large").byDefault(made().with("links", "100000")),
                        skipped("robots").at("/many/").times(0).byDefault(skipped("robots").times(10_000).heavyWork())),
                visit("a calendar without end", (wire, path) -> {
                    int day = path.equals("/") ? 0 : Integer.parseInt(path.substring(path.indexOf('=') + 1));
                    wire.html(TITLE + "<a href='/?day=" + (day + 1) + "'>tomorrow</a>");
                }, made(), made().at("/?day=").times(20)),
                xhtml("a billion laughs",
                        "<!DOCTYPE html [<!ENTITY a 'lol'>" + numbered(20, "<!ENTITY b", " '&a;&a;&a;&a;'>")
                                + "]><html><head><title>made</title></head><body>&b9;</body></html>",
                        made()),
                xhtml("entities from elsewhere", "<!DOCTYPE html [<!ENTITY a SYSTEM 'ORIGIN/entity'><!ENTITY b SYSTEM"
                        + " 'file:///etc/passwd'>]><html><head><title>&a;&b;</title></head></html>",
                        ok().title("&a;&b;")),
                xhtml("an XInclude", "<html xmlns:xi='http://www.w3.org/2001/XInclude'><head><title>made</title></head>"
                        + "<xi:include href='file:///etc/passwd' parse='text'/></html>", made()),
                xhtml("nested XML", "<html><head><title>made</title></head>" + "<x>".repeat(100_000), made()),
                visit("a picture of markup", (wire, path) -> {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n");
                    wire.sendForever("<a href=/x>");
                }, ok().with("bytes", "0").with("contentType", "image/png")),
                selectors("xpath"), selectors("css"));
    }

    /** Rules of the job that take time that grows with the square of the page, and end with the parse at the latest. */
    private static HostileCase selectors(String kind) {
        String html = "<title>made</title>" + "<p><b>b</b><i>i</i>".repeat(20_000);
        return new HostileCase("a page for costly selectors, " + kind, (wire, path) -> wire.html(html),
                List.of("/" + kind), List.of(), 0, 0, false, false,
                List.of(made().heavyWork().at("/" + kind)));
    }
}
