package fanout.simulation;

import fanout.outcome.Failure;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call of the fetcher, as the simulated network saw it: what the verdict is made from, since no counter wrote it. */
final class Visit {

    final String url;
    final Moment began;
    @Nullable
    Moment ended;
    /** When the request was written; empty if it never was. */
    Optional<Moment> written = Optional.empty();
    /** The status of a response that was delivered whole. */
    int status;
    boolean bodyRead;
    /** Whether the response was delivered, and its memory not given back yet. */
    boolean isHeld;
    Optional<String> location = Optional.empty();
    /** What the host asked for, in a response that was delivered. */
    Optional<Duration> retryAfter = Optional.empty();
    /** Until when the host wants to be left alone; only with a retryAfter. */
    long holdsUntil;
    Optional<Failure> failure = Optional.empty();
    boolean interrupted;
    /** Whether the fetcher threw what it must not throw. */
    boolean failedByABug;
    /** Visits under way when this one began, itself included. */
    int inFlight;
    int inFlightAtHost;
    int sitemapsInFlight;
    /** Pages that were answered before this visit began, and which the sink did not have. */
    int undelivered;

    Visit(String url, Moment began) {
        this.url = url;
        this.began = began;
    }

    String host() {
        return SimulatedWeb.hostOf(url);
    }

    /** In nanoseconds; only if it was written. */
    long writtenAt() {
        return written.orElseThrow().time();
    }

    boolean isPage() {
        return SimulatedWeb.isPage(url);
    }

    boolean isRobots() {
        return SimulatedWeb.isRobots(url);
    }

    boolean isOk() {
        return status >= 200 && status <= 299;
    }

    /** Whether the crawl does not count it as an attempt. */
    boolean isUncounted() {
        return failedByABug || failure.filter(Failure.StaleConnection.class::isInstance).isPresent();
    }

    /** When it ended, or will for ever go on. */
    Moment end() {
        return ended == null ? new Moment(Long.MAX_VALUE, 0) : ended;
    }

    @Override
    public String toString() {
        return url + " " + began + ", "
                + (interrupted ? "interrupted" : failure.map(Object::toString).orElse("" + status));
    }
}
