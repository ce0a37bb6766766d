package fanout.app.service.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.app.service.http.Caller;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Who has logged in by the dashboard: hashes of random ids, each for twelve hours, or as long as its token opens the
 * service. Of more than a thousand the oldest go. They end with the process. Thread-safe.
 */
final class Sessions {

    static final Duration LENGTH = Duration.ofHours(12);
    private static final int MOST = 1_000;
    private static final int ID_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();

    /** The oldest first. */
    @GuardedBy("lock")
    private final Map<SecretHash, Session> open = new LinkedHashMap<>();

    /** @param nanoTime the clock, in nanoseconds from any moment */
    Sessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param end in nanoseconds of the clock */
    private record Session(Caller caller, long end) {}

    /** Begins a session of someone who has shown a token, and returns its id. */
    String begin(Caller caller) {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        lock.lock();
        try {
            open.put(SecretHash.of(id), new Session(caller, nanoTime.getAsLong() + LENGTH.toNanos()));
            for (Iterator<SecretHash> oldest = open.keySet().iterator(); open.size() > MOST;) {
                oldest.next();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
        return id;
    }

    /** Returns whose session has an id; empty if it does not exist or is over. */
    Optional<Caller> caller(String id) {
        SecretHash hash = SecretHash.of(id);
        lock.lock();
        try {
            Session session = open.get(hash);
            if (session == null) {
                return Optional.empty();
            }
            if (nanoTime.getAsLong() - session.end >= 0) {
                open.remove(hash);
                return Optional.empty();
            }
            return Optional.of(session.caller);
        } finally {
            lock.unlock();
        }
    }

    void end(String id) {
        SecretHash hash = SecretHash.of(id);
        lock.lock();
        try {
            open.remove(hash);
        } finally {
            lock.unlock();
        }
    }
}
