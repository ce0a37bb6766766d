package fanout.report;

/**
 * What made a crawl fail.
 *
 * @param cause as thrown
 */
public record CrawlFailure(Kind kind, Throwable cause) {

    /** Whose fault it was. */
    public enum Kind {
        /** A sink threw, or did not take what remained within {@code output.flushTimeout}. */
        SINK,
        /** A bug: something threw that should not have. */
        INTERNAL
    }

    /** For people. */
    public String message() {
        String said = cause.getMessage();
        String text = said == null ? cause.getClass().getSimpleName() : said;
        return switch (kind) {
            case SINK -> "a sink failed: " + text;
            case INTERNAL -> "internal error: " + cause;
        };
    }
}
