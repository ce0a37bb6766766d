package fanout.jmh;

/** A counter that many threads share. */
interface Counter {

    void increment() throws InterruptedException;

    /** The sum; asked once, when all who count have ended. */
    long total() throws InterruptedException;
}
