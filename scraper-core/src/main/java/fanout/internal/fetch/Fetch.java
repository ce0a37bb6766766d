package fanout.internal.fetch;

import fanout.outcome.Failure;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import java.util.Optional;
import okhttp3.Headers;

/**
 * How an attempt ended. Expected outcomes are values; only interruption is an exception.
 *
 * <p>Owned by the caller of the fetcher, which closes it when it is done with the body: until then the body counts as
 * memory in use, and other fetches may have to wait for it.
 */
public sealed interface Fetch extends AutoCloseable {

    Attempt attempt();

    /** Gives back the memory of the body. Idempotent. */
    @Override
    void close();

    /**
     * A complete response, of any status.
     *
     * @param headers all of them, as sent
     * @param contentType the Content-Type header as sent, with its parameters; empty if it is missing
     * @param body the decoded body; empty if it was not wanted
     * @param bodyRead whether the body was wanted, and read
     * @param kept the file that the body became; its {@code body} is empty then, and was not read
     * @param memory what the body takes
     */
    record Response(
            Attempt attempt,
            ResponseHead head,
            Headers headers,
            String contentType,
            byte[] body,
            boolean bodyRead,
            Optional<BodyFiles.KeptBody> kept,
            HeldMemory memory) implements Fetch {

        /** A response whose body has not become a file. */
        public Response(Attempt attempt, ResponseHead head, Headers headers, String contentType, byte[] body,
                boolean bodyRead, HeldMemory memory) {
            this(attempt, head, headers, contentType, body, bodyRead, Optional.empty(), memory);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    /** The memory that a response's body takes, given back by closing. Idempotent. */
    @FunctionalInterface
    interface HeldMemory extends AutoCloseable {

        /** Of a response without a body. */
        HeldMemory NONE = () -> {};

        @Override
        void close();
    }

    /** No complete response. The attempt carries the head if one had arrived. */
    record NoResponse(Attempt attempt, Failure failure) implements Fetch {

        /** Holds nothing. */
        @Override
        public void close() {}
    }
}
