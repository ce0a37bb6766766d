package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Stops fetches wherever they can stand still, at random moments (by seed), many at once. However it falls, the fetch
 * must end as what it was, and nothing may stay behind: no connection in use, no open body, no socket or stream that
 * the server still sees.
 */
class FetchInterruptionTest {

    private static final int REPETITIONS = Boolean.getBoolean("fanout.ci") ? 1_000 : 100;
    private static final int AT_ONCE = 100;
    private static final long SEED = 20_261_124L;
    private static final Duration NEVER = Duration.ofMinutes(5);

    @ParameterizedTest
    @EnumSource
    void interruptedFetchThrowsInterruptedExceptionAndLeavesNothing(Standstill where) throws Exception {
        try (Standstill.Scene scene = where.open();
                Fetching fetching = Fetching.of(job -> job, scene.base(),
                        scene.resolver())) {
            AtomicInteger inStage = new AtomicInteger();
            Random random = new Random(SEED);

            Map<String, Long> endings = inParallel(random, pick -> {
                CountDownLatch arrived = new CountDownLatch(1);
                AtomicReference<Stage> stage = new AtomicReference<>();
                Future<String> ending = fetchInterruptibly(fetching, scene.url().get(), where, arrived, stage);
                // Half of them once they stand still, half at any moment from the very start.
                if (pick.nextBoolean()) {
                    arrived.await();
                }
                LockSupport.parkNanos(pick.nextInt(3_000_000));
                if (stage.get() == where.stage) {
                    inStage.incrementAndGet();
                }
                return ending;
            });

            assertThat(endings).containsExactly(Map.entry("interrupted, flag taken", (long) REPETITIONS));
            assertThat(inStage.get()).as("interrupted in the stage itself").isGreaterThan(REPETITIONS / 3);
            assertNothingIsLeft(scene, fetching);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fetchWhoseDeadlinePassesIsTimedOutAndLeavesNothing(Standstill where) throws Exception {
        try (Standstill.Scene scene = where.open();
                Fetching fetching = Fetching.of(job -> job, scene.base(),
                        scene.resolver())) {
            Random random = new Random(SEED);
            Semaphore places = new Semaphore(AT_ONCE);

            Map<String, Long> endings = new TreeMap<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?>[] all = IntStream.range(0, REPETITIONS).mapToObj(i -> {
                    // Half of them late enough to stand still by then, half at any moment on the way.
                    Duration limit = Duration.ofNanos(1 + random.nextInt(3_000_000) + (i % 2) * 200_000_000L);
                    return threads.submit(() -> {
                        places.acquire();
                        try {
                            return describe(fetching.get(Fetching.whole(scene.url().get()), new Fetching.Log(), limit));
                        } finally {
                            places.release();
                        }
                    });
                }).toArray(Future<?>[]::new);
                for (Future<?> each : all) {
                    endings.merge((String) each.get(60, TimeUnit.SECONDS), 1L, Long::sum);
                }
            }

            assertThat(endings.keySet()).as("%s", endings)
                    .allMatch(ending -> ending.startsWith("timeout in "))
                    .contains("timeout in " + where.stage);
            assertNothingIsLeft(scene, fetching);
        }
    }

    /** As at the end of a crawl: requests are ended first, and their threads are interrupted then. */
    @ParameterizedTest
    @EnumSource
    void fetchThatIsGivenUpIsOverAndWaitsForItsInterrupt(Standstill where) throws Exception {
        try (Standstill.Scene scene = where.open();
                Fetching fetching = Fetching.of(job -> job, scene.base(), scene.resolver())) {
            CountDownLatch arrived = new CountDownLatch(AT_ONCE);
            List<Future<String>> fetches = IntStream.range(0, AT_ONCE)
                    .mapToObj(_ -> fetchInterruptibly(fetching, scene.url().get(), where, arrived,
                            new AtomicReference<>()))
                    .toList();
            try {
                assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

                fetching.fetcher.giveUp();

                await().atMost(Duration.ofSeconds(10)).until(() -> fetching.fetcher.activeConnections() == 0);
                assertThat(fetches).as("ended before their interrupts").noneMatch(Future::isDone);
            } finally {
                fetches.forEach(fetch -> fetch.cancel(true));
            }
            for (Future<String> fetch : fetches) {
                assertThat(fetch.get(20, TimeUnit.SECONDS)).isEqualTo("interrupted, flag taken");
            }
            assertNothingIsLeft(scene, fetching);
        }
    }

    /** The moments that chance seldom finds: between a stage's beginning and its first wait. */
    @ParameterizedTest
    @EnumSource
    void fetchThatIsInterruptedAsAStageBeginsLeavesNothing(Standstill where) throws Exception {
        try (Standstill.Scene scene = where.open();
                Fetching fetching = Fetching.of(job -> job, scene.base(),
                        scene.resolver())) {
            for (int repetition = 0; repetition < 20; repetition++) {
                for (Stage at : momentsBefore(where)) {
                    InterruptibleFetch fetch = fetch(fetching, scene.url().get(), new InterruptingListener(at));
                    assertThat(fetch.get(20, TimeUnit.SECONDS)).as("%s", at).isEqualTo("interrupted, flag taken");
                }
            }
            assertNothingIsLeft(scene, fetching);
        }
    }

    /** Stages that every fetch goes through: not those of a connection that HTTP/2 shares. */
    private static List<Stage> momentsBefore(Standstill where) {
        return switch (where) {
            case DNS -> List.of(Stage.DNS);
            case CONNECT, TLS -> List.of(Stage.CONNECT);
            case HEADERS -> List.of(Stage.CONNECT, Stage.HEADERS);
            case BODY, CHUNKED_BODY -> List.of(Stage.CONNECT, Stage.HEADERS, Stage.BODY);
            case HTTP2_HEADERS -> List.of(Stage.HEADERS);
            case HTTP2_BODY -> List.of(Stage.HEADERS, Stage.BODY);
        };
    }

    /** Interrupts its own thread. */
    private record InterruptingListener(Stage at) implements FetchListener {
        @Override
        public void entered(Stage stage, Deadline until) {
            if (stage == at) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void requestWritten(long nanos) {}
    }

    private interface Interruption {
        /** Starts a fetch and waits for the moment to interrupt it. */
        Future<String> startAndWait(Random pick) throws InterruptedException;
    }

    private static Map<String, Long> inParallel(Random random, Interruption interruption) throws Exception {
        Map<String, Long> endings = new TreeMap<>();
        Semaphore places = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?>[] all = IntStream.range(0, REPETITIONS).mapToObj(i -> {
                Random pick = new Random(random.nextLong());
                return threads.submit(() -> {
                    places.acquire();
                    try {
                        Future<String> fetch = interruption.startAndWait(pick);
                        fetch.cancel(true);
                        return fetch.get(30, TimeUnit.SECONDS);
                    } finally {
                        places.release();
                    }
                });
            }).toArray(Future<?>[]::new);
            for (Future<?> each : all) {
                endings.merge((String) each.get(), 1L, Long::sum);
            }
        }
        return endings;
    }

    private static Future<String> fetchInterruptibly(Fetching fetching, String url, Standstill where,
            CountDownLatch arrived, AtomicReference<Stage> stage) {
        FetchListener listener = new FetchListener() {
            @Override
            public void entered(Stage entered, Deadline until) {
                stage.set(entered);
                if (entered == where.stage) {
                    arrived.countDown();
                }
            }

            @Override
            public void requestWritten(long nanos) {}
        };
        return fetch(fetching, url, listener);
    }

    private static InterruptibleFetch fetch(Fetching fetching, String url, FetchListener listener) {
        return new InterruptibleFetch(() -> Deadline.after(NEVER, Ticker.system())
                .within(() -> fetching.fetcher.fetch(Fetching.whole(url), listener)));
    }

    /** A virtual thread of its own, whose cancel is an interrupt and nothing else. */
    private static final class InterruptibleFetch implements Future<String> {

        private final AtomicReference<String> ending = new AtomicReference<>();
        private final Thread thread;

        InterruptibleFetch(java.util.concurrent.Callable<Fetch> fetch) {
            thread = Thread.ofVirtual().start(() -> ending.set(endingOf(fetch)));
        }

        private static String endingOf(java.util.concurrent.Callable<Fetch> fetch) {
            try {
                try (Fetch ended = fetch.call()) {
                    return describe(ended);
                }
            } catch (InterruptedException e) {
                return Thread.currentThread().isInterrupted() ? "interrupted, flag still set"
                        : "interrupted, flag taken";
            } catch (Exception e) {
                return e.toString();
            }
        }

        @Override
        public boolean cancel(boolean interrupt) {
            thread.interrupt();
            return true;
        }

        @Override
        public boolean isCancelled() {
            return thread.isInterrupted();
        }

        @Override
        public boolean isDone() {
            return !thread.isAlive();
        }

        @Override
        public String get() throws InterruptedException {
            thread.join();
            return ending.get();
        }

        @Override
        public String get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException {
            return thread.join(Duration.of(timeout, unit.toChronoUnit())) ? ending.get() : "hangs";
        }
    }

    private static String describe(Fetch fetch) {
        return switch (fetch) {
            case Fetch.Response response -> "response " + response.head().status();
            case Fetch.NoResponse none -> none.failure() instanceof Failure.TimedOut timedOut
                    ? "timeout in " + timedOut.stage()
                    : none.failure().toString();
        };
    }

    private static void assertNothingIsLeft(Standstill.Scene scene, Fetching fetching) {
        fetching.assertNothingIsLeft();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(scene.leftOnServer().getAsInt()).as("left on the server").isZero());
    }
}
