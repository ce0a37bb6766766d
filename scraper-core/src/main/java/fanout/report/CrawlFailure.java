package fanout.report;

/**
 * What made a crawl fail.
 *
 * @param cause as thrown
 */
public record CrawlFailure(Kind kind, Throwable cause) {

    /** What failed. */
    public enum Kind {
        /** A sink threw, or did not take what remained within {@code output.flushTimeout}. */
        SINK,
        /** What was to run next to the crawl could not be started, as a server of metrics on a port in use. No bug. */
        NOT_STARTED,
        /** A login did not give a session, or none that pages are served under. */
        LOGIN,
        /** The crawler itself: a bug. */
        INTERNAL
    }

    /** The failure in one sentence for people. */
    public String message() {
        return switch (kind) {
            case SINK -> "a sink failed: " + words();
            case NOT_STARTED, LOGIN -> words();
            case INTERNAL -> "internal error: " + cause;
        };
    }

    /** With the class of an error: its message is often no more than the name of another class. */
    private String words() {
        String said = cause.getMessage();
        return said == null || cause instanceof Error ? cause.toString() : said;
    }
}
