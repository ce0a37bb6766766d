package fanout.app.cli;

import fanout.app.config.Outputs;
import java.util.stream.Stream;

/** How a crawl shows its progress. */
enum ProgressMode {
    /** A bar where standard error is a terminal that nothing else is written to, lines elsewhere. */
    AUTO,
    /** A bar, if standard error is a terminal at all. */
    BAR,
    /** A line every few seconds. */
    PLAIN,
    /** Nothing, and no summary. */
    NONE;

    /** This, or {@link #PLAIN} where results that go to the same terminal would be drawn over. */
    ProgressMode beside(Outputs outputs) {
        boolean shares = this == AUTO
                && Stream.of(outputs.pages(), outputs.items()).anyMatch(output -> output.isStandardOutput())
                && Tty.isOutputTerminal();
        return shares ? PLAIN : this;
    }
}
