package fanout.sink;

import fanout.internal.annotation.Internal;
import fanout.journal.Recording;
import java.util.Optional;

/** Where the outcomes of a crawl go. Owns neither its sink nor its journal. */
@Internal
public sealed interface Destination {

    /** The sink, which gets every outcome. */
    Sink sink();

    /** The run's use of the journal; empty if the crawl keeps none. */
    Optional<Recording> journal();

    /** A sink of a crawl that cannot be resumed. */
    record Plain(Sink sink) implements Destination {

        @Override
        public Optional<Recording> journal() {
            return Optional.empty();
        }
    }

    /** A sink, and the journal that says how far it has written. */
    record Journaled(ResumableSink sink, Recording recording) implements Destination {

        @Override
        public Optional<Recording> journal() {
            return Optional.of(recording);
        }
    }
}
