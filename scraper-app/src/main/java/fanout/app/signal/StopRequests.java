package fanout.app.signal;

import fanout.Crawl;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where a job's signals go: to its crawl, or, while there is none yet, to the one that is about to begin; so that a signal
 * between the two is not lost. Thread-safe.
 */
public final class StopRequests {

    /** How the user wants the crawl to end. */
    public enum Wanted {
        NOTHING, DRAIN, CANCEL
    }

    private final AtomicReference<Wanted> wanted = new AtomicReference<>(Wanted.NOTHING);
    private volatile @Nullable Crawl crawl;

    /** The crawl to steer, which is told what was asked for before. */
    public void steer(Crawl begun) {
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

    /** Written first, read second, on both sides: one of them sees the other. What is asked for twice is harmless. */
    private void apply() {
        Crawl steered = crawl;
        if (steered != null) {
            switch (wanted.get()) {
                case NOTHING -> {}
                case DRAIN -> steered.drain();
                case CANCEL -> steered.cancel();
            }
        }
    }
}
