package fanout.okhttp;

import fanout.page.ResponseHead;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.Response;
import okio.ByteString;

/**
 * The head of a response, as the server sent it.
 *
 * @param head what is kept with the result
 * @param headers all of them
 * @param atNanos when its last byte arrived, in {@link fanout.task.Ticker#nanos}
 */
record ReceivedHead(ResponseHead head, Headers headers, long atNanos) {

    /**
     * The name of a field that {@link ReceivedHeads} and {@link Http2Heads} add where a Location is not UTF-8: the same, each byte
     * that is not ASCII percent-encoded.
     */
    static final String LOCATION = ":location";

    /** Longer values are not kept: results wait in a queue, and URLs that failed for a retry. */
    private static final int MAX_VALUE_LENGTH = 1_024;

    static ReceivedHead of(Response response, long atNanos) {
        ResponseHead head = new ResponseHead(response.code(), MediaTypes.essence(response.headers("Content-Type"))
                .filter(ReceivedHead::isKept), value(response, "ETag"), value(response, "Last-Modified"));
        return new ReceivedHead(head, withLocation(response.headers()), atNanos);
    }

    /** OkHttp has lost the bytes of a Location that is not UTF-8; the connection has noted them. */
    private static Headers withLocation(Headers headers) {
        String noted = headers.get(LOCATION);
        return noted == null || headers.get("Location") == null
                ? headers
                : headers.newBuilder()
                        .removeAll(LOCATION)
                        .removeAll("Location")
                        .addUnsafeNonAscii("Location", noted)
                        .build();
    }

    /** Percent-encodes each byte that is not ASCII, if they are not UTF-8; empty if they are. */
    static Optional<String> percentEncoded(ByteString location) {
        if (location.utf8().indexOf('\uFFFD') < 0) {
            return Optional.empty();
        }
        StringBuilder out = new StringBuilder(location.size() + 16);
        for (int i = 0; i < location.size(); i++) {
            int c = location.getByte(i) & 0xFF;
            if (c < 0x80) {
                out.append((char) c);
            } else {
                out.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
            }
        }
        return Optional.of(out.toString());
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
