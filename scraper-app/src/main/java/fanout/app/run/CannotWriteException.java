package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.terminal.FileProblem;
import java.io.IOException;

/** An output cannot be written; the message names it and says why, for people. */
final class CannotWriteException extends IOException {

    private static final long serialVersionUID = 1;

    private final transient Output output; // not serialized

    CannotWriteException(Output output, IOException cause) {
        super("cannot write " + (output.isStandardOutput() ? "standard output" : output.path().toString()) + ": "
                + FileProblem.reason(output.path(), cause), cause);
        this.output = output;
    }

    /** The output that cannot be written. */
    Output output() {
        return output;
    }
}
