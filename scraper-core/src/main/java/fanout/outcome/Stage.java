package fanout.outcome;

import java.util.Locale;

/** The stages of a visit, in order. The stage that spends a deadline is named. */
public enum Stage {
    /** Waiting for the host's turn: delay, Retry-After, backoff, an open circuit. */
    POLITENESS("a host that is ready"),
    /** Waiting for the host's robots.txt. */
    ROBOTS("robots.txt"),
    /** Looking up the host's addresses. */
    DNS("name lookup"),
    /** Connecting, including TLS. */
    CONNECT("the connection"),
    /** From the first byte of the request to the end of the response headers. */
    HEADERS("the response"),
    /** Reading the response body. */
    BODY("the rest of the body"),
    /** Waiting for a part of the memory budget, for a body or a document. */
    MEMORY("a memory permit"),
    /** Waiting for a processor to parse on, and parsing. */
    PARSE("the parser"),
    /** Handing the result to the sinks. */
    SINK("the sink");

    private final String waitsFor;

    Stage(String waitsFor) {
        this.waitsFor = waitsFor;
    }

    /** What a task in this stage waits for, in words. */
    public String waitsFor() {
        return waitsFor;
    }

    /** The name as reports and metrics spell it: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
