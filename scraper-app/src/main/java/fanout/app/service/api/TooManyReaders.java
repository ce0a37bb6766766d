package fanout.app.service.api;

import fanout.app.service.http.Problem;
import fanout.app.service.http.RefusedException;

/** The refusal of a reader for which there is no room. */
final class TooManyReaders {

    private TooManyReaders() {}

    static RefusedException refused() {
        return new RefusedException(Problem.of(429, "too many requests read this crawl, or all crawls, at the moment")
                .with("Retry-After", "5"));
    }
}
