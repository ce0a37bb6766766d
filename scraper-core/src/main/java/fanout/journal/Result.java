package fanout.journal;

import fanout.internal.annotation.Internal;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.page.Attempt;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What an outcome adds to a crawl's totals. Immutable.
 *
 * @param outcome its name; {@link #EXTERNAL_OK} of a link out of scope that is ok, which is no page
 * @param reason its label; empty for ok and redirected
 * @param duration of the last attempt, to the microsecond; empty if it got no response
 */
@Internal
public record Result(
        String outcome,
        Optional<String> reason,
        int items,
        int itemsDropped,
        long bytes,
        Optional<Duration> duration) {

    /** What stands for the name of the outcome of a link out of scope that is ok. */
    public static final String EXTERNAL_OK = "ok external";

    /** What this outcome adds. */
    public static Result of(Outcome outcome) {
        Optional<Duration> duration = outcome.trail()
                .last()
                .filter(attempt -> attempt.head().isPresent())
                .map(Attempt::duration)
                .map(exact -> exact.isNegative() ? Duration.ZERO : exact.truncatedTo(ChronoUnit.MICROS));
        Optional<String> reason = outcome.reason().map(Object::toString);
        return outcome instanceof Fetched page
                ? new Result(page.request().isExternal() ? EXTERNAL_OK : outcome.name(), reason, page.items().size(),
                        page.content().itemsDropped(),
                        page.content().bytes(), duration)
                : new Result(outcome.name(), reason, 0, 0, 0, duration);
    }
}
