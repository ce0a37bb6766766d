package fanout.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fanout.internal.task.Channel;
import fanout.internal.task.Ticker;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ResultWriterTest {

    private final JumpingTicker clock = new JumpingTicker();
    private final Channel<Step> results = Channel.bounded(100, clock);

    @Test
    void everythingSentBeforeTheCloseIsWrittenFlushedAndCounted() throws Exception {
        RecordingSink sink = new RecordingSink(Duration.ZERO);
        send(10);
        results.close();
        ResultWriter writer = new ResultWriter(results.receiver(), sink, StepListener.NONE, clock);

        assertThat(writer.run()).isInstanceOf(WriterEnd.Complete.class);

        assertThat(sink.written).hasSize(10);
        assertThat(sink.events.getLast()).startsWith("flush");
        Totals.Snapshot totals = writer.totals().snapshot();
        assertThat(totals.ok()).isEqualTo(10);
        assertThat(totals.delivered()).isEqualTo(10);
        assertThat(totals.undelivered()).isZero();
        assertThat(totals.accounting(10).isBalanced()).isTrue();
    }

    @Test
    void aBusyWriterFlushesASecondAfterTheFirstUnflushedOutcome() throws Exception {
        RecordingSink sink = new RecordingSink(Duration.ofMillis(400));
        send(5);
        results.close();

        new ResultWriter(results.receiver(), sink, StepListener.NONE, clock).run();

        assertThat(sink.events).containsExactly("write 400", "write 800", "write 1200", "write 1600", "flush 1600",
                "write 2000", "flush 2000");
    }

    @Test
    void anIdleWriterFlushesWhatItHasAndThenWaits() throws Exception {
        RecordingSink sink = new RecordingSink(Duration.ofMillis(400)) {
            @Override
            public void flush() {
                super.flush();
                results.close();
            }
        };
        send(1);

        new ResultWriter(results.receiver(), sink, StepListener.NONE, clock).run();

        assertThat(sink.events).containsExactly("write 400", "flush 1400", "flush 1400");
    }

    @Test
    void aSinkThatThrowsEndsTheWriterAndItsResultsAreUndelivered() throws Exception {
        IllegalStateException failure = new IllegalStateException("no more");
        List<Outcome> taken = new ArrayList<>();
        send(10);
        ResultWriter writer = new ResultWriter(results.receiver(), outcome -> {
            if (taken.size() == 3) {
                throw failure;
            }
            taken.add(outcome);
        }, StepListener.NONE, clock);

        assertThat(writer.run()).isEqualTo(new WriterEnd.SinkFailed(failure));

        assertThat(results.sender().send(new Step(1, List.of(Outcomes.page(1)), List.of()))).as("a sender learns it")
                .isFalse();
        Totals.Snapshot totals = writer.totals().snapshot();
        assertThat(totals.ok()).isEqualTo(10);
        assertThat(totals.delivered()).isEqualTo(3);
        assertThat(totals.undelivered()).isEqualTo(7);
    }

    @Test
    void anErrorOfAUsersSinkIsASinkFailureToo() throws Exception {
        send(1);
        ResultWriter writer = new ResultWriter(results.receiver(), _ -> {
            throw new StackOverflowError();
        }, StepListener.NONE, clock);

        assertThat(writer.run()).isInstanceOfSatisfying(WriterEnd.SinkFailed.class,
                end -> assertThat(end.cause()).isInstanceOf(StackOverflowError.class));
    }

    @Test
    void onAFullDiskNothingCountsAsDelivered() throws Exception {
        send(20);
        results.close();
        try (OutputFile full = OutputFile.create(Path.of("/dev/full"));
                PagesFile pages = PagesFile.jsonLines(full)) {
            ResultWriter writer = new ResultWriter(results.receiver(), pages, StepListener.NONE, clock);

            assertThat(writer.run()).isInstanceOfSatisfying(WriterEnd.SinkFailed.class,
                    end -> assertThat(end.cause()).isInstanceOf(IOException.class));

            assertThat(writer.totals().snapshot().delivered()).isZero();
            assertThat(writer.totals().snapshot().undelivered()).isEqualTo(20);
        }
    }

    @Test
    void interruptionWhileWaitingLeavesTheChannelAndIsThrown() throws Exception {
        Channel<Step> slow = Channel.bounded(1, Ticker.system());
        ResultWriter writer = new ResultWriter(slow.receiver(), _ -> {}, StepListener.NONE, Ticker.system());
        FutureTask<WriterEnd> running = new FutureTask<>(writer::run);
        Thread thread = Thread.startVirtualThread(running);
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);

        thread.interrupt();

        assertThatThrownBy(running::get).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(slow.sender().send(new Step(1, List.of(Outcomes.page(1)), List.of()))).isFalse();
    }

    @Test
    void interruptionWhileWritingCountsWhatIsUndeliveredAndIsThrown() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        send(4);
        ResultWriter writer = new ResultWriter(results.receiver(), _ -> {
            writing.countDown();
            never.await();
        }, StepListener.NONE, clock);
        FutureTask<WriterEnd> running = new FutureTask<>(writer::run);
        Thread thread = Thread.startVirtualThread(running);
        writing.await();

        thread.interrupt();

        assertThatThrownBy(running::get).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(writer.totals().snapshot().undelivered()).isEqualTo(4);
        assertThat(writer.totals().snapshot().ok()).isEqualTo(4);
    }

    @Test
    void interruptThatBecameAnIOExceptionIsStillAnInterruption() throws Exception {
        send(2);
        ResultWriter writer = new ResultWriter(results.receiver(), _ -> {
            Thread.currentThread().interrupt();
            throw new java.nio.channels.ClosedByInterruptException();
        }, StepListener.NONE, clock);
        FutureTask<WriterEnd> running = new FutureTask<>(writer::run);
        Thread.startVirtualThread(running);

        assertThatThrownBy(running::get).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(writer.totals().snapshot().undelivered()).isEqualTo(2);
    }

    /** The rest of a step, the steps that came too early, and what the channel still holds. */
    @Test
    void whatAFailedSinkLeavesIsUndeliveredWhereverItIs() throws Exception {
        results.sender().send(new Step(3, List.of(Outcomes.page(6), Outcomes.page(7)), List.of()));
        results.sender().send(new Step(1, List.of(Outcomes.page(1), Outcomes.page(2), Outcomes.page(3)), List.of()));
        results.sender().send(new Step(2, List.of(Outcomes.page(4), Outcomes.page(5)), List.of()));
        IOException failure = new IOException("no more");
        List<Outcome> taken = new ArrayList<>();
        ResultWriter writer = new ResultWriter(results.receiver(), outcome -> {
            if (taken.size() == 1) {
                throw failure;
            }
            taken.add(outcome);
        }, StepListener.NONE, clock);

        assertThat(writer.run()).isEqualTo(new WriterEnd.SinkFailed(failure));

        Totals.Snapshot totals = writer.totals().snapshot();
        assertThat(totals.delivered()).isOne();
        assertThat(totals.undelivered()).isEqualTo(6);
        assertThat(totals.ok()).as("an outcome is final, delivered or not").isEqualTo(7);
    }

    @Test
    void stepsAreWrittenInTheirOrderAndTheListenerLearnsHowManyWait() throws Exception {
        List<String> heard = new ArrayList<>();
        results.sender().send(new Step(3, List.of(), List.of()));
        results.sender().send(new Step(2, List.of(Outcomes.page(2)), List.of()));
        results.sender().send(new Step(1, List.of(Outcomes.page(1)), List.of()));
        results.close();
        ResultWriter writer =
                new ResultWriter(results.receiver(), outcome -> heard.add(outcome.request().url().toString()),
                        (step, waiting) -> heard.add(step.number() + ", " + waiting + " wait"), clock);

        writer.run();

        assertThat(heard).containsExactly(Outcomes.url(1).toString(), "1, 2 wait", Outcomes.url(2).toString(),
                "2, 1 wait",
                "3, 0 wait");
    }

    @Test
    void aFlushThatFailsAfterAWriteIsToldWithIt() throws Exception {
        send(1);
        IOException first = new IOException("bad outcome");
        IOException second = new IOException("no space");
        assertThat(endOf(first, second).cause()).isSameAs(first);
        assertThat(first).hasSuppressedException(second);
    }

    @Test
    void aSinkThatThrowsOneExceptionTwiceIsToldOnce() throws Exception {
        send(1);
        IOException always = new IOException("closed");
        assertThat(endOf(always, always).cause()).isSameAs(always);
        assertThat(always.getSuppressed()).isEmpty();
    }

    private WriterEnd.SinkFailed endOf(IOException ofWrite, IOException ofFlush) throws InterruptedException {
        Sink failing = new Sink() {
            @Override
            public void write(Outcome outcome) throws IOException {
                throw ofWrite;
            }

            @Override
            public void flush() throws IOException {
                throw ofFlush;
            }
        };
        return (WriterEnd.SinkFailed) new ResultWriter(results.receiver(), failing, StepListener.NONE, clock).run();
    }

    private void send(int outcomes) throws InterruptedException {
        for (int n = 1; n <= outcomes; n++) {
            results.sender().send(new Step(n, List.of(Outcomes.page(n)), List.of()));
        }
    }

    /** Notes what happens, and when; each write takes a while. */
    private class RecordingSink implements Sink {

        final List<String> events = new ArrayList<>();
        final List<Outcome> written = new ArrayList<>();
        private final Duration effort;

        RecordingSink(Duration effort) {
            this.effort = effort;
        }

        @Override
        public void write(Outcome outcome) {
            clock.nanos += effort.toNanos();
            written.add(outcome);
            events.add("write " + clock.nanos / 1_000_000);
        }

        @Override
        public void flush() {
            events.add("flush " + clock.nanos / 1_000_000);
        }
    }
}
