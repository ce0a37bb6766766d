package fanout.app.service.run;

import java.io.IOException;
import java.io.Serial;
import java.util.concurrent.atomic.AtomicLong;

/** What the outputs of one crawl may take on the disk. Thread-safe. */
final class Quota {

    /** The crawl has reached its quota: what its user gave it is used up, and nothing is broken. */
    static final class ExceededException extends IOException {

        @Serial
        private static final long serialVersionUID = 1;

        private ExceededException(String message) {
            super(message);
        }
    }

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
     * @throws ExceededException if there is not enough; nothing is taken then
     */
    void take(long bytes) throws ExceededException {
        if (taken.addAndGet(bytes) > most) {
            taken.addAndGet(-bytes);
            throw new ExceededException(
                    "the outputs of this crawl would take more than maxBytesPerCrawl, " + most + " bytes");
        }
    }
}
