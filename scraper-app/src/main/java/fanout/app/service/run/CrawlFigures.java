package fanout.app.service.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.Crawl;
import fanout.CrawlProgress;
import fanout.Stall;
import fanout.app.json.Json;
import fanout.job.CrawlJob;
import fanout.journal.JournalException;
import fanout.journal.Position;
import fanout.outcome.CrawlListener;
import fanout.outcome.Outcome;
import fanout.page.Attempt;
import fanout.report.CrawlReport.FilledField;
import fanout.sink.FieldCounts;
import fanout.sink.ResumableSink;
import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The figures of a crawl as its readers see them: of this moment, and how they changed with time. Thread-safe. */
final class CrawlFigures {

    private final EventLog events;
    private final OutcomeWatch outcomes;
    private final Series series = new Series();
    private final AtomicReference<@Nullable Stall> toldStall = new AtomicReference<>();

    /** @param events told of each sample, and of a new stall */
    CrawlFigures(EventLog events, CrawlJob job) {
        this.events = events;
        this.outcomes = new OutcomeWatch(job);
    }

    /** To be told of the crawl's outcomes, as a sink, and of its attempts, as a listener. */
    OutcomeWatch outcomes() {
        return outcomes;
    }

    /** What was sampled. */
    List<?> points() {
        return series.points();
    }

    /** Of this moment; empty until the run has some. */
    Optional<ProgressView> of(Crawl crawl) {
        return crawl.progress().map(this::view);
    }

    private ProgressView view(CrawlProgress progress) {
        return ProgressView.of(progress, outcomes.reasons());
    }

    private Series.Point point(ProgressView view, CrawlProgress progress) {
        OutcomeWatch.Latency latency = outcomes.takeLatency();
        return new Series.Point(view.elapsedMs(), view.ok(), progress.outcomes().done(), view.inFlight(),
                view.ready() + view.delayed(), latency.p50(), latency.p90());
    }

    /** Keeps a point, and wakes readers for it and for a new stall. */
    void sample(Crawl crawl) {
        Optional<CrawlProgress> progress = crawl.progress();
        if (progress.isEmpty()) {
            return;
        }
        ProgressView view = view(progress.get());
        series.add(() -> point(view, progress.get()));
        events.add(EventLog.Kind.PROGRESS, Json.line(view));
        crawl.stall()
                .filter(stall -> !stall.equals(toldStall.getAndSet(stall)))
                .ifPresent(stall -> events.add(EventLog.Kind.STALL, Json.line(ProgressView.StallView.of(stall))));
    }

    /**
     * Sees the outcomes of a crawl on their way to the files, and its attempts as they end: how many outcomes had which
     * reason, and how long attempts take of late.
     */
    static final class OutcomeWatch implements ResumableSink, CrawlListener {

        /** Of more attempts between two looks than this, the last ones count. */
        private static final int RECENT = 1024;

        private final ReentrantLock lock = new ReentrantLock();

        /** By their labels, those of earlier runs included. */
        @GuardedBy("lock")
        private final Map<String, Long> reasons = new TreeMap<>();
        @GuardedBy("lock")
        private final double[] recent = new double[RECENT];
        @GuardedBy("lock")
        private int seen;
        @GuardedBy("lock")
        private final FieldCounts fields;

        /** @param job whose fields are counted */
        OutcomeWatch(CrawlJob job) {
            this.fields = new FieldCounts(job.parsing().fields());
        }

        @Override
        public void write(Outcome outcome) {
            lock.lock();
            try {
                fields.write(outcome);
                outcome.reason().ifPresent(reason -> reasons.merge(reason.label(), 1L, Long::sum));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void attempted(CanonicalUrl url, Attempt attempt) {
            lock.lock();
            try {
                recent[seen % RECENT] = attempt.duration().toNanos() / 1e6;
                seen++;
            } finally {
                lock.unlock();
            }
        }

        /** It has no file: what it has counted is in the journal, as its position. */
        @Override
        public Position commit() {
            String counts = reasons().entrySet()
                    .stream()
                    .map(reason -> reason.getKey() + "=" + reason.getValue())
                    .collect(Collectors.joining(","));
            lock.lock();
            try {
                return new Position(counts, fields.commit().parts());
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void resumeAt(Position position) throws JournalException {
            lock.lock();
            try {
                fields.resumeAt(Position.of(position.parts()));
                reasons.clear();
                for (String count : position.place().isEmpty() ? new String[0] : position.place().split(",", -1)) {
                    int sign = count.indexOf('=');
                    reasons.put(count.substring(0, sign), Long.valueOf(count.substring(sign + 1)));
                }
            } finally {
                lock.unlock();
            }
        }

        /** In how many items each field is filled. */
        List<FilledField> fields() {
            lock.lock();
            try {
                return fields.fields();
            } finally {
                lock.unlock();
            }
        }

        /** Counts of reasons, by their labels. */
        Map<String, Long> reasons() {
            lock.lock();
            try {
                return new TreeMap<>(reasons);
            } finally {
                lock.unlock();
            }
        }

        /**
         * How long attempts took, in milliseconds.
         *
         * @param p50 0 if there were none
         */
        record Latency(double p50, double p90) {}

        /** Of the attempts since the last call. */
        Latency takeLatency() {
            double[] sorted;
            lock.lock();
            try {
                sorted = Arrays.copyOf(recent, Math.min(seen, RECENT));
                seen = 0;
            } finally {
                lock.unlock();
            }
            Arrays.sort(sorted);
            return sorted.length == 0 ? new Latency(0, 0)
                    : new Latency(sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.9)]);
        }
    }

    /**
     * How a crawl's figures changed with time: a point each second at first, and each time the room is full, half as
     * many. So it has at most {@value #MOST} points, however long the crawl. Thread-safe.
     */
    static final class Series {

        static final int MOST = 600;

        private final ReentrantLock lock = new ReentrantLock();

        @GuardedBy("lock")
        private List<Point> points = new ArrayList<>();
        @GuardedBy("lock")
        private int stride = 1;
        @GuardedBy("lock")
        private int skipped;

        /**
         * A crawl at one moment.
         *
         * @param atMs since the run began
         * @param done URLs that have their outcome
         * @param p50Ms how long attempts took since the point before
         */
        record Point(long atMs, long ok, long done, int inFlight, long queued, double p50Ms, double p90Ms) {}

        /** @param point asked for if a point is due: it has what happened since the one before */
        void add(Supplier<Point> point) {
            lock.lock();
            try {
                if (++skipped < stride) {
                    return;
                }
                skipped = 0;
                points.add(point.get());
                if (points.size() == MOST) {
                    List<Point> half = new ArrayList<>();
                    for (int i = 1; i < MOST; i += 2) {
                        half.add(points.get(i));
                    }
                    points = half;
                    stride *= 2;
                }
            } finally {
                lock.unlock();
            }
        }

        List<Point> points() {
            lock.lock();
            try {
                return List.copyOf(points);
            } finally {
                lock.unlock();
            }
        }
    }
}
