package fanout.app.reportpage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Opens the files of a run. */
@FunctionalInterface
public interface Opening {

    /**
     * Opens a file for reading.
     *
     * @return its bytes; an {@link java.io.InterruptedIOException} in place of them ends the reading of the run
     */
    InputStream open(Path file) throws IOException;
}
