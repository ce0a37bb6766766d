package fanout.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;

/** A file of which one operation fails, the first, the second, …, and all others do what they should. */
final class FailingDisk extends TestDisk {

    private final int failing;
    private int operations;

    /** @param failing counted from 1 */
    FailingDisk(FileChannel file, int failing) {
        super(file);
        this.failing = failing;
    }

    /** Whether the operation that fails was reached. */
    boolean hasFailed() {
        return operations >= failing;
    }

    private void operation() throws IOException {
        if (++operations == failing) {
            throw new IOException("operation " + failing + " failed");
        }
    }

    /** Half of what is given, and then fails. */
    @Override
    public int write(ByteBuffer bytes) throws IOException {
        if (operations + 1 == failing) {
            ByteBuffer half = bytes.slice(bytes.position(), bytes.remaining() / 2);
            file.write(half);
        }
        operation();
        return file.write(bytes);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        operation();
        return file.tryLock(position, size, shared);
    }

    @Override
    public long position() throws IOException {
        operation();
        return super.position();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        operation();
        return super.truncate(size);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        super.implCloseChannel();
        operation();
    }
}
