package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.manners;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Assignment.Decided;
import fanout.internal.host.RobotsRules;
import fanout.internal.host.Work;
import fanout.internal.task.ManualTicker;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.outcome.CancelReason;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What crawls of one process share and may use up, and how much of one decision is made at a time. */
@Timeout(20)
class SharedLimitsTest {

    private final ManualTicker ticker = ManualTicker.stopped();

    private static CrawlJob.Builder obedient(String... urls) {
        return plain(urls).politeness(politeness(manners(8, Duration.ZERO), true));
    }

    private static RobotsRules rules(int patterns) {
        return new RobotsRules(IntStream.range(0, patterns)
                .mapToObj(i -> new RobotsRules.Rule("/private/%05d".formatted(i), false))
                .toList(), Optional.empty(), List.of());
    }

    @Test
    void twoSitemapsAreFetchedAtOnceInAllCrawlsTogether() {
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE);
        TestFrontier one = TestFrontier.of(plain().sitemap(CanonicalUrl.of("http://a.example.org/1.xml"))
                .sitemap(CanonicalUrl.of("http://a.example.org/2.xml")), ticker, group);
        TestFrontier other = TestFrontier.of(plain("http://b.example.org/")
                .sitemap(CanonicalUrl.of("http://b.example.org/3.xml")), ticker, group);
        Lease first = one.start();
        Lease second = one.start();
        assertThat(List.of(first.work(), second.work())).allMatch(Work.FetchSitemap.class::isInstance);

        Lease page = other.start("http://b.example.org/");
        other.ok(page);
        one.sitemap(first);

        other.sitemap(other.start("http://b.example.org/3.xml"));
        assertThat(other.end()).isEqualTo("EXHAUSTED");
        one.sitemap(second);
        assertThat(one.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void tooManyRulesOfIdleHostsAreDroppedAndReadAgain() {
        Frontier.Group group = new Frontier.Group(rules(10).bytes() + 1, Long.MAX_VALUE);
        TestFrontier crawl = TestFrontier.open(obedient("http://a.example.org/"), ticker, group);
        crawl.robots(crawl.start("http://a.example.org/robots.txt"), rules(10));
        crawl.ok(crawl.start("http://a.example.org/"));
        assertThat(group.kept().ruleBytes()).isEqualTo(rules(10).bytes());

        crawl.source().offer(TestFrontier.request("http://b.example.org/"));
        crawl.robots(crawl.start("http://b.example.org/robots.txt"), rules(10));
        assertThat(group.kept().ruleBytes()).as("those of a are gone").isEqualTo(rules(10).bytes());

        crawl.source().offer(TestFrontier.request("http://a.example.org/2"));
        crawl.ok(crawl.start("http://b.example.org/"));
        crawl.robots(crawl.start("http://a.example.org/robots.txt"), rules(10));
        crawl.ok(crawl.start("http://a.example.org/2"));
        crawl.source().close();
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    /** A crawl whose sink hangs keeps its rules for as long: another one reads one host's rules after the other. */
    @Test
    void crawlReadsTheRulesOfOneHostWhileAnotherCrawlFillsTheRoom() {
        Frontier.Group group = new Frontier.Group(1, Long.MAX_VALUE);
        TestFrontier one = TestFrontier.of(obedient("http://a.example.org/"), ticker, group);
        TestFrontier other =
                TestFrontier.of(obedient("http://b.example.org/", "http://c.example.org/"), ticker, group);
        one.robots(one.start(), rules(1));
        Lease kept = one.start("http://a.example.org/");

        Lease robots = other.start("http://b.example.org/robots.txt");
        assertThat(other.hasLease()).as("one is being read").isFalse();
        other.robots(robots, rules(1));
        Lease page = other.start("http://b.example.org/");
        assertThat(other.hasLease()).as("one is needed").isFalse();
        assertThat(other.frontier.snapshot().ended()).as("no end: the room will be free").isEmpty();
        other.ok(page);

        other.robots(other.start("http://c.example.org/robots.txt"), rules(1));
        other.ok(other.start("http://c.example.org/"));
        assertThat(other.end()).isEqualTo("EXHAUSTED");
        assertThat(group.kept().ruleBytes()).as("those of a").isEqualTo(rules(1).bytes());
        one.ok(kept);
        assertThat(one.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void robotsTxtWaitsUntilAnotherCrawlMakesRoom() {
        Frontier.Group group = new Frontier.Group(rules(1).bytes() + 1, Long.MAX_VALUE);
        TestFrontier one = TestFrontier.of(obedient("http://a.example.org/"), ticker, group);
        TestFrontier other =
                TestFrontier.of(obedient("http://b.example.org/", "http://c.example.org/"), ticker, group);
        one.robots(one.start(), rules(1));
        Lease page = one.start("http://a.example.org/");
        other.robots(other.start("http://b.example.org/robots.txt"), rules(1));
        Lease first = other.start("http://b.example.org/");
        assertThat(other.hasLease()).as("full").isFalse();
        one.ok(page);

        other.robots(other.start("http://c.example.org/robots.txt"), rules(1));
        other.ok(other.start("http://c.example.org/"));
        other.ok(first);
        assertThat(other.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void urlsAreDroppedWhileThoseThatWaitFillTheirRoom() {
        String first = "http://a.example.org/1";
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, 1, 10_000);
        TestFrontier one = TestFrontier.open(plain(first), ticker, group);
        TestFrontier other = TestFrontier.open(plain("http://b.example.org/dropped"), ticker, group);
        assertThat(group.kept().urlBytes()).as("host, pack, array and origin of the page")
                .isEqualTo(450 + 64 + first.length() + 4 + 40);
        assertThat(other.source().offer(TestFrontier.request("http://b.example.org/"))).as("full").isFalse();
        assertThat(one.source().offer(TestFrontier.request(first))).as("known").isTrue();
        assertThat(other.frontier.snapshot().links().dropped()).isEqualTo(2);

        one.ok(one.start(first));
        assertThat(group.kept().urlBytes()).isZero();
        assertThat(other.source().offer(TestFrontier.request("http://b.example.org/"))).isTrue();
        other.frontier.close();
        assertThat(group.kept().urlBytes()).as("closed").isZero();
        one.source().close();
        assertThat(one.end()).isEqualTo("EXHAUSTED");
    }

    /** It cannot begin, because its network cannot be opened: its sitemap would hold the host for ever. */
    @Test
    void crawlThatIsClosedBeforeItBeginsLeavesItsHosts() {
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE);
        Duration minute = Duration.ofMinutes(1);
        TestFrontier ghost = TestFrontier.of(plain("http://a.example.org/")
                .politeness(politeness(manners(1, minute), false)), ticker, group);
        TestFrontier crawl = TestFrontier.of(plain("http://a.example.org/1", "http://a.example.org/2"), ticker, group);
        ghost.frontier.close();
        ghost.frontier.close();
        crawl.ok(crawl.start());
        crawl.ok(crawl.start());
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    /** Workers of other crawls get the lock between two parts; the crawl does not end meanwhile. */
    @Test
    void linksOfAResultAreAdmittedInParts() {
        TestFrontier crawl = TestFrontier.of(plain("http://a.example.org/"), ticker,
                new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE));
        String[] links =
                IntStream.range(0, 2_500).mapToObj(i -> "http://a.example.org/" + i).toArray(String[]::new);
        crawl.ok(crawl.start(), links);
        assertThat(crawl.frontier.snapshot().urls().discovered()).isEqualTo(2_501);
        for (int i = 0; i < 2_500; i++) {
            crawl.ok(crawl.start("http://a.example.org/" + i));
        }
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).hasSize(2_501);
    }

    /** With its circuit open for good, 2,500 URLs are decided at once; their outcomes come in three steps. */
    @Test
    void urlsOfAHostThatIsGivenUpAreSettledInBatches() throws InterruptedException {
        String[] urls = IntStream.range(0, 2_500).mapToObj(i -> "http://a.example.org/" + i).toArray(String[]::new);
        TestFrontier crawl = TestFrontier.of(plain(urls)
                .circuitBreaker(new CircuitBreaking(100, 1, Duration.ofSeconds(30), 1)), ticker,
                new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE));
        List<Integer> batches = new ArrayList<>();
        try (Lease lease = crawl.start()) {
            batches.add(lease.finish(crawl.failure(lease, 500)).orElseThrow().outcomes().size());
        }
        Optional<Assignment> next = crawl.frontier.take();
        while (next.isPresent()) {
            try (Decided decided = (Decided) next.get()) {
                batches.add(decided.step().outcomes().size());
            }
            next = crawl.frontier.take();
        }
        assertThat(batches).containsExactly(1_001, 1_000, 499);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void leftoversComeInBatchesEachUrlOnce() {
        String[] urls = IntStream.range(0, 3_500)
                .mapToObj(i -> "http://h" + i % 7 + ".example.org/" + i)
                .toArray(String[]::new);
        TestFrontier crawl =
                TestFrontier.of(plain(urls), ticker, new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE));
        crawl.frontier.drain();
        Set<String> left = new HashSet<>();
        long number = 0;
        Optional<Step> batch = crawl.frontier.leftovers(CancelReason.INTERRUPTED);
        while (batch.isPresent()) {
            assertThat(batch.get().number()).isEqualTo(++number);
            assertThat(batch.get().outcomes()).hasSizeBetween(1, 1_000);
            for (Outcome outcome : batch.get().outcomes()) {
                assertThat(left.add(TestFrontier.line(outcome))).isTrue();
            }
            batch = crawl.frontier.leftovers(CancelReason.INTERRUPTED);
        }
        assertThat(left).hasSize(3_500).allMatch(line -> line.endsWith("cancelled/interrupted"));
        assertThat(number).isEqualTo(4);
    }

    /** A worker is between its decision and its send: the others go on, but not for ever. */
    @Test
    void stepsAreNumberedOnlySoFarBeyondOneThatIsNotSent() {
        String[] urls = IntStream.range(0, 1_000).mapToObj(i -> "http://a.example.org/" + i).toArray(String[]::new);
        TestFrontier crawl =
                TestFrontier.of(plain(urls).concurrency(1), ticker,
                        new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE));
        Lease slow = crawl.start();
        slow.finish(crawl.success(slow));

        int sent = 0;
        while (crawl.hasLease()) {
            crawl.ok(crawl.start());
            sent++;
        }
        assertThat(sent).isEqualTo(256);
        assertThat(crawl.frontier.snapshot().ended()).as("no end").isEmpty();

        slow.close();
        assertThat(crawl.hasLease()).isTrue();
    }
}
