package fanout.simulation;

import fanout.outcome.Failure;
import fanout.page.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of a fetcher, as the simulated network saw it: what crawls are judged by, since no counter of theirs wrote
 * it.
 */
final class Visit {

    /** What the crawl's session has for the host. */
    Optional<String> authorization = Optional.empty();
    /** Whose visit it is. */
    final CrawlPlan crawl;
    final String url;
    /** What the server was asked for at the URL. */
    final Request.Details details;
    /** The same for all visits that are made for one request. */
    final String key;
    final Moment began;
    /** Visits of all crawls to the same host that were under way when this one began. */
    final List<Visit> besides;
    @Nullable
    Moment ended;
    /** When the request was written; empty if it never was. */
    Optional<Moment> written = Optional.empty();
    /** Whether the server may have seen any of the request. */
    boolean sent;
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
    /** When the crawl gave it up. */
    Optional<Moment> givenUp = Optional.empty();
    /** Rings when the crawl gives it up: its connection ends. */
    final Alarm ending = new Alarm();
    /** Whether it began when the crawl had given up its visits. */
    boolean beganTooLate;
    boolean interrupted;
    /** Whether the fetcher threw what it must not throw. */
    boolean failedByABug;
    /** Visits of the same crawl under way when this one began, itself included. */
    int inFlight;
    /** Sitemaps of all crawls under way when this visit began, itself included. */
    int sitemapsInFlight;
    /** Pages that were answered before this visit began, and which the sink did not have. */
    int undelivered;

    Visit(CrawlPlan crawl, String url, Request.Details details, Moment began, List<Visit> besides) {
        this.crawl = crawl;
        this.url = url;
        this.details = details;
        this.key = RequestRules.key(url, details);
        this.began = began;
        this.besides = List.copyOf(besides);
    }

    /** Only the first time counts. */
    void giveUp(Moment now) {
        if (givenUp.isEmpty()) {
            givenUp = Optional.of(now);
            ending.ring();
        }
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

    boolean isOfSameCrawl(Visit other) {
        return isOf(other.crawl);
    }

    boolean isOf(CrawlPlan other) {
        return crawl.number() == other.number();
    }

    boolean isOk() {
        return status >= 200 && status <= 299;
    }

    /** Whether the crawl does not count it as an attempt. */
    boolean isUncounted() {
        return failedByABug || failure.filter(Failure.StaleConnection.class::isInstance).isPresent();
    }

    /** When it ended; the end of time if it did not. */
    Moment end() {
        return ended == null ? new Moment(Long.MAX_VALUE, 0) : ended;
    }

    @Override
    public String toString() {
        return "crawl " + crawl.number() + " at " + key + " " + began + ", "
                + (interrupted ? "interrupted" : failure.map(Object::toString).orElse("" + status));
    }
}
