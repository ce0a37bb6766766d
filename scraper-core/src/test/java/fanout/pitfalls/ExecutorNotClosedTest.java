package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * After every failed crawl there are some threads more, and after the last one the program does not end: the executor
 * is shut down at the end of the method, which an exception never reaches.
 *
 * <pre>
 * crawl                                        pool-1, pool-2
 * submit /1 and /2
 *                                              /1: fails;  /2: fetched
 * wait for /1: throws
 * Fixed:  shut down, wait for the threads      Fixed:  end
 * end
 *                                              Broken: wait for work: for ever
 * </pre>
 */
@Pitfall(id = "executor-not-closed",
        question = "Does the block that opens an executor close it on every path?",
        go = "a pool of goroutines that range over a channel that stays open when a page fails",
        embodiedBy = TaskScope.class)
class ExecutorNotClosedTest {

    /** Shuts down, when all went well. */
    static final class Broken extends Sample {

        Broken(ThreadFactory threads) {
            super(threads);
        }

        @Override
        List<String> crawl(List<String> urls) throws InterruptedException, ExecutionException {
            ExecutorService pool = open();
            List<String> pages = fetchAll(urls, pool);
            pool.shutdown();
            return pages;
        }
    }

    /** An executor is a resource like a file: its block closes it, and closing it joins its threads. */
    static final class Fixed extends Sample {

        Fixed(ThreadFactory threads) {
            super(threads);
        }

        @Override
        List<String> crawl(List<String> urls) throws InterruptedException, ExecutionException {
            try (ExecutorService pool = open()) {
                return fetchAll(urls, pool);
            }
        }
    }

    abstract static class Sample {

        final Queue<ExecutorService> opened = new ConcurrentLinkedQueue<>();
        private final ThreadFactory threads;

        Sample(ThreadFactory threads) {
            this.threads = threads;
        }

        abstract List<String> crawl(List<String> urls) throws InterruptedException, ExecutionException;

        ExecutorService open() {
            ExecutorService pool = Executors.newFixedThreadPool(2, threads);
            opened.add(pool);
            return pool;
        }

        static List<String> fetchAll(List<String> urls, ExecutorService pool)
                throws InterruptedException, ExecutionException {
            List<Future<String>> fetches = new ArrayList<>();
            for (String url : urls) {
                fetches.add(pool.submit(() -> fetch(url)));
            }
            List<String> pages = new ArrayList<>();
            for (Future<String> fetch : fetches) {
                pages.add(fetch.get());
            }
            return pages;
        }

        private static String fetch(String url) {
            if (url.equals("/1")) {
                throw new IllegalStateException("no page at " + url);
            }
            return "page at " + url;
        }
    }

    private final AtomicInteger numbers = new AtomicInteger();

    private ThreadFactory watchedBy(Actors actors) {
        return task -> actors.adopt(Thread.ofPlatform().name("pool-" + numbers.incrementAndGet()).unstarted(task));
    }

    private static void crawlFails(Sample sample, Actors actors) throws InterruptedException {
        actors.start("crawl", () -> {
            try {
                sample.crawl(List.of("/1", "/2"));
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
        actors.awaitEnd("crawl");
        assertThat(actors.failures()).singleElement().asString().contains("no page at /1");
    }

    @Test
    void brokenThreadsWaitForWorkThatNobodyCanGiveThem() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken(watchedBy(actors));
            try {
                crawlFails(sample, actors);
                actors.awaitParked("pool-1", "take");
                actors.awaitParked("pool-2", "take");
                assertThat(actors.alive()).containsExactlyInAnyOrder("pool-1", "pool-2");
            } finally {
                sample.opened.forEach(ExecutorService::shutdown); // an interrupt does not end a pool's idle thread
            }
        }
    }

    @Test
    void fixedThreadsHaveEndedWhenTheCrawlHas() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed(watchedBy(actors));
            crawlFails(sample, actors);
            assertThat(sample.opened).singleElement().matches(ExecutorService::isTerminated);
            actors.awaitEnd("pool-1");
            actors.awaitEnd("pool-2");
        }
    }
}
