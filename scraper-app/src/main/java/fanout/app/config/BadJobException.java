package fanout.app.config;

import fanout.app.config.document.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A job is not valid. Has all its problems, in the order of the file. */
public final class BadJobException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems; // not serialized

    BadJobException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = problems.stream().map(Problem::toString).toList();
    }

    /** Each as {@code file:line:column: message}. They quote the file; clean them for a terminal. */
    public List<String> problems() {
        return problems;
    }
}
