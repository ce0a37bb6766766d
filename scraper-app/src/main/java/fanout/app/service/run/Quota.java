package fanout.app.service.run;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** What the outputs of one crawl may take on the disk. Thread-safe. */
final class Quota {

    private final long most;
    private final AtomicLong taken;

    /** @param taken by earlier runs */
    Quota(long most, long taken) {
        this.most = most;
        this.taken = new AtomicLong(taken);
    }

    /**
     * Takes room for bytes that are about to be written.
     *
     * @throws IOException if there is not enough; nothing is taken then
     */
    void take(long bytes) throws IOException {
        if (taken.addAndGet(bytes) > most) {
            taken.addAndGet(-bytes);
            throw new IOException(
                    "the outputs of this crawl would take more than maxBytesPerCrawl, " + most + " bytes");
        }
    }
}
