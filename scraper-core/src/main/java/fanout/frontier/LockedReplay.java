package fanout.frontier;

import fanout.journal.Replay;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Redirected;
import fanout.page.Request;
import fanout.url.Fingerprint;
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
    public void known(Fingerprint print) {
        locked(() -> guarded.known(print));
    }

    @Override
    public void waiting(Request request, List<Redirected> hops) {
        locked(() -> guarded.waiting(request, hops));
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
