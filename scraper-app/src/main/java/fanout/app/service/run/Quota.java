package fanout.app.service.run;

import fanout.journal.Space;
import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the files of one crawl may take on the disk: its outputs, its journal, and the one that takes the journal's
 * place. What is left for the report and the figures, which are written last, is kept back. Thread-safe.
 */
final class Quota implements Space {

    /** The crawl has reached its quota: what its user gave it is used up, and nothing is broken. */
    static final class ExceededException extends IOException {

        @Serial
        private static final long serialVersionUID = 1;

        private ExceededException(String message) {
            super(message);
        }
    }

    private static final long MOST_KEPT_BACK = 64 << 10;
    private static final int PART_KEPT_BACK = 16;
    /** The line of a page that was fetched takes more than was reserved for it. */
    private static final int PART_FOR_PAGES = 8;

    private final long most;
    private final long keptBack;
    private final AtomicLong taken;
    private final AtomicLong reserved = new AtomicLong();

    /** @param taken by files that are there already */
    Quota(long most, long taken) {
        this.most = most;
        this.keptBack = Math.min(MOST_KEPT_BACK, most / PART_KEPT_BACK);
        this.taken = new AtomicLong(taken);
    }

    /**
     * Takes space for bytes that are about to be written.
     *
     * @throws ExceededException if there is not enough; nothing is taken then
     */
    @Override
    public void take(long bytes) throws ExceededException {
        if (taken.addAndGet(bytes) > most - keptBack) {
            taken.addAndGet(-bytes);
            throw exceeded();
        }
    }

    @Override
    public void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    @Override
    public void reserve(long bytes) {
        reserved.addAndGet(bytes);
    }

    @Override
    public boolean hasRoom() {
        return used() < most - keptBack - most / PART_FOR_PAGES;
    }

    @Override
    public boolean isSpent() {
        return used() >= most - keptBack;
    }

    private long used() {
        return taken.get() + Math.max(0, reserved.get());
    }

    @Override
    public ExceededException exceeded() {
        return new ExceededException("the files of this crawl would take more than maxBytesPerCrawl, " + most
                + " bytes; the service can give it more, and then it can be resumed");
    }

    /** A file that takes what it writes from a quota, and fails when that has no more. Everything else is the file's. */
    static final class LimitedFile extends FileChannel {

        private final FileChannel file;
        private final Quota quota;

        LimitedFile(FileChannel file, Quota quota) {
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
}
