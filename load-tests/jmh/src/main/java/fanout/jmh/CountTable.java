package fanout.jmh;

/** Counts by host, for many threads. */
interface CountTable {

    /** For one thread. */
    Access access();

    /** The sum of all counts; asked once, when all who use the table have ended. */
    long total() throws InterruptedException;

    /** What a thread does with the table. */
    interface Access {

        long get(String host) throws InterruptedException;

        void add(String host) throws InterruptedException;
    }
}
