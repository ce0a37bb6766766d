package fanout.app.service.http;

import fanout.app.service.http.RequestInput.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The request line and the headers of a request, as RFC 9112 has them and no looser. What two readers of HTTP could
 * understand differently is refused: a proxy in front of the service, and the service, must agree where each request
 * ends and what it asks for. Immutable.
 *
 * @param path as it was sent, beginning with one slash
 * @param query as it was sent; null without a question mark
 * @param old whether it is of HTTP/1.0, which knows no chunks
 * @param persistent whether the client may send another request on the connection
 * @param headers by lower-case name
 * @param length of the body in bytes; 0 without a body, {@link #CHUNKED} if chunks follow
 */
record RequestHead(
        String method,
        String path,
        @Nullable String query,
        boolean old,
        boolean persistent,
        Map<String, List<String>> headers,
        long length) {

    static final long CHUNKED = -1;

    private static final int MOST_CHARACTERS = 16 << 10;
    private static final int MOST_HEADERS = 100;
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
    private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?]*)(.*)");
    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");
    private static final String NOT_IN_TARGETS = "\"#<>\\^`{|}";
    private static final Pattern NAME = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]+");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    RequestHead {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        headers = Map.copyOf(copy);
    }

    /**
     * Reads a head.
     *
     * @param begun is told the method and the target as soon as they are read, for the log of what is refused
     * @throws MalformedException if it is not one request of HTTP/1.0 or 1.1 beyond doubt
     * @throws java.net.SocketTimeoutException at the deadline of the input
     */
    static RequestHead read(RequestInput in, BiConsumer<String, String> begun) throws IOException {
        String line = in.line(MOST_CHARACTERS, 431, "the request line");
        if (line.isEmpty()) { // RFC 9112, 2.2: an empty line before the request line
            line = in.line(MOST_CHARACTERS, 431, "the request line");
        }
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !METHOD.matcher(parts[0]).matches() || !VERSION.matcher(parts[2]).matches()) {
            throw new MalformedException("the request line must be METHOD /path HTTP/1.1");
        }
        if (!parts[2].startsWith("HTTP/1.")) {
            throw new MalformedException(505, "the service speaks HTTP/1.1, not " + parts[2]);
        }
        begun.accept(parts[0], withoutQuery(parts[1]));
        Map<String, List<String>> headers = headers(in, MOST_CHARACTERS - line.length());
        return of(parts[0], parts[1], parts[2].equals("HTTP/1.0"), headers);
    }

    private static String withoutQuery(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Reads header lines up to the empty one; those behind a chunked body, too. */
    static Map<String, List<String>> headers(RequestInput in, int most) throws IOException {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        int left = most;
        int count = 0;
        for (String line = in.line(left, 431, "the headers"); !line.isEmpty(); line =
                in.line(left, 431, "the headers")) {
            left -= line.length();
            if (++count > MOST_HEADERS) {
                throw new MalformedException(431, "more than " + MOST_HEADERS + " headers");
            }
            int colon = line.indexOf(':');
            if (colon < 0 || !NAME.matcher(line.substring(0, colon)).matches()) {
                throw new MalformedException("a header must be Name: value on one line");
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static RequestHead of(String method, String target, boolean old, Map<String, List<String>> headers)
            throws MalformedException {
        List<String> hosts = headers.getOrDefault("host", List.of());
        if (hosts.size() > 1 || (hosts.isEmpty() && !old)) {
            throw new MalformedException("a request has one Host header");
        }
        String origin = originForm(target, hosts);
        int question = origin.indexOf('?');
        String connection = String.join(",", headers.getOrDefault("connection", List.of())).toLowerCase(Locale.ROOT);
        // Not by a pattern with the white space in it, which takes the square of its length.
        boolean close = Stream.of(connection.split(",", -1)).map(String::strip).anyMatch("close"::equals);
        return new RequestHead(method, withoutQuery(origin), question < 0 ? null : origin.substring(question + 1),
                old, !old && !close, headers, length(headers, old));
    }

    /** A target with a host in it, as proxies are sent, must name the same host as the header. */
    private static String originForm(String target, List<String> hosts) throws MalformedException {
        String origin = target;
        Matcher absolute = ABSOLUTE.matcher(target);
        if (absolute.matches()) {
            if (hosts.isEmpty() || !absolute.group(1).equalsIgnoreCase(hosts.getFirst())) {
                throw new MalformedException("the host of the request's target is not the one of its Host header");
            }
            origin = absolute.group(2).startsWith("/") ? absolute.group(2) : "/" + absolute.group(2);
        }
        if (!origin.startsWith("/") || origin.startsWith("//") || !isEncoded(origin)) {
            throw new MalformedException(
                    "the request's target must be a path that begins with one slash, percent-encoded");
        }
        return origin;
    }

    private static boolean isEncoded(String target) {
        String plain = ESCAPE.matcher(target).replaceAll("");
        return plain.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '%' && NOT_IN_TARGETS.indexOf(c) < 0);
    }

    private static long length(Map<String, List<String>> headers, boolean old) throws MalformedException {
        List<String> lengths = headers.getOrDefault("content-length", List.of());
        List<String> codings = headers.getOrDefault("transfer-encoding", List.of());
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty() || old) {
                throw new MalformedException(
                        "Transfer-Encoding goes with neither Content-Length nor HTTP/1.0");
            }
            if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new MalformedException(501, "the only Transfer-Encoding here is chunked");
            }
            return CHUNKED;
        }
        if (lengths.isEmpty()) {
            return 0;
        }
        if (lengths.size() > 1 || !LENGTH.matcher(lengths.getFirst()).matches()) {
            throw new MalformedException("Content-Length must be one whole number");
        }
        return Long.parseLong(lengths.getFirst());
    }

    /** Whether the client waits for 100 before it sends the body. */
    boolean isExpecting() throws MalformedException {
        Optional<String> expected = first("expect");
        if (expected.isPresent() && !expected.get().equalsIgnoreCase("100-continue")) {
            throw new MalformedException(417, "the only Expect here is 100-continue");
        }
        return expected.isPresent() && length != 0;
    }

    List<String> all(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }
}
