package fanout.internal.host;

import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import java.util.List;
import java.util.Optional;

/** What is known of a host's robots.txt. Immutable. */
sealed interface RobotsState {

    /** Not asked yet. */
    record Unknown() implements RobotsState {}

    /** It is being fetched; pages and sitemaps wait. */
    record Awaited() implements RobotsState {}

    /**
     * It was read, or does not exist. Each page is held against it by the worker that has it, outside the frontier's
     * lock.
     */
    record Known(RobotsRules rules) implements RobotsState {}

    /** The host answers, but not with its robots.txt: nothing is allowed. */
    record Withheld(Failure cause) implements RobotsState {}

    /** The host could not be reached for it: its URLs share the failure. */
    record Unreachable(Failure cause) implements RobotsState {}

    /** Whether nothing of the host will be fetched. */
    default boolean forbidsAll() {
        return switch (this) {
            case Withheld _,Unreachable _ -> true;
            case Unknown _,Awaited _,Known _ -> false;
        };
    }

    /** The rules for pages that may be tried; only of a host whose rules are {@link Known}. */
    default RobotsRules rules() {
        throw new IllegalStateException("no page may be tried: " + this);
    }

    /** What it takes in memory. */
    default long bytes() {
        return this instanceof Known known ? known.rules.bytes() : 0;
    }

    /** The outcome of a page, and of the redirects that led to it, of a host of which nothing will be fetched. */
    default Optional<List<Outcome>> verdictOn(Pending page) {
        return switch (this) {
            case Unknown _,Awaited _,Known _ -> Optional.empty();
            case Withheld withheld -> Optional.of(page.skipped(SkipReason.ROBOTS,
                    Optional.of("robots.txt: " + withheld.cause().detail())));
            case Unreachable unreachable ->
                    Optional.of(page.failed(new Failure.RobotsUnreachable(unreachable.cause())));
        };
    }
}
