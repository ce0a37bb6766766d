package fanout.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;

/**
 * Which threads of a crawl are alive, read from the JVM: a source that no counter of ours wrote.
 *
 * <p>Platform threads are found in a thread dump, by the prefix of their names. Virtual ones are in no dump that is safe to
 * take: on JDK 25 {@code HotSpotDiagnosticMXBean.dumpThreads} crashes the JVM when it meets a virtual thread that is being
 * mounted or unmounted (JDK-8364343), and those of other crawls, or of the caller, may be. So the crawl's factory remembers
 * each that it makes, and the JVM is asked about those.
 *
 * <p>Thread-safe. It remembers as many threads as the crawl has workers.
 */
public final class LiveThreads {

    /** A thread that its scope has joined may need microseconds more to be gone. */
    private static final Duration GRACE = Duration.ofMillis(100);

    private final String prefix;
    private final Queue<Thread> virtual = new ConcurrentLinkedQueue<>();

    /**
     * The threads of one crawl.
     *
     * @param prefix with which the names of all its threads begin, and no others
     */
    public LiveThreads(String prefix) {
        this.prefix = prefix;
    }

    /** The same factory, its virtual threads remembered. */
    public ThreadFactory remembering(ThreadFactory factory) {
        return task -> {
            Thread thread = factory.newThread(task);
            if (thread.isVirtual()) {
                virtual.add(thread);
            }
            return thread;
        };
    }

    /** The names of those that live, the calling one excepted. An interrupted caller gets them, too, and stays interrupted. */
    public List<String> names() {
        List<Thread> candidates = new ArrayList<>(virtual);
        candidates.addAll(Thread.getAllStackTraces().keySet());
        candidates.removeIf(thread -> thread == Thread.currentThread() || !thread.getName().startsWith(prefix));
        boolean interrupted = Thread.interrupted();
        boolean waited = false;
        while (!waited) {
            try {
                awaitEnd(candidates);
                waited = true;
            } catch (InterruptedException e) {
                interrupted = true; // without the time of grace a thread that is ending would be taken for a leak
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return candidates.stream().filter(Thread::isAlive).map(Thread::getName).toList();
    }

    /** Once one has not ended in the time of grace, the others are not waited for: they have had it, too. */
    private static void awaitEnd(List<Thread> candidates) throws InterruptedException {
        for (Thread candidate : candidates) {
            if (candidate.isAlive() && !candidate.join(GRACE)) {
                return;
            }
        }
    }
}
