package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.worker.WorkerPool;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Small sites are fetched in no time, and a large one ends in an out-of-memory error or a ban: threads cost nothing,
 * but each holds a connection and a page, and there are as many as there are URLs.
 *
 * <pre>
 * crawler                          500 pages                        site
 * Broken: a thread for each page   all being fetched: 500           500 requests at once
 * Fixed:  8 threads                8 being fetched, 492 to do       8 requests at once
 * </pre>
 */
@Pitfall(id = "unbounded-fanout",
        question = "What bounds the tasks that are alive at once: a limit, or the size of the input?",
        go = "a goroutine for every item", embodiedBy = WorkerPool.class, incidents = "jaeles-project/gospider#56")
class UnboundedFanoutTest {

    private static final int PAGES = 500;
    private static final int LIMIT = 8;

    /** A virtual thread for each page. */
    static final class Broken extends Sample {

        @Override
        void fetchAll() throws InterruptedException {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                threads.invokeAll(pages.stream().map(page -> (Callable<Boolean>) () -> fetch(page)).toList());
            }
        }
    }

    /**
     * As many virtual threads as pages may be fetched at once; each comes for its next page when it is done with one.
     */
    static final class Fixed extends Sample {

        @Override
        void fetchAll() throws InterruptedException {
            Callable<Boolean> worker = this::work;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                threads.invokeAll(Collections.nCopies(LIMIT, worker));
            }
        }

        private boolean work() throws InterruptedException {
            String page = pages.poll();
            while (page != null) {
                fetch(page);
                page = pages.poll();
            }
            return true;
        }
    }

    abstract static class Sample {

        final Queue<String> pages =
                new ConcurrentLinkedQueue<>(IntStream.rangeClosed(1, PAGES).mapToObj(i -> "/" + i).toList());
        final Gate answer = new Gate();
        final AtomicInteger inFlight = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final Queue<String> fetched = new ConcurrentLinkedQueue<>();

        abstract void fetchAll() throws InterruptedException;

        boolean fetch(String page) throws InterruptedException {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            answer.pass();
            inFlight.decrementAndGet();
            return fetched.add(page);
        }
    }

    /** Holds the site's answers until this many requests wait for one, then lets all go. */
    private static void schedule(Sample sample, int requests, Actors actors) throws InterruptedException {
        List<String> all = List.copyOf(sample.pages);
        actors.start("crawler", sample::fetchAll);
        actors.awaitUntil(requests + " requests", () -> sample.inFlight.get() == requests);
        assertThat(sample.fetched).isEmpty();
        sample.answer.open();
        actors.awaitEnd();
        assertThat(sample.fetched).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void brokenSiteGetsARequestForEveryPageAtOnce() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, PAGES, actors);
            assertThat(sample.most).hasValue(PAGES);
        }
    }

    @Test
    void fixedSiteNeverGetsMoreThanTheLimit() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, LIMIT, actors);
            assertThat(sample.most).hasValue(LIMIT);
        }
    }
}
