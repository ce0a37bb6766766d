package fanout.leak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;

/**
 * The threads of one job, by the prefix of their names, asked of the JVM: a source that no counter of ours wrote. For
 * programs in production, which cannot be asked to start with a flag for the sake of {@link Baseline}.
 *
 * <p>Platform threads are listed by the JVM, no matter what started them. Virtual ones are not, so the job's factory
 * remembers each that it makes. Thread-safe. It remembers as many threads as it has made.
 */
public final class RememberedThreads {

    /**
     * A thread ends microseconds after its scope has joined it; on a busy machine it may have to wait for a processor.
     */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final String prefix;
    private final Queue<Thread> virtual = new ConcurrentLinkedQueue<>();

    /**
     * The threads of one job.
     *
     * @param prefix with which the names of all its threads begin, and no others
     */
    public RememberedThreads(String prefix) {
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

    /** Those that live, the calling one excepted. An interrupted caller gets them, too, and stays interrupted. */
    public List<Leak> leaks() {
        return Grace.after(GRACE, this::alive).stream().map(LiveThread::leak).toList();
    }

    private List<LiveThread> alive() {
        Set<Thread> candidates = new LinkedHashSet<>(virtual);
        candidates.addAll(platformThreads());
        List<LiveThread> alive = new ArrayList<>();
        for (Thread thread : candidates) {
            if (thread != Thread.currentThread() && thread.isAlive() && thread.getName().startsWith(prefix)) {
                LeakScope scope = ThreadTree.ofJvm().map(tree -> tree.scopeOf(thread)).orElse(LeakScope.ROOT);
                alive.add(new LiveThread(thread, scope));
            }
        }
        return alive;
    }

    /** A list of threads, without the stacks that {@code Thread.getAllStackTraces} would stop all of them for. */
    private static List<Thread> platformThreads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[Math.max(16, 2 * root.activeCount())];
        int count = root.enumerate(threads);
        while (count == threads.length) { // more than fit
            threads = new Thread[2 * threads.length];
            count = root.enumerate(threads);
        }
        return Arrays.asList(threads).subList(0, count);
    }
}
