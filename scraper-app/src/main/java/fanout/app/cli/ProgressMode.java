package fanout.app.cli;

import fanout.app.config.Outputs;
import java.util.stream.Stream;

/** How a crawl shows its progress. */
enum ProgressMode {
    /** A bar where standard error is a terminal that no results are written to, lines elsewhere. */
    AUTO,
    /** The same: a bar in a file is in nobody's interest. */
    BAR,
    /** A line every few seconds. */
    PLAIN,
    /** Nothing, and no summary. */
    NONE;

    /** This, or {@link #PLAIN} where results go to the same terminal, and would be drawn over. */
    ProgressMode beside(Outputs outputs) {
        boolean shares = this != NONE
                && Stream.of(outputs.pages(), outputs.items()).anyMatch(output -> output.isStandardOutput())
                && Tty.isOutputTerminal();
        return shares ? PLAIN : this;
    }
}
