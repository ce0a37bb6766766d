package fanout.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;

/** A file on a disk that has room for so many bytes, takes half of what is written at a time, and knows no locks. */
class SmallDisk extends TestDisk {

    private final long room;

    SmallDisk(FileChannel file, long room) {
        super(file);
        this.room = room;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        long left = room - file.position();
        if (left == 0) {
            throw new IOException("No space left on device");
        }
        ByteBuffer part = bytes.slice();
        part.limit(Math.toIntExact(Math.min(left, (part.limit() + 1) / 2)));
        int written = file.write(part);
        bytes.position(bytes.position() + written);
        return written;
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        throw new IOException("No locks available");
    }
}
