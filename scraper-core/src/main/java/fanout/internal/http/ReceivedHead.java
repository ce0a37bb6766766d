package fanout.internal.http;

import fanout.page.ResponseHead;
import java.util.ArrayList;
import java.util.List;
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
 * @param atNanos when its last byte arrived, in {@link fanout.internal.task.Ticker#nanos}
 */
record ReceivedHead(ResponseHead head, Headers headers, long atNanos) {

    /**
     * The name of a field that {@link ReceivedHeads} and {@link Http2Heads} add where a Location is not UTF-8: the
     * same, each byte that is not ASCII percent-encoded.
     */
    static final String LOCATION = ":location";

    /** Longer values are not kept: results wait in a queue, and URLs that failed for a retry. */
    private static final int MAX_VALUE_LENGTH = 1_024;

    static ReceivedHead of(Response response, long atNanos) {
        ResponseHead head = new ResponseHead(response.code(), mediaType(response.headers("Content-Type"))
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

    /** The Content-Type header with its parameters; empty if it is missing. */
    String contentType() {
        return Optional.ofNullable(headers.get("Content-Type")).orElse("");
    }

    /** The Content-Encoding header, one line; empty if it is missing. */
    String contentEncoding() {
        return String.join(", ", headers.values("Content-Encoding"));
    }

    private static Optional<String> value(Response response, String header) {
        return Optional.ofNullable(response.header(header)).filter(ReceivedHead::isKept);
    }

    private static boolean isKept(String value) {
        return value.length() <= MAX_VALUE_LENGTH;
    }

    /**
     * Returns the media type without its parameters, in lower case. Reads a Content-Type as browsers do, who must read
     * what servers send: of several values the last that is a media type counts (Fetch standard, "extract a MIME
     * type"), and a media type ends at white space as it does at a semicolon.
     *
     * @param lines of all Content-Type headers, in their order
     * @return empty if it is missing; the header's text, if that is not a media type
     */
    static Optional<String> mediaType(List<String> lines) {
        Optional<String> last = Optional.empty();
        for (String line : lines) {
            for (String value : values(line)) {
                String essence = cut(value.strip(), " \t;(").toLowerCase(Locale.ROOT);
                if (isMediaType(essence) || (last.isEmpty() && !essence.isEmpty())) {
                    last = Optional.of(essence);
                }
            }
        }
        return last;
    }

    /** The parts between commas, except commas in quotation marks. */
    private static List<String> values(String line) {
        List<String> values = new ArrayList<>();
        boolean isQuoted = false;
        int start = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == ',' && !isQuoted) {
                values.add(line.substring(start, i));
                start = i + 1;
            }
        }
        values.add(line.substring(start));
        return values;
    }

    private static String cut(String value, String ends) {
        for (int i = 0; i < value.length(); i++) {
            if (ends.indexOf(value.charAt(i)) >= 0) {
                return value.substring(0, i);
            }
        }
        return value;
    }

    private static boolean isMediaType(String essence) {
        int slash = essence.indexOf('/');
        return slash > 0 && slash < essence.length() - 1 && !essence.equals("*/*");
    }
}
