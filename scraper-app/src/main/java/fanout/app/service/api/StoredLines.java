package fanout.app.service.api;

import fanout.app.service.run.Committed;
import fanout.app.store.OwnFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The bytes of a result file from a place in it to its committed end, or to the end of the crawl. A reader that is slow
 * slows this down and nothing else.
 *
 * @param follow whether to wait for more while the crawl writes
 */
record StoredLines(Path path, long offset, Committed committed, boolean follow) {

    private static final int PIECE = 64 << 10;
    /** So often it says that it is alive, while its time is watched. */
    private static final Duration LOOK = Duration.ofMillis(250);

    void writeTo(OutputStream out) throws IOException, InterruptedException {
        Committed.Position now = committed.position();
        if (follow) {
            now = firstLine(now, out);
        }
        if (now.bytes() == offset) {
            return;
        }
        try (FileChannel file = OwnFiles.read(path)) {
            long at = copy(file, offset, now.bytes(), out);
            while (follow && !(now.ended() && at >= now.bytes())) {
                now = committed.awaitBeyond(at, LOOK);
                at = copy(file, at, now.bytes(), out);
                out.flush(); // says that the request is alive, too
            }
        }
    }

    /** A crawl that waits for its turn has no file yet. */
    private Committed.Position firstLine(Committed.Position begin, OutputStream out)
            throws IOException, InterruptedException {
        Committed.Position now = begin;
        while (now.bytes() == offset && !now.ended()) {
            now = committed.awaitBeyond(offset, LOOK);
            out.flush();
        }
        return now;
    }

    private static long copy(FileChannel file, long from, long to, OutputStream out) throws IOException {
        byte[] piece = new byte[PIECE];
        long at = from;
        while (at < to) {
            int read = file.read(ByteBuffer.wrap(piece, 0, (int) Math.min(PIECE, to - at)), at);
            if (read < 0) {
                throw new IOException("the file is shorter than what was committed: " + at + " of " + to + " bytes");
            }
            out.write(piece, 0, read);
            at += read;
        }
        return at;
    }
}
