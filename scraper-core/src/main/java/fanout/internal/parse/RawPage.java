package fanout.internal.parse;

import fanout.internal.limit.ParseTime;
import fanout.internal.limit.WatchedInput;
import fanout.page.Request;
import fanout.page.ResponseHead;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import okhttp3.Headers;

/**
 * A response as it came from the network.
 *
 * @param fetchedAt when it was asked for
 * @param contentType the Content-Type header with its parameters; empty if it is missing
 * @param body decoded; must not change any more
 */
public record RawPage(
        Request request,
        ResponseHead head,
        Instant fetchedAt,
        Headers headers,
        String contentType,
        byte[] body) {

    boolean isJson() {
        return head.contentType().filter(type -> type.endsWith("/json") || type.endsWith("+json")).isPresent();
    }

    /** XHTML is read as browsers read it: there {@code <script src="…"/>} is a whole element. */
    boolean isXml() {
        return head.contentType().filter(type -> type.endsWith("+xml") || type.endsWith("/xml")).isPresent();
    }

    /** The body from some byte on, until the parse is to end. */
    InputStream watchedBody(int from, ParseTime time) {
        return new WatchedInput(new ByteArrayInputStream(body, from, body.length - from), body.length, time);
    }
}
