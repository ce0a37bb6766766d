package fanout.fetch;

import fanout.outcome.Failure;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import okhttp3.Headers;

/** How an attempt ended. Expected outcomes are values; only interruption is an exception. */
public sealed interface Fetch {

    Attempt attempt();

    /**
     * A complete response, of any status.
     *
     * @param headers all of them, as sent
     * @param contentType the Content-Type header as sent, with its parameters; empty if there is none
     * @param body the decoded body, owned by the receiver; empty if it was not wanted
     * @param bodyRead whether the body was wanted, and read
     */
    record Response(
            Attempt attempt,
            ResponseHead head,
            Headers headers,
            String contentType,
            byte[] body,
            boolean bodyRead) implements Fetch {}

    /** No complete response. The attempt carries the head if one had arrived. */
    record NoResponse(Attempt attempt, Failure failure) implements Fetch {}
}
