package fanout.app.cli;

import fanout.CrawlProgress;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Progress on a terminal, drawn over and over. While it is there, everything written to {@link System#err} goes above it. */
final class ProgressBar implements Progress.Display {

    private static final Duration EVERY = Duration.ofMillis(250);

    private final String job;
    private final Terminal terminal;
    private final Steering steering;
    private final Supplier<OptionalInt> columns;
    private final Look look;
    private final RecentRate rate = new RecentRate();
    private final LinesAbove above;
    private final Signals resizing;

    private ProgressBar(String job, Terminal terminal, Steering steering, Supplier<OptionalInt> columns) {
        this.job = job;
        this.terminal = terminal;
        this.steering = steering;
        this.columns = columns;
        this.look = Look.of(System.getenv(), System.err.charset());
        this.above = LinesAbove.install(terminal);
        this.resizing = Signals.onNewTerminal(terminal::moved);
    }

    /** A bar where there is a terminal to draw on, lines where there is none. */
    static Progress.Display open(ProgressMode mode, String job, Terminal terminal, Steering steering) {
        return mode != ProgressMode.PLAIN && Tty.drawable().isPresent()
                ? new ProgressBar(job, terminal, steering, Tty::drawable)
                : new ProgressLines(terminal);
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public void show(CrawlProgress now) {
        double perSecond = rate.perSecond(now.elapsed(), now.ok());
        int width = columns.get().orElse(Tty.USUAL);
        terminal.draw(new ProgressFrame(job, now, perSecond, steering.wanted(), look).lines(width), width);
    }

    @Override
    public void close() {
        resizing.close();
        terminal.erase();
        above.close();
    }
}
