package fanout.app.service.run;

import fanout.Crawl;
import fanout.CrawlProgress;
import fanout.Stall;
import fanout.app.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The figures of a crawl as its readers see them: of this moment, and how they changed with time. Thread-safe. */
final class CrawlFigures {

    private final EventLog events;
    private final OutcomeWatch outcomes = new OutcomeWatch();
    private final Series series = new Series();
    private final AtomicReference<@Nullable Stall> toldStall = new AtomicReference<>();

    /** @param events told of each sample, and of a new stall */
    CrawlFigures(EventLog events) {
        this.events = events;
    }

    /** To be told of the crawl's outcomes. */
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

    /** Keeps a point, and tells readers of it and of a new stall. */
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
                .ifPresent(stall -> events.add(EventLog.Kind.STALL, Json.line(StallView.of(stall))));
    }
}
