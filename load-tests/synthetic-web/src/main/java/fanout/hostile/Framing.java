package fanout.hostile;

import static fanout.hostile.Expected.failed;
import static fanout.hostile.Expected.ok;
import static fanout.hostile.HostileCase.visit;

import java.util.List;

/** Bodies whose length is a lie, or none. */
final class Framing {

    private static final String HTML = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
    private static final String CHUNKED = HTML + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String CHUNK = "12\r\n<title>one</title>\r\n";
    private static final int MEBIBYTE = 1 << 20;

    private Framing() {}

    private static Script raw(String response) {
        return (wire, path) -> {
            wire.send(response);
            wire.close();
        };
    }

    private static Script endless(String head, String text) {
        return (wire, path) -> {
            wire.send(head);
            wire.sendForever(text);
        };
    }

    private static HostileCase sized(String name, int bytes, Expected... lines) {
        return visit(name, (wire, path) -> wire.html("<title>sized</title>" + " ".repeat(bytes - 20)), lines);
    }

    static List<HostileCase> all() {
        return List.of(
                visit("an endless body", endless(HTML + "\r\n", "<p>more</p>"), failed("body_too_large")),
                visit("an endless body in chunks", endless(CHUNKED, "b\r\n<p>more</p>\r\n"), failed("body_too_large")),
                visit("an endless body of small chunks", endless(CHUNKED, "40\r\n" + "x".repeat(64) + "\r\n"),
                        failed("body_too_large")),
                visit("an exabyte announced", endless(HTML + "Content-Length: 999999999999999999\r\n\r\n", "<p>"),
                        failed("body_too_large")),
                visit("a length beyond all numbers",
                        endless(HTML + "Content-Length: 99999999999999999999999\r\n\r\n", "<p>"),
                        failed("protocol")),
                sized("a body of just what is allowed", MEBIBYTE, ok().title("sized").with("bytes", "1048576")),
                sized("a body of one byte more", MEBIBYTE + 1, failed("body_too_large").detail("1048576")
                        .byDefault(
                                ok().title("sized").with("bytes", "1048577"))),
                visit("a negative length", raw(HTML + "Content-Length: -20\r\n\r\n<title>x</title>"),
                        failed("protocol")),
                visit("a length that is no number", raw(HTML + "Content-Length: banana\r\n\r\n<title>x</title>"),
                        failed("protocol")),
                visit("two different lengths",
                        raw(HTML + "Content-Length: 5\r\nContent-Length: 16\r\n\r\n<title>x</title>"),
                        failed("protocol")),
                visit("the same length twice",
                        raw(HTML + "Content-Length: 16\r\nContent-Length: 16\r\n\r\n<title>x</title>"),
                        ok().title("x")),
                visit("length and chunks at once", raw(HTML + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + CHUNK + "0\r\n\r\n"), ok().title("one")),
                visit("a bad chunk size", raw(CHUNKED + CHUNK + "zz\r\n<p>\r\n0\r\n\r\n"), failed("protocol")),
                visit("a negative chunk size", raw(CHUNKED + CHUNK + "-5\r\n<p>\r\n0\r\n\r\n"), failed("protocol")),
                visit("a chunk size beyond all numbers", endless(CHUNKED + CHUNK + "fffffffffffffffffffffff\r\n", "x"),
                        failed("protocol")),
                visit("the largest chunk size there is", endless(CHUNKED + "7fffffffffffffff\r\n", "x"),
                        failed("body_too_large")),
                visit("a chunk longer than its size", raw(CHUNKED + CHUNK + "3\r\n<p>hello\r\n0\r\n\r\n"),
                        failed("protocol")),
                visit("a chunk without its end", raw(CHUNKED + "3\r\n<p>5\r\nhello\r\n0\r\n\r\n"), failed("protocol")),
                visit("an endless chunk extension", endless(CHUNKED + "5;", "extension=value;"), failed("protocol")),
                visit("an endless chunk size", endless(CHUNKED, "0"), failed("protocol")),
                visit("chunk extensions",
                        raw(CHUNKED + "12;a=b;c=\"d\"\r\n<title>one</title>\r\n3;x\r\n<p>\r\n0;end\r\n\r\n"),
                        ok().title("one")),
                visit("trailers by the megabyte", endless(CHUNKED + CHUNK + "0\r\n", "X-Trailer: of some length\r\n"),
                        failed("protocol")),
                visit("a trailer without end", endless(CHUNKED + CHUNK + "0\r\nX: ", "x"), failed("protocol")),
                visit("an unknown transfer coding",
                        raw(HTML + "Transfer-Encoding: rot13\r\n\r\n<gvgyr>k</gvgyr>"), failed("protocol")));
    }
}
