package fanout.simulation;

import fanout.outcome.Cancelled;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.sink.Sink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A user's sink that remembers what it was given, and may be slow, fail or hang at any element or flush. */
final class SimulatedSink implements Sink {

    /** What the sink does wrong. */
    enum Trouble {
        NONE, SLOW, WRITE_FAILS, WRITE_THROWS, WRITE_HANGS, FLUSH_FAILS, FLUSH_HANGS
    }

    /**
     * How the sink is.
     *
     * @param at the write or flush that goes wrong, counted from 0
     * @param slowness of one write
     */
    record Conduct(Trouble trouble, int at, Duration slowness) {

        boolean isTrouble() {
            return trouble != Trouble.NONE;
        }
    }

    private final Conduct conduct;
    private final SimulatedClock clock;
    private final Trace trace;
    private final List<Outcome> written = new ArrayList<>();
    private int pages;
    private int flushed;
    private int calls;
    private int flushes;
    private int closings;
    private boolean busy;
    private Moment lastFoundAt = new Moment(0, 0);
    private @Nullable Moment failedAt;
    private @Nullable Moment hangsSince;

    SimulatedSink(Conduct conduct, SimulatedClock clock, Trace trace) {
        this.conduct = conduct;
        this.clock = clock;
        this.trace = trace;
    }

    @Override
    public void write(Outcome outcome) throws IOException, InterruptedException {
        clock.preempt();
        busy = true;
        try {
            misbehaveInWrite(calls++ == conduct.at);
        } finally {
            busy = false;
        }
        written.add(outcome);
        lastFoundAt = isFound(outcome) ? clock.moment() : lastFoundAt;
        pages += outcome instanceof Fetched ? 1 : 0;
        trace.mix(outcome.name().hashCode());
        trace.say(() -> "writes " + outcome.name() + outcome.reason().map(why -> "/" + why).orElse("") + " "
                + outcome.request().url());
    }

    private void misbehaveInWrite(boolean wrong) throws IOException, InterruptedException {
        switch (conduct.trouble) {
            case SLOW -> clock.pass(conduct.slowness.toNanos());
            case WRITE_FAILS -> failIf(wrong);
            case WRITE_THROWS -> throwIf(wrong);
            case WRITE_HANGS -> hangIf(wrong);
            case NONE, FLUSH_FAILS, FLUSH_HANGS -> {}
        }
    }

    @Override
    public void flush() throws IOException {
        clock.preempt();
        busy = true;
        try {
            misbehaveInFlush(flushes++ == conduct.at);
        } finally {
            busy = false;
        }
        flushed = written.size();
        trace.say(() -> "has flushed " + flushed);
    }

    private void misbehaveInFlush(boolean wrong) throws IOException {
        switch (conduct.trouble) {
            case FLUSH_FAILS -> failIf(wrong);
            case FLUSH_HANGS -> {
                try {
                    hangIf(wrong);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted while flushing");
                }
            }
            case NONE, SLOW, WRITE_FAILS, WRITE_THROWS, WRITE_HANGS -> {}
        }
    }

    private void failIf(boolean wrong) throws IOException {
        if (wrong) {
            failedAt = clock.moment();
            trace.say(() -> "the sink fails");
            throw new IOException("the disk is full");
        }
    }

    private void throwIf(boolean wrong) {
        if (wrong) {
            failedAt = clock.moment();
            trace.say(() -> "the sink throws");
            throw new UncheckedIOException(new IOException("the sink has a bug"));
        }
    }

    private void hangIf(boolean wrong) throws InterruptedException {
        if (wrong) {
            hangsSince = clock.moment();
            trace.say(() -> "the sink hangs");
            clock.pass(Long.MAX_VALUE);
        }
    }

    @Override
    public void close() {
        closings++;
    }

    /** What it took, flushed or not. */
    List<Outcome> written() {
        return written;
    }

    /** Pages among these. */
    int pages() {
        return pages;
    }

    /** How many of these it has for good. */
    int flushed() {
        return flushed;
    }

    int closings() {
        return closings;
    }

    /** When it last took something that the crawl found out, and not what it leaves when it ends. */
    Moment lastFoundAt() {
        return lastFoundAt;
    }

    private static boolean isFound(Outcome outcome) {
        return !(outcome instanceof Cancelled)
                && !(outcome instanceof Skipped skipped && skipped.why() == SkipReason.BUDGET);
    }

    /** Whether a call of the sink is under way. */
    boolean isBusy() {
        return busy;
    }

    boolean isHealthy() {
        return failedAt == null && hangsSince == null;
    }

    /** When it failed. */
    Optional<Moment> failedAt() {
        return Optional.ofNullable(failedAt);
    }

    boolean isSlow() {
        return conduct.trouble == Trouble.SLOW || hangsSince != null;
    }
}
