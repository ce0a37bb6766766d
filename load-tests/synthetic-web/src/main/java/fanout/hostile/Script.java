package fanout.hostile;

import java.io.IOException;

/** What a host does with a request. */
@FunctionalInterface
interface Script {

    /**
     * Answers, or does worse.
     *
     * @param path the request's path and query; empty if the host speaks before it was asked
     * @throws IOException when the client leaves, which ends many a script
     */
    void answer(Wire wire, String path) throws IOException, InterruptedException;
}
