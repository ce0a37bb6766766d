package fanout.hostile;

import static fanout.hostile.Expected.any;
import static fanout.hostile.Expected.failed;
import static fanout.hostile.Expected.ok;
import static fanout.hostile.HostileCase.speakingFirst;
import static fanout.hostile.HostileCase.visit;

import java.util.List;

/** Silence, slowness, and ends that come too early. */
final class Connections {

    private static final String HTML = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
    private static final String WHOLE = HTML + "Content-Length: 20\r\n\r\n<title>whole</title>";

    private Connections() {}

    static List<HostileCase> all() {
        return List.of(
                visit("body of one byte every 50 ms", (wire, path) -> {
                    wire.send(HTML + "Content-Length: 1000\r\n\r\n");
                    wire.trickle("x".repeat(1000), 50);
                }, failed("timeout").detail("body").with("status", "200").with("attempts", "3")),
                visit("head of one byte every 50 ms", (wire, path) -> wire.trickle(HTML + "X: " + "x".repeat(1000), 50),
                        failed("timeout").detail("headers")),
                visit("headers that never end", (wire, path) -> {
                    wire.send(HTML);
                    while (wire.isOpen()) {
                        wire.send("X-More: to come\r\n");
                        Thread.sleep(20);
                    }
                }, failed("timeout").detail("headers")),
                visit("headers that never come", (wire, path) -> wire.hang(), failed("timeout").detail("headers")),
                visit("a status line, then nothing", (wire, path) -> {
                    wire.send("HTTP/1.1 200 OK\r\n");
                    wire.hang();
                }, failed("timeout").detail("headers")),
                visit("a body that never comes", (wire, path) -> {
                    wire.send(HTML + "Content-Length: 1000\r\n\r\n");
                    wire.hang();
                }, failed("timeout").detail("body")),
                visit("reset instead of an answer", (wire, path) -> wire.reset(), failed("connection")),
                visit("reset within the head", (wire, path) -> {
                    wire.send(HTML);
                    Thread.sleep(20);
                    wire.reset();
                }, failed("connection")),
                visit("reset within the body", (wire, path) -> {
                    wire.send(HTML + "Content-Length: 1000\r\n\r\n<p>");
                    Thread.sleep(20);
                    wire.reset();
                }, failed("connection").with("status", "200")),
                visit("closed without an answer", (wire, path) -> wire.close(),
                        failed("connection").with("attempts", "3")),
                visit("closed within the head", (wire, path) -> {
                    wire.send(HTML);
                    wire.close();
                }, failed("connection")),
                visit("closed within the body", (wire, path) -> {
                    wire.send(HTML + "Content-Length: 1000\r\n\r\n<title>half");
                    wire.close();
                }, failed("connection").with("status", "200")),
                visit("closed within the chunks", (wire, path) -> {
                    wire.send(HTML + "Transfer-Encoding: chunked\r\n\r\n5\r\n<p>ab\r\n");
                    wire.close();
                }, failed("connection").with("status", "200")),
                visit("closed within a chunk", (wire, path) -> {
                    wire.send(HTML + "Transfer-Encoding: chunked\r\n\r\n50\r\n<p>ab\r\n");
                    wire.close();
                }, failed("connection").with("status", "200")),
                visit("closes its half and stays", (wire, path) -> {
                    wire.send(WHOLE);
                    wire.halfClose();
                    wire.hang();
                }, ok().title("whole")),
                visit("a body that ends with the connection", (wire, path) -> {
                    wire.send(HTML + "\r\n<title>until the end</title>");
                    wire.close();
                }, ok().title("until the end")),
                speakingFirst("answers before it is asked, and then again", (wire, path) -> {
                    if (path.isEmpty()) {
                        wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n"
                                + "<title>planted</title>");
                    } else {
                        wire.html("<title>asked for</title>");
                    }
                }, any()),
                visit("an answer to the next request, too", (wire, path) -> {
                    wire.html("<title>" + path + "</title><a href=/next>next</a>");
                    wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n"
                            + "<title>planted</title>");
                }, ok().title("/"), ok().at("/next").title("/next")),
                visit("a body longer than announced", (wire, path) -> {
                    wire.send(
                            HTML + "Content-Length: 39\r\n\r\n<title>short</title><a href=/next>n</a><p>and more</p>");
                }, ok().title("short").with("bytes", "39"), ok().at("/next").title("short")));
    }
}
