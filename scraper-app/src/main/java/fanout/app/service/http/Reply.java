package fanout.app.service.http;

import fanout.app.json.Json;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The answer to a request. */
public sealed interface Reply {

    String JSON = "application/json";

    int status();

    /** Headers of this reply, in addition to those that every reply has. */
    Map<String, String> headers();

    /** An answer of known length. */
    record Whole(int status, Map<String, String> headers, byte[] body) implements Reply {
        public Whole {
            headers = Map.copyOf(headers);
        }
    }

    /** An answer that is made while it is sent. */
    record Streamed(int status, Map<String, String> headers, Body body) implements Reply {
        public Streamed {
            headers = Map.copyOf(headers);
        }
    }

    /** Writes the body of an answer. Closed when the answer has ended, also if it never began. */
    @FunctionalInterface
    interface Body extends AutoCloseable {

        /**
         * Writes until the answer is complete.
         *
         * @param out blocks while the reader is slow, and fails when it is cut off
         */
        void writeTo(OutputStream out) throws IOException, InterruptedException;

        @Override
        default void close() throws IOException {}

        /** The same body, which holds something that must be closed. */
        default Body holding(Closeable held) {
            Body body = this;
            return new Body() {
                @Override
                public void writeTo(OutputStream out) throws IOException, InterruptedException {
                    body.writeTo(out);
                }

                @Override
                public void close() throws IOException {
                    held.close();
                }
            };
        }
    }

    /** An empty answer. */
    static Whole empty(int status) {
        return new Whole(status, Map.of(), new byte[0]);
    }

    /** A document of a type. */
    static Whole of(int status, String type, byte[] body) {
        return new Whole(status, Map.of("Content-Type", type), body);
    }

    /** A value as JSON. */
    static Whole json(int status, Object value) {
        return of(status, JSON, Json.bytes(value));
    }

    /** A refusal. */
    static Whole problem(Problem problem) {
        Map<String, String> headers = new LinkedHashMap<>(problem.headers());
        headers.put("Content-Type", "application/problem+json");
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "about:blank");
        document.put("title", problem.title());
        document.put("status", problem.status());
        document.put("detail", problem.detail());
        document.put("problems", problem.problems());
        return new Whole(problem.status(), headers, Json.bytes(document));
    }

    /** The same answer with one more header. */
    default Reply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers());
        more.put(header, value);
        return switch (this) {
            case Whole whole -> new Whole(whole.status, more, whole.body);
            case Streamed streamed -> new Streamed(streamed.status, more, streamed.body);
        };
    }
}
