package fanout.app.config.document;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A job as it may be shown: the text that was written, to the letter, in which the values of some keys are masked.
 * These are headers that carry a login, a token or a key by their names, unless they only refer to one, and the user
 * name and password of a proxy. Nothing is masked for what it looks like: {@code //a[@rel="next"]} is an XPath.
 * Stateless.
 */
public final class ShownDocument {

    /** Replaces what is masked. */
    public static final String MASK = "***";
    /** Why a text is not shown, in words that follow its name. */
    public static final String UNREADABLE =
            "is neither YAML nor JSON, or is nested deeper than " + YamlReader.DEEPEST;
    /** In quotes: without them it would be an alias. */
    private static final String MASKED = '"' + MASK + '"';
    private static final Pattern WORDS = Pattern.compile("[^a-z0-9]+");
    private static final Set<String> SECRET_WORDS =
            Set.of("authorization", "authentication", "auth", "cookie", "cookies", "token", "tokens", "secret",
                    "password", "passwd", "pwd", "passphrase", "key", "apikey", "session", "sessionid", "sid",
                    "credential", "credentials", "signature", "bearer", "jwt");
    private static final Pattern SECRET_PARTS =
            Pattern.compile("token|secret|password|apikey|authorization|credential");
    private static final String SCHEME = "((?i:bearer|basic|token|apikey) )?";
    /** Nothing but a reference to a secret, and the scheme before it. */
    private static final Pattern SECRET = Pattern.compile(SCHEME + "\\$\\{(secret:)?[A-Za-z_][A-Za-z0-9_-]*}");
    /** The same of a value that a page gives; only headers of {@code follow} and {@code session} have these. */
    private static final Pattern PLACEHOLDER = Pattern.compile(SCHEME + "\\{[A-Za-z0-9_.-]+}");
    /** Up to the last sign before the host: a password may have others. */
    private static final Pattern PROXY_LOGIN = Pattern.compile("(?s)(//|^[\"']?)[^/]*@");

    private final int[] points;
    private final Iterator<Event> events;
    private final List<Masked> masked = new ArrayList<>();
    private int depth;

    private ShownDocument(String text) {
        this.points = text.codePoints().toArray();
        String lines = text.replace("\r\n", " \n").replace('\r', '\n'); // of the same length
        LoadSettings settings =
                LoadSettings.builder().setUseMarks(true).setCodePointLimit(Integer.MAX_VALUE).build();
        this.events = new Parse(settings).parseString(YamlReader.withoutTabs(lines)).iterator();
    }

    /** A part of the text, from one code point to another, and what replaces it. */
    private record Masked(int from, int to, String by) {}

    /**
     * Returns the text with its secrets masked; empty if it is {@link #UNREADABLE}, and what is secret in it is not
     * known.
     */
    public static Optional<String> of(String text) {
        ShownDocument document = new ShownDocument(text);
        try {
            return Optional.of(document.shown());
        } catch (YamlEngineException | NoSuchElementException | NumberFormatException | TooDeep e) {
            return Optional.empty(); // as the reader of jobs reports it
        }
    }

    private String shown() {
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case MappingStart, SequenceStart, Scalar -> node(event, List.of());
                default -> {}
            }
        }
        StringBuilder shown = new StringBuilder();
        int at = 0;
        for (Masked part : masked) {
            shown.append(written(at, part.from));
            shown.append(part.by);
            at = part.to;
        }
        shown.append(written(at, points.length));
        return shown.toString();
    }

    private String written(int from, int to) {
        return new String(points, from, to - from);
    }

    /** A document that no reader takes, and whose nodes would take the whole stack. */
    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private void node(Event event, List<String> path) {
        if (depth == YamlReader.DEEPEST) {
            throw new TooDeep();
        }
        depth++;
        switch (event.getEventId()) {
            case MappingStart -> {
                for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
                    List<String> inner = new ArrayList<>(path);
                    inner.add(key instanceof ScalarEvent name ? name.getValue() : "");
                    if (!(key instanceof ScalarEvent)) {
                        node(key, path);
                    }
                    node(events.next(), inner);
                }
            }
            case SequenceStart -> {
                for (Event one = events.next(); one.getEventId() != Event.ID.SequenceEnd; one = events.next()) {
                    node(one, path);
                }
            }
            case Scalar -> scalar((ScalarEvent) event, path);
            default -> {} // an alias, which no job has
        }
        depth--;
    }

    private void scalar(ScalarEvent value, List<String> path) {
        int from = value.getStartMark().map(Mark::getIndex).orElseThrow();
        int to = value.getEndMark().map(Mark::getIndex).orElseThrow();
        if (from == to) {
            return;
        }
        if (isHeader(path) && isSecret(path.getLast()) && !isReference(value.getValue().strip(), path)) {
            // of a block the line's end, too
            masked.add(new Masked(from, to, points[to - 1] == '\n' ? MASKED + "\n" : MASKED));
        } else if (path.equals(List.of("http", "proxy"))) {
            String written = written(from, to);
            String shown = PROXY_LOGIN.matcher(written).replaceFirst("$1" + MASK + "@");
            boolean isHidden = shown.equals(written) && PROXY_LOGIN.matcher(value.getValue()).find();
            masked.add(new Masked(from, to, isHidden ? MASKED : shown)); // its signs may be written as escapes
        }
    }

    private static boolean isReference(String value, List<String> path) {
        return SECRET.matcher(value).matches() || (PLACEHOLDER.matcher(value).matches()
                && (path.getFirst().equals("follow") || path.getFirst().equals("session")));
    }

    private static boolean isHeader(List<String> path) {
        return path.size() >= 2 && path.get(path.size() - 2).equals("headers");
    }

    private static boolean isSecret(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return SECRET_PARTS.matcher(name).find() || WORDS.splitAsStream(name).anyMatch(SECRET_WORDS::contains);
    }
}
