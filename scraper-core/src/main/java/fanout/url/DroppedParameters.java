package fanout.url;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that say nothing about a page, such as session ids and the marks of campaigns, by their names: those of a
 * query, and those of a path as in {@code /list;jsessionid=1F}. In a name {@code *} stands for any characters; nothing
 * else is special. Names are compared decoded, and case matters. Immutable.
 */
public final class DroppedParameters {

    /** Drops nothing. */
    public static final DroppedParameters NONE = new DroppedParameters(List.of());

    private static final String KEY = "scope.dropParameters";
    private static final int MOST_NAMES = 100;
    private static final int LONGEST_NAME = 100;
    /** Characters of a URL that are looked at: a longer one is nothing to follow. */
    private static final int LONGEST_URL = 64 << 10;

    private final List<String> names;
    private final Set<String> exact = new HashSet<>();
    private final List<Wildcard> wildcards = new ArrayList<>();

    private DroppedParameters(List<String> names) {
        this.names = List.copyOf(names);
        for (String name : this.names) {
            if (name.indexOf('*') < 0) {
                exact.add(name);
            } else {
                wildcards.add(Wildcard.of(name));
            }
        }
    }

    /**
     * Those of these names.
     *
     * @throws IllegalArgumentException if a name is empty or too long, or there are too many
     */
    public static DroppedParameters of(List<String> names) {
        if (names.size() > MOST_NAMES) {
            throw new IllegalArgumentException(
                    KEY + " must have at most " + MOST_NAMES + " names, not " + names.size());
        }
        for (String name : names) {
            if (name.isBlank() || name.length() > LONGEST_NAME) {
                throw new IllegalArgumentException(
                        KEY + " must have names of 1 to " + LONGEST_NAME + " characters, not \"" + name + "\"");
            }
        }
        return names.isEmpty() ? NONE : new DroppedParameters(names);
    }

    /** The names, as they were given. */
    public List<String> names() {
        return names;
    }

    /**
     * The URL without these parameters: itself, if it has no such parameter. A query of which nothing is left goes,
     * too.
     */
    public CanonicalUrl without(CanonicalUrl url) {
        String spelling = url.toString();
        int path = url.pathStart();
        if (names.isEmpty() || spelling.length() > LONGEST_URL) {
            return url;
        }
        int question = spelling.indexOf('?', path);
        int end = question < 0 ? spelling.length() : question;
        int semicolon = spelling.indexOf(';', path);
        boolean hasPathParameters = semicolon >= 0 && semicolon < end;
        if (question < 0 && !hasPathParameters) {
            return url;
        }
        StringBuilder out = new StringBuilder(spelling.length()).append(spelling, 0, path);
        if (hasPathParameters) {
            appendPath(spelling, path, end, out);
        } else {
            out.append(spelling, path, end);
        }
        if (question >= 0) {
            appendQuery(spelling, question + 1, out);
        }
        return out.length() == spelling.length() ? url : CanonicalUrl.known(out.toString(), url.host());
    }

    private void appendPath(String url, int from, int to, StringBuilder out) {
        for (int start = from; start < to;) { // at the slash before a segment
            int slash = url.indexOf('/', start + 1);
            int end = slash < 0 || slash > to ? to : slash;
            appendSegment(url, start, end, out);
            start = end;
        }
    }

    /** A segment that would become a dot segment, and so another path, stays as it is. */
    private void appendSegment(String url, int from, int to, StringBuilder out) {
        int mark = out.length();
        int end = end(url, ';', from, to);
        out.append(url, from, end);
        while (end < to) {
            int start = end;
            end = end(url, ';', start + 1, to);
            int equals = url.indexOf('=', start + 1);
            boolean isNamed = equals >= 0 && equals < end;
            if (!isNamed || !has(url, start + 1, equals, false)) {
                out.append(url, start, end);
            }
        }
        int length = out.length() - mark;
        boolean isDots =
                out.indexOf("/.", mark) == mark && (length == 2 || (length == 3 && out.charAt(mark + 2) == '.'));
        if (isDots) {
            out.setLength(mark);
            out.append(url, from, to);
        }
    }

    private void appendQuery(String url, int from, StringBuilder out) {
        int mark = out.length();
        boolean isFirst = true;
        boolean isLess = false;
        for (int start = from; start <= url.length();) {
            int end = end(url, '&', start, url.length());
            if (end > start && has(url, start, end(url, '=', start, end), true)) {
                isLess = true;
            } else {
                out.append(isFirst ? '?' : '&').append(url, start, end);
                isFirst = false;
            }
            start = end + 1;
        }
        if (isLess && out.length() == mark + 1) { // a question mark without a query
            out.setLength(mark);
        }
    }

    /** Where the character stands next, or the end. */
    private static int end(String text, char character, int from, int to) {
        int found = text.indexOf(character, from);
        return found < 0 || found > to ? to : found;
    }

    private boolean has(String url, int from, int to, boolean isQuery) {
        String name = decoded(url.substring(from, to), isQuery);
        if (exact.contains(name)) {
            return true;
        }
        for (Wildcard wildcard : wildcards) {
            if (wildcard.matches(name)) {
                return true;
            }
        }
        return false;
    }

    private static String decoded(String name, boolean isQuery) {
        String spaced = isQuery ? name.replace('+', ' ') : name;
        if (spaced.indexOf('%') < 0) {
            return spaced;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(spaced.length());
        for (int i = 0; i < spaced.length(); i++) {
            char c = spaced.charAt(i);
            int high = c == '%' && i + 2 < spaced.length() ? Character.digit(spaced.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(spaced.charAt(i + 2), 16);
            if (low < 0) {
                bytes.write(c); // a canonical URL is ASCII
            } else {
                bytes.write(high << 4 | low);
                i += 2;
            }
        }
        return bytes.toString(UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DroppedParameters that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.toString();
    }

    /**
     * A name with wildcards: the texts between them, of which each is looked for behind the one before.
     *
     * @param parts of which the first begins the name, and the last ends it
     */
    private record Wildcard(List<String> parts) {

        static Wildcard of(String name) {
            return new Wildcard(List.of(name.split("\\*", -1)));
        }

        boolean matches(String name) {
            String first = parts.getFirst();
            String last = parts.getLast();
            int to = name.length() - last.length();
            if (to < first.length() || !name.startsWith(first) || !name.endsWith(last)) {
                return false;
            }
            int from = first.length();
            for (String part : parts.subList(1, parts.size() - 1)) {
                int found = name.indexOf(part, from);
                from = found + part.length();
                if (found < 0 || from > to) {
                    return false;
                }
            }
            return true;
        }
    }
}
