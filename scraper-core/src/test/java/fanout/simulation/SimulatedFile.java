package fanout.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** An open file of a {@link SimulatedDisk}. Confined to the simulation. */
final class SimulatedFile extends FileChannel {

    private final SimulatedDisk disk;
    private final SimulatedDisk.Content content;
    private long position;

    SimulatedFile(SimulatedDisk disk, SimulatedDisk.Content content) {
        this.disk = disk;
        this.content = content;
    }

    @Override
    public int read(ByteBuffer bytes) {
        int count = read(bytes, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int read(ByteBuffer bytes, long at) {
        int count = (int) Math.min(bytes.remaining(), content.size() - at);
        if (count <= 0) {
            return -1;
        }
        bytes.put(content.bytes(), (int) at, count);
        return count;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        byte[] some = new byte[bytes.remaining()];
        bytes.get(some);
        disk.write(content, position, some);
        position += some.length;
        return some.length;
    }

    @Override
    public long write(ByteBuffer[] all, int offset, int length) throws IOException {
        long count = 0;
        for (int i = offset; i < offset + length; i++) {
            count += write(all[i]);
        }
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long at) {
        position = at;
        return this;
    }

    @Override
    public long size() {
        return content.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        disk.cut(content, size);
        position = Math.min(position, size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        disk.sync(content);
    }

    @Override
    protected void implCloseChannel() {}

    @Override
    public long read(ByteBuffer[] all, int offset, int length) {
        throw unused();
    }

    @Override
    public int write(ByteBuffer bytes, long at) {
        throw unused();
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) {
        throw unused();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw unused();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw unused();
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) {
        throw unused();
    }

    @Override
    public @Nullable FileLock tryLock(long at, long size, boolean shared) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("nothing of the crawler's");
    }
}
