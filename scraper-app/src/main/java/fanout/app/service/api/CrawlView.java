package fanout.app.service.api;

import fanout.Crawl;
import fanout.HostProgress;
import fanout.Stall;
import fanout.app.json.Json;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.ProgressView;
import fanout.app.service.run.ProgressView.StallView;
import fanout.app.service.run.Verdicts;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.page.Attempt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A crawl, in the words of the API.
 *
 * @param failure why it has failed or is lost
 * @param stalled whether it has work and completes nothing, at this moment
 * @param problems what is wrong with it, or keeps it waiting, in words; empty if nothing does
 * @param progress a {@link ProgressView}, or the same as it was kept at the end of its last run
 * @param stall the last time that it was stalled
 */
record CrawlView(
        String id,
        String name,
        String state,
        String createdAt,
        @Nullable String startedAt,
        @Nullable String finishedAt,
        @Nullable String finishReason,
        @Nullable String failure,
        boolean stalled,
        List<String> problems,
        Object progress,
        @Nullable StallView stall) {

    private static final Duration LONG_TURN = Duration.ofSeconds(10);

    CrawlView {
        problems = List.copyOf(problems);
    }

    /**
     * What is seen of a run at one moment.
     *
     * @param stall the last one
     * @param heldByOthers hosts at which other crawls keep it waiting
     */
    record Seen(boolean stalled, Optional<Stall> stall, List<HostProgress> heldByOthers) {

        /** Of a crawl that does not run. */
        static final Seen NOTHING = new Seen(false, Optional.empty(), List.of());

        private static Seen of(Crawl running) {
            return new Seen(running.isStalled(), running.stall(), running.heldByOthers());
        }
    }

    static CrawlView of(CrawlRecord crawl, Optional<CrawlTask> task) {
        return of(crawl, task, task.flatMap(CrawlTask::crawl).map(Seen::of).orElse(Seen.NOTHING));
    }

    static CrawlView of(CrawlRecord crawl, Optional<CrawlTask> task, Seen run) {
        CrawlState state = state(crawl, task);
        Object progress = task.<Object>flatMap(CrawlTask::measured)
                .or(() -> crawl.progress().flatMap(kept -> Json.read(kept.getBytes(StandardCharsets.UTF_8))))
                .or(() -> task.map(CrawlTask::progress))
                .orElseGet(() -> ProgressView.none(Duration.ZERO));
        return new CrawlView(crawl.id(), crawl.name(), state.label(), time(crawl.createdAt()),
                crawl.startedAt().map(CrawlView::time).orElse(null),
                crawl.finishedAt().map(CrawlView::time).orElse(null), crawl.finishReason().orElse(null),
                crawl.failure().map(Json::wellFormed).orElse(null),
                run.stalled(), problems(crawl, run), progress, run.stall().map(StallView::of).orElse(null));
    }

    /** A task knows more than the record until it ends: then the record has how, and this one was read before. */
    private static CrawlState state(CrawlRecord crawl, Optional<CrawlTask> task) {
        CrawlState recorded = crawl.state();
        return recorded.isEnded() ? recorded
                : task.map(CrawlTask::state).filter(state -> !state.isEnded()).orElse(recorded);
    }

    private static List<String> problems(CrawlRecord crawl, Seen run) {
        List<String> problems = new ArrayList<>();
        crawl.ends().hold().map("the crawl is held: "::concat).ifPresent(problems::add);
        crawl.failure().map(Json::wellFormed).ifPresent(problems::add);
        Verdicts.broken(crawl.broken()).forEach(problems::add);
        run.stall()
                .filter(_ -> run.stalled())
                .map(stall -> "nothing was completed for " + stall.lasted().toSeconds() + " s; held up by "
                        + Json.wellFormed(stall.heldUpBy()))
                .ifPresentOrElse(problems::add, () -> run.heldByOthers()
                        .stream()
                        .filter(CrawlView::isHeldForLong)
                        .map(HostProgress::held)
                        .forEach(problems::add));
        return problems;
    }

    /** Turns of some seconds are the lot of crawls that share a host. */
    private static boolean isHeldForLong(HostProgress host) {
        return host.heldBy()
                .stream()
                .map(by -> by.requests() == 0 ? by.delay() : by.lasts())
                .anyMatch(longest -> longest.compareTo(LONG_TURN) >= 0);
    }

    private static String time(Instant at) {
        return Attempt.TIMES.format(at);
    }
}
