package fanout.task;

import java.util.Locale;

/** The stages of a visit, in order. The stage that spends a deadline is named. */
public enum Stage {
    /** Waiting for the host's turn: delay, Retry-After, backoff, an open circuit. */
    POLITENESS,
    /** Waiting for the host's robots.txt. */
    ROBOTS,
    /** Looking up the host's addresses. */
    DNS,
    /** Connecting, including TLS. */
    CONNECT,
    /** From the first byte of the request to the end of the response headers. */
    HEADERS,
    /** Reading the response body. */
    BODY,
    /** Waiting for room in memory, for a body or a document. */
    MEMORY,
    /** Waiting for a processor to parse on, and parsing. */
    PARSE,
    /** Handing the result to the sinks. */
    SINK;

    /** The name as reports and metrics spell it: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
