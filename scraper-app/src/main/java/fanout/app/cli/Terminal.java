package fanout.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Standard error, for people. Everything goes through {@link CleanText}. Thread-safe; each line is written whole. */
public final class Terminal {

    private final PrintWriter err;

    public Terminal(PrintWriter err) {
        this.err = err;
    }

    /** Writes a line. */
    public void line(String text) {
        err.println(CleanText.line(text));
        err.flush();
    }

    /** Tells of a bug, with everything that helps to find it. */
    public void internalError(Throwable bug) {
        StringWriter trace = new StringWriter();
        bug.printStackTrace(new PrintWriter(trace));
        err.println("scraper: internal error: " + CleanText.lines(trace.toString()));
        err.flush();
    }
}
