package fanout.queue;

import fanout.host.Circuit;
import fanout.host.Pace;
import fanout.host.RobotsRules;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.url.Host;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One host: what waits for it, how it is doing, and when it may be asked next. Guarded by the frontier's lock. */
public final class HostQueue {

    /** Where the schedule keeps this host. */
    enum Place {
        NOWHERE, READY, DELAYED
    }

    final Host host;
    public final Circuit circuit;
    public Pace pace;
    public RobotsState robots = new RobotsState.Unknown();
    public int inFlight;
    public int unwritten;

    // Written by Schedule only.
    Place place = Place.NOWHERE;
    long wakeAt;

    public final Backlog backlog;
    private final int number;

    HostQueue(Host host, int number, Pace pace, Circuit circuit, Backlog.Common common) {
        this.host = host;
        this.number = number;
        this.pace = pace;
        this.circuit = circuit;
        this.backlog = new Backlog(common);
    }

    int number() {
        return number;
    }

    boolean isAwaitingRobots() {
        return robots instanceof RobotsState.Awaited;
    }

    /** When something can be leased, a moment past included; empty if not before something else has ended. */
    OptionalLong nextAt() {
        boolean busy = inFlight >= pace.manners().perHostConcurrency()
                || (unwritten > 0 && pace.isPaced())
                || (inFlight > 0 && circuit.phase() != Circuit.Phase.CLOSED);
        OptionalLong work = busy ? OptionalLong.empty() : workAt();
        if (work.isEmpty()) {
            return work;
        }
        long at = Times.later(work.getAsLong(), pace.nextAt());
        return OptionalLong.of(circuit.phase() == Circuit.Phase.OPEN ? Times.later(at, circuit.reopensAt()) : at);
    }

    private OptionalLong workAt() {
        return isAwaitingRobots() ? backlog.robotsAt() : backlog.nextAt(pace.nextAt());
    }

    /** Takes an errand that is due. */
    public Optional<Work> pollErrand(long now) {
        Optional<Work> robotsTxt = backlog.pollRobots(now);
        return robotsTxt.isPresent() || isAwaitingRobots() ? robotsTxt : backlog.pollSitemap(now);
    }

    /** The rules for pages that may be tried. */
    public RobotsRules rules() {
        return switch (robots) {
            case RobotsState.Known known -> known.rules();
            case RobotsState.Unknown _,RobotsState.Awaited _,RobotsState.Withheld _,RobotsState.Unreachable _ ->
                    throw new IllegalStateException("no page of " + host + " may be tried");
        };
    }

    /** The outcome of a page, and of the redirects that led to it, if the host's state decides it. */
    Optional<List<Outcome>> verdictOn(Pending pending) {
        if (circuit.isGivenUp()) {
            return Optional.of(pending.skipped(SkipReason.CIRCUIT_OPEN, Optional.of("the host kept failing")));
        }
        return robots.verdictOn(pending);
    }
}
