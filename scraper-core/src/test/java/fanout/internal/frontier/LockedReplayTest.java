package fanout.internal.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.journal.Replay;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.page.ContentDigest;
import fanout.url.CanonicalUrl;
import fanout.url.FingerprintSet;
import fanout.url.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class LockedReplayTest {

    @Test
    void whateverIsReplayedComesWithTheLockAndLeavesItFree() {
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE);
        ReentrantLock lock = group.lock;
        List<Object> heard = new ArrayList<>();
        Replay replay = new LockedReplay(group::locked, new Replay() {

            private void heard(Object what) {
                assertThat(lock.isHeldByCurrentThread()).isTrue();
                heard.add(what);
            }

            @Override
            public void counted(Counts counts, long ok) {
                heard(ok);
            }

            @Override
            public void changed(Change change) {
                heard(change);
            }

            @Override
            public void okPages(Host host, Optional<String> label, long pages) {
                heard(pages);
            }

            @Override
            public void firstPage(ContentDigest digest, CanonicalUrl url) {
                heard(url);
            }

            @Override
            public void known(FingerprintSet prints) {
                heard(prints);
            }

            @Override
            public void waiting(List<Waiting> some) {
                heard(some);
            }
        });
        Change.SitemapFound change = new Change.SitemapFound(CanonicalUrl.of("http://example.org/"));
        FingerprintSet prints = new FingerprintSet();
        replay.counted(Counts.NONE, 7);
        replay.changed(change);
        replay.okPages(CanonicalUrl.of("http://example.org/").host(), Optional.empty(), 5);
        replay.firstPage(new ContentDigest(1, 2), change.url());
        replay.known(prints);
        replay.waiting(List.of());
        assertThat(heard).containsExactly(7L, change, 5L, change.url(), prints, List.of());
        assertThat(lock.isLocked()).isFalse();
    }
}
