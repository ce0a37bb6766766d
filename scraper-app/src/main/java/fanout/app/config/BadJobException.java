package fanout.app.config;

import fanout.app.config.document.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A job with problems: all of them, in the order in which they stand in the file. */
public final class BadJobException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems; // nobody serializes this

    BadJobException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = problems.stream().map(Problem::toString).toList();
    }

    /** Each as {@code file:line:column: message}. They quote the file, so that a terminal needs them cleaned. */
    public List<String> problems() {
        return problems;
    }
}
