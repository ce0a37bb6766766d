package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.NO_DELAY;
import static fanout.internal.frontier.TestFrontier.disallow;
import static fanout.internal.frontier.TestFrontier.manners;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.RobotsRules;
import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.job.Politeness.Manners;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What hosts without work give back, and get again. */
class ReleasedStateTest {

    private static final String A = "http://a.example.org/";
    private static final String B = "http://b.example.org/";
    private static final String C = "http://c.example.org/";
    /** Less than any rules take. */
    private static final long NO_ROOM = 1;
    private static final int MANY = 100;

    private static TestFrontier crawl(Frontier.Group group, boolean obeyRobots, Manners manners, String... starts) {
        CrawlJob.Builder job = plain(starts).politeness(politeness(manners, obeyRobots));
        return TestFrontier.of(job, ManualTicker.jumping(), group);
    }

    @Test
    void robotsTxtIsReadAgainIfItsRulesWereDropped() {
        TestFrontier crawl = crawl(new Frontier.Group(NO_ROOM, Long.MAX_VALUE, MANY), true, NO_DELAY, A + 1, B + 1);
        crawl.robots(crawl.start(A + "robots.txt"), disallow("/shut"));
        crawl.ok(crawl.start(A + 1));
        crawl.robots(crawl.start(B + "robots.txt"), disallow("/shut"));
        crawl.ok(crawl.start(B + 1), A + 2, A + "shut");
        crawl.robots(crawl.start(A + "robots.txt"), disallow("/shut"));
        crawl.ok(crawl.start(A + 2));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactlyInAnyOrder(A + "1 ok", B + "1 ok", A + "2 ok",
                A + "shut skipped/robots");
    }

    /** Else the robots.txt would wait for room that only its own end could make. */
    @Test
    void robotsTxtDoesNotWaitForTheRulesOfTheHostThatServesIt() {
        TestFrontier crawl = crawl(new Frontier.Group(NO_ROOM, Long.MAX_VALUE, MANY), true, NO_DELAY, A + 1, B + 1);
        Lease robotsOfA = crawl.start(A + "robots.txt");
        crawl.robots(crawl.start(B + "robots.txt"), disallow("/shut"));
        crawl.moved(robotsOfA, B + "rules-of-a");
        crawl.ok(crawl.start(B + 1));
        crawl.robots(crawl.start(B + "rules-of-a"), RobotsRules.ALLOW_ALL);
        crawl.ok(crawl.start(A + 1));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }

    @Test
    void fullRulesBudgetMakesNoCrawlAskForRobotsThatItIgnores() {
        Frontier.Group group = new Frontier.Group(NO_ROOM, Long.MAX_VALUE, MANY);
        TestFrontier obedient = crawl(group, true, NO_DELAY, B + 1, B + 2);
        obedient.robots(obedient.start(B + "robots.txt"), disallow("/shut"));
        TestFrontier other = crawl(group, false, NO_DELAY, A + 1, C + 1);
        Lease first = other.start(A + 1);
        Lease second = other.start(C + 1);
        other.ok(first);
        other.ok(second, A + 2);
        other.ok(other.start(A + 2));
        assertThat(other.end()).isEqualTo("EXHAUSTED");
        obedient.giveBack();
    }

    @Test
    void hostThatWasForgottenKeepsItsPaceAndReadsItsRobotsTxtAgain() {
        Duration delay = Duration.ofSeconds(10);
        TestFrontier crawl =
                crawl(new Frontier.Group(1 << 20, Long.MAX_VALUE, 1), true, manners(1, delay), A + 1, B + 1, C + 1);
        for (String host : List.of(A, B, C)) {
            crawl.robots(crawl.start(host + "robots.txt"), RobotsRules.ALLOW_ALL);
        }
        Lease first = crawl.start();
        Duration writtenAt = crawl.ticker.passed();
        Lease second = crawl.start();
        Lease third = crawl.start();
        String host = "http://" + first.work().url().host().name() + "/";
        crawl.ok(first);
        crawl.ok(second);
        crawl.ok(third, host + 2);
        Lease again = crawl.start(host + "robots.txt");
        assertThat(crawl.ticker.passed()).isGreaterThanOrEqualTo(writtenAt.plus(delay));
        crawl.robots(again, RobotsRules.ALLOW_ALL);
        crawl.ok(crawl.start(host + 2));
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }
}
