package fanout.sink;

import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import fanout.journal.Position;
import fanout.outcome.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several sinks as one; each gets every outcome, in this order. Confined, like its sinks, to one thread at a time. Owns
 * them: closing it closes each, even if another fails to close.
 */
public sealed class Tee implements Sink {

    private final List<Sink> sinks;

    private Tee(List<? extends Sink> sinks) {
        this.sinks = List.copyOf(sinks);
    }

    /** Returns the sinks as one; a {@link ResumableSink} if each of them is one. */
    public static Sink of(List<? extends Sink> sinks) {
        List<ResumableSink> resumable = sinks.stream()
                .filter(ResumableSink.class::isInstance)
                .map(ResumableSink.class::cast)
                .toList();
        return resumable.size() == sinks.size() ? new ResumableTee(resumable) : new Tee(sinks);
    }

    @Override
    public void write(Outcome outcome) throws IOException, InterruptedException {
        for (Sink sink : sinks) {
            sink.write(outcome);
        }
    }

    @Override
    public void flush() throws IOException {
        for (Sink sink : sinks) {
            sink.flush();
        }
    }

    @Override
    public void close() throws IOException {
        closeFrom(0);
    }

    /** Try-with-resources knows how to close everything and keep every exception. */
    private void closeFrom(int index) throws IOException {
        if (index < sinks.size()) {
            try (Sink _ = sinks.get(index)) {
                closeFrom(index + 1);
            }
        }
    }

    /** Its sinks. */
    @Override
    public String toString() {
        return sinks.toString();
    }

    /** Whose position has those of its sinks as parts. */
    private static final class ResumableTee extends Tee implements ResumableSink {

        private final List<ResumableSink> resumable;

        private ResumableTee(List<ResumableSink> resumable) {
            super(resumable);
            this.resumable = resumable;
        }

        @Override
        public Position commit() throws IOException {
            List<Position> parts = new ArrayList<>();
            for (ResumableSink sink : resumable) {
                parts.add(sink.commit());
            }
            return Position.of(parts);
        }

        @Override
        public void recorded() throws IOException {
            for (ResumableSink sink : resumable) {
                sink.recorded();
            }
        }

        @Override
        public void resumeAt(Position position) throws IOException {
            boolean never = position.equals(Position.NONE);
            if (!never && position.parts().size() != resumable.size()) {
                throw new JournalException(Refusal.OUTPUT,
                        "the crawl had " + position.parts().size() + " sinks, and now has " + resumable.size());
            }
            for (int i = 0; i < resumable.size(); i++) {
                resumable.get(i).resumeAt(never ? Position.NONE : position.parts().get(i));
            }
        }
    }
}
