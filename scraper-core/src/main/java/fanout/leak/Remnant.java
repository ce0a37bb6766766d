package fanout.leak;

import java.time.Duration;

/** Something that is still there, and may be about to go. */
sealed interface Remnant permits ChildProcess, LiveThread, Loan {

    /** What tells it from others, by identity. */
    Object thing();

    /** Whether to wait for it makes sense. */
    boolean mayGo();

    /** Waits until it may have gone, at most as long as this. */
    void awaitEnd(Duration atMost) throws InterruptedException;

    /** It, as somebody is told of it who has to find out whose it is. Takes a thread's stack. */
    Leak leak();
}
