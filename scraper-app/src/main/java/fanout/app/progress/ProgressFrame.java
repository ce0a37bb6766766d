package fanout.app.progress;

import fanout.CrawlProgress;
import fanout.HostProgress;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.CleanText;
import fanout.app.terminal.TerminalStyle;
import fanout.app.terminal.Width;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A crawl at one moment, in four lines: how far it is, the names of the figures, the figures, and the last failure or,
 * once the crawl was asked to end, how it ends. Each figure has a fixed place, and nothing moves when it grows.
 *
 * @param rate pages a second
 */
record ProgressFrame(String job, CrawlProgress now, double rate, StopRequests.Wanted wanted, TerminalStyle style) {

    private static final int LONGEST_NAME = 16;
    private static final int SHORTEST_BAR = 8;
    private static final int LONGEST_BAR = 60;
    /** The elapsed time and the time left are two readings of the clock; their sum must not flicker. */
    private static final Duration ROUNDING = Duration.ofMillis(500);

    /** A figure, its name and its width. */
    private record Figure(String name, String value, int columns) {}

    List<String> lines(int columns) {
        int room = Math.max(1, columns - 1); // after a full line, terminals disagree where the cursor is
        List<Figure> figures = new ArrayList<>();
        int taken = 1;
        for (Figure figure : figures()) {
            taken += figure.columns;
            if (taken <= room) {
                figures.add(figure);
            }
        }
        StringBuilder names = new StringBuilder();
        StringBuilder values = new StringBuilder();
        for (Figure figure : figures) {
            names.append(Width.padLeft(figure.name, figure.columns));
            values.append(Width.padLeft(figure.value, figure.columns));
        }
        return List.of(howFar(room), style.faint(names.toString()), values.toString(), lastLine(room));
    }

    private String howFar(int room) {
        String name = " " + Width.cut(CleanText.line(job), LONGEST_NAME) + "  ";
        String counts = String.format(Locale.ROOT, "  %7s of %7s URLs", count(now.outcomes().done(), 9),
                count(now.urls().discovered(), 9));
        String times = String.format(Locale.ROOT, "   %8s of %8s", time(now.timing().elapsed()),
                time(now.timing().elapsed().plus(now.timing().deadlineLeft()).plus(ROUNDING)));
        int bar = Math.min(LONGEST_BAR, room - Width.of(name + counts + times));
        if (bar < SHORTEST_BAR) {
            return Width.cut(name.stripTrailing() + times, room);
        }
        double part = now.urls().discovered() == 0 ? 0 : (double) now.outcomes().done() / now.urls().discovered();
        return name + style.green(style.bar(part, bar)) + counts + times;
    }

    /** The most important first: a narrow terminal shows as many as fit. */
    private List<Figure> figures() {
        return List.of(figure("ok", now.outcomes().ok(), 10),
                new Figure("pages/s", String.format(Locale.ROOT, rate < 999.95 ? "%.1f" : "%.0f", rate), 9),
                figure("in flight", now.urls().inFlight(), 11), figure("queued", now.urls().ready(), 10),
                figure("delayed", now.urls().delayed(), 10), figure("failed", now.outcomes().failed(), 9),
                figure("hosts", now.urls().hosts(), 8), figure("items", now.items(), 10),
                figure("redirected", now.outcomes().redirected(), 12), figure("skipped", now.outcomes().skipped(), 10),
                new Figure("MB", String.format(Locale.ROOT, "%.1f", now.bytes() / 1e6), 11),
                figure("to write", now.resultsQueued(), 10));
    }

    private static Figure figure(String name, long value, int columns) {
        return new Figure(name, count(value, columns - 1), columns);
    }

    private String lastLine(int room) {
        return switch (wanted) {
            case DRAIN -> style.yellow(Width.cut(" Draining: " + now.urls().inFlight()
                    + " in flight may finish. Ctrl-C again to stop now.", room));
            case CANCEL -> style.yellow(Width.cut(" Stopping: " + now.urls().inFlight()
                    + " in flight given up, results are written. Ctrl-C again to halt.", room));
            case NOTHING -> now.slowedDownBy()
                    .flatMap(HostProgress::slowedDown)
                    .map(why -> style.yellow(Width.cut(" waiting  " + CleanText.line(why), room)))
                    .orElseGet(() -> style.faint(now.lastFailure()
                            .map(failed -> failure(failed.failure().detail(), failed.request().url().toString(), room))
                            .orElse(Width.cut(" last failure  none", room))));
        };
    }

    private static String failure(String what, String url, int room) {
        String start = Width.cut(" last failure  " + CleanText.line(what) + "  ", Math.max(1, room * 2 / 3));
        int left = room - Width.of(start);
        return left < 3 ? Width.cut(start, room) : start + Width.cutLeft(CleanText.line(url), left);
    }

    /** With separators, or, if it is too long for that, in millions or billions. */
    static String count(long value, int columns) {
        String whole = String.format(Locale.ROOT, "%,d", value);
        if (whole.length() <= columns) {
            return whole;
        }
        String millions = String.format(Locale.ROOT, "%.1fM", value / 1e6);
        return millions.length() <= columns ? millions : String.format(Locale.ROOT, "%.0fG", value / 1e9);
    }

    private static String time(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return seconds < 100 * 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.ROOT, "%dd %02dh", seconds / 86_400, seconds / 3600 % 24);
    }
}
