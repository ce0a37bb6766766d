package fanout.app.service.run;

import fanout.journal.Space;
import java.io.IOException;
import java.io.Serial;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the files of one crawl may take on the disk: its outputs, its journal, and the one that takes the journal's
 * place. What is left for the report and the figures, which are written last, is kept back. Thread-safe.
 */
final class Quota implements Space {

    /** The crawl has reached its quota: what its user gave it is used up, and nothing is broken. */
    static final class ExceededException extends IOException {

        @Serial
        private static final long serialVersionUID = 1;

        private ExceededException(String message) {
            super(message);
        }
    }

    private static final long MOST_KEPT_BACK = 64 << 10;
    private static final int PART_KEPT_BACK = 16;
    /** The line of a page that was fetched takes more than was reserved for it. */
    private static final int PART_FOR_PAGES = 8;

    private final long most;
    private final long keptBack;
    private final AtomicLong taken;
    private final AtomicLong reserved = new AtomicLong();

    /** @param taken by files that are there already */
    Quota(long most, long taken) {
        this.most = most;
        this.keptBack = Math.min(MOST_KEPT_BACK, most / PART_KEPT_BACK);
        this.taken = new AtomicLong(taken);
    }

    /**
     * Takes space for bytes that are about to be written.
     *
     * @throws ExceededException if there is not enough; nothing is taken then
     */
    @Override
    public void take(long bytes) throws ExceededException {
        if (taken.addAndGet(bytes) > most - keptBack) {
            taken.addAndGet(-bytes);
            throw exceeded();
        }
    }

    @Override
    public void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    @Override
    public void reserve(long bytes) {
        reserved.addAndGet(bytes);
    }

    @Override
    public boolean hasRoom() {
        return used() < most - keptBack - most / PART_FOR_PAGES;
    }

    @Override
    public boolean isSpent() {
        return used() >= most - keptBack;
    }

    private long used() {
        return taken.get() + Math.max(0, reserved.get());
    }

    @Override
    public ExceededException exceeded() {
        return new ExceededException("the files of this crawl would take more than maxBytesPerCrawl, " + most
                + " bytes; the service can give it more, and then it can be resumed");
    }
}
