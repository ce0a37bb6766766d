package fanout.app.signal;

import fanout.Crawl;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Requests to stop a job's crawl. A request made before the crawl exists is kept and applied when it does. Thread-safe.
 */
public final class StopRequests {

    /** How the user wants the crawl to end. A later constant goes further. */
    public enum Wanted {
        NOTHING, DRAIN, CANCEL
    }

    private final AtomicReference<Wanted> wanted = new AtomicReference<>(Wanted.NOTHING);
    private volatile @Nullable Crawl crawl;

    /** Sets the crawl, and applies what was requested before. */
    public void applyTo(Crawl begun) {
        crawl = begun;
        apply();
    }

    public void drain() {
        wanted.compareAndSet(Wanted.NOTHING, Wanted.DRAIN);
        apply();
    }

    public void cancel() {
        wanted.set(Wanted.CANCEL);
        apply();
    }

    public Wanted wanted() {
        return wanted.get();
    }

    /**
     * Each side writes its field first and reads the other's second, so at least one of them sees both. A request that
     * is applied twice does no harm.
     */
    private void apply() {
        Crawl current = crawl;
        if (current != null) {
            switch (wanted.get()) {
                case NOTHING -> {}
                case DRAIN -> current.drain();
                case CANCEL -> current.cancel();
            }
        }
    }
}
