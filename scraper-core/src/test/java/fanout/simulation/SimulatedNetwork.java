package fanout.simulation;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.Fetcher;
import fanout.internal.task.Deadline;
import fanout.simulation.Weather.Course;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The network of one crawl without a network, as the port's contract has it: under the current deadline, interruptible
 * in every stage, an expected end is a value. It writes every call into the log. Confined to the simulation, which runs
 * one thread at a time.
 */
final class SimulatedNetwork implements Fetcher {

    /** What answers. */
    interface Hosts {

        /** Whether a URL is at an address that the job does not allow. */
        boolean isInner(String url);

        /**
         * Answers a request.
         *
         * @param time of the simulation
         */
        Content answer(Visit visit, long time);
    }

    private final CrawlPlan plan;
    private final Hosts hosts;
    private final NetworkLog log;
    private final SimulatedClock clock;
    private final Trace trace;
    private final Map<String, Integer> counts = new HashMap<>();
    private final IntSupplier pagesDelivered;
    private int calls;
    private int answered;
    private @Nullable Moment bug;
    private boolean isGivenUp;
    private int closings;

    /**
     * A network in which nothing has been asked for yet.
     *
     * @param log of all crawls
     * @param pagesDelivered how many pages the sink has, at any moment
     */
    SimulatedNetwork(CrawlPlan plan, Hosts hosts, NetworkLog log, SimulatedClock clock, Trace trace,
            IntSupplier pagesDelivered) {
        this.plan = plan;
        this.hosts = hosts;
        this.log = log;
        this.clock = clock;
        this.trace = trace;
        this.pagesDelivered = pagesDelivered;
    }

    @Override
    public Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException {
        String url = request.url().toString();
        Visit visit = log.begin(plan, url, request.details(), clock.moment());
        visit.authorization = Optional.of(request.session())
                .filter(session -> session.covers(request.url()))
                .map(session -> session.headers().get("Authorization"));
        visit.beganTooLate = isGivenUp;
        visit.undelivered = answered - pagesDelivered.getAsInt();
        trace.say(() -> "asks for " + visit.key);
        Course course = plan.weather().courseOf(visit, counts.merge(visit.key, 1, Integer::sum));
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (++calls == plan.weather().bugAt()) {
                visit.failedByABug = true;
                bug = clock.moment();
                throw new IllegalStateException("the fetcher has a bug");
            }
            Fetch fetch = new SimulatedAttempt(hosts.isInner(url), () -> hosts.answer(visit, clock.time()), clock,
                    request, listener, visit, course).run();
            if (isGivenUp && fetch instanceof Fetch.NoResponse) {
                clock.pass(Deadline.current().remainingNanos()); // its thread is about to be interrupted
            }
            if (Thread.interrupted()) {
                fetch.close();
                throw new InterruptedException();
            }
            return fetch;
        } catch (InterruptedException e) {
            visit.interrupted = true;
            throw e;
        } finally {
            log.end(visit, clock.moment());
            answered += visit.isOk() && visit.isPage() ? 1 : 0;
            trace.mix(visit.status);
            trace.say(() -> "has " + visit);
        }
    }

    @Override
    public void giveUp() {
        isGivenUp = true;
        trace.say(() -> "gives up what is in flight");
        log.giveUp(plan, clock.moment());
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
        return log.inFlight(plan);
    }

    @Override
    public void close() {
        closings++;
    }
}
