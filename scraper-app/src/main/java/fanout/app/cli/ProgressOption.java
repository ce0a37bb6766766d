package fanout.app.cli;

import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** {@code --progress}, which several commands have. */
final class ProgressOption {

    @Option(names = "--progress", paramLabel = "auto|bar|plain|none", defaultValue = "auto",
            completionCandidates = Words.class,
            description = "How progress is shown on standard error. auto: a bar on a terminal, plain lines elsewhere; "
                    + "none: not at all, and no summary.")
    private ProgressMode mode = ProgressMode.AUTO;

    /** As people write them. */
    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(ProgressMode.values()).map(mode -> mode.name().toLowerCase(Locale.ROOT)).iterator();
        }
    }

    ProgressMode mode() {
        return mode;
    }
}
