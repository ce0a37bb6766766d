package fanout.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * One request for one URL. Immutable.
 *
 * @param duration from the start of the attempt (before DNS) to its end
 * @param latency from the moment the request was written to the end of the response headers; empty without a response
 * @param head empty if no response headers arrived
 * @param ip the address of the connection that carried the request; empty if there was none
 * @param sent whether the server may have seen any of the request; false only if certainly nothing of it was written
 */
public record Attempt(
        Instant startedAt,
        Duration duration,
        Optional<Duration> latency,
        Optional<ResponseHead> head,
        Optional<String> ip,
        boolean sent) {

    /** An attempt whose request the server may have seen. */
    public Attempt(Instant startedAt, Duration duration, Optional<Duration> latency, Optional<ResponseHead> head,
            Optional<String> ip) {
        this(startedAt, duration, latency, head, ip, true);
    }

    /**
     * How times are written: RFC 3339, always with three decimals, which {@link Instant#toString} leaves out when they
     * are zero.
     */
    public static final DateTimeFormatter TIMES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
}
