package fanout.app.service.run;

import fanout.Crawl;
import fanout.app.json.Json;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlState;
import fanout.job.CrawlJob;
import fanout.outcome.Stage;
import fanout.report.TaskStanding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A crawl that waits or runs: its state, how it was asked to end, and what observers see. A request to end that comes
 * before the crawl exists is applied when it does.
 *
 * <p>Thread-safe. The one that changes the state adds the event, after the change.
 */
public final class CrawlTask {

    private static final int STACK = 12;

    private final String id;
    private final CrawlJob job;
    private final CrawlFolder folder;
    private final EventLog events = new EventLog();
    private final Committed pages = new Committed();
    private final Committed items = new Committed();
    private final Committed links = new Committed();
    private final Committed files = new Committed();
    private final CrawlFigures figures;
    private final Phase phase;

    /** {@link System#nanoTime} at its beginning; written before its state is {@code RUNNING}. */
    private volatile long begunAt;
    private volatile @Nullable Thread runner;
    private volatile boolean cancelWanted;
    private volatile @Nullable Crawl crawl;
    private volatile Runnable commits = () -> {};

    /** One that has not run before. */
    public CrawlTask(String id, CrawlJob job, CrawlFolder folder) {
        this(id, job, folder, CrawlState.QUEUED);
    }

    private CrawlTask(String id, CrawlJob job, CrawlFolder folder, CrawlState first) {
        this.id = id;
        this.job = job;
        this.folder = folder;
        this.figures = new CrawlFigures(events, job);
        this.phase = new Phase(first);
        say(first);
    }

    /** One that resumes: what earlier runs had committed is shown while it waits, too. */
    public CrawlTask(String id, CrawlJob job, CrawlFolder folder, Continuation.Possible earlier) {
        this(id, job, folder, earlier, CrawlState.QUEUED);
    }

    /** The same, which is held at first or waits for its turn. */
    public CrawlTask(String id, CrawlJob job, CrawlFolder folder, Continuation.Possible earlier, CrawlState first) {
        this(id, job, folder, first);
        show(earlier);
    }

    /** Shows readers what is there to stay. From any thread. */
    void show(Continuation.Possible written) {
        pages.advanceTo(written.pages());
        items.advanceTo(written.items());
        links.advanceTo(written.links());
        files.advanceTo(written.files());
    }

    public String id() {
        return id;
    }

    public CrawlJob job() {
        return job;
    }

    CrawlFolder folder() {
        return folder;
    }

    public EventLog events() {
        return events;
    }

    public Committed pages() {
        return pages;
    }

    public Committed items() {
        return items;
    }

    public Committed links() {
        return links;
    }

    /** Of the lines of bodies that the crawl keeps. */
    public Committed files() {
        return files;
    }

    CrawlFigures.OutcomeWatch outcomes() {
        return figures.outcomes();
    }

    /** How its figures changed with time. */
    public List<?> series() {
        return figures.points();
    }

    public CrawlState state() {
        return phase.state();
    }

    /** How it was asked to end. */
    public Ending ending() {
        return phase.ending();
    }

    /** Begins to run; false if it was cancelled while it waited. */
    public boolean begin() {
        begunAt = System.nanoTime();
        runner = Thread.currentThread();
        boolean begins = phase.leave(CrawlState.QUEUED, CrawlState.RUNNING);
        if (begins) {
            say(CrawlState.RUNNING);
        }
        return begins;
    }

    /** How long it has been running; zero if it does not. */
    public Duration running() {
        return phase.isRunning() ? Duration.ofNanos(System.nanoTime() - begunAt) : Duration.ZERO;
    }

    /** Will not run, and has to be ended; returns the state in which it waited until now, or empty if it runs. */
    Optional<CrawlState> leaveQueue() {
        return Stream.of(CrawlState.QUEUED, CrawlState.HELD)
                .filter(waiting -> phase.leave(waiting, CrawlState.CANCELLED))
                .findFirst();
    }

    /** Is held no longer, and waits for its turn; false if it is not held. */
    boolean leaveHold() {
        boolean leaves = phase.leave(CrawlState.HELD, CrawlState.QUEUED);
        if (leaves) {
            say(CrawlState.QUEUED);
        }
        return leaves;
    }

    /**
     * Sets the crawl, and applies what was asked for before.
     *
     * @param showCommitted shows readers what was committed until now; called about four times a second
     */
    void attach(Crawl begun, Runnable showCommitted) {
        commits = showCommitted;
        crawl = begun;
        apply(phase.ending());
    }

    /** Waits as before: that it was cancelled could not be kept. */
    void waitAgain(CrawlState before) {
        phase.leave(CrawlState.CANCELLED, before);
    }

    /** Is held as before: that it waits for its turn could not be kept. */
    void holdAgain() {
        if (phase.leave(CrawlState.QUEUED, CrawlState.HELD)) {
            say(CrawlState.HELD);
        }
    }

    /**
     * As {@link #ask}, and if it runs remembers that a person wants it, not the service that stops. One thread at a
     * time.
     */
    boolean cancel(Ending wanted) {
        boolean before = cancelWanted;
        cancelWanted = true; // first: the crawl may end at once
        boolean runs = ask(wanted);
        cancelWanted = runs || before;
        return runs;
    }

    /** Whether a person wants it to end. */
    boolean isCancelWanted() {
        return cancelWanted;
    }

    /**
     * Asks a running crawl to end; what was asked for before is not taken back.
     *
     * @return false if it does not run
     */
    public boolean ask(Ending wanted) {
        Optional<Phase.Asked> asked = phase.ask(wanted);
        asked.filter(Phase.Asked::begins).ifPresent(_ -> say(CrawlState.DRAINING));
        asked.ifPresent(all -> apply(all.ending()));
        return asked.isPresent();
    }

    /** Either the asker sees the crawl, or the one that attaches it sees what was asked; twice does no harm. */
    private void apply(Ending asked) {
        Crawl running = crawl;
        if (running != null) {
            switch (asked) {
                case NONE -> {}
                case DRAIN -> running.drain();
                case NOW -> running.cancel();
            }
        }
    }

    /** Sets the last state, and wakes readers, for which nothing will follow. */
    void end(CrawlState last) {
        phase.set(last);
        say(last);
        release();
    }

    /** Tells readers that nothing will follow for now, because the service stops. */
    void release() {
        commits = () -> {};
        pages.end();
        items.end();
        links.end();
        files.end();
        events.end();
    }

    /** Shows readers what was committed until now. */
    public void showCommitted() {
        commits.run();
    }

    /** Keeps a point of the figures, and wakes readers for them and for a new stall. */
    public void sample() {
        Crawl running = crawl;
        if (running != null) {
            figures.sample(running);
        }
    }

    public ProgressView progress() {
        return measured().orElseGet(() -> ProgressView.none(job.limits().maxDuration()));
    }

    /** Its figures; empty until its run has some. */
    public Optional<ProgressView> measured() {
        Crawl running = crawl;
        return running == null ? Optional.empty() : figures.of(running);
    }

    /**
     * What has not ended of a run, in lines for the log: its thread, and its tasks at work, each with its stack. Empty
     * if it does not run.
     */
    public List<String> remaining() {
        Thread running = runner;
        if (!phase.isRunning() || running == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("crawl " + id + " (" + job.name() + ") is " + state().label() + "; its thread " + running.getName()
                + " is");
        stack(List.of(running.getStackTrace()), lines);
        for (TaskStanding task : crawl().map(Crawl::standing).orElse(List.of())) {
            if (task.stage() != Stage.POLITENESS) {
                lines.add("crawl " + id + ": " + task.task().name() + " does " + task.stage().label()
                        + task.task().about().map(" "::concat).orElse(""));
                stack(task.stack(), lines);
            }
        }
        return lines;
    }

    private static void stack(List<StackTraceElement> frames, List<String> lines) {
        frames.stream().limit(STACK).forEach(frame -> lines.add("    at " + frame));
    }

    /** The crawl itself, once it runs. */
    public Optional<Crawl> crawl() {
        return Optional.ofNullable(crawl);
    }

    private record Said(String id, String state) {}

    private void say(CrawlState now) {
        events.add(EventLog.Kind.STATE, Json.line(new Said(id, now.label())));
    }

    /**
     * How far a crawl is, and how it was asked to end: each step happens once. Thread-safe, because both change
     * together.
     */
    static final class Phase {

        private final AtomicReference<Moment> now;

        /** @param first it waits for its turn, or is held */
        Phase(CrawlState first) {
            now = new AtomicReference<>(new Moment(first, Ending.NONE));
        }

        private record Moment(CrawlState state, Ending ending) {

            private boolean isRunning() {
                return state == CrawlState.RUNNING || state == CrawlState.DRAINING;
            }

            private Moment askedTo(Ending wanted) {
                return new Moment(CrawlState.DRAINING, ending.compareTo(wanted) > 0 ? ending : wanted);
            }
        }

        /**
         * What was asked for until now.
         *
         * @param begins whether this was the first time
         */
        record Asked(Ending ending, boolean begins) {}

        CrawlState state() {
            return now.get().state;
        }

        Ending ending() {
            return now.get().ending;
        }

        boolean isRunning() {
            return now.get().isRunning();
        }

        /** Goes from one state to another; false if it is not in the former. */
        boolean leave(CrawlState from, CrawlState to) {
            return now.getAndUpdate(was -> was.state == from ? new Moment(to, was.ending) : was).state == from;
        }

        /** Asks a crawl that runs to end; what was asked for before is not taken back. Empty if it does not run. */
        Optional<Asked> ask(Ending wanted) {
            Moment before = now.getAndUpdate(was -> was.isRunning() ? was.askedTo(wanted) : was);
            return before.isRunning()
                    ? Optional.of(new Asked(before.askedTo(wanted).ending, before.state == CrawlState.RUNNING))
                    : Optional.empty();
        }

        /** Goes to a state whatever the present one is. */
        void set(CrawlState to) {
            now.updateAndGet(was -> new Moment(to, was.ending));
        }
    }
}
