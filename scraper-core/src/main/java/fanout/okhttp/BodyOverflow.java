package fanout.okhttp;

import java.io.IOException;

/** A body is longer than may be held. An IOException, because it ends a read in the middle. */
final class BodyOverflow extends IOException {

    private static final long serialVersionUID = 1L;

    private final long most;
    private final boolean isOfMemory;

    /**
     * @param most decoded bytes
     * @param isOfMemory whether it is the memory of this process that holds no more, and not the job that allows no more
     */
    BodyOverflow(long most, boolean isOfMemory) {
        super("body longer than " + most + " bytes");
        this.most = most;
        this.isOfMemory = isOfMemory;
    }

    long most() {
        return most;
    }

    boolean isOfMemory() {
        return isOfMemory;
    }
}
