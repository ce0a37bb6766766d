package fanout.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file of which one operation fails, the first, the second, …, and all others do what they should. */
final class FailingDisk extends FileChannel {

    private final FileChannel file;
    private final int failing;
    private int operations;

    /** @param failing counted from 1 */
    FailingDisk(FileChannel file, int failing) {
        this.file = file;
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
        return file.position();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        operation();
        return file.truncate(size);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close();
        operation();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer target, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metaData) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
