package fanout.okhttp;

import fanout.page.ResponseHead;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.Response;

/**
 * The head of a response, as the server sent it.
 *
 * @param head what is kept with the result
 * @param headers all of them
 * @param atNanos when its last byte arrived, in {@link fanout.task.Ticker#nanos}
 */
record ReceivedHead(ResponseHead head, Headers headers, long atNanos) {

    /** Longer values are not kept: results wait in a queue, and URLs that failed for a retry. */
    private static final int MAX_VALUE_LENGTH = 1_024;

    static ReceivedHead of(Response response, long atNanos) {
        ResponseHead head = new ResponseHead(response.code(), mediaType(contentType(response.headers())),
                value(response, "ETag"), value(response, "Last-Modified"));
        return new ReceivedHead(head, response.headers(), atNanos);
    }

    /** The Content-Type header with its parameters; empty if there is none. */
    String contentType() {
        return contentType(headers);
    }

    private static String contentType(Headers headers) {
        return Optional.ofNullable(headers.get("Content-Type")).orElse("");
    }

    /** The Content-Encoding header, one line; empty if there is none. */
    String contentEncoding() {
        return String.join(", ", headers.values("Content-Encoding"));
    }

    private static Optional<String> value(Response response, String header) {
        return Optional.ofNullable(response.header(header)).filter(value -> value.length() <= MAX_VALUE_LENGTH);
    }

    private static Optional<String> mediaType(String contentType) {
        int end = contentType.indexOf(';');
        String name = (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return name.isEmpty() || name.length() > MAX_VALUE_LENGTH ? Optional.empty() : Optional.of(name);
    }
}
