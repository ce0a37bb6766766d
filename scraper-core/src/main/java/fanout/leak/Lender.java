package fanout.leak;

import java.util.List;

/** Lends things that must come back: a pool its connections, a queue its leases. */
@FunctionalInterface
public interface Lender {

    /** What is not back at this moment. Called by any thread; must not wait for long. */
    List<Loan> loans();
}
