package fanout.queue;

import fanout.backlog.Pending;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work whose host's turn it is. Immutable.
 *
 * @param queue the host
 * @param page the URL, if it is a page
 */
public record Turn(HostQueue queue, Work work, @Nullable Pending page) {

    /** Whether its URL was tried before. */
    public boolean isRepetition() {
        return switch (work) {
            case Work.FetchPage fetch -> fetch.attempts() > 0 || (page != null && page.stale() > 0);
            case Work.FetchRobots fetch -> fetch.attempts() > 0;
            case Work.FetchSitemap fetch -> fetch.attempts() > 0;
            case Work.Decide _ -> false;
        };
    }
}
