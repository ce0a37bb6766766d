package fanout.app.service.api;

import fanout.app.service.http.Problem;
import fanout.app.service.http.RefusedException;

/** The refusal of a reader for which there is no room. */
final class TooManyReaders {

    private TooManyReaders() {}

    static RefusedException refused() {
        return new RefusedException(Problem
                .of(429, "as many requests as may read this crawl, or all crawls, at the same time do so already")
                .with("Retry-After", "5"));
    }
}
