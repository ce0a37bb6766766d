package fanout.app.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Results on a terminal: the same lines, in which control characters from the web are shown and not obeyed. A program
 * that reads standard output gets every byte as it is. Confined to the thread that writes.
 */
public final class CleanChannel implements WritableByteChannel {

    private final WritableByteChannel out;

    public CleanChannel(WritableByteChannel out) {
        this.out = out;
    }

    /** Takes whole lines, as an {@link fanout.sink.OutputFile} writes them. */
    @Override
    public int write(ByteBuffer lines) throws IOException {
        int taken = lines.remaining();
        String clean = CleanText.lines(UTF_8.decode(lines).toString()) + "\n";
        ByteBuffer bytes = UTF_8.encode(clean);
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
        return taken;
    }

    @Override
    public boolean isOpen() {
        return out.isOpen();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
