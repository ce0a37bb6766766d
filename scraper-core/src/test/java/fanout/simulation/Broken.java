package fanout.simulation;

import fanout.outcome.Failure;

/** The attempt ends before there is a complete response. */
final class Broken extends Exception {

    private static final long serialVersionUID = 1;

    final transient Failure failure;

    Broken(Failure failure) {
        super(failure.toString(), null, false, false);
        this.failure = failure;
    }
}
