package fanout.internal.frontier;

import fanout.journal.Replay;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.page.ContentDigest;
import fanout.url.CanonicalUrl;
import fanout.url.FingerprintSet;
import fanout.url.Host;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Replays into what the frontier's lock guards, which is taken for each call: a journal may have a million URLs.
 *
 * @param lock runs a call within one hold of the lock
 */
record LockedReplay(Executor lock, Replay guarded) implements Replay {

    @Override
    public void counted(Counts counts, long ok) {
        lock.execute(() -> guarded.counted(counts, ok));
    }

    @Override
    public void changed(Change change) {
        lock.execute(() -> guarded.changed(change));
    }

    @Override
    public void okPages(Host host, Optional<String> label, long pages) {
        lock.execute(() -> guarded.okPages(host, label, pages));
    }

    @Override
    public void firstPage(ContentDigest digest, CanonicalUrl url) {
        lock.execute(() -> guarded.firstPage(digest, url));
    }

    @Override
    public void known(FingerprintSet prints) {
        lock.execute(() -> guarded.known(prints));
    }

    @Override
    public void waiting(List<Waiting> some) {
        lock.execute(() -> guarded.waiting(some));
    }
}
