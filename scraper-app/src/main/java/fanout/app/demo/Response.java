package fanout.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;

/** What the shop answers to a GET. */
sealed interface Response {

    /** A file. */
    record Document(int status, String contentType, byte[] body) implements Response {

        static Document html(int status, Html page) {
            return new Document(status, "text/html; charset=utf-8", page.markup().getBytes(UTF_8));
        }

        static Document of(String contentType, byte[] body) {
            return new Document(200, contentType, body);
        }

        static Document of(String contentType, String body) {
            return of(contentType, body.getBytes(UTF_8));
        }
    }

    /** A permanent redirect. */
    record Moved(String path) implements Response {}

    /** A document that is sent after a delay. */
    record Slow(Document document, Duration delay) implements Response {}

    /** A document that is unavailable at the first request. */
    record Flaky(Document document) implements Response {}
}
