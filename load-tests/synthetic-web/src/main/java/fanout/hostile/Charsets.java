package fanout.hostile;

import static fanout.hostile.Expected.ok;
import static fanout.hostile.HostileCase.visit;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.List;

/** Pages whose encoding is missing, wrong, hidden or contradicted. */
final class Charsets {

    private static final String CAFE = "<title>caf\u00e9</title>";

    private Charsets() {}

    private static HostileCase page(String name, String contentType, byte[] body, String charset, String title) {
        return visit(name, (wire, path) -> wire.respond("200 OK" + contentType, body),
                ok().with("charset", charset).title(title));
    }

    private static String type(String value) {
        return "\r\nContent-Type: " + value;
    }

    private static byte[] bytes(String text, Charset charset) {
        return text.getBytes(charset);
    }

    static List<HostileCase> all() {
        return List.of(
                page("no Content-Type", "", bytes(CAFE, UTF_8), "UTF-8", "caf\u00e9"),
                page("an empty Content-Type", type(""), bytes(CAFE, UTF_8), "UTF-8", "caf\u00e9"),
                page("no charset, and not UTF-8", type("text/html"), bytes(CAFE, ISO_8859_1), "windows-1252",
                        "caf\u00e9"),
                page("ISO-8859-1", type("text/html; charset=iso-8859-1"), bytes(CAFE, ISO_8859_1), "ISO-8859-1",
                        "caf\u00e9"),
                page("UTF-8 that is ISO-8859-1", type("text/html; charset=utf-8"), bytes(CAFE, ISO_8859_1), "UTF-8",
                        "caf\ufffd"),
                page("ISO-8859-1 that is UTF-8", type("text/html; charset=iso-8859-1"), bytes(CAFE, UTF_8),
                        "ISO-8859-1", "caf\u00c3\u00a9"),
                page("an unknown charset", type("text/html; charset=x-nonsense"), bytes(CAFE, UTF_8), "UTF-8",
                        "caf\u00e9"),
                page("a charset with an impossible name", type("text/html; charset=\"'\u0007;=/\\"), bytes(CAFE, UTF_8),
                        "UTF-8", "caf\u00e9"),
                page("UTF-7", type("text/html; charset=utf-7"), bytes("<title>+AGE-</title>", UTF_8), "UTF-8", "+AGE-"),
                page("parameters upon parameters",
                        type("text/html;;; ;charset=;charset=windows-1251;" + ";".repeat(1000)),
                        bytes("<title>\u0434\u0430</title>", Charset.forName("windows-1251")), "windows-1251",
                        "\u0434\u0430"),
                page("UTF-16 by its mark", type("text/html"), bytes("\ufeff" + CAFE, UTF_16LE), "UTF-16LE",
                        "caf\u00e9"),
                page("UTF-16, big end first", type("text/html; charset=utf-8"), bytes("\ufeff" + CAFE, UTF_16BE),
                        "UTF-16BE", "caf\u00e9"),
                page("UTF-16 without a mark", type("text/html; charset=utf-16"), bytes(CAFE, UTF_16LE), "UTF-16LE",
                        "caf\u00e9"),
                page("UTF-8 with a mark, said to be Latin", type("text/html; charset=iso-8859-1"),
                        bytes("\ufeff" + CAFE, UTF_8), "UTF-8", "caf\u00e9"),
                page("half a character of UTF-16", type("text/html"), bytes("\ufeff<title>a\ud800</title>", UTF_16BE),
                        "UTF-16BE", "a\ufffd"),
                page("a charset in a meta element", type("text/html"),
                        bytes("<meta charset=windows-1251><title>\u0434\u0430</title>",
                                Charset.forName("windows-1251")),
                        "windows-1251", "\u0434\u0430"),
                page("a charset in a meta element, in the old way", type("text/html"),
                        bytes("<meta http-equiv=Content-Type content='text/html; "
                                + "charset=shift_jis'><title>\u65e5</title>",
                                Charset.forName("Shift_JIS")),
                        "Shift_JIS", "\u65e5"),
                page("a charset in a meta element behind a long script", type("text/html"),
                        bytes("<script>" + "x".repeat(300_000) + "</script><meta charset=latin1>" + CAFE, ISO_8859_1),
                        "ISO-8859-1", "caf\u00e9"),
                page("a charset in a comment", type("text/html"),
                        bytes("<!-- <meta charset=windows-1251> -->" + CAFE, UTF_8), "UTF-8", "caf\u00e9"),
                page("a meta element that says UTF-16", type("text/html"), bytes("<meta charset=utf-16>" + CAFE, UTF_8),
                        "UTF-8", "caf\u00e9"),
                page("a hundred meta elements", type("text/html"),
                        bytes("<meta charset=nonsense>".repeat(100) + CAFE, UTF_8), "UTF-8", "caf\u00e9"),
                page("bytes that are no UTF-8", type("text/html; charset=utf-8"),
                        bytes("<title>\u00c0\u0080\u00ff\u00fe</title>", ISO_8859_1), "UTF-8",
                        "\ufffd\ufffd\ufffd\ufffd"),
                page("NULs", type("text/html"),
                        bytes("<title>a\u0000b</title><ti\u0000tle>x<a hr\u0000ef=/x>", UTF_8),
                        "UTF-8", "a\ufffdb"),
                page("a title with escape sequences", type("text/html"),
                        bytes("<title>a \u001b]0;evil\u0007\u001b[2J\u202egnp.exe</title>", UTF_8), "UTF-8",
                        "a \u001b]0;evil\u0007\u001b[2J\u202egnp.exe"));
    }
}
