package fanout.sink;

import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.outcome.Stage;
import fanout.page.Attempt;
import fanout.page.Content;
import fanout.page.Item;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Outcomes for tests. */
public final class Outcomes {

    /** As long as a SHA-256. */
    static final String HASH = "ab12".repeat(16);

    public static final Instant FETCHED_AT = Instant.parse("2026-03-01T12:00:00Z");

    private Outcomes() {}

    public static CanonicalUrl url(int n) {
        return CanonicalUrl.of("http://127.0.0.1/" + n);
    }

    public static Request request(int n) {
        return new Request(url(n), 1, Optional.of("page"), Optional.of(url(0)));
    }

    public static Trail trail(int status, Duration duration) {
        ResponseHead head = new ResponseHead(status, Optional.of("text/html"), Optional.of("\"v1\""),
                Optional.of("Sun, 01 Mar 2026 11:00:00 GMT"));
        return new Trail(2, 1, Optional.of(new Attempt(FETCHED_AT, duration, Optional.of(duration.dividedBy(2)),
                Optional.of(head), Optional.of("127.0.0.1"))));
    }

    public static Fetched page(int n, Item... items) {
        return titled(n, "Title " + n, items);
    }

    public static Fetched titled(int n, String title, Item... items) {
        return new Fetched(request(n), trail(200, Duration.ofMillis(n)),
                new Content(1000, Optional.of("UTF-8"), Optional.of(HASH), Optional.of(title), 7, 1), List.of(items));
    }

    public static Outcome redirected(int n) {
        return new Redirected(request(n), trail(301, Duration.ofMillis(n)), url(n + 1));
    }

    public static Outcome failed(int n) {
        return new Failed(request(n), trail(404, Duration.ofMillis(n)), new Failure.HttpStatus(404));
    }

    public static Outcome skipped(int n) {
        return new Skipped(request(n), Trail.NONE, SkipReason.ROBOTS, Optional.empty());
    }

    public static Outcome cancelled(int n) {
        return new Cancelled(request(n), Trail.NONE, CancelReason.DEADLINE, Stage.POLITENESS);
    }

    /** An item from alternating names and values. */
    public static Item item(int n, Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return Item.of(url(n), "products", fields);
    }
}
