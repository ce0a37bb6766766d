package fanout.app.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, for what a command prints. It keeps the first failure to write, of which a {@link PrintWriter} says
 * only that there was one. Confined to one thread. The process owns the stream.
 */
public final class StandardOutput {

    private final FirstFailure stream;
    private final PrintWriter writer;

    public StandardOutput(OutputStream out, Charset charset) {
        this.stream = new FirstFailure(out);
        this.writer = new PrintWriter(new OutputStreamWriter(stream, charset), true);
    }

    /** Prints; whether that succeeds is asked by {@link #failure}. */
    public PrintWriter writer() {
        return writer;
    }

    /** Why something that was printed could not be written. */
    public Optional<IOException> failure() {
        writer.flush();
        return Optional.ofNullable(stream.failure);
    }

    /**
     * Whether the reader has left, as head does when it has seen enough. The JDK has no class for that, only the
     * system's words.
     */
    public static boolean isReaderGone(IOException failure) {
        return "Broken pipe".equals(failure.getMessage());
    }

    private static final class FirstFailure extends OutputStream {

        private final OutputStream out;
        private @Nullable IOException failure;

        private FirstFailure(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[]{(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
                throw e;
            }
        }
    }
}
