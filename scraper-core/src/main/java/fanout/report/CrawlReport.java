package fanout.report;

import fanout.outcome.Reason;
import fanout.outcome.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a crawl ended, and what it did until then. Immutable.
 *
 * @param job the job's name
 * @param failure what made the crawl fail; present exactly when the finish reason is FAILED
 * @param cut what the limits of parts of the crawl have cut off
 * @param judgement whether the crawl has brought what its job expects
 */
public record CrawlReport(
        String job,
        FinishReason finishReason,
        Optional<CrawlFailure> failure,
        Timing timing,
        Accounting accounting,
        Links links,
        Items items,
        Fetching fetching,
        Cut cut,
        Judgement judgement,
        LeakCheck leakCheck) {

    public CrawlReport {
        if (failure.isPresent() != (finishReason == FinishReason.FAILED)) {
            throw new IllegalArgumentException("a crawl that ended as " + finishReason + " with " + failure);
        }
    }

    /** The report of a crawl that is not judged. */
    public CrawlReport(String job, FinishReason finishReason, Optional<CrawlFailure> failure, Timing timing,
            Accounting accounting, Links links, Items items, Fetching fetching, Cut cut, LeakCheck leakCheck) {
        this(job, finishReason, failure, timing, accounting, links, items, fetching, cut, Judgement.NONE, leakCheck);
    }

    /** The report of a crawl whose parts have no limits of their own. */
    public CrawlReport(String job, FinishReason finishReason, Optional<CrawlFailure> failure, Timing timing,
            Accounting accounting, Links links, Items items, Fetching fetching, LeakCheck leakCheck) {
        this(job, finishReason, failure, timing, accounting, links, items, fetching, Cut.NONE, leakCheck);
    }

    /** The report of a crawl that failed before it began: every count is zero. */
    public static CrawlReport notBegun(String job, Instant startedAt, Duration elapsed, CrawlFailure failure) {
        return notBegun(job, startedAt, elapsed, FinishReason.FAILED, Optional.of(failure));
    }

    /** The report of a crawl that was asked to end before it began: every count is zero. */
    public static CrawlReport interrupted(String job, Instant startedAt, Duration elapsed) {
        return notBegun(job, startedAt, elapsed, FinishReason.INTERRUPTED, Optional.empty());
    }

    private static CrawlReport notBegun(String job, Instant startedAt, Duration elapsed, FinishReason reason,
            Optional<CrawlFailure> failure) {
        return new CrawlReport(job, reason, failure,
                new Timing(1, startedAt, elapsed, Latency.NONE, Map.of()), Accounting.NONE, Links.NONE, Items.NONE,
                Fetching.NONE, LeakCheck.CLEAN);
    }

    /** The same report of a crawl that has failed after all. */
    public CrawlReport withFailure(CrawlFailure value) {
        return new CrawlReport(job, FinishReason.FAILED, Optional.of(value), timing, accounting, links, items, fetching,
                cut, judgement, leakCheck);
    }

    /** The same report with the fill rates of fields, as {@link fanout.sink.FieldCounts} has them. */
    public CrawlReport withFields(List<FilledField> fields) {
        return new CrawlReport(job, finishReason, failure, timing, accounting, links,
                new Items(items.extracted(), items.dropped(), fields), fetching, cut, judgement, leakCheck);
    }

    /** The same report with a judgement, as {@link fanout.Judge} makes it. */
    public CrawlReport withJudgement(Judgement value) {
        return new CrawlReport(job, finishReason, failure, timing, accounting, links, items, fetching, cut, value,
                leakCheck);
    }

    /** Pages that the crawl has brought, which is what expectations count. */
    public long pages() {
        return accounting.ok() - links.externalOk();
    }

    /** Ok pages per second of elapsed time. */
    public double pagesPerSecond() {
        double seconds = timing.elapsed().toNanos() / 1e9;
        return seconds <= 0 ? 0 : accounting.ok() / seconds;
    }

    /**
     * When the crawl ran, and what took how long.
     *
     * @param runs of the crawl: more than one if it was resumed
     * @param startedAt when the first run began
     * @param elapsed from the start of the crawl to its end, writing included; of several runs the sum
     * @param deadlineExceeded deadlines that passed, by the stage that spent them; stages without one may be absent.
     *     URLs that the end of an earlier run found waiting or in flight are not among them: a later run tries them
     */
    public record Timing(
            int runs,
            Instant startedAt,
            Duration elapsed,
            Latency latency,
            Map<Stage, Long> deadlineExceeded) {

        public Timing {
            deadlineExceeded = Map.copyOf(deadlineExceeded);
        }
    }

    /**
     * Durations of the last attempts of all URLs that got a response: of whole attempts, where an attempt's own latency
     * ends with the head.
     */
    public record Latency(Duration p50, Duration p90, Duration p99, Duration max) {

        /** No URL got a response. */
        public static final Latency NONE =
                new Latency(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    /**
     * Links, and lines of a list of start URLs, that did not become URLs of the crawl.
     *
     * @param duplicates links to URLs that were known already
     * @param outOfScope links that the scope excludes
     * @param dropped links lost to a limit or to nofollow
     * @param externalOk links out of scope that were asked, and work; of a job with {@code scope.checkExternal}
     * @param follow what each entry of the job's {@code follow} came to, in the last run; empty if the job follows
     *     the standard set
     * @param leftOut lines of the job's list of start URLs that are no requests
     */
    public record Links(
            long duplicates,
            long outOfScope,
            long dropped,
            long externalOk,
            List<Follow> follow,
            LeftOut leftOut) {

        static final Links NONE = new Links(0, 0, 0);

        public Links {
            follow = List.copyOf(follow);
        }

        /** Links of a job without follow rules. */
        public Links(long duplicates, long outOfScope, long dropped) {
            this(duplicates, outOfScope, dropped, 0, List.of(), LeftOut.NONE);
        }
    }

    /**
     * Lines that the job said to skip.
     *
     * @param first what is wrong with the first of them
     */
    public record LeftOut(long lines, List<String> first) {

        static final LeftOut NONE = new LeftOut(0, List.of());

        public LeftOut {
            first = List.copyOf(first);
        }
    }

    /**
     * What an entry of {@code follow} came to in all pages.
     *
     * @param entry its selector, as in {@code json /next}
     * @param links matches that are links, whatever became of them
     * @param noLinks matches that are none
     * @param example one of these, in words; empty if nothing was counted
     */
    public record Follow(String entry, long links, long noLinks, Optional<String> example) {

        /** Whether it did less than its author expects: it found nothing, or something that is no link. */
        public boolean isSuspect() {
            return links == 0 || noLinks > 0;
        }
    }

    /**
     * Pages that were not asked for, since their host or their label has had as many as it may. Each is counted once,
     * and for its host if both have.
     *
     * @param hosts of which pages were cut off
     * @param mostByHost those with the most pages cut off, the first of them first
     * @param labels of which pages were cut off, in alphabetical order
     */
    public record Cut(long hosts, List<Part> mostByHost, List<Part> labels) {

        /** Nothing was cut off. */
        public static final Cut NONE = new Cut(0, List.of(), List.of());

        public Cut {
            mostByHost = List.copyOf(mostByHost);
            labels = List.copyOf(labels);
        }

        /** Whether nothing was cut off. */
        public boolean isNothing() {
            return hosts == 0 && labels.isEmpty();
        }
    }

    /**
     * A part of a crawl, of which pages were cut off.
     *
     * @param name of the host or the label
     * @param ok pages that it has, as many as it may
     * @param skipped pages that wait for a run with a higher limit
     */
    public record Part(String name, long ok, long skipped) {}

    /**
     * Items of ok pages.
     *
     * @param dropped items that missed a required field
     * @param fields how many items have each field of the job's rules; empty if nothing counts them
     */
    public record Items(long extracted, long dropped, List<FilledField> fields) {

        static final Items NONE = new Items(0, 0);

        public Items {
            fields = List.copyOf(fields);
        }

        /** Items whose fields were not counted. */
        public Items(long extracted, long dropped) {
            this(extracted, dropped, List.of());
        }
    }

    /**
     * In how many items a field is filled: neither null nor blank, and no list without a value.
     *
     * @param items of its rule that were extracted; one that was dropped does not count
     */
    public record FilledField(String rule, String field, long items, long filled) {

        /** The share in percent, to one decimal and never rounded up; empty if there is no item. */
        public OptionalDouble percent() {
            return items == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.floorDiv(filled * 1000, items) / 10.0);
        }
    }

    /**
     * What the crawl asked of the network.
     *
     * @param bytes decoded body bytes of pages
     * @param logins that gave a session, and that did not, in the last run
     * @param abandonedLookups name lookups that no fetch waits for any more, and that the system has not ended
     */
    public record Fetching(
            long bytes,
            int peakInFlight,
            Auxiliary robots,
            Sitemaps sitemaps,
            Auxiliary logins,
            long abandonedLookups) {

        static final Fetching NONE = new Fetching(0, 0, Auxiliary.NONE, Sitemaps.NONE, Auxiliary.NONE, 0);

        /** What a crawl asked for that does not log in. */
        public Fetching(long bytes, int peakInFlight, Auxiliary robots, Sitemaps sitemaps, long abandonedLookups) {
            this(bytes, peakInFlight, robots, sitemaps, Auxiliary.NONE, abandonedLookups);
        }
    }

    /** Fetches that serve the crawl and are not pages. */
    public record Auxiliary(long ok, long failed) {

        static final Auxiliary NONE = new Auxiliary(0, 0);
    }

    /**
     * Sitemaps, and index files of sitemaps.
     *
     * @param ok read to their end
     * @param failed not fetched, no sitemap, or read in part
     * @param failures some of those that failed, the first ones
     */
    public record Sitemaps(long ok, long failed, List<FailedSitemap> failures) {

        static final Sitemaps NONE = new Sitemaps(0, 0, List.of());

        public Sitemaps {
            failures = List.copyOf(failures);
        }
    }

    /**
     * A sitemap that could not be read, or not to its end.
     *
     * @param detail in words for people
     */
    public record FailedSitemap(String url, Reason reason, String detail) {}
}
