package fanout.load;

import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.url.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A crawl of ten pages at each of some hosts. Immutable.
 *
 * @param delay between two requests to one host
 * @param source where the frontier's URLs come from
 */
record Scenario(Duration delay, Source source) {

    /** Pages of a host. */
    static final int PAGES = 10;

    static final Duration MAX_DURATION = Duration.ofHours(1);
    private static final long MOST_URLS = 100_000_000;

    /** How the frontier gets to know a host's pages. */
    enum Source {
        /** All are offered before the first is taken. */
        OFFERED,
        /** The first is offered; each page links to the next one and to four pages that are known. */
        LINKED
    }

    /** Every scenario that is measured. */
    static List<Scenario> all() {
        return List.of(
                new Scenario(Duration.ZERO, Source.OFFERED),
                new Scenario(Duration.ofSeconds(1), Source.OFFERED),
                new Scenario(Duration.ZERO, Source.LINKED),
                new Scenario(Duration.ofSeconds(1), Source.LINKED));
    }

    String title() {
        String pace = delay.isZero() ? "no delay" : "delay %d s".formatted(delay.toSeconds());
        return switch (source) {
            case OFFERED -> pace + ", URLs offered";
            case LINKED -> pace + ", 5 links a page";
        };
    }

    /** The job, whose limits lie beyond what the scenario needs. */
    CrawlJob job() {
        return CrawlJob.builder("frontier")
                .startUrl(Pages.url(0, 0).toString())
                .scope(new Scope(List.of(Scope.Domain.parse(Pages.DOMAIN)), Set.of(), List.of(), List.of(), PAGES))
                .limits(Limits.DEFAULT.toBuilder()
                        .maxPages(MOST_URLS)
                        .maxUrls(MOST_URLS)
                        .maxDuration(MAX_DURATION)
                        .build())
                .politeness(new Politeness(new Manners(2, delay, false, Duration.ofMinutes(1)), Duration.ofMinutes(5),
                        false, true, Duration.ofSeconds(30), Integer.MAX_VALUE, Map.of()))
                .build();
    }
}
