package fanout.internal.task;

/** A task ended with an exception or error that was not expected: a bug in it, or in what it called. */
public final class TaskFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Throwable thrown;

    TaskFailedException(Throwable thrown) {
        super(thrown);
        this.thrown = thrown;
    }

    /** What the first task to fail threw. */
    public Throwable thrown() {
        return thrown;
    }
}
