package fanout.app.progress;

import fanout.CrawlProgress;
import fanout.app.signal.Signals;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.LinesAbove;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.TerminalStyle;
import fanout.app.terminal.Tty;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Progress on a terminal, redrawn in place. While it is there, everything written to {@link System#err} goes above it.
 */
final class ProgressBar implements ProgressDisplay {

    private static final Duration EVERY = Duration.ofMillis(250);

    private final String job;
    private final Terminal terminal;
    private final StopRequests stops;
    private final Supplier<OptionalInt> columns;
    private final TerminalStyle style;
    private final RecentRate rate = new RecentRate();
    private final LinesAbove above;
    private final Signals resizing;

    ProgressBar(String job, Terminal terminal, StopRequests stops, Supplier<OptionalInt> columns) {
        this.job = job;
        this.terminal = terminal;
        this.stops = stops;
        this.columns = columns;
        this.style = TerminalStyle.of(System.getenv(), System.err.charset());
        this.above = LinesAbove.install(terminal);
        this.resizing = Signals.onNewTerminal(terminal::moved);
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public void show(CrawlProgress now) {
        double perSecond = rate.perSecond(now.timing().elapsed(), now.outcomes().ok());
        int width = columns.get().orElse(Tty.USUAL);
        terminal.draw(new ProgressFrame(job, now, perSecond, stops.wanted(), style).lines(width), width);
    }

    @Override
    public void close() {
        resizing.close();
        terminal.erase();
        above.close();
    }
}
