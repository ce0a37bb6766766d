package fanout.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.outcome.Outcome;
import fanout.sink.Tee;
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

    private class Named implements Sink {

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
        public void close() throws IOException {
            events.add("close " + name);
            if (name.equals("bad")) {
                throw new IOException("cannot close");
            }
        }
    }
}
