package fanout.app.service.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file that takes what it writes from a quota, and fails when that has no more. Everything else is the file's. */
final class QuotaFile extends FileChannel {

    private final FileChannel file;
    private final Quota quota;

    QuotaFile(FileChannel file, Quota quota) {
        this.file = file;
        this.quota = quota;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int given = bytes.remaining();
        quota.take(given);
        return written(given, () -> file.write(bytes));
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
        int given = bytes.remaining();
        quota.take(given);
        return written(given, () -> file.write(bytes, position));
    }

    /** Writes to a file. */
    @FunctionalInterface
    private interface Write {
        int run() throws IOException;
    }

    /** What was not written is given back: the rest of it is taken when it is tried again. */
    private int written(int given, Write write) throws IOException {
        int written = 0;
        try {
            written = write.run();
            return written;
        } finally {
            quota.giveBack(given - written);
        }
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        long written = 0;
        for (int i = offset; i < offset + length; i++) {
            written += write(buffers[i]);
        }
        return written;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return file.read(into);
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        return file.read(into, position);
    }

    @Override
    public long read(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return file.read(buffers, offset, length);
    }

    @Override
    public long position() throws IOException {
        return file.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        file.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        long before = file.size();
        file.truncate(size);
        quota.giveBack(Math.max(0, before - size));
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        file.force(metaData);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return file.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException("results are written from memory");
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException("results are written from memory");
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return file.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close();
    }
}
