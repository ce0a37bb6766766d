package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.PageParser;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/**
 * A cancelled crawl works through everything it has, for minutes, and ends then: its loop computes, never waits, and so
 * never meets the interrupt.
 *
 * <pre>
 * parser                                      canceller
 * parse page 1
 *                                             interrupt the parser, once
 * … parse page 1, to its end
 * Broken: parse page 2, parse page 3, end
 * Fixed:  the flag is set: throw
 * </pre>
 */
@Pitfall(id = "missing-cancellation",
        question = "Where in this loop does an interrupt end it, if nothing in it ever waits?",
        go = "a worker loop without a case for ctx.Done()", embodiedBy = PageParser.class,
        incidents = {"apache/stormcrawler#2134", "apify/crawlee#2092"})
class MissingCancellationTest {

    /** Ends when there is nothing left. */
    static final class Broken extends Sample {

        @Override
        void parseAll() {
            while (!pages.isEmpty()) {
                parse(pages.remove());
            }
        }
    }

    /** Looks at the flag in every turn, and before it takes something that would be lost. */
    static final class Fixed extends Sample {

        @Override
        void parseAll() throws InterruptedException {
            while (!pages.isEmpty()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("cancelled with pages left: " + pages.size());
                }
                parse(pages.remove());
            }
        }
    }

    abstract static class Sample {

        final Queue<String> pages = new ArrayDeque<>(List.of("/1", "/2", "/3"));
        final Queue<String> parsed = new ConcurrentLinkedQueue<>();
        final Semaphore endOfPage1 = new Semaphore(0);

        abstract void parseAll() throws InterruptedException;

        /** Like all computing it does not notice interrupts; the schedule holds it in page 1. */
        void parse(String page) {
            if (page.equals("/1")) {
                endOfPage1.acquireUninterruptibly();
            }
            parsed.add(page);
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        actors.start("parser", sample::parseAll);
        actors.awaitParked("parser", "parse");
        actors.interrupt("parser");
        sample.endOfPage1.release();
        actors.awaitEnd();
    }

    @Test
    void brokenParserGoesOnToTheEndThoughItWasInterrupted() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            assertThat(sample.parsed).containsExactly("/1", "/2", "/3");
        }
    }

    @Test
    void fixedParserEndsWithThePageThatItWasIn() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            assertThat(sample.parsed).containsExactly("/1");
            assertThat(sample.pages).as("left in the queue").containsExactly("/2", "/3");
        }
    }
}
