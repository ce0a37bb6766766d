package fanout.okhttp;

import fanout.page.ResponseHead;
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
        ResponseHead head = new ResponseHead(response.code(), MediaTypes.essence(response.headers("Content-Type"))
                .filter(ReceivedHead::isKept), value(response, "ETag"), value(response, "Last-Modified"));
        return new ReceivedHead(head, withLocation(response.headers()), atNanos);
    }

    /** OkHttp has lost the bytes of a Location that is not UTF-8; the connection has noted them. */
    private static Headers withLocation(Headers headers) {
        String noted = headers.get(ReceivedHeads.LOCATION);
        return noted == null || headers.get("Location") == null
                ? headers
                : headers.newBuilder()
                        .removeAll(ReceivedHeads.LOCATION)
                        .removeAll("Location")
                        .addUnsafeNonAscii("Location", noted)
                        .build();
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
        return Optional.ofNullable(response.header(header)).filter(ReceivedHead::isKept);
    }

    private static boolean isKept(String value) {
        return value.length() <= MAX_VALUE_LENGTH;
    }
}
