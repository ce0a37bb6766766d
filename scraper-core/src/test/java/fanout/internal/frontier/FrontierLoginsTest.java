package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.limits;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.status;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.LeaseResult.LoggedIn;
import fanout.internal.host.Work;
import fanout.job.CrawlJob;
import fanout.job.RequestTemplate;
import fanout.job.Session;
import fanout.job.Session.Signs;
import fanout.outcome.Outcome;
import fanout.page.OpenSession;
import fanout.page.Request.Method;
import fanout.url.TextPattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** In a crawl that logs in, what a redirect leads to is admitted when its chain ends, and may get no line. */
class FrontierLoginsTest {

    private static final String A = "http://a.example.org/";

    private static CrawlJob.Builder behindALogin(String... starts) {
        return behindALogin(new Signs(Set.of(401), Optional.empty(), Optional.empty()), starts);
    }

    private static CrawlJob.Builder behindALogin(Signs expired, String... starts) {
        RequestTemplate first = new RequestTemplate(A + "login", Method.GET, Map.of(), Optional.empty());
        return plain(starts).session(new Session(List.of(new Session.Send(first, List.of())), Optional.empty(),
                List.of(), Map.of(), expired, 3));
    }

    private static TestFrontier loggedIn(CrawlJob.Builder job) {
        TestFrontier crawl = TestFrontier.of(job);
        logIn(crawl);
        return crawl;
    }

    private static void logIn(TestFrontier crawl) {
        Lease login = crawl.start(A + "login");
        OpenSession opening = ((Work.LogIn) login.work()).session();
        crawl.finish(login, new LoggedIn(new OpenSession(opening.number(), false, opening.origins(), Map.of()),
                status(200)));
    }

    private static void refuse(TestFrontier crawl, Lease lease) {
        crawl.finish(lease, new LeaseResult.Refused(TestFrontier.attempt(), status(401)));
    }

    /** More than are admitted within one hold of the lock. */
    private static String[] links(String... first) {
        return Stream.concat(Stream.of(first), IntStream.range(0, 2_500).mapToObj(n -> A + "of/" + n))
                .toArray(String[]::new);
    }

    private static Outcome outcome(TestFrontier crawl, String url) {
        return crawl.outcomes.stream()
                .filter(outcome -> outcome.request().url().toString().equals(url))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> discovered(TestFrontier crawl) {
        return List.of(crawl.frontier.snapshot().urls().discovered() + " discovered",
                crawl.frontier.snapshot().links().duplicates() + " duplicates",
                crawl.frontier.snapshot().links().dropped() + " dropped");
    }

    /** While the chain was followed, the crawl has learnt of its end, which is fetched for itself. */
    @Test
    void aPageThatGetsNoLineLeadsToNoLinks() {
        TestFrontier crawl = loggedIn(behindALogin(A + "1", A + "2"));
        crawl.redirect(crawl.start(A + "1"), A + "end");
        Lease second = crawl.start(A + "2");
        Lease end = crawl.start(A + "end");
        crawl.ok(second, A + "end");
        crawl.ok(end, A + "of/0");

        assertThat(crawl.lines()).containsExactly(A + "2 ok", A + "1 redirected");
        refuse(crawl, crawl.start(A + "end"));
        logIn(crawl);
        crawl.status(crawl.start(A + "end"), 404);
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).endsWith(A + "end failed/http_status").noneMatch(line -> line.contains("/of/"));
    }

    @Test
    void aPageThatGetsNoLineLeadsToNoneOfManyLinks() {
        TestFrontier crawl = loggedIn(behindALogin(A + "1", A + "2"));
        crawl.redirect(crawl.start(A + "1"), A + "end");
        Lease second = crawl.start(A + "2");
        Lease end = crawl.start(A + "end");
        crawl.ok(second, A + "end");
        crawl.ok(end, links());

        assertThat(discovered(crawl)).as("%s", crawl.lines())
                .containsExactly("3 discovered", "1 duplicates",
                        "0 dropped");
        crawl.ok(crawl.start(A + "end"), links());
        assertThat(crawl.frontier.snapshot().urls().discovered()).isEqualTo(2_503);
        crawl.frontier.close();
    }

    /** Pages link to the login, and it is where an ended session is sent to. */
    @Test
    void aChainToAKnownLoginIsDiscarded() {
        TestFrontier crawl = loggedIn(behindALogin(A + "1", A + "known"));
        crawl.redirect(crawl.start(A + "1"), A + "known");
        crawl.ok(crawl.start(A + "known"));
        refuse(crawl, crawl.start(A + "known"));
        logIn(crawl);
        crawl.ok(crawl.start(A + "1"));

        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactly(A + "known ok", A + "1 ok");
    }

    @Test
    void aChainToAKnownPageEndsWithItsRedirect() {
        TestFrontier crawl = loggedIn(behindALogin(A + "1", A + "known"));
        crawl.redirect(crawl.start(A + "1"), A + "known");
        crawl.ok(crawl.start(A + "known"));
        crawl.ok(crawl.start(A + "known"), A + "of/0");

        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactly(A + "known ok", A + "1 redirected");
        assertThat(discovered(crawl)).containsExactly("2 discovered", "1 duplicates", "0 dropped");
    }

    @Test
    void aKnownPageIsNotAskedForAgainIfTheLoginIsKnownByItsUrl() {
        Signs byUrl = new Signs(Set.of(), Optional.empty(), Optional.of(TextPattern.of("/login")));
        TestFrontier crawl = loggedIn(behindALogin(byUrl, A + "1", A + "known"));
        crawl.redirect(crawl.start(A + "1"), A + "known");
        crawl.ok(crawl.start(A + "known"));

        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactly(A + "1 redirected", A + "known ok");
    }

    /** Each of many workers may be on its way to the login, by a redirect of the session that has ended. */
    @Test
    void chainsThatASessionBeganAreBegunAgainUnderTheNext() {
        TestFrontier crawl = loggedIn(behindALogin(A + "1", A + "2", A + "3"));
        crawl.redirect(crawl.start(A + "1"), A + "login?next=1");
        crawl.redirect(crawl.start(A + "2"), A + "login?next=2");
        crawl.redirect(crawl.start(A + "3"), A + "login?next=3");
        refuse(crawl, crawl.start(A + "login?next=1"));
        logIn(crawl);
        for (int request = 1; request <= 5; request++) {
            Lease lease = crawl.start();
            if (lease.work().url().toString().equals(A + "login?next=2")) {
                refuse(crawl, lease);
            } else {
                crawl.ok(lease);
            }
        }

        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(crawl.lines()).containsExactlyInAnyOrder(A + "1 ok", A + "2 ok", A + "3 ok");
        assertThat(crawl.frontier.snapshot().logins().ok()).as("logins").isEqualTo(2);
    }

    /** It stands among its own links, and before it are more than are admitted at once. */
    @Test
    void theEndOfAChainIsAdmittedBeforeItsManyLinks() {
        TestFrontier crawl = loggedIn(behindALogin(A));
        crawl.redirect(crawl.start(A), A + "hop");
        crawl.redirect(crawl.start(A + "hop"), A + "end");
        crawl.ok(crawl.start(A + "end"), links(A + "hop", A + "end"));

        assertThat(crawl.lines()).containsExactly(A + " redirected", A + "hop redirected", A + "end ok");
        assertThat(outcome(crawl, A + "end").request().depth()).isZero();
        assertThat(discovered(crawl)).containsExactly("2503 discovered", "2 duplicates", "0 dropped");
        crawl.frontier.close();
    }

    @Test
    void manyLinksTakeNoRoomFromThePageThatHasThem() {
        TestFrontier crawl = loggedIn(behindALogin(A).limits(limits(100, 2, Duration.ofHours(1))));
        crawl.redirect(crawl.start(A), A + "end");
        crawl.ok(crawl.start(A + "end"), links());

        assertThat(crawl.lines()).containsExactly(A + " redirected", A + "end ok");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
        assertThat(discovered(crawl)).containsExactly("2 discovered", "0 duplicates", "2500 dropped");
    }

    @Test
    void whatLedToAPageTakesNoRoomFromIt() {
        TestFrontier crawl = loggedIn(behindALogin(A).limits(limits(2, 2, Duration.ofHours(1))));
        crawl.redirect(crawl.start(A), A + "hop");
        crawl.redirect(crawl.start(A + "hop"), A + "end");
        crawl.ok(crawl.start(A + "end"));

        assertThat(crawl.lines()).containsExactly(A + " redirected", A + "end ok");
        assertThat(crawl.end()).isEqualTo("EXHAUSTED");
    }
}
