package fanout.hostile;

import static fanout.hostile.Expected.ok;
import static fanout.hostile.Expected.status;
import static fanout.hostile.HostileCase.visit;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Statuses that mean "later", "never" or nothing. */
final class Statuses {

    private Statuses() {}

    /** Fails so many times, for each crawl of three attempts anew, then is well. */
    private static Script after(int failures, String head) {
        AtomicInteger requests = new AtomicInteger();
        return (wire, path) -> {
            if (requests.getAndIncrement() % (failures + 1) < failures) {
                wire.respond(head, "busy".getBytes(US_ASCII));
            } else {
                wire.html("<title>well</title>");
            }
        };
    }

    private static HostileCase always(String head, Expected expected) {
        return visit(head.replace("\r\n", ", "), (wire, path) -> wire.respond(head, "no".getBytes(US_ASCII)), expected);
    }

    static List<HostileCase> all() {
        return List.of(
                visit("429 with Retry-After: 1, once", after(1, "429 Slow Down\r\nRetry-After: 1"),
                        ok().title("well").with("attempts", "2")),
                visit("503 twice", after(2, "503 Busy"), ok().title("well").with("attempts", "3")),
                visit("503 with Retry-After: 0, twice", after(2, "503 Busy\r\nRetry-After: 0"),
                        ok().title("well").with("attempts", "3")),
                visit("408 twice, and the connection closed", (wire, path) -> {
                    wire.respond("408 Timeout\r\nConnection: close", new byte[0]);
                    wire.close();
                }, status(408).with("attempts", "3")),
                always("503 Busy", status(503).with("attempts", "3")),
                always("429 Slow Down\r\nRetry-After: 86400", status(429).with("attempts", "1")),
                always("429 Slow Down\r\nRetry-After: 99999999999999999999999999", status(429).with("attempts", "1")),
                always("429 Slow Down\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT",
                        status(429).with("attempts", "1")),
                always("503 Busy\r\nRetry-After: Thu, 01 Jan 1970 00:00:00 GMT", status(503).with("attempts", "3")),
                always("503 Busy\r\nRetry-After: -5", status(503).with("attempts", "3")),
                always("503 Busy\r\nRetry-After: 1e9", status(503).with("attempts", "3")),
                always("401 Who\r\nWWW-Authenticate: Basic realm=\"x\"", status(401).with("attempts", "1")),
                always("407 Proxy\r\nProxy-Authenticate: Basic realm=\"x\"", status(407).with("attempts", "1")),
                always("421 Misdirected", status(421).with("attempts", "1")),
                always("404 Not Found", status(404).with("attempts", "1")),
                always("206 Partial\r\nContent-Range: bytes 5-6/100", ok().with("status", "206")),
                visit("204", (wire, path) -> wire.send("HTTP/1.1 204 No Content\r\n\r\n"),
                        ok().with("status", "204").with("bytes", "0")),
                visit("204 with a body", (wire, path) -> {
                    wire.respond("204 No Content", "body".getBytes(US_ASCII));
                    wire.close();
                }, Expected.failed("protocol").with("status", "204")),
                visit("an error with an endless body", (wire, path) -> {
                    wire.send("HTTP/1.1 404 Not Found\r\n\r\n");
                    wire.sendForever("not found ");
                }, status(404)));
    }
}
