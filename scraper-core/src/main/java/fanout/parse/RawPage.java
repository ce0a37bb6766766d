package fanout.parse;

import fanout.page.Request;
import fanout.page.ResponseHead;
import java.time.Instant;
import okhttp3.Headers;

/**
 * A response as it came from the network.
 *
 * @param fetchedAt when it was asked for
 * @param contentType the Content-Type header with its parameters; empty if there is none
 * @param body decoded; must not change any more
 */
public record RawPage(
        Request request,
        ResponseHead head,
        Instant fetchedAt,
        Headers headers,
        String contentType,
        byte[] body) {}
