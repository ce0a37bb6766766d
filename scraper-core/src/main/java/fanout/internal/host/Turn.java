package fanout.internal.host;

import org.jspecify.annotations.Nullable;

/**
 * A piece of work whose host's turn it is. Immutable.
 *
 * @param page the URL, if it is a page
 */
public record Turn(HostState host, Work work, @Nullable Pending page) {

    /** Whether it is tried again after a failure. A redirect that leads back to a page is not a retry. */
    public boolean isRepetition() {
        return switch (work) {
            case Work.FetchPage _ -> page != null && (page.last() != null || page.stale() > 0);
            case Work.FetchRobots fetch -> fetch.attempts() > 0;
            case Work.FetchSitemap fetch -> fetch.attempts() > 0;
            case Work.LogIn step -> step.attempts() > 0;
        };
    }

    /** A page whose host's turn it is. */
    static Turn at(HostState host, Pending page) {
        return new Turn(host, new Work.FetchPage(page.request(), page.attempts(), page.chain().hops(),
                host.robots().rules()), page);
    }
}
