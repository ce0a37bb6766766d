package fanout.frontier;

import fanout.journal.Replay;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.url.FingerprintSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A replay into what the frontier's lock guards, which is taken for each call. */
record LockedReplay(ReentrantLock lock, Replay guarded) implements Replay {

    @Override
    public void counted(Counts counts, long ok) {
        locked(() -> guarded.counted(counts, ok));
    }

    @Override
    public void changed(Change change) {
        locked(() -> guarded.changed(change));
    }

    @Override
    public void known(FingerprintSet prints) {
        locked(() -> guarded.known(prints));
    }

    @Override
    public void waiting(List<Waiting> some) {
        locked(() -> guarded.waiting(some));
    }

    private void locked(Runnable call) {
        lock.lock();
        try {
            call.run();
        } finally {
            lock.unlock();
        }
    }
}
