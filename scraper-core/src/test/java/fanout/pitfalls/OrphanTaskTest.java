package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Signal;
import fanout.internal.task.TaskScope;
import fanout.internal.task.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * A page that failed by its time limit is written all the same, minutes later: only the wait for its handler has ended,
 * the handler runs on.
 *
 * <pre>
 * caller                                       handler
 * start the handler, wait for it               wait for the site
 * the limit is reached
 * Broken: cancel the future: "timed out"
 * Fixed:  interrupt the handler, join it       Fixed:  interrupted, end
 * Fixed:  "timed out"
 *                                              Broken: the site answers, write the page
 * </pre>
 */
@Pitfall(id = "orphan-task",
        question = "When the time is up, what ends the work itself, and who has waited for it when the call returns?",
        go = "returning at ctx.Done() while the goroutine runs on", embodiedBy = TaskScope.class,
        incidents = {"apify/crawlee#4081", "resilience4j/resilience4j#905"})
class OrphanTaskTest {

    /**
     * Cancels the future, with {@code true} for "interrupt"; but a {@link CompletableFuture} knows no thread to
     * interrupt.
     */
    static final class Broken implements Sample {

        private final Executor threads;

        Broken(Executor threads) {
            this.threads = threads;
        }

        @Override
        public String call(Handler handler) throws InterruptedException {
            CompletableFuture<Void> future = CompletableFuture.runAsync(handler, threads);
            handler.started.pass();
            try {
                future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                return "done";
            } catch (TimeoutException e) {
                future.cancel(true);
                return "timed out";
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A scope: when its guard returns, the task is interrupted; when {@code run} returns, the task has ended. */
    static final class Fixed implements Sample {

        @Override
        public String call(Handler handler) throws InterruptedException {
            AtomicReference<String> answer = new AtomicReference<>("done");
            TaskScope scope = new TaskScope("call", Thread.ofVirtual().factory(), Ticker.system());
            scope.run(List.of(new TaskScope.Task("handler", handler::run)), () -> {
                handler.started.pass();
                new Signal<>(Ticker.system()).await(LIMIT.toNanos());
                answer.set("timed out");
            }, () -> answer.set("interrupted"));
            return answer.get();
        }
    }

    @FunctionalInterface
    interface Sample {

        /** Any limit is reached: its time begins when the handler has begun, which does not end before. */
        Duration LIMIT = Duration.ofMillis(1);

        String call(Handler handler) throws InterruptedException;
    }

    /** Gets a page from a site that takes its time, and writes it. */
    static final class Handler implements Runnable {

        final Gate started = new Gate();
        final Gate siteAnswers = new Gate();
        final AtomicInteger running = new AtomicInteger();
        final Queue<String> written = new ConcurrentLinkedQueue<>();

        @Override
        public void run() {
            running.incrementAndGet();
            started.open();
            try {
                siteAnswers.pass();
                written.add("/page");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                running.decrementAndGet();
            }
        }
    }

    private final Handler handler = new Handler();
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();

    private void callTimesOut(Sample sample, Actors actors) throws InterruptedException {
        actors.start("caller", () -> answers.add(sample.call(handler)));
        actors.awaitEnd("caller");
        assertThat(answers).containsExactly("timed out");
    }

    @Test
    void brokenHandlerRunsOnAndWritesThePageThatTimedOut() throws InterruptedException {
        try (Actors actors = new Actors()) {
            callTimesOut(new Broken(task -> actors.start("handler", task::run)), actors);
            actors.awaitParked("handler", "run");
            assertThat(handler.running).hasValue(1);
            assertThat(actors.thread("handler").isInterrupted()).isFalse();
            handler.siteAnswers.open();
            actors.awaitEnd();
            assertThat(handler.written).containsExactly("/page");
        }
    }

    @Test
    void fixedHandlerHasEndedWhenTheCallReturns() throws InterruptedException {
        try (Actors actors = new Actors()) {
            callTimesOut(new Fixed(), actors);
            assertThat(handler.running).hasValue(0);
            assertThat(handler.written).isEmpty();
        }
    }
}
