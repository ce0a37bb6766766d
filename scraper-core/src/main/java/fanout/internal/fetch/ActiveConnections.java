package fanout.internal.fetch;

import fanout.leak.Loan;
import fanout.leak.Loans;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * How many connections carry a request at this moment, and how many did at most.
 *
 * <p>With a plain {@code int}, {@code active++} is a read, an addition and a write: two fetches that both read 1 both
 * write 2, and one of them is never counted; the decrements then take the figure below zero. An atomic makes each
 * change one step. The other half of the pitfall is the pairing: both methods are called by the HTTP client's own
 * events for a connection, which come in pairs on every path, rather than by lines of our code that an exception could
 * jump over.
 *
 * <p>Thread-safe. A gauge for people; the leak check reads the HTTP client's pool instead.
 */
public final class ActiveConnections {

    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();
    private final Loans<Object> requests = new Loans<>("connection");

    /**
     * A request has acquired a connection.
     *
     * @param request compared by {@code equals}
     * @param what the connection and the request in words, asked for only if the connection is not released
     */
    public void acquired(Object request, Supplier<String> what) {
        acquired();
        requests.lent(request, what);
    }

    /** A request has released its connection. */
    public void released(Object request) {
        released();
        requests.back(request);
    }

    void acquired() {
        int now = active.incrementAndGet();
        if (now > peak.get()) {
            peak.accumulateAndGet(now, Math::max);
        }
    }

    void released() {
        active.decrementAndGet();
    }

    /** The connections by name: those that were acquired while a leak check watched. */
    public List<Loan> loans() {
        return requests.all();
    }

    public int now() {
        return active.get();
    }

    /** The most there were at one moment. */
    public int peak() {
        return peak.get();
    }
}
