package fanout.internal.parse;

import fanout.page.Attempt;
import fanout.page.Request;
import fanout.url.LinkBase;
import java.time.Instant;

/**
 * What is known of a page beside its content.
 *
 * @param fetchedAt when the page was asked for
 * @param base against which links are resolved
 */
record PageFacts(Request request, Instant fetchedAt, LinkBase base) {

    String url() {
        return request.url().toString();
    }

    String time() {
        return Attempt.TIMES.format(fetchedAt);
    }
}
