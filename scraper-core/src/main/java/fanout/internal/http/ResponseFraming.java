package fanout.internal.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/**
 * Where a response and its connection end, in what OkHttp 5.5.1 takes lightly: a body of two lengths is no body.
 * (Next to chunks a length does not count, as the RFC says.)
 *
 * <p>Source: RFC 9112, sections 6.3 and 9.3, and RFC 9110, section 15.
 */
final class ResponseFraming {

    /** The largest length that OkHttp counts. */
    private static final String LARGEST = String.valueOf(Long.MAX_VALUE);

    private ResponseFraming() {}

    /** Fails on a status or a length that means nothing, or several things. */
    static void check(Response response) throws ProtocolException {
        String flaw = response.header(Http2Heads.MALFORMED);
        if (flaw != null && response.protocol() != Protocol.HTTP_1_1 && response.protocol() != Protocol.HTTP_1_0) {
            throw new ProtocolException(flaw);
        }
        if (response.code() < 200) {
            // OkHttp passes over 100 and 102 to 199; what is left has switched to another protocol, or is no status.
            throw new ProtocolException("status " + response.code() + " ends no exchange");
        }
        List<String> coding = response.headers("Transfer-Encoding");
        if (!coding.isEmpty() && !coding.stream()
                .allMatch(name -> name.equalsIgnoreCase("chunked") || name.equalsIgnoreCase("identity"))) {
            throw new ProtocolException("Transfer-Encoding that was not asked for: " + String.join(", ", coding));
        }
        List<String> lines = response.headers("Content-Length");
        if (response.code() == 204) {
            return; // it has no body: OkHttp has refused that of HTTP/1, and of HTTP/2 see Http2Heads
        }
        if (lines.isEmpty() || (lines.size() == 1 && isShortNumber(lines.getFirst()))) {
            return; // nearly every response
        }
        List<String> lengths = lines.stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(String::strip)
                .distinct()
                .toList();
        boolean isNumber = lengths.stream()
                .allMatch(length -> !length.isEmpty()
                        && length.chars().allMatch(c -> c >= '0' && c <= '9'));
        if (lengths.size() > 1 || !isNumber || lengths.stream().anyMatch(ResponseFraming::isBeyondAllBodies)) {
            throw new ProtocolException("not a Content-Length: " + String.join(", ", lengths));
        }
    }

    /**
     * Returns whether the server closes an HTTP/1 connection behind this response: it says {@code close}, or speaks
     * HTTP/1.0 and does not say {@code keep-alive}. (OkHttp knows a {@code close} that is the header's only word.)
     */
    static boolean endsConnection(Response response) {
        return switch (response.protocol()) {
            case HTTP_1_0 -> says("close", response) || !says("keep-alive", response);
            case HTTP_1_1 -> says("close", response);
            default -> false;
        };
    }

    private static boolean says(String option, Response response) {
        List<String> lines = response.headers("Connection");
        return !lines.isEmpty() && lines.stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .anyMatch(word -> word.strip().equalsIgnoreCase(option));
    }

    /**
     * Returns the length of the body that a response announces, in bytes; negative if it announces none. The response
     * has been checked. (OkHttp does not know a length that stands twice in one line.)
     */
    static long length(Response response) {
        long known = response.body().contentLength();
        String line = Optional.ofNullable(response.header("Content-Length")).orElse("");
        int comma = line.indexOf(',');
        return known >= 0 || comma < 0 || response.header("Transfer-Encoding") != null
                ? known
                : Long.parseLong(line.substring(0, comma).strip());
    }

    /** Returns a body in chunks, none of which is longer than its size. */
    static BufferedSource wholeChunks(ResponseBody body, BufferedSource connection) {
        return Okio.buffer((Source) new WholeChunks(body.source(), connection));
    }

    private static boolean isShortNumber(String length) {
        if (length.isEmpty() || length.length() >= LARGEST.length()) {
            return false;
        }
        for (int i = 0; i < length.length(); i++) {
            if (length.charAt(i) < '0' || length.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** OkHttp takes a number that is too large for no length, and reads to the end of the connection. */
    private static boolean isBeyondAllBodies(String digits) {
        int zeros = 0;
        while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
            zeros++;
        }
        String number = digits.substring(zeros);
        return number.length() > LARGEST.length()
                || (number.length() == LARGEST.length() && number.compareTo(LARGEST) > 0);
    }

    /**
     * A body in chunks, none of which is longer than its size says. OkHttp (5.5.1) takes what stands between the end of
     * a chunk and the end of its line for nothing; the body would be delivered with a hole.
     *
     * <p>Looks ahead in the connection for each chunk's size, and for the end of the line behind a chunk. OkHttp reads
     * both after that, and finds what else is wrong.
     *
     * <p>Source: RFC 9112, section 7.1. Confined to the fetching thread.
     */
    private static final class WholeChunks extends ForwardingSource {

        private static final long UNKNOWN = -1;

        private final BufferedSource connection;
        private boolean hasBegun;
        private long left;

        WholeChunks(Source body, BufferedSource connection) {
            super(body);
            this.connection = connection;
        }

        /** @throws ProtocolException if a chunk is longer than its size */
        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            if (left == 0 && byteCount > 0) {
                left = nextSize();
            }
            long count = super.read(sink, left > 0 ? Math.min(left, byteCount) : byteCount);
            if (left > 0) {
                left = count < 0 ? UNKNOWN : left - count;
            }
            return count;
        }

        private long nextSize() throws IOException {
            try (BufferedSource ahead = connection.peek()) {
                if (hasBegun && !skipLineEnd(ahead)) {
                    throw new ProtocolException("a chunk is longer than its size");
                }
                hasBegun = true;
                long size = ahead.readHexadecimalUnsignedLong();
                return size > 0 ? size : UNKNOWN;
            } catch (NumberFormatException | EOFException e) {
                return UNKNOWN; // OkHttp says what is wrong.
            }
        }

        private static boolean skipLineEnd(BufferedSource ahead) throws IOException {
            byte first = ahead.readByte();
            return first == '\n' || (first == '\r' && ahead.readByte() == '\n');
        }
    }
}
