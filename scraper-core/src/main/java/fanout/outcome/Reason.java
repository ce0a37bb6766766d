package fanout.outcome;

import java.util.Locale;

/**
 * Why a URL did not yield a page: the words of reports, result files and metrics. Each belongs to one outcome.
 *
 * <p>{@link Failure}, {@link SkipReason} and {@link CancelReason} carry the facts behind a reason; code that only
 * counts or prints reasons needs no more than this.
 */
public enum Reason {
    /** A status that is neither 2xx nor a redirect. */
    HTTP_STATUS(Failed.NAME),
    /** A deadline passed. */
    TIMEOUT(Failed.NAME),
    /** The host name has no address, or the lookup failed. */
    DNS(Failed.NAME),
    /** The connection was refused, reset, or closed before the response was complete. */
    CONNECTION(Failed.NAME),
    /** No trustworthy TLS session. */
    TLS(Failed.NAME),
    /** The response is not valid HTTP. */
    PROTOCOL(Failed.NAME),
    /** The decoded body is longer than the job allows. */
    BODY_TOO_LARGE(Failed.NAME),
    /** The chain of redirects is longer than the job allows. */
    TOO_MANY_REDIRECTS(Failed.NAME),
    /** A redirect without a usable target. */
    BAD_REDIRECT(Failed.NAME),
    /** The host has an address that the job does not allow. */
    PRIVATE_ADDRESS(Failed.NAME),
    /** The body could not be parsed, or a user's extractor threw. */
    PARSE(Failed.NAME),
    /** Two sessions in a row got a response that the job takes for that of an expired session. */
    SESSION(Failed.NAME),

    /** robots.txt forbids the URL, or could not be read although the host answers. */
    ROBOTS(Skipped.NAME),
    /** The host failed too often. */
    CIRCUIT_OPEN(Skipped.NAME),
    /** The page budget was used up. */
    BUDGET(Skipped.NAME),
    /** An interceptor of the program refused the request, or a secret in its body does not go there. */
    REFUSED(Skipped.NAME),

    /** The job's {@code maxDuration} was reached. */
    DEADLINE(Cancelled.NAME),
    /** The crawl was asked to end: by a signal, {@code drain()}, {@code cancel()} or an interrupt. */
    INTERRUPTED(Cancelled.NAME),
    /** A sink failed, or the program itself did. */
    ABORTED(Cancelled.NAME);

    private final String outcome;
    private final String label;

    Reason(String outcome) {
        this.outcome = outcome;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /**
     * The reason with this label.
     *
     * @throws IllegalArgumentException if no reason has this name
     */
    public static Reason ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** The name of the outcome that has this reason: {@code failed}, {@code skipped} or {@code cancelled}. */
    public String outcome() {
        return outcome;
    }

    /** The reason as reports and metrics spell it: lower case. */
    public String label() {
        return label;
    }

    /** The label. */
    @Override
    public String toString() {
        return label;
    }
}
