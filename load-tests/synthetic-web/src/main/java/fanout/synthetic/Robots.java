package fanout.synthetic;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A host's robots.txt: the answer's status, its text, how long it takes, and the path prefixes that it forbids.
 *
 * <p>Immutable.
 */
public record Robots(int status, String text, Duration latency, List<String> disallowed) {

    public Robots {
        disallowed = List.copyOf(disallowed);
    }

    /** 404: everything is allowed. */
    public static Robots missing() {
        return failing(404);
    }

    /** No file but this status: from 500 on, and for 429, nothing may be fetched (RFC 9309, section 2.3.1.4). */
    public static Robots failing(int status) {
        return new Robots(status, "", Duration.ZERO, List.of());
    }

    public static Robots allowAll() {
        return disallow();
    }

    public static Robots disallow(String... pathPrefixes) {
        String rules = List.of(pathPrefixes)
                .stream()
                .map(prefix -> "Disallow: " + prefix + "\n")
                .collect(Collectors.joining());
        return new Robots(200, "User-agent: *\n" + rules, Duration.ZERO, List.of(pathPrefixes));
    }

    /** The same file with a Crawl-delay. */
    public Robots crawlDelay(Duration delay) {
        String seconds = String.valueOf(delay.toMillis() / 1000.0);
        return new Robots(status, text + "Crawl-delay: " + seconds + "\n", latency, disallowed);
    }

    /** The same file, answered late. */
    public Robots after(Duration newLatency) {
        return new Robots(status, text, newLatency, disallowed);
    }

    boolean allows(String path) {
        return status < 500 && status != 429 && disallowed.stream().noneMatch(path::startsWith);
    }
}
