package fanout.app.service.http;

/** A request that is refused; the reply says why. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Problem problem; // not serialized

    public RefusedException(Problem problem) {
        super(problem.status() + ": " + problem.detail(), null, false, false); // refusals are no faults of the program
        this.problem = problem;
    }

    /** A refusal without places in a document. */
    public RefusedException(int status, String detail) {
        this(Problem.of(status, detail));
    }

    public Problem problem() {
        return problem;
    }
}
