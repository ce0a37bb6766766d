package fanout.okhttp;

import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The moment in which a request's last byte was handed to the operating system: never early, because the host's delay counts
 * from it, and told once. Confined to the fetching thread.
 *
 * <p>HTTP/1: OkHttp collects the request in a buffer of 8 KiB, which it empties when full and flushes at the end; the first
 * write after the end carries the last byte. If the buffer was emptied by that very byte there is none, and the last write
 * before did.
 *
 * <p>HTTP/2: the request was flushed when OkHttp says that it ended, by this thread or by another one that held the
 * connection's lock; so only this moment is certainly not too early.
 */
final class RequestStamp {

    private final LongConsumer written;
    private boolean begun;
    private boolean ended;
    private Optional<Long> lastWrite = Optional.empty();
    private Optional<Long> told = Optional.empty();

    /** Tells the moment to {@code written}. */
    RequestStamp(LongConsumer written) {
        this.written = written;
    }

    void requestBegins() {
        begun = true;
    }

    void requestEnds() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    void multiplexedRequestEnds(long nanos) {
        ended = true;
        lastWrite = Optional.of(nanos);
        tellIfEnded();
    }

    /** A socket took bytes from this thread. */
    void wrote(long nanos) {
        if (begun && told.isEmpty()) {
            lastWrite = Optional.of(nanos);
            tellIfEnded();
        }
    }

    /** The request's last write, if the request has ended. */
    Optional<Long> tellIfEnded() {
        if (told.isEmpty() && ended && lastWrite.isPresent()) {
            told = lastWrite;
            written.accept(lastWrite.get());
        }
        return told;
    }
}
