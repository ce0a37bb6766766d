package fanout.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Optional;

/** What the shop answers. */
sealed interface Response {

    /** A file. */
    record Document(int status, String contentType, byte[] body) implements Response {

        static Document html(int status, Html page) {
            return new Document(status, "text/html; charset=utf-8", page.markup().getBytes(UTF_8));
        }

        /** A few words about a request that cannot be answered. */
        static Document refusal(int status, String words) {
            return new Document(status, "text/plain; charset=utf-8", words.getBytes(UTF_8));
        }

        static Document of(String contentType, byte[] body) {
            return new Document(200, contentType, body);
        }

        static Document of(String contentType, String body) {
            return of(contentType, body.getBytes(UTF_8));
        }
    }

    /**
     * An answer to one visitor, which caches do not store.
     *
     * @param target where it redirects to
     * @param cookie the value of Set-Cookie
     */
    record Personal(Document document, Optional<String> target, Optional<String> cookie) implements Response {

        static Personal of(Document document) {
            return new Personal(document, Optional.empty(), Optional.empty());
        }

        /** Returns a redirect, which is followed by a GET. */
        static Personal to(String path) {
            return new Personal(new Document(303, "text/plain", new byte[0]), Optional.of(path), Optional.empty());
        }

        Personal with(String setCookie) {
            return new Personal(document, target, Optional.of(setCookie));
        }
    }

    /** A permanent redirect. */
    record Moved(String path) implements Response {}

    /** A document that is sent after a delay. */
    record Slow(Document document, Duration delay) implements Response {}

    /** A document that is unavailable at the first request. */
    record Flaky(Document document) implements Response {}
}
