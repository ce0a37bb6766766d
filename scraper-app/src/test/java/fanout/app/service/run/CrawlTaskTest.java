package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Crawl;
import fanout.Scraper;
import fanout.app.Site;
import fanout.app.service.run.EventLog.Event;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlState;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Network;
import fanout.report.FinishReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What observers see of a crawl, from its place in the queue to its end, and what it makes of requests to end. */
@Timeout(20)
class CrawlTaskTest {

    private static final Duration MOST = Duration.ofMinutes(7);

    private static final Network OPEN = new Network(true, List.of());

    private static CrawlJob job(String url) {
        return CrawlJob.builder("test")
                .startUrl(url)
                .network(OPEN)
                .limits(Limits.DEFAULT.toBuilder().maxDuration(MOST).build())
                .build();
    }

    private static CrawlTask task(String url, CrawlState first) {
        return new CrawlTask("a", job(url), new CrawlFolder(Path.of("none")), new Continuation.Possible(7, 8, 0, 0, 9),
                first);
    }

    private final CrawlTask task = task("http://127.0.0.1/", CrawlState.QUEUED);

    private List<String> said() throws InterruptedException {
        return task.events().after(0, Duration.ZERO).events().stream().map(Event::data).toList();
    }

    private static String state(String state) {
        return "{\"id\":\"a\",\"state\":\"" + state + "\"}";
    }

    @Test
    void eachChangeOfItsStateIsAnEvent() throws InterruptedException {
        assertThat(task.begin()).isTrue();
        assertThat(task.ask(Ending.DRAIN)).isTrue();
        assertThat(task.ending()).isEqualTo(Ending.DRAIN);
        assertThat(task.ask(Ending.NOW)).isTrue();
        task.end(CrawlState.FINISHED);
        assertThat(said()).containsExactly(state("queued"), state("running"), state("draining"), state("finished"));
    }

    @Test
    void whatWasCommittedBeforeIsShownWhileItWaits() {
        assertThat(task.pages().position()).isEqualTo(new Committed.Position(7, false));
        assertThat(task.items().position()).isEqualTo(new Committed.Position(8, false));
        assertThat(task.progress()).isEqualTo(ProgressView.none(MOST));
        assertThat(task.measured()).isEmpty();
        assertThat(task.series()).isEmpty();
    }

    @Test
    void itsTimeCountsFromItsBeginningToItsEnd() {
        assertThat(task.running()).isZero();
        task.begin();
        assertThat(task.running()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(20));
        task.end(CrawlState.FINISHED);
        assertThat(task.running()).isZero();
    }

    @Test
    void anEndIsTheLastWordToItsReaders() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        try (Scraper scraper = Scraper.create()) {
            task.attach(scraper.crawl(task.job()).to(_ -> {}).build(), looks::incrementAndGet);
            task.showCommitted();
            assertThat(looks).hasValue(1);
            task.release();
            task.showCommitted();
        }
        assertThat(looks).as("its files are closed").hasValue(1);
        assertThat(task.pages().position()).isEqualTo(new Committed.Position(7, true));
        assertThat(task.items().position()).isEqualTo(new Committed.Position(8, true));
        assertThat(task.events().after(1, Duration.ofHours(1)).ended()).isTrue();
    }

    @Test
    void aPersonsWishIsForgottenUnlessItRuns() {
        assertThat(task.cancel(Ending.NOW)).isFalse();
        assertThat(task.isCancelWanted()).isFalse();
        task.begin();
        assertThat(task.isCancelWanted()).as("what the service wants is no person's wish").isFalse();
        assertThat(task.cancel(Ending.DRAIN)).isTrue();
        assertThat(task.isCancelWanted()).isTrue();
        task.end(CrawlState.CANCELLED);
        assertThat(task.cancel(Ending.NOW)).as("too late").isFalse();
        assertThat(task.isCancelWanted()).as("it was wanted all the same").isTrue();
    }

    /** It may be asked before there is a crawl to ask. */
    @ParameterizedTest
    @EnumSource(names = {"DRAIN", "NOW"})
    void aCrawlIsAskedWhatWasAskedBeforeItExisted(Ending asked) throws Exception {
        try (Site site = new Site("Docs"); Scraper scraper = openScraper()) {
            CrawlTask early = task(site.url("/slow/1.html"), CrawlState.QUEUED);
            assertThat(early.begin()).isTrue();
            assertThat(early.ask(asked)).isTrue();
            Crawl crawl = scraper.crawl(early.job()).to(_ -> {}).build();
            early.attach(crawl, () -> {});
            assertThat(crawl.run().finishReason()).isEqualTo(FinishReason.INTERRUPTED);
            assertThat(site.slowRequests).hasValue(0);
        }
    }

    private static Scraper openScraper() {
        return Scraper.builder().network(OPEN).build();
    }

    @Test
    void aCrawlThatRunsNamesItsThreadAndWhereThatIs() {
        assertThat(task.remaining()).as("it waits").isEmpty();
        task.begin();
        List<String> lines = task.remaining();
        assertThat(lines.getFirst())
                .isEqualTo("crawl a (test) is running; its thread " + Thread.currentThread().getName() + " is");
        assertThat(lines).hasSize(13)
                .anyMatch(line -> line.startsWith("    at " + CrawlTaskTest.class.getName() + "."));
        task.end(CrawlState.FINISHED);
        assertThat(task.remaining()).as("it has ended").isEmpty();
    }

    @Test
    void aCrawlWithoutFiguresHasNoSample() throws Exception {
        task.sample();
        try (Scraper scraper = Scraper.create()) {
            Crawl crawl = scraper.crawl(task.job()).to(_ -> {}).build();
            task.attach(crawl, () -> {});
            task.sample();
            assertThat(task.crawl()).isEqualTo(Optional.of(crawl));
        }
        assertThat(task.series()).isEmpty();
        assertThat(said()).containsExactly(state("queued"));
    }

    /** That it was cancelled could not be kept; a crawl that runs meanwhile is not sent back. */
    @Test
    void aCrawlWaitsAgainWhereItHasWaited() {
        CrawlTask held = task("http://127.0.0.1/", CrawlState.HELD);
        assertThat(held.leaveQueue()).contains(CrawlState.HELD);
        assertThat(held.leaveHold()).as("it was cancelled").isFalse();
        held.waitAgain(CrawlState.HELD);
        assertThat(held.state()).isEqualTo(CrawlState.HELD);
        assertThat(held.begin()).isFalse();
        task.begin();
        task.waitAgain(CrawlState.QUEUED);
        task.holdAgain();
        assertThat(task.state()).isEqualTo(CrawlState.RUNNING);
    }
}
