package fanout.crawl.ending;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.FetchLog;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Metronome;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RunsAlone;
import fanout.crawl.fixtures.WarmUp;
import fanout.internal.fetch.Fetch;
import fanout.job.CrawlJob;
import fanout.leak.JvmThreads;
import fanout.outcome.Outcome;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Arrival;
import fanout.synthetic.Fault;
import fanout.synthetic.Latency;
import fanout.synthetic.Robots;
import fanout.synthetic.SyntheticWeb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Whenever the deadline passes, every URL has its line, and what was fetched is not lost. */
@RunsAlone
class RandomDeadlineTest {

    private static final int RUNS = Crawls.times(100, 1000, 20_000);
    private static final int AT_ONCE = 4;
    private static final int LONGEST_MILLIS = 120;

    private final Metronome metronome = new Metronome();

    @Test
    void everyUrlHasItsOneLineWhereverTheDeadlineFalls(TestReporter reporter)
            throws InterruptedException, ExecutionException {
        Random random = new Random(31);
        try (SyntheticWeb web = slowSite();
                FetchLog fetches = new FetchLog();
                ExecutorService lanes = Executors.newFixedThreadPool(AT_ONCE);
                metronome) {
            WarmUp.ends();
            List<Callable<Duration>> runs = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                int host = run;
                Duration deadline = Duration.ofMillis(1 + random.nextInt(LONGEST_MILLIS));
                runs.add(() -> crawl(web, host, deadline, fetches));
            }
            Duration latest = Duration.ZERO;
            for (Future<Duration> run : lanes.invokeAll(runs)) {
                latest = latest.compareTo(run.get()) > 0 ? latest : run.get();
            }
            reporter.publishEntry("latest end after the deadline", latest.toString());
            assertThat(JvmThreads.startingWith("crawl-")).isEmpty();
        }
    }

    private static SyntheticWeb slowSite() {
        return SyntheticWeb.builder()
                .seed(31)
                .hosts(RUNS)
                .pagesPerHost(60)
                .bodyBytes(500)
                .robots(Robots.disallow("/page/5").after(Duration.ofMillis(5)))
                .latency(Latency.between(Duration.ZERO, Duration.ofMillis(40)))
                .fault(new Fault.Flaky(503, 1), 0.1)
                .fault(new Fault.Moved(302, 2), 0.1)
                .fault(new Fault.CookieWall(), 0.05)
                .fault(new Fault.Reset(), 0.05)
                .fault(new Fault.Stalled(), 0.02)
                .fault(new Fault.Dripping(Duration.ofMillis(2)), 0.03)
                .start();
    }

    /** Crawls one host; returns how long after the deadline the crawl ended. */
    private Duration crawl(SyntheticWeb web, int host, Duration deadline, FetchLog fetches)
            throws InterruptedException {
        CrawlJob job = Jobs.impatient(web.urlOf(host, 0))
                .concurrency(16)
                .limits(Jobs.limits(10_000, deadline, Duration.ofSeconds(30)))
                .build();
        Recorded recorded = new Recorded();
        CrawlReport report = fetches.newCrawl(job, recorded).run();

        recorded.agreesWith(report);
        boolean cutShort = recorded.outcomes().stream().anyMatch(outcome -> outcome.name().equals("cancelled"));
        assertThat(report.finishReason() == FinishReason.MAX_DURATION).as("%s %s", report, recorded.counts())
                .isEqualTo(cutShort || !isExhausted(report));
        assertThat(recorded.counts().keySet()).doesNotContain("cancelled/interrupted", "cancelled/aborted");
        assertNothingFetchedIsLost(web, host, recorded, fetches);
        Duration late = report.timing().elapsed().minus(deadline);
        metronome.assertPrompt(late);
        return late;
    }

    private static boolean isExhausted(CrawlReport report) {
        return report.finishReason() == FinishReason.EXHAUSTED;
    }

    private static void assertNothingFetchedIsLost(SyntheticWeb web, int host, Recorded recorded, FetchLog fetches) {
        Map<String, Outcome> lines =
                recorded.outcomes().stream().collect(Collectors.toMap(Recorded::url, outcome -> outcome));
        Map<String, List<Arrival>> arrivals = web.arrivals(web.hostOf(host))
                .stream()
                .filter(arrival -> !arrival.path().equals("/robots.txt"))
                .collect(Collectors.groupingBy(Crawls::url));
        assertThat(lines.keySet()).containsAll(arrivals.keySet());
        lines.forEach((url, line) -> {
            int arrived = arrivals.getOrDefault(url, List.of()).size();
            List<FetchLog.Entry> got = fetches.of(url);
            // The last attempt may have been cancelled before or after it reached the server.
            assertThat(line.trail().attempts()).as("%s", line).isBetween(Math.max(arrived, got.size()), arrived + 1);
            boolean whole = !got.isEmpty()
                    && got.getLast().fetch() instanceof Fetch.Response response
                    && response.head().isSuccess();
            if (whole) {
                assertThat(line.name() + line.detail().orElse("")).isIn("ok", "cancelledin parse");
            } else {
                assertThat(line.name()).isNotEqualTo("ok");
            }
        });
    }
}
