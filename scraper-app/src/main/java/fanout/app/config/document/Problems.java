package fanout.app.config.document;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Collects problems, to report all of them at once. Values from the environment, and user names and passwords in URLs,
 * stay out of every message. Not thread-safe.
 */
public final class Problems {

    /** A file with more problems than this is no job; a longer list would not help to fix it. */
    private static final int MOST = 1000;

    private static final int LONGEST_MESSAGE = 400;
    private static final int SHORTEST_SECRET = 4;
    private static final Pattern USER_INFO = Pattern.compile("(?<=//)[^/\\s@]{1,200}@");

    /** A mistake in a document. */
    public record Mistake(DocumentPosition at, String message) {

        @Override
        public String toString() {
            return at + ": " + message;
        }
    }

    private final List<Mistake> found = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();

    /** Adds one. */
    public void add(DocumentPosition at, String message) {
        if (found.size() == MOST) {
            found.add(new Mistake(at, "and more problems, which are not listed"));
        } else if (found.size() < MOST) {
            found.add(new Mistake(at, shown(message, SHORTEST_SECRET)));
        }
    }

    /** Whether further problems are not kept. */
    public boolean isFull() {
        return found.size() > MOST;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** Keeps a value out of every message from now on. */
    public void hide(String secret) {
        if (!secret.isEmpty()) {
            secrets.add(secret);
        }
    }

    /**
     * What the supplier makes. If it refuses, its reason, which may quote any value, becomes a problem at the place.
     */
    public <T> Optional<T> at(DocumentPosition place, Supplier<? extends T> supplier) {
        try {
            return Optional.of(supplier.get());
        } catch (IllegalArgumentException e) { // how records refuse, and paths and patterns
            add(place, shown(String.valueOf(e.getMessage()), 1));
            return Optional.empty();
        }
    }

    /** All, in the order of their places. */
    public List<Mistake> all() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparingInt((Mistake problem) -> problem.at().line())
                        .thenComparingInt(problem -> problem.at().column()))
                .toList();
    }

    private String shown(String message, int shortestSecret) {
        String text = message;
        for (String secret : secrets) {
            if (secret.length() >= shortestSecret) {
                text = text.replace(secret, "(from the environment)");
            }
        }
        text = USER_INFO.matcher(text).replaceAll("…@");
        int half = LONGEST_MESSAGE / 2;
        return text.length() <= LONGEST_MESSAGE ? text
                : text.substring(0, half) + "…" + text.substring(text.length() - half); // the reason is at its end
    }
}
