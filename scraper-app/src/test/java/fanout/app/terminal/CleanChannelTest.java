package fanout.app.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;

class CleanChannelTest {

    /** Takes few bytes at a time, as a terminal may. */
    private static final class Slow implements WritableByteChannel {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public int write(ByteBuffer bytes) {
            int count = Math.min(3, bytes.remaining());
            for (int i = 0; i < count; i++) {
                taken.write(bytes.get());
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void whatASiteHasHiddenInALineIsShownAndTheLinesStay() throws IOException {
        Slow terminal = new Slow();
        CleanChannel clean = new CleanChannel(terminal);
        ByteBuffer lines = ByteBuffer.wrap("{\"a\":\"\u001b[2Jü\"}\n{\"b\":1}\n".getBytes(UTF_8));
        assertThat(clean.write(lines)).isEqualTo(lines.capacity());
        assertThat(lines.hasRemaining()).isFalse();
        assertThat(terminal.taken.toString(UTF_8)).isEqualTo("{\"a\":\"\\u{1b}[2Jü\"}\n{\"b\":1}\n");
    }
}
