package fanout.app.service.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Who has logged in by the dashboard: hashes of random ids, each for twelve hours. Of more than a thousand the oldest
 * go. They end with the process. Thread-safe.
 */
final class Sessions {

    static final Duration LENGTH = Duration.ofHours(12);
    private static final int MOST = 1_000;
    private static final int ID_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();

    /** When each ends, in nanoseconds of the clock; the oldest first. */
    @GuardedBy("lock")
    private final Map<SecretHash, Long> ends = new LinkedHashMap<>();

    /** @param nanoTime the clock, in nanoseconds from any moment */
    Sessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Begins a session, and returns its id. */
    String begin() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        lock.lock();
        try {
            ends.put(SecretHash.of(id), nanoTime.getAsLong() + LENGTH.toNanos());
            for (Iterator<SecretHash> oldest = ends.keySet().iterator(); ends.size() > MOST;) {
                oldest.next();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
        return id;
    }

    boolean isOpen(String id) {
        SecretHash hash = SecretHash.of(id);
        lock.lock();
        try {
            Long end = ends.get(hash);
            boolean open = end != null && nanoTime.getAsLong() - end < 0;
            if (!open) {
                ends.remove(hash);
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    void end(String id) {
        SecretHash hash = SecretHash.of(id);
        lock.lock();
        try {
            ends.remove(hash);
        } finally {
            lock.unlock();
        }
    }
}
