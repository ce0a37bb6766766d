package fanout.fetch;

import fanout.leak.Loan;
import fanout.leak.Loans;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Connection;

/**
 * How many connections carry a request at this moment, and how many did at most.
 *
 * <p>With a plain {@code int}, {@code active++} is a read, an addition and a write: two fetches that both read 1 both write
 * 2, and one of them is never counted; the decrements then take the figure below zero. An atomic makes each change one step.
 * The other half of the pitfall is the pairing: both calls hang on OkHttp's own events for a connection, which come in
 * pairs on every path, rather than on lines of our code that an exception could jump over.
 *
 * <p>Thread-safe. A gauge for people; the leak check reads OkHttp's pool instead.
 */
public final class ActiveConnections {

    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();
    private final Loans<Call> calls = new Loans<>("connection");

    public void acquired(Call by, Connection connection) {
        acquired();
        calls.lent(by, () -> connection + " for " + by.request().url());
    }

    public void released(Call by) {
        released();
        calls.back(by);
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

    /** Whose they are, as far as somebody watched when they were acquired. */
    public List<Loan> loans() {
        return calls.all();
    }

    public int now() {
        return active.get();
    }

    /** The most there were at one moment. */
    public int peak() {
        return peak.get();
    }
}
