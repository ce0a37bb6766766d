package fanout.jmh;

/** A way from many senders to one receiver. */
interface Pipe {

    void send(Integer element) throws InterruptedException;

    /** After the last sender has ended. */
    void end() throws InterruptedException;

    /** Receives until the end; returns how many. */
    long receiveAll() throws InterruptedException;
}
