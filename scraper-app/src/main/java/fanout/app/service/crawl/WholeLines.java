package fanout.app.service.crawl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Cuts the line off a file that a crash has left half written. */
final class WholeLines {

    private static final int PIECE = 64 << 10;

    private WholeLines() {}

    /** Leaves the file with whole lines; nothing happens if it is not there. */
    static void cut(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file.truncate(endOfLastLine(file));
        }
    }

    private static long endOfLastLine(FileChannel file) throws IOException {
        for (long end = file.size(); end > 0; end -= Math.min(PIECE, end)) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, end));
            long start = end - piece.capacity();
            while (piece.hasRemaining() && file.read(piece, start + piece.position()) >= 0) {
                // until the piece is full
            }
            for (int i = piece.position() - 1; i >= 0; i--) {
                if (piece.get(i) == '\n') {
                    return start + i + 1;
                }
            }
        }
        return 0;
    }
}
