package fanout.journal;

import java.io.IOException;

/** A crawl cannot go on, or cannot keep a journal. The message says why, and nothing was changed. */
public final class JournalException extends IOException {

    private static final long serialVersionUID = 1;

    private final Refusal refusal;

    public JournalException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    public JournalException(Refusal refusal, String message, Throwable cause) {
        super(message, cause);
        this.refusal = refusal;
    }

    /** What kind of reason it is. */
    public Refusal refusal() {
        return refusal;
    }

    /** Why a crawl cannot continue. */
    public enum Refusal {
        /** Another crawl, of this process or another, has the journal. */
        HELD,
        /** The journal is damaged before its last group, or is of another version, or is no journal. */
        DAMAGED,
        /** The journal is of another job. */
        OTHER_JOB,
        /** An output is missing, or does not hold what was committed. */
        OUTPUT,
        /** A sink does not commit, or keeps what cannot be cut back, as a pipe does. */
        NOT_RESUMABLE
    }
}
