package fanout.internal.limit;

import fanout.internal.task.Ticker;

/**
 * The memory that pages and idle connections take at once, in all crawls of one {@link fanout.Scraper}: nine sixteenths
 * of the heap. A body takes room from its
 * first byte to the end of its parse, and its document takes room while it is parsed.
 *
 * <p>Room for a document is asked for while a body is held, never the other way round: a thread that has a document
 * waits for nothing, so documents end, then their bodies, and no two wait for each other.
 *
 * @param bodies an eighth of the heap
 * @param documents three eighths
 * @param idle a sixteenth
 */
public record MemoryBudget(BodyRoom bodies, DocumentRoom documents, IdleConnections idle) {

    /** For the heap of this JVM, and one document on each processor. */
    public static MemoryBudget ofThisMachine(Ticker ticker) {
        Runtime runtime = Runtime.getRuntime();
        long eighth = runtime.maxMemory() / 8;
        // A body takes twice its size while it arrives, so one of 8 MiB, the default limit, fits into a heap of 256
        // MiB.
        long reserve = eighth / 8 * 5;
        return new MemoryBudget(new BodyRoom(eighth, reserve, ticker),
                new DocumentRoom(runtime.availableProcessors(), 3 * eighth, ticker), new IdleConnections(eighth / 2));
    }
}
