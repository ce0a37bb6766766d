package fanout.leak;

import java.time.Duration;

/** Something that is still there, and may be about to go. */
sealed interface Remnant permits ChildProcess, LiveThread, Loan {

    /** The object whose identity distinguishes it from others. */
    Object thing();

    /** Whether to wait for it makes sense. */
    boolean mayGo();

    /** Waits until it may have gone, at most as long as this. */
    void awaitEnd(Duration atMost) throws InterruptedException;

    /** The leak to report, with what identifies its owner. Takes a thread's stack. */
    Leak leak();
}
