package fanout.synthetic;

import java.io.IOException;

/**
 * Answers requests. Called on the connection's own virtual thread, so it may block; one handler may be called by many
 * connections at once. {@link SyntheticWeb#close()} interrupts it. An {@link IOException} ends the connection quietly
 * (the client left); any other exception ends it too and is thrown again by {@link SyntheticWeb#close()}, so that a
 * broken handler cannot pass for a strange site.
 */
@FunctionalInterface
public interface Handler {
    void handle(Exchange exchange) throws IOException, InterruptedException;
}
