package fanout.synthetic;

import java.net.ProtocolException;
import java.util.Optional;

/**
 * A request's line and headers.
 *
 * @param target as sent; for a proxy's absolute form, see {@link #path()}
 * @param headerLines each ended by CR LF, the first preceded by it
 */
record SyntheticRequestHead(String method, String target, String version, String headerLines) {

    /** @param head without the empty line that ends it */
    static SyntheticRequestHead parse(String head) throws ProtocolException {
        int lineEnd = head.indexOf("\r\n");
        String line = head.substring(0, lineEnd);
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new ProtocolException("not a request line: " + line);
        }
        return new SyntheticRequestHead(words[0], words[1], words[2], head.substring(lineEnd));
    }

    /** The target's path and query: a request through a proxy carries the whole URL. */
    String path() {
        if (!target.startsWith("http://")) {
            return target;
        }
        int slash = target.indexOf('/', "http://".length());
        return slash < 0 ? "/" : target.substring(slash);
    }

    /** The value of the first header of that name, in any case. */
    Optional<String> header(String name) {
        String lines = headerLines;
        int at = 0;
        while (at + 2 < lines.length()) {
            int start = at + 2;
            int end = lines.indexOf("\r\n", start);
            if (lines.regionMatches(true, start, name, 0, name.length())
                    && start + name.length() < end
                    && lines.charAt(start + name.length()) == ':') {
                return Optional.of(lines.substring(start + name.length() + 1, end).strip());
            }
            at = end;
        }
        return Optional.empty();
    }

    boolean wantsClose() {
        return version.equals("HTTP/1.0")
                || header("Connection").filter(value -> value.equalsIgnoreCase("close")).isPresent();
    }
}
