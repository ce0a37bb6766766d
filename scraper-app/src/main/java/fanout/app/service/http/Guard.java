package fanout.app.service.http;

/** Decides whether a request may pass, before its handler sees it. Thread-safe. */
@FunctionalInterface
public interface Guard {

    /**
     * Lets a request pass.
     *
     * @throws RefusedException if it may not
     */
    void check(ServiceRequest request) throws RefusedException;
}
