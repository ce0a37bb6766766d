package fanout.app.config;

import fanout.app.config.document.Problems.Mistake;
import java.util.List;
import java.util.stream.Collectors;

/** A job is not valid. Has all its problems, in the order of the file. */
public final class BadJobException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Mistake> found; // not serialized
    private final boolean readable;

    /** @param readable whether it could be read at all, and something in it is wrong */
    BadJobException(List<Mistake> problems, boolean readable) {
        super(problems.stream().map(Mistake::toString).collect(Collectors.joining("; ")));
        this.found = List.copyOf(problems);
        this.readable = readable;
    }

    /** Whether the document could be read at all, and something in it is wrong. */
    public boolean isReadable() {
        return readable;
    }

    /** With their places. */
    public List<Mistake> found() {
        return found;
    }

    /** Each as {@code file:line:column: message}. They quote the file; clean them for a terminal. */
    public List<String> problems() {
        return found.stream().map(Mistake::toString).toList();
    }
}
