package fanout.leak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BaselineTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void threadThatEndsWhileItIsWaitedForIsNoLeak() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try (Baseline before = Baseline.now(AllowList.standard())) {
            Thread thread = Thread.ofVirtual().start(() -> awaitQuietly(end));
            assertThat(before.leaks(Duration.ZERO)).extracting(Leak::thing).containsExactly(thread);
            end.countDown();
            assertThat(before.leaks(LONG)).isEmpty();
        }
    }

    @Test
    void whatWasThereBeforeIsNoLeakAndNeitherIsWhatItsExecutorStarts() {
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newCachedThreadPool()) {
            executor.execute(() -> awaitQuietly(end));
            try (Baseline before = Baseline.now(AllowList.standard())) {
                executor.execute(() -> awaitQuietly(end));
                assertThat(before.leaks(Duration.ZERO)).isEmpty();
            } finally {
                end.countDown();
            }
        }
    }

    @Test
    void whatWasReportedIsNotReportedAgain() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try (Baseline before = Baseline.now(AllowList.standard())) {
            Thread thread = Thread.ofPlatform().start(() -> awaitQuietly(end));
            before.accept(before.leaks(Duration.ZERO));
            assertThat(before.leaks(Duration.ZERO)).isEmpty();
            end.countDown();
            thread.join();
        }
    }

    @Test
    void interruptedThreadMayAskWaitsAllTheSameAndStaysInterrupted() {
        CountDownLatch end = new CountDownLatch(1);
        try (Baseline before = Baseline.now(AllowList.standard())) {
            Thread.ofVirtual().start(() -> awaitQuietly(end));
            Thread.currentThread().interrupt();
            end.countDown();
            assertThat(before.leaks(LONG)).isEmpty();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void lenderIsAskedUntilNothingIsLentAnyMore() {
        List<Loan> lent = new ArrayList<>();
        Lender lender = () -> List.copyOf(lent);
        try (Baseline before = Baseline.now(AllowList.standard())) {
            Lenders.opened(lender);
            lent.add(new Loan("book", "on leaks", new Object(), Origin.here()));
            Lenders.ended(lender);
            assertThat(before.leaks(Duration.ZERO)).extracting(Leak::kind).containsExactly("book");
            lent.clear();
            assertThat(before.leaks(LONG)).isEmpty();
        }
    }

    @Test
    void whatIsLostIsNotWaitedFor() {
        Loan lost = new Loan("book", "on leaks", new Object(), Origin.here(), true);
        Lender lender = () -> List.of(lost);
        try (Baseline before = Baseline.now(AllowList.standard())) {
            Lenders.opened(lender);
            // A test that waited would not end in this life.
            assertThat(before.leaks(Duration.ofDays(36_500))).extracting(Leak::kind).containsExactly("book");
        }
    }

    @Test
    void lenderThatCameLaterIsForgottenWithTheBaseline() {
        Lender lender = () -> List.of(new Loan("book", "on leaks", "the book", Origin.unknown()));
        try (Baseline around = Baseline.now(AllowList.standard())) {
            try (Baseline _ = Baseline.now(AllowList.standard())) {
                Lenders.opened(lender);
                assertThat(around.leaks(Duration.ZERO)).hasSize(1);
            }
            assertThat(around.leaks(Duration.ZERO)).isEmpty();
        }
    }

    /** What a program sees that was started as most are. */
    static final class WithoutTheFlag {

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch end = new CountDownLatch(1);
            RememberedThreads threads = new RememberedThreads("crew-1 ");
            Thread thread = threads.remembering(Thread.ofVirtual().name("crew-1 a").factory())
                    .newThread(() -> awaitQuietly(end));
            thread.start();
            System.out.println(threads.leaks().getFirst());
            end.countDown();
            thread.join();
            Baseline.now(AllowList.standard()).close();
        }
    }

    @Test
    void jvmWithoutTheFlagSaysSoAndCountsTheThreadsOfCrawls() throws Exception {
        String classes = Stream.of(Baseline.class, BaselineTest.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                classes, WithoutTheFlag.class.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output).startsWith("virtual thread \"crew-1 a\" #")
                .contains("IllegalStateException: virtual threads can be listed only in a JVM that was started with "
                        + "--add-exports java.base/jdk.internal.vm=ALL-UNNAMED");
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
