package fanout.frontier;

import fanout.host.RobotsRules;
import fanout.page.Failure;
import fanout.page.Outcome;
import fanout.page.SkipReason;
import java.util.List;
import java.util.Optional;

/** What is known of a host's robots.txt. Immutable. */
sealed interface Robots {

    /** Nobody has asked yet. */
    record Unknown() implements Robots {}

    /** It is being fetched; pages and sitemaps wait. */
    record Awaited() implements Robots {}

    /** It was read, or does not exist. Each page is held against it by the worker that has it, outside the frontier's lock. */
    record Known(RobotsRules rules) implements Robots {}

    /** The host answers, but not with its robots.txt: nothing is allowed. */
    record Withheld(Failure cause) implements Robots {}

    /** The host could not be reached for it: its URLs share the failure. */
    record Unreachable(Failure cause) implements Robots {}

    /** Whether nothing of the host will be fetched. */
    default boolean forbidsAll() {
        return switch (this) {
            case Withheld _,Unreachable _ -> true;
            case Unknown _,Awaited _,Known _ -> false;
        };
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
