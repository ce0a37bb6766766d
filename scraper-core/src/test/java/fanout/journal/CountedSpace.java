package fanout.journal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is taken and reserved, and has the limits that a test sets. Thread-safe. */
public final class CountedSpace implements Space {

    /** What is taken: less than nothing if more was given back. */
    public final AtomicLong taken = new AtomicLong();
    public final AtomicLong reserved = new AtomicLong();
    public final AtomicLong mostReserved = new AtomicLong();

    /** More bytes at once are refused. */
    public volatile long takes = Long.MAX_VALUE;
    /** No URL is admitted from the moment on when so many bytes are reserved. */
    public volatile long admits = Long.MAX_VALUE;
    /** All is spent from the moment on when so many bytes are reserved. */
    public volatile long lasts = Long.MAX_VALUE;

    private final IOException exceeded = new IOException("this is all");

    @Override
    public void take(long bytes) throws IOException {
        if (bytes > takes) {
            throw exceeded;
        }
        taken.addAndGet(bytes);
    }

    @Override
    public void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    @Override
    public void reserve(long bytes) {
        mostReserved.accumulateAndGet(reserved.addAndGet(bytes), Math::max);
    }

    @Override
    public boolean hasRoom() {
        return mostReserved.get() < admits;
    }

    @Override
    public boolean isSpent() {
        return mostReserved.get() >= lasts;
    }

    @Override
    public IOException exceeded() {
        return exceeded;
    }
}
