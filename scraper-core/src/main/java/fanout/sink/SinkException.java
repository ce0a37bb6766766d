package fanout.sink;

/** Tells what a sink or a journal has thrown from our own bugs. */
final class SinkException extends Exception {

    private static final long serialVersionUID = 1;

    private final Throwable failure;

    SinkException(Throwable failure) {
        super(failure);
        this.failure = failure;
    }

    /** What was thrown. */
    Throwable failure() {
        return failure;
    }
}
