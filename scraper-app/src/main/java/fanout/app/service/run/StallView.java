package fanout.app.service.run;

import fanout.Stall;
import fanout.app.json.Json;
import fanout.page.Attempt;
import org.jspecify.annotations.Nullable;

/**
 * A crawl that stood still, in the words of the API.
 *
 * @param text who holds up whom, in several lines
 */
public record StallView(String seenAt, long lastedMs, long ready, int leased, int undelivered, @Nullable String text) {

    /** That of a crawl. */
    public static StallView of(Stall stall) {
        return new StallView(Attempt.TIMES.format(stall.seenAt()), stall.lasted().toMillis(), stall.ready(),
                stall.leased(), stall.undelivered(), Json.wellFormed(stall.toString()));
    }
}
