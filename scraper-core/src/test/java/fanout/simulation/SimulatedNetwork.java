package fanout.simulation;

import fanout.fetch.Fetch;
import fanout.fetch.FetchListener;
import fanout.fetch.FetchRequest;
import fanout.fetch.Fetcher;
import fanout.simulation.Weather.Course;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The network without a network, as the port's contract has it: under the current deadline, interruptible in every stage, an
 * expected end is a value. It writes down every call. Confined to the simulation, which runs one thread at a time.
 */
final class SimulatedNetwork implements Fetcher {

    private final SimulatedWeb web;
    private final Weather weather;
    private final SimulatedClock clock;
    private final Trace trace;
    private final List<Visit> visits = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final List<Visit> underWay = new ArrayList<>();
    private final IntSupplier pagesDelivered;
    private int answered;
    private @Nullable Moment bug;
    private int closings;

    /**
     * A network in which nothing has been asked for yet.
     *
     * @param pagesDelivered how many pages the sink has, at any moment
     */
    SimulatedNetwork(SimulatedWeb web, Weather weather, SimulatedClock clock, Trace trace,
            IntSupplier pagesDelivered) {
        this.pagesDelivered = pagesDelivered;
        this.web = web;
        this.weather = weather;
        this.clock = clock;
        this.trace = trace;
    }

    @Override
    public Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException {
        String url = request.url().toString();
        Visit visit = begin(url);
        trace.say(() -> "asks for " + url);
        Course course = weather.courseOf(url, counts.merge(url, 1, Integer::sum));
        try {
            throwIfInterrupted();
            if (visits.size() == weather.bugAt()) {
                visit.failedByABug = true;
                bug = clock.moment();
                throw new IllegalStateException("the fetcher has a bug");
            }
            Fetch fetch = new Exchange(web.at(url), clock, request, listener, visit, course).run();
            throwIfInterrupted();
            return fetch;
        } catch (InterruptedException e) {
            visit.interrupted = true;
            throw e;
        } finally {
            visit.ended = clock.moment();
            underWay.remove(visit);
            answered += visit.isOk() && visit.isPage() ? 1 : 0;
            trace.mix(visit.status);
            trace.say(() -> "has " + visit);
        }
    }

    private Visit begin(String url) {
        Visit visit = new Visit(url, clock.moment());
        visits.add(visit);
        underWay.add(visit);
        visit.inFlight = underWay.size();
        visit.inFlightAtHost = (int) underWay.stream().filter(one -> one.host().equals(visit.host())).count();
        visit.sitemapsInFlight = (int) underWay.stream().filter(one -> SimulatedWeb.isSitemap(one.url)).count();
        visit.undelivered = answered - pagesDelivered.getAsInt();
        return visit;
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Every call, in the order in which they began. */
    List<Visit> visits() {
        return visits;
    }

    /** When the fetcher threw what it must not throw, if it did. */
    Optional<Moment> bug() {
        return Optional.ofNullable(bug);
    }

    int closings() {
        return closings;
    }

    @Override
    public int activeConnections() {
        return underWay.size();
    }

    @Override
    public void close() {
        closings++;
    }
}
