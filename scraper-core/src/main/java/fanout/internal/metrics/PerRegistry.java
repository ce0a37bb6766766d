package fanout.internal.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One set of meters for each registry. A registry ignores a second set of the same names, and what is measured by it
 * would be invisible.
 *
 * <p>Thread-safe. The lock is not held while meters are registered.
 */
final class PerRegistry<M extends MeterBinder> {

    private final ReentrantLock lock = new ReentrantLock();

    /** Both ends are weak: the registry's gauges keep its meters alive, and the meters would keep the registry. */
    @GuardedBy("lock")
    private final Map<MeterRegistry, WeakReference<M>> bound = new WeakHashMap<>();

    /** The meters of a registry: made and registered on the first call for it. */
    M of(MeterRegistry registry, Supplier<M> unregistered) {
        M fresh = unregistered.get();
        lock.lock();
        try {
            WeakReference<M> known = bound.get(registry);
            M meters = known == null ? null : known.get();
            if (meters != null) {
                return meters;
            }
            bound.put(registry, new WeakReference<>(fresh));
        } finally {
            lock.unlock();
        }
        fresh.bindTo(registry);
        return fresh;
    }
}
