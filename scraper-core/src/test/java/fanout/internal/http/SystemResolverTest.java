package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fanout.internal.task.Deadline;
import fanout.internal.task.ManualTicker;
import fanout.internal.task.Ticker;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemResolverTest {

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.1");

    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger lookups = new AtomicInteger();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void endCallers() {
        answer.countDown();
        callers.shutdownNow();
        callers.close();
    }

    private SystemResolver slow(int threads) {
        return slow(threads, Ticker.system());
    }

    private SystemResolver slow(int threads, Ticker ticker) {
        return new SystemResolver(host -> {
            lookups.incrementAndGet();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("no thread interrupts a lookup", e);
            }
            return new InetAddress[]{ADDRESS};
        }, threads, ticker);
    }

    private static List<InetAddress> resolve(Resolver resolver, String host, Duration limit) throws Exception {
        return Deadline.after(limit, Ticker.system()).within(() -> resolver.resolve(host));
    }

    private Future<List<InetAddress>> resolving(Resolver resolver, String host) {
        return callers.submit(() -> resolve(resolver, host, Duration.ofMinutes(1)));
    }

    private void awaitLookups(int count) {
        await().untilAsserted(() -> assertThat(lookups).hasValue(count));
    }

    @Test
    void localhostIsFound() throws Exception {
        try (SystemResolver resolver = new SystemResolver(Ticker.system())) {
            assertThat(resolve(resolver, "localhost", Duration.ofSeconds(10))).allMatch(InetAddress::isLoopbackAddress)
                    .isNotEmpty();
        }
    }

    @Test
    void callersOfOneNameShareOneLookup() throws Exception {
        try (SystemResolver resolver = slow(4)) {
            List<Future<List<InetAddress>>> all = IntStream.range(0, 100)
                    .mapToObj(i -> resolving(resolver, "same.example"))
                    .toList();
            awaitLookups(1);
            answer.countDown();
            for (Future<List<InetAddress>> each : all) {
                assertThat(each.get(10, TimeUnit.SECONDS)).containsExactly(ADDRESS);
            }
        }
    }

    @Test
    void lookupsRunOnDaemonsOfBoundedNumber() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (SystemResolver resolver = new SystemResolver(host -> {
            threads.add(Thread.currentThread());
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            LockSupport.parkNanos(100_000);
            running.decrementAndGet();
            return new InetAddress[]{ADDRESS};
        }, 3, Ticker.system())) {
            List<Future<List<InetAddress>>> all = IntStream.range(0, 500)
                    .mapToObj(i -> resolving(resolver, "host-" + i + ".example"))
                    .toList();
            for (Future<List<InetAddress>> each : all) {
                assertThat(each.get(10, TimeUnit.SECONDS)).containsExactly(ADDRESS);
            }
            assertThat(most.get()).isBetween(1, 3);
            assertThat(threads).hasSizeLessThanOrEqualTo(3).allSatisfy(thread -> {
                assertThat(thread.isDaemon()).isTrue();
                assertThat(thread.isVirtual()).isFalse();
                assertThat(thread.getName()).startsWith("fanout-dns-");
            });
        }
        await().untilAsserted(() -> assertThat(threads).as("closed").noneMatch(Thread::isAlive));
    }

    @Test
    void waitEndsAtTheDeadlineAndTheLookupCountsAsAbandoned() throws Exception {
        ManualTicker ticker = ManualTicker.stopped();
        try (SystemResolver resolver = slow(4, ticker)) {
            Future<List<InetAddress>> late = callers.submit(
                    () -> Deadline.after(Duration.ofMillis(50), ticker).within(() -> resolver.resolve("slow.example")));
            awaitLookups(1);
            ticker.advance(Duration.ofMillis(50));
            assertThatThrownBy(() -> late.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedIOException.class);
            assertThat(resolver.abandonedLookups()).isOne();

            answer.countDown();

            await().untilAsserted(() -> assertThat(resolver.abandonedLookups()).isZero());
        }
    }

    @Test
    void interruptedCallerLeavesItsLookupToTheOthers() throws Exception {
        try (SystemResolver resolver = slow(4)) {
            Future<List<InetAddress>> stays = resolving(resolver, "slow.example");
            awaitLookups(1);
            CountDownLatch thrown = new CountDownLatch(1);
            Thread leaves = Thread.ofVirtual().start(() -> {
                try {
                    resolve(resolver, "slow.example", Duration.ofMinutes(1));
                } catch (InterruptedException e) {
                    thrown.countDown();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            leaves.interrupt();

            assertThat(thrown.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(resolver.abandonedLookups()).isZero();
            answer.countDown();
            assertThat(stays.get(10, TimeUnit.SECONDS)).containsExactly(ADDRESS);
        }
    }

    @Test
    void abandonedLookupIsJoinedByTheNextCaller() throws Exception {
        try (SystemResolver resolver = slow(4)) {
            assertThatThrownBy(() -> resolve(resolver, "slow.example", Duration.ofMillis(20)))
                    .isInstanceOf(InterruptedIOException.class);
            Future<List<InetAddress>> next = resolving(resolver, "slow.example");
            await().untilAsserted(() -> assertThat(resolver.abandonedLookups()).isZero());
            answer.countDown();

            assertThat(next.get(10, TimeUnit.SECONDS)).containsExactly(ADDRESS);
            assertThat(lookups).hasValue(1);
        }
    }

    @Test
    void nameThatNobodyWaitsForAnyMoreIsNotLookedUp() throws Exception {
        try (SystemResolver resolver = slow(1)) {
            Future<List<InetAddress>> first = resolving(resolver, "first.example");
            awaitLookups(1);
            assertThatThrownBy(() -> resolve(resolver, "queued.example", Duration.ofMillis(20)))
                    .isInstanceOf(InterruptedIOException.class);
            answer.countDown();
            first.get(10, TimeUnit.SECONDS);

            resolve(resolver, "third.example", Duration.ofSeconds(10));
            assertThat(lookups).as("first and third").hasValue(2);
        }
    }

    @Test
    void lookupThatThrowsAnythingIsAnUnknownHost() throws Exception {
        try (SystemResolver resolver = new SystemResolver(host -> {
            throw new IllegalArgumentException("not allowed: " + host);
        }, 2, Ticker.system())) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> resolve(resolver, "bad.example", Duration.ofSeconds(10)))
                        .isInstanceOf(UnknownHostException.class)
                        .hasMessage("no address found for bad.example: not allowed: bad.example");
            }
        }
    }

    @Test
    void lookupThatEndsInAnErrorIsAnswered() throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        ThreadFactory factory = Thread.ofPlatform().daemon().uncaughtExceptionHandler((_, e) -> seen.set(e)).factory();
        try (SystemResolver resolver = new SystemResolver(host -> {
            lookups.incrementAndGet();
            throw new StackOverflowError(host);
        }, 1, factory, Ticker.system())) {
            for (int call = 1; call <= 2; call++) {
                assertThatThrownBy(() -> resolve(resolver, "deep.example", Duration.ofSeconds(10)))
                        .isInstanceOf(UnknownHostException.class)
                        .hasMessage("no address found for deep.example")
                        .hasCauseInstanceOf(StackOverflowError.class);
                assertThat(lookups).as("each call looks the name up").hasValue(call);
            }
            await().untilAsserted(() -> assertThat(seen.get()).isInstanceOf(StackOverflowError.class));
        }
    }

    @Test
    void lookupThatFindsNoThreadIsForgotten() throws Exception {
        AtomicInteger threads = new AtomicInteger();
        ThreadFactory factory = task -> {
            if (threads.incrementAndGet() == 1) {
                throw new IllegalStateException("no thread to be had");
            }
            return Thread.ofPlatform().daemon().unstarted(task);
        };
        try (SystemResolver resolver =
                new SystemResolver(_ -> new InetAddress[]{ADDRESS}, 1, factory, Ticker.system())) {
            assertThatThrownBy(() -> resolve(resolver, "a.example", Duration.ofSeconds(10)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(resolve(resolver, "a.example", Duration.ofSeconds(10))).containsExactly(ADDRESS);
        }
    }

    /** A thread is started without the resolver's lock, so others can join the lookup meanwhile. */
    @Test
    void callersThatJoinedALookupWhichFindsNoThreadAreAnswered() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch joined = new CountDownLatch(1);
        ThreadFactory factory = _ -> {
            starting.countDown();
            try {
                joined.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("no thread interrupts this one", e);
            }
            throw new IllegalStateException("no thread to be had");
        };
        try (SystemResolver resolver = new SystemResolver(_ -> new InetAddress[]{ADDRESS}, 1, factory,
                Ticker.system())) {
            Future<List<InetAddress>> first = resolving(resolver, "a.example");
            starting.await();
            Caller second = new Caller(resolver, "a.example");
            second.awaitWaiting();
            joined.countDown();

            assertThatThrownBy(() -> first.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
            assertThat(second.end()).isInstanceOf(UnknownHostException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closingEndsCallersThatWaitAndThatComeLater() throws Exception {
        SystemResolver resolver = slow(1);
        Future<List<InetAddress>> first = resolving(resolver, "first.example");
        awaitLookups(1);
        Caller queued = new Caller(resolver, "queued.example");
        queued.awaitWaiting();

        resolver.close();
        resolver.close();

        assertThat(queued.end()).isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> resolve(resolver, "late.example", Duration.ofSeconds(10)))
                .isInstanceOf(UnknownHostException.class);
        answer.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS)).as("had begun").containsExactly(ADDRESS);
    }

    /** A caller whose thread shows whether it waits. */
    private static final class Caller {

        private final AtomicReference<Throwable> thrown = new AtomicReference<>();
        private final Thread thread;

        Caller(Resolver resolver, String host) {
            thread = Thread.ofVirtual().start(() -> {
                try {
                    resolve(resolver, host, Duration.ofMinutes(1));
                } catch (Exception e) {
                    thrown.set(e);
                }
            });
        }

        /** Only a wait for an answer is timed. */
        void awaitWaiting() {
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }

        /** What was thrown in the end. */
        Throwable end() throws InterruptedException {
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
            return thrown.get();
        }
    }
}
