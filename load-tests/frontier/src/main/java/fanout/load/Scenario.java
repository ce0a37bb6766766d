package fanout.load;

import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.url.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A crawl of ten pages at each of some hosts. Immutable.
 *
 * @param delay between two requests to one host
 * @param source where the frontier's URLs come from
 * @param bodyBytes of each page, which its worker reads before it comes back; 0: the frontier has the processor's
 *     caches for itself
 */
record Scenario(Duration delay, Source source, int bodyBytes) {

    /** Pages of a host. */
    static final int PAGES = 10;

    static final Duration MAX_DURATION = Duration.ofHours(1);
    private static final long MOST_URLS = 100_000_000;
    private static final int BODY_BYTES = 32 << 10;

    /** A crawl that reads no page. */
    Scenario(Duration delay, Source source) {
        this(delay, source, 0);
    }

    /** How the frontier gets to know a host's pages. */
    enum Source {
        /** All are offered before the first is taken. */
        OFFERED,
        /** The first is offered; each page links to the next one and to four pages that are known. */
        LINKED
    }

    /** Every scenario that is measured. */
    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (int bodyBytes : new int[]{0, BODY_BYTES}) {
            for (Source source : Source.values()) {
                all.add(new Scenario(Duration.ZERO, source, bodyBytes));
                all.add(new Scenario(Duration.ofSeconds(1), source, bodyBytes));
            }
        }
        return all;
    }

    String title() {
        String pace = delay.isZero() ? "no delay" : "delay %d s".formatted(delay.toSeconds());
        String read = bodyBytes == 0 ? "" : ", pages of %d kB read".formatted(bodyBytes >> 10);
        return switch (source) {
            case OFFERED -> pace + ", URLs offered" + read;
            case LINKED -> pace + ", 5 links a page" + read;
        };
    }

    /** The job, whose limits lie beyond what the scenario needs. */
    CrawlJob job() {
        return CrawlJob.builder("frontier")
                .startUrl(ScenarioPages.url(0, 0).toString())
                .scope(new Scope(List.of(Scope.Domain.parse(ScenarioPages.DOMAIN)), Set.of(), List.of(), List.of(),
                        PAGES))
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
