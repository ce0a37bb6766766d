package fanout.queue;

import fanout.backlog.Pending;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work whose host's turn it is. Immutable.
 *
 * @param queue the host
 * @param page the URL, if it is a page
 */
public record Turn(HostQueue queue, Work work, @Nullable Pending page) {}
