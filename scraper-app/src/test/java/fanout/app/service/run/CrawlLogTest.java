package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fanout.app.metrics.CrawlResult;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Gatherers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an operator reads of each step of a crawl, and what a program reads of it. */
class CrawlLogTest {

    private static final Optional<String> FIGURES = Optional.of("""
            {"discovered":1,"ok":2,"redirected":3,"failed":4,"skipped":5,"cancelled":6,\
            "items":7,"bytes":8,"elapsedMs":9250}
            """);
    private static final String WORDS =
            "; after 9.3 s: 1 discovered, 2 ok, 3 redirected, 4 failed, 5 skipped, 6 cancelled, 7 items, 8 bytes";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("scraper.crawls");
    }

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger().detachAppender(log);
    }

    private static CrawlEnd end(CrawlState state, Optional<String> reason, Optional<String> failure) {
        return new CrawlEnd(state, Instant.EPOCH, reason, failure, Optional.empty(), 0);
    }

    @Test
    void eachStepSaysWhichCrawlOfWhichJobAndWhatHasHappened() {
        CrawlLog.submitted("a", "docs");
        CrawlLog.started("a", "docs");
        CrawlLog.cancelled("a", "docs", "fetches in flight may end");
        CrawlLog.resumed("a", "docs", "by a request");
        CrawlLog.suspended("a", "docs", FIGURES);
        CrawlLog.ended("a", "docs", end(CrawlState.FINISHED, Optional.of("exhausted"), Optional.empty()),
                CrawlResult.SUCCESS, FIGURES);
        CrawlLog.ended("a", "docs", end(CrawlState.LOST, Optional.empty(), Optional.of("no journal")),
                CrawlResult.LOST, Optional.empty());
        CrawlLog.deleted("a", "docs", "a request");
        CrawlLog.held("a", "docs", "twice");
        CrawlLog.continued("a", "docs");

        assertThat(log.list.stream()
                .map(line -> line.getKeyValuePairs().toString() + " " + line.getFormattedMessage()))
                .containsExactlyElementsOf(List.of("submitted", "submitted", "started", "started", "cancelled",
                        "cancelled by a request: fetches in flight may end", "resumed", "resumed by a request",
                        "suspended", "suspended until the next start of the service: the service stops" + WORDS,
                        "ended", "ended as finished, finishReason exhausted, result success" + WORDS, "ended",
                        "ended as lost, result lost: no journal", "deleted", "deleted: a request", "held",
                        "held: twice", "continued", "continued by a request")
                        .stream()
                        .gather(Gatherers.windowFixed(2))
                        .map(step -> "[event=\"" + step.getFirst() + "\", crawl=\"a\", job=\"docs\"] crawl a of docs: "
                                + step.getLast())
                        .toList());
    }

    @Test
    void figuresThatAreNoJsonAreLeftOut() {
        CrawlLog.suspended("a", "docs", Optional.of("none"));
        assertThat(log.list.getFirst().getFormattedMessage()).endsWith("the service stops");
    }
}
