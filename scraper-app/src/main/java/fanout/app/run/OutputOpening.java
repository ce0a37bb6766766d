package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.CleanChannel;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Tty;
import fanout.file.OutputFile;
import fanout.journal.JournalException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;

/**
 * Opens outputs, each as its kind needs. Tells the user that a pipe has no reader yet. Used by one thread at a time.
 *
 * @param stops the first request ends the wait for a reader
 * @param isResumable whether files are opened as they are, for a crawl with a journal, which says how much of them counts
 */
record OutputOpening(Terminal terminal, StopRequests stops, boolean isResumable) {

    /** For outputs that are written from their beginning. */
    OutputOpening(Terminal terminal, StopRequests stops) {
        this(terminal, stops, false);
    }

    /**
     * Opens an output. That replaces a file that was there; one that is resumable stays as it is until its crawl begins, which
     * cuts it to what its journal has.
     *
     * @throws CannotWriteException if it cannot be opened
     * @throws InterruptedIOException if the user no longer wants to wait for the reader of a pipe
     */
    OutputFile open(Output output) throws IOException {
        if (output.isStandardOutput()) {
            return Tty.isOutputTerminal() ? OutputFile.standardOutput(CleanChannel::new) : OutputFile.standardOutput();
        }
        try {
            if (isResumable) {
                return OutputFile.resume(output.path());
            }
            return OutputFile.create(output.path(), () -> beginWait(output.path()));
        } catch (InterruptedIOException | JournalException e) {
            throw e;
        } catch (IOException e) {
            throw new CannotWriteException(output, e);
        } finally {
            stops.endWait();
        }
    }

    private void beginWait(Path pipe) {
        terminal.line("waiting for a reader of the pipe " + pipe);
        stops.beginWait();
    }
}
