package fanout.app.cli;

import fanout.app.progress.ProgressMode;
import picocli.CommandLine.Option;

/** {@code --progress}, which several commands have. */
final class ProgressOption {

    @Option(names = "--progress", paramLabel = "auto|bar|plain|none", defaultValue = "auto",
            description = "How progress is shown on standard error. auto: a bar on a terminal, plain lines elsewhere; "
                    + "none: not at all, and no summary.")
    private ProgressMode mode = ProgressMode.AUTO;

    ProgressMode mode() {
        return mode;
    }
}
