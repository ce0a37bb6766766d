package fanout.queue;

import fanout.backlog.Pending;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work whose host's turn it is. Immutable.
 *
 * @param queue the host
 * @param page the URL, if it is a page
 */
public record Turn(HostState queue, Work work, @Nullable Pending page) {

    /** Whether it is tried again after a failure. A redirect that leads back to a page is none. */
    public boolean isRepetition() {
        return switch (work) {
            case Work.FetchPage _ -> page != null && (page.last() != null || page.stale() > 0);
            case Work.FetchRobots fetch -> fetch.attempts() > 0;
            case Work.FetchSitemap fetch -> fetch.attempts() > 0;
        };
    }
}
