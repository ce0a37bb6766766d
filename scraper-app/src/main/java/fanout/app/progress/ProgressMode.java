package fanout.app.progress;

import fanout.Crawl;
import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Tty;
import java.util.Locale;

/** How a crawl shows its progress. */
public enum ProgressMode {
    /** A bar where standard error is a terminal that no results are written to, lines elsewhere. */
    AUTO,
    /** The same: a bar is of no use in a file. */
    BAR,
    /** A line every few seconds. */
    PLAIN,
    /** Nothing, and no summary. */
    NONE;

    /**
     * Starts to show a crawl's progress, on a thread that closing ends.
     *
     * @param outputs where results go: a bar would overwrite those on the same terminal
     * @param stops what the user asked for, which a bar shows
     */
    public ProgressPoller start(Crawl crawl, Outputs outputs, Terminal terminal, StopRequests stops) {
        return ProgressPoller.start(crawl::progress, () -> display(crawl.job().name(), outputs, terminal, stops));
    }

    /** Asks the operating system whether there is a terminal, which takes time. */
    private ProgressDisplay display(String job, Outputs outputs, Terminal terminal, StopRequests stops) {
        boolean bar = switch (this) {
            case AUTO, BAR -> !isSharedWith(outputs) && Tty.drawable().isPresent();
            case PLAIN, NONE -> false;
        };
        return bar ? new ProgressBar(job, terminal, stops, Tty::drawable) : new ProgressLines(terminal);
    }

    private static boolean isSharedWith(Outputs outputs) {
        return outputs.results().values().stream().anyMatch(Output::isStandardOutput) && Tty.isOutputTerminal();
    }

    /** As users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
