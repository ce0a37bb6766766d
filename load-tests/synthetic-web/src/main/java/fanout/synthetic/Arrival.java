package fanout.synthetic;

import java.time.Instant;

/**
 * One request, as the server saw it.
 *
 * @param nanoTime {@link System#nanoTime()} when the last byte of the request's head had been read
 * @param wallTime the same moment on the wall clock
 * @param host the Host header, as sent; empty if there was none
 * @param path the request target: path and query, as sent
 * @param connection the number of the connection, from 1
 * @param status what was answered; 0 while nothing was, and for good if no status line was ever sent
 */
public record Arrival(
        long nanoTime,
        Instant wallTime,
        String host,
        String method,
        String path,
        int connection,
        int status) {}
