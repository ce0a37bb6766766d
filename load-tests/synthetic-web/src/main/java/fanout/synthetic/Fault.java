package fanout.synthetic;

import java.time.Duration;

/** What is wrong with a page. Immutable. */
public sealed interface Fault {

    /** The first {@code failures} requests get {@code status} (500, 503, …), later ones the page. */
    record Flaky(int status, int failures) implements Fault {}

    /** Every request gets {@code status}: 404, 410, 500, …. */
    record Broken(int status) implements Fault {}

    /** The first {@code times} requests get 429 with Retry-After in whole seconds, or as a date. */
    record TooManyRequests(int times, Duration retryAfter, boolean asDate) implements Fault {}

    /** The page has moved: {@code hops} redirects lead to a healthy page of the same host. */
    record Moved(int status, int hops) implements Fault {
        public Moved {
            if (hops < 1) {
                throw new IllegalArgumentException("a redirect has at least one hop: " + hops);
            }
        }
    }

    /** The page redirects to an address that redirects back, for ever. */
    record Loop(int status) implements Fault {}

    /** Without its cookie the page redirects to an address that sets the cookie and redirects back. */
    record CookieWall() implements Fault {}

    /** The connection is reset (RST) when the request was read. */
    record Reset() implements Fault {}

    /** The connection ends after half of the promised body. */
    record Truncated() implements Fault {}

    /** The connection stays open and silent after the request. */
    record Stalled() implements Fault {}

    /** The head comes at once, the body a byte at a time, with this pause before each. */
    record Dripping(Duration pause) implements Fault {}

    /** The body is small, and {@code mebibytes} when it is decompressed. */
    record Bomb(int mebibytes) implements Fault {}
}
