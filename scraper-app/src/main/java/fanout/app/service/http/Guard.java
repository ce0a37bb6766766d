package fanout.app.service.http;

import java.util.Optional;

/** Decides whether a request may pass, before its handler sees it. Thread-safe. */
@FunctionalInterface
public interface Guard {

    /**
     * Returns who makes a request; empty if it shows nothing that the service knows, or its door needs nothing. A
     * caller that is known may be refused all the same.
     */
    default Optional<Caller> caller(ServiceRequest request) {
        return Optional.empty();
    }

    /**
     * Lets a request pass.
     *
     * @param caller who makes it
     * @throws RefusedException if it may not
     */
    void check(ServiceRequest request, Optional<Caller> caller) throws RefusedException;
}
