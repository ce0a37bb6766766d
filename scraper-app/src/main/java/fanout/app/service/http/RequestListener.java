package fanout.app.service.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Hears of every request that was answered, on the thread that answered it; must not block. */
@FunctionalInterface
public interface RequestListener {

    /** Called once for each request. */
    void answered(Answered request);

    /**
     * A request and its answer.
     *
     * @param token the name of the one that it has shown
     * @param route the pattern of its path; {@code unmatched} if no route matches
     * @param path as it was asked for, without its query
     * @param status 0 if the connection ended before there was one
     * @param complete whether the whole answer was sent
     */
    record Answered(
            Instant at,
            String remote,
            Optional<String> token,
            String method,
            String route,
            String path,
            int status,
            long bytes,
            Duration duration,
            boolean complete) {}
}
