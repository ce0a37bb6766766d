package fanout.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.task.Channel;
import fanout.job.CrawlJob;
import fanout.journal.Journal;
import fanout.journal.Position;
import fanout.journal.Recording;
import fanout.journal.Replay;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.page.ContentDigest;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.FingerprintSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the writer of a crawl that may be resumed commits, and when. */
class JournaledWriterTest {

    private static final CrawlJob JOB = CrawlJob.builder("journaled").startUrl("http://example.org/").build();

    @TempDir
    private Path folder;

    private final JumpingTicker clock = new JumpingTicker();
    private final Channel<Step> results = Channel.bounded(10_000, clock);
    private final CommittingSink sink = new CommittingSink();
    private Journal journal;

    @BeforeEach
    void open() throws IOException {
        journal = Journal.create(folder.resolve("crawl.journal"));
    }

    @AfterEach
    void close() throws IOException {
        journal.close();
    }

    private ResultWriter writer() throws IOException {
        return new ResultWriter(results.receiver(),
                new Destination.Journaled(sink, Recording.of(journal, JOB, clock)), StepListener.NONE, clock);
    }

    private void send(int number) throws InterruptedException {
        results.sender().send(new Step(number, List.of(Outcomes.page(number)), List.of()));
    }

    private void sendProvisional(int number) throws InterruptedException {
        results.sender()
                .send(new Step(number, List.of(Outcomes.cancelled(number)), List.of(), List.of(),
                        new Counts(number, 0, 0, 0, 0, 0, 0, 0, 0, Map.of()), true));
    }

    @Test
    void theRunBeginsWithACommit() throws Exception {
        results.close();
        ResultWriter writer = writer();
        assertThat(writer.begun().reason()).isEmpty();

        writer.run();

        assertThat(writer.begun().reason()).contains(true);
        assertThat(sink.events).startsWith("commit 0");
        assertThat(journal.committed()).isEqualTo(Position.at(0));
        assertThat(resumed().runs()).as("of a crawl that goes on after one that has run").isEqualTo(2);
    }

    /** What the next run finds in the journal. */
    private Recording resumed() throws IOException {
        journal.close();
        journal = Journal.resume(folder.resolve("crawl.journal"));
        return Recording.of(journal, JOB, clock);
    }

    private Counts countsAfterResuming() throws IOException {
        List<Counts> counted = new ArrayList<>();
        resumed().replay(new Replay() {
            @Override
            public void counted(Counts counts, long ok) {
                counted.add(counts);
            }

            @Override
            public void changed(Change change) {}

            @Override
            public void firstPage(ContentDigest digest, CanonicalUrl url) {}

            @Override
            public void known(FingerprintSet prints) {}

            @Override
            public void waiting(List<Waiting> some) {}
        });
        return counted.getFirst();
    }

    @Test
    void aSinkThatCannotCommitLetsNobodyWaitForTheBegin() throws Exception {
        sink.failure = new IOException("no space");
        ResultWriter writer = writer();

        assertThat(writer.run()).isEqualTo(new WriterEnd.SinkFailed(sink.failure));

        assertThat(writer.begun().reason()).contains(true);
        assertThat(journal.committed()).isEqualTo(Position.NONE);
    }

    @Test
    void aBusyWriterCommitsASecondAfterTheFirstStep() throws Exception {
        sink.effort = 400_000_000;
        for (int number = 1; number <= 5; number++) {
            send(number);
        }
        results.close();
        ResultWriter writer = writer();

        writer.run();

        assertThat(sink.events).containsExactly("commit 0", "write 400", "write 800", "write 1200", "write 1600",
                "flush 1600", "commit 1600", "write 2000", "commit 2000");
        assertThat(journal.committed()).isEqualTo(Position.at(5));
        assertThat(writer.totals().snapshot().delivered()).isEqualTo(5);
    }

    @Test
    void exactlyASecondIsASecond() throws Exception {
        sink.effort = 500_000_000;
        for (int number = 1; number <= 3; number++) {
            send(number);
        }
        results.close();

        writer().run();

        assertThat(sink.events).containsExactly("commit 0", "write 500", "write 1000", "write 1500", "flush 1500",
                "commit 1500", "commit 1500");
    }

    @Test
    void anIdleWriterCommitsAStepThatHasNoOutcomes() throws Exception {
        results.sender().send(new Step(1, List.of(), List.of(Outcomes.request(1))));
        sink.whenCommitted = () -> {
            if (sink.events.size() == 2) {
                results.close();
            }
        };

        writer().run();

        assertThat(sink.events).startsWith("commit 0", "commit 1000");
        assertThat(sink.events).hasSize(3);
    }

    @Test
    void anIdleWriterWithNothingNewCommitsNothing() throws Exception {
        clock.whenWaited = () -> {
            if (clock.nanos >= 5_000_000_000L) {
                results.close();
            }
        };

        writer().run();

        assertThat(clock.nanos).isEqualTo(5_000_000_000L);
        assertThat(sink.events).as("one at the begin, one at the end").hasSize(2);
    }

    @Test
    void aFullGroupDoesNotWait() throws Exception {
        List<Request> many = IntStream.range(0, 5_000).mapToObj(Outcomes::request).toList();
        for (int number = 1; number <= 200; number++) {
            results.sender().send(new Step(number, List.of(), many));
        }
        results.close();

        writer().run();

        assertThat(sink.events.size()).as("more than the first and the last").isGreaterThan(2);
        assertThat(sink.events).containsOnly("commit 0");
    }

    /** A crawl that goes on later takes them back: the position that counts is the one before them. */
    @Test
    void provisionalOutcomesComeBehindACommitAndAreNotCommitted() throws Exception {
        send(1);
        sendProvisional(2);
        sendProvisional(3);
        results.close();
        ResultWriter writer = writer();

        writer.run();

        assertThat(sink.events).containsExactly("commit 0", "write 0", "commit 0", "write 0", "write 0", "flush 0");
        assertThat(journal.committed()).isEqualTo(Position.at(1));
        assertThat(writer.totals().snapshot().delivered()).isEqualTo(3);
        assertThat(countsAfterResuming().duplicates()).as("what the first of them changes stays").isEqualTo(2);
    }

    @Test
    void nothingFinalComesAfterProvisionalOutcomes() throws Exception {
        sendProvisional(1);
        send(2);
        results.close();
        ResultWriter writer = writer();

        assertThatThrownBy(writer::run).isInstanceOf(IllegalStateException.class)
                .hasMessage("step 2 comes after provisional ones");
    }

    /** Notes what happens, and when. Its position is the number of outcomes that it was given. */
    private final class CommittingSink implements ResumableSink {

        private final List<String> events = new ArrayList<>();
        private long written;
        private long effort;
        private IOException failure;
        private Runnable whenCommitted = () -> {};

        private void happened(String what) {
            events.add(what + " " + clock.nanos / 1_000_000);
        }

        @Override
        public void write(Outcome outcome) {
            clock.nanos += effort;
            written++;
            happened("write");
        }

        @Override
        public void flush() {
            happened("flush");
        }

        @Override
        public Position commit() throws IOException {
            if (failure != null) {
                throw failure;
            }
            happened("commit");
            whenCommitted.run();
            return Position.at(written);
        }

        @Override
        public void resumeAt(Position position) {
            written = position.bytes();
        }
    }
}
