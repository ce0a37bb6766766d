package fanout.internal.host;

import fanout.internal.host.Circuit.Phase;
import fanout.internal.host.Work.Kind;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides what the state of a host means: which work may start, what becomes of a page that comes in, and what its work
 * needs. Each function is pure. It reads what it is given, changes nothing and calls nothing else. A table of cases
 * shows all that it does. What every URL asks allocates nothing.
 *
 * <p>The other decision about a host is when it is ready, which is {@link Pace.Terms}, since it concerns all crawls.
 */
final class HostDecisions {

    private HostDecisions() {}

    /** What becomes of a page or a sitemap that comes in. */
    enum Arrival {
        /** It waits for its turn. */
        WAITS,
        /** It waits for the host's robots.txt, which is asked for now. */
        ASKS_FOR_ROBOTS,
        /** It has its outcome, since the host will not be asked. */
        IS_DECIDED
    }

    /** What the work of a host needs. */
    enum Need {
        /** There is no work. */
        NOTHING,
        /** A visit to the host, but no rules: only robots.txt files or a login wait, which need none. */
        VISIT,
        /** The host's rules, too. */
        RULES
    }

    /** Whether nothing of the host will be fetched, except robots.txt files of other hosts that it serves. */
    static boolean isCondemned(boolean isGivenUp, RobotsState robots) {
        return isGivenUp || robots.forbidsAll();
    }

    /** @param isWanted whether the host may be asked for it, once its robots.txt is known */
    static Arrival arrival(boolean isGivenUp, RobotsState robots, boolean isWanted) {
        if (isCondemned(isGivenUp, robots)) {
            return Arrival.IS_DECIDED;
        }
        return isWanted && robots instanceof RobotsState.Unknown ? Arrival.ASKS_FOR_ROBOTS : Arrival.WAITS;
    }

    /**
     * Returns the outcome of a page, and of the redirects that led to it, if the host's state decides it.
     *
     * @param cause the last failure of a page of the host that was the host's; empty if none is known
     */
    static Optional<List<Outcome>> verdict(boolean isGivenUp, RobotsState robots, Pending page,
            Optional<Failure> cause) {
        if (!isGivenUp) {
            return robots.verdictOn(page);
        }
        String last = cause.map(failure -> "; its last failure: " + failure.reason().label() + ", " + failure.detail())
                .orElse("");
        return Optional.of(page.skipped(SkipReason.CIRCUIT_OPEN, Optional.of("the host kept failing" + last)));
    }

    /**
     * Whether work of this kind may start, the host's ready time aside. Nothing starts while a probe is under way, and
     * robots.txt is a prerequisite of everything else, except of a login.
     *
     * @param allowsPage whether the host's page budget allows one more
     */
    static boolean mayStart(Kind kind, boolean isGivenUp, RobotsState robots, Phase circuit, int inFlight,
            boolean allowsPage) {
        if (inFlight > 0 && circuit != Phase.CLOSED) {
            return false;
        }
        return switch (kind) {
            case LOGIN -> !isGivenUp;
            case ROBOTS -> true;
            case SITEMAP -> !isAwaited(robots);
            case PAGE -> allowsPage && !isAwaited(robots) && !isCondemned(isGivenUp, robots);
        };
    }

    private static boolean isAwaited(RobotsState robots) {
        return robots instanceof RobotsState.Awaited;
    }

    /** Returns what the work of a host needs; a request in flight, and a sitemap, may bring more work. */
    static Need need(int inFlight, int pages, boolean sitemapsWait, boolean othersWait) {
        if (inFlight > 0 || pages > 0 || sitemapsWait) {
            return Need.RULES;
        }
        return othersWait ? Need.VISIT : Need.NOTHING;
    }

    /** Returns what is known of a host's robots.txt after the last attempt at it has failed. */
    static RobotsState robotsAfter(Failure failure) {
        return failure instanceof Failure.HttpStatus
                ? new RobotsState.Withheld(failure)
                : new RobotsState.Unreachable(failure);
    }

    /** Returns the Crawl-delay that counts of one that robots.txt asks for. */
    static Duration crawlDelay(Duration asked, Duration most) {
        return asked.compareTo(most) > 0 ? most : asked;
    }
}
