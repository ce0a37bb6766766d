package fanout.sink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way into a compressed file. They are collected in a member that ends when it {@linkplain #isFull is
 * full}, and with each flush and commit; only then its bytes are there to be written. So a file has whole members and
 * nothing else, and may be cut behind any of them.
 *
 * <p>Confined to the thread that writes. Owns native memory while a member is open.
 */
final class Members implements AutoCloseable {

    /** Longer members are hardly smaller in sum, and their lines are in memory until they end. */
    private static final int ENOUGH = 1 << 20;
    /** The checksum and the length of a member, which it ends in: other bytes hardly have the same. */
    private static final int LAST = 8;

    private final Compression compression;
    private @Nullable Member open;

    Members(Compression compression) {
        this.compression = compression;
    }

    /** A member that has begun. */
    private static final class Member {

        private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
        private final OutputStream lines;
        private int length;

        private Member(Compression compression) throws IOException {
            this.lines = compression.member(packed);
        }
    }

    /** Adds whole lines. */
    void add(ByteBuffer lines) throws IOException {
        if (!lines.hasRemaining()) {
            return;
        }
        if (open == null) {
            open = new Member(compression);
        }
        open.length += lines.remaining();
        open.lines.write(lines.array(), lines.arrayOffset() + lines.position(), lines.remaining());
    }

    boolean isFull() {
        return open != null && open.length >= ENOUGH;
    }

    /** Ends the member and returns its bytes; no bytes if there are no lines since the last one. */
    byte[] end() throws IOException {
        Member ended = open;
        open = null;
        if (ended == null) {
            return new byte[0];
        }
        ended.lines.close();
        return ended.packed.toByteArray();
    }

    /** Returns what a member ends in, by which it is known. */
    static byte[] last(byte[] member) {
        return Arrays.copyOfRange(member, Math.max(0, member.length - LAST), member.length);
    }

    /** Forgets the lines of a member that has not ended. */
    @Override
    public void close() throws IOException {
        end();
    }
}
