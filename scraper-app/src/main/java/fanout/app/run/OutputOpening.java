package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.terminal.CleanChannel;
import fanout.app.terminal.Tty;
import fanout.file.OutputFile;
import java.io.IOException;

/** Opens outputs, each as its kind needs. Stateless. */
final class OutputOpening {

    private OutputOpening() {}

    /**
     * Opens an output, which replaces a file that was there.
     *
     * @throws CannotWriteException if it cannot be opened
     */
    static OutputFile open(Output output) throws IOException {
        if (output.isStandardOutput()) {
            return Tty.isOutputTerminal() ? OutputFile.standardOutput(CleanChannel::new) : OutputFile.standardOutput();
        }
        try {
            return OutputFile.create(output.path());
        } catch (IOException e) {
            throw new CannotWriteException(output, e);
        }
    }
}
