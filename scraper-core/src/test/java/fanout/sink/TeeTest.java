package fanout.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.journal.JournalException;
import fanout.journal.Position;
import fanout.outcome.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeeTest {

    private final List<String> events = new ArrayList<>();

    @Test
    void eachSinkGetsEveryOutcomeAndEveryFlush() throws Exception {
        try (Sink both = Tee.of(List.of(new Named("a"), new Named("b")))) {
            both.write(Outcomes.page(1));
            both.flush();
        }
        assertThat(events).startsWith("write a", "write b", "flush a", "flush b");
    }

    @Test
    void eachSinkIsClosedEvenIfAnotherFails() {
        Sink all = Tee.of(List.of(new Named("a"), new Named("bad"), new Named("bad"), new Named("c")));

        assertThatThrownBy(all::close).isInstanceOf(IOException.class)
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        assertThat(events).containsExactlyInAnyOrder("close a", "close bad", "close bad", "close c");
    }

    @Test
    void whatEachHasCommittedIsAPartOfThePositionAndGoesBackToIt() throws Exception {
        ResumableSink both = (ResumableSink) Tee.of(List.of(new Named("a"), new Named("b")));

        Position position = both.commit();

        assertThat(position).isEqualTo(Position.of(List.of(Position.at(1), Position.at(1))));
        both.resumeAt(Position.of(List.of(Position.at(3), Position.at(4))));
        both.resumeAt(Position.NONE);
        assertThat(events).containsExactly("commit a", "commit b", "resume a 3", "resume b 4", "resume a never",
                "resume b never");
    }

    @Test
    void aPositionOfMoreOrFewerSinksIsRefused() {
        ResumableSink both = (ResumableSink) Tee.of(List.of(new Named("a"), new Named("b")));

        assertThatThrownBy(() -> both.resumeAt(Position.of(List.of(Position.at(1)))))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("the crawl had 1 sinks, and now has 2");
        assertThat(events).isEmpty();
    }

    @Test
    void itIsResumableIfAllAreAndNamesThem() {
        Sink plain = _ -> {};
        assertThat(Tee.of(List.of(new Named("a"), new Named("b")))).isInstanceOf(ResumableSink.class);
        assertThat(Tee.of(List.of(new Named("a"), plain))).isNotInstanceOf(ResumableSink.class);
        assertThat(Tee.of(List.of(new Named("a"), new Named("b")))).hasToString("[a, b]");
    }

    private class Named implements ResumableSink {

        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public void write(Outcome outcome) {
            events.add("write " + name);
        }

        @Override
        public void flush() {
            events.add("flush " + name);
        }

        @Override
        public Position commit() {
            events.add("commit " + name);
            return Position.at(name.length());
        }

        @Override
        public void resumeAt(Position position) {
            events.add("resume " + name + " " + (position.equals(Position.NONE) ? "never" : position.bytes()));
        }

        @Override
        public String toString() {
            return name;
        }

        @Override
        public void close() throws IOException {
            events.add("close " + name);
            if (name.equals("bad")) {
                throw new IOException("cannot close");
            }
        }
    }
}
