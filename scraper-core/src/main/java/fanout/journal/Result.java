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
 * @param outcome its name
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

    /** What this outcome adds. */
    public static Result of(Outcome outcome) {
        Optional<Duration> duration = outcome.trail()
                .last()
                .filter(attempt -> attempt.head().isPresent())
                .map(Attempt::duration)
                .map(exact -> exact.isNegative() ? Duration.ZERO : exact.truncatedTo(ChronoUnit.MICROS));
        Optional<String> reason = outcome.reason().map(Object::toString);
        return outcome instanceof Fetched page
                ? new Result(outcome.name(), reason, page.items().size(), page.content().itemsDropped(),
                        page.content().bytes(), duration)
                : new Result(outcome.name(), reason, 0, 0, 0, duration);
    }
}
