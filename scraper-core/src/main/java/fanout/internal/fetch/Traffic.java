package fanout.internal.fetch;

import fanout.leak.Loan;
import fanout.leak.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * What a crawl's fetcher counts, for metrics and the leak check. Thread-safe; figures that are read while fetches run
 * are a moment's.
 */
public final class Traffic {

    private final ActiveConnections connections = new ActiveConnections();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder[] responses = Stream.generate(LongAdder::new).limit(10).toArray(LongAdder[]::new);
    /** Open bodies, and where each was opened. */
    private final Map<OpenBody, Origin> bodies = new ConcurrentHashMap<>();

    /**
     * A response body that a fetcher has opened. Compared by identity; its {@code toString} names the response.
     * Thread-safe.
     */
    public interface OpenBody {

        /** Whether it is still open. */
        boolean isOpen();
    }

    public ActiveConnections connections() {
        return connections;
    }

    /** Response heads of a status class: 2 counts 200 to 299. */
    public long responses(int statusClass) {
        return responses[statusClass].sum();
    }

    /** Decoded body bytes that were read. */
    public long bytes() {
        return bytes.sum();
    }

    /**
     * Response bodies that are open: fetches at work, or leaks if there are none. Each body itself says whether it is
     * open, not a counter.
     */
    public int openBodies() {
        return (int) bodies.keySet().stream().filter(OpenBody::isOpen).count();
    }

    /** The same, by name. */
    public List<Loan> bodyLoans() {
        List<Loan> loans = new ArrayList<>();
        bodies.forEach((body, origin) -> {
            if (body.isOpen()) {
                loans.add(new Loan("body", "of " + body, body, origin));
            }
        });
        return loans;
    }

    /** A response has arrived up to its body. */
    public void opened(OpenBody body, int status) {
        bodies.put(body, Origin.here());
        responses[Math.floorMod(status / 100, responses.length)].increment();
    }

    /** A fetch is done with a body. One that it did not close stays, to be found. */
    public void finished(OpenBody body) {
        if (!body.isOpen()) {
            bodies.remove(body);
        }
    }

    /** Decoded bytes of a body were read. */
    public void read(long count) {
        bytes.add(count);
    }
}
