package fanout.app.service.run;

import fanout.CrawlProgress;
import fanout.Stall;
import fanout.app.json.Json;
import fanout.outcome.Failed;
import fanout.page.Attempt;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A crawl's figures, in the words of the API. Immutable.
 *
 * @param pagesPerSecond ok pages per second of elapsed time
 * @param reasons counts of the reasons for outcomes that are not ok
 */
public record ProgressView(
        long discovered,
        long ok,
        long redirected,
        long failed,
        long skipped,
        long cancelled,
        long items,
        long bytes,
        int inFlight,
        long ready,
        long delayed,
        int hosts,
        double pagesPerSecond,
        long elapsedMs,
        long deadlineRemainingMs,
        @Nullable LastFailure lastFailure,
        Map<String, Long> reasons) {

    public ProgressView {
        reasons = new TreeMap<>(reasons);
    }

    /** A URL that has failed for good. */
    public record LastFailure(String url, String reason, @Nullable String detail) {

        /** That of an outcome. */
        public static LastFailure of(Failed failed) {
            return new LastFailure(failed.request().url().toString(), failed.failure().reason().label(),
                    Json.wellFormed(failed.failure().detail()));
        }
    }

    /** A crawl that has not begun. */
    public static ProgressView none(Duration maxDuration) {
        return new ProgressView(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, maxDuration.toMillis(), null, Map.of());
    }

    static ProgressView of(CrawlProgress progress, Map<String, Long> reasons) {
        CrawlProgress.Urls urls = progress.urls();
        CrawlProgress.Outcomes outcomes = progress.outcomes();
        long millis = progress.timing().elapsed().toMillis();
        double rate = millis == 0 ? 0 : Math.round(outcomes.ok() * 1e6 / millis) / 1e3;
        return new ProgressView(urls.discovered(), outcomes.ok(), outcomes.redirected(), outcomes.failed(),
                outcomes.skipped(), outcomes.cancelled(), progress.items(), progress.bytes(), urls.inFlight(),
                urls.ready(),
                urls.delayed(), urls.hosts(), rate, millis, progress.timing().deadlineLeft().toMillis(),
                progress.lastFailure().map(LastFailure::of).orElse(null), reasons);
    }

    /**
     * A crawl that was stalled, in the words of the API.
     *
     * @param text who holds up whom, in several lines
     */
    public record StallView(
            String seenAt,
            long lastedMs,
            long ready,
            int leased,
            int undelivered,
            @Nullable String text) {

        /** That of a crawl. */
        public static StallView of(Stall stall) {
            return new StallView(Attempt.TIMES.format(stall.seenAt()), stall.lasted().toMillis(), stall.ready(),
                    stall.leased(), stall.undelivered(), Json.wellFormed(stall.toString()));
        }
    }
}
