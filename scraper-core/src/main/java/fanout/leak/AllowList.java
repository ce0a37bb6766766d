package fanout.leak;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Threads that may stay, each with the reason. Immutable.
 *
 * <p>The {@linkplain #standard standard} one covers only threads that the JDK, JUnit, OkHttp or Okio start for the
 * whole JVM and that cannot be ended. A thread that could have been ended does not belong on such a list.
 */
public final class AllowList {

    private static final String INNOCUOUS = "InnocuousThreadGroup";

    private static final AllowList STANDARD = new AllowList(List.of(
            named("OkHttp TaskRunner", "OkHttp's, static; a daemon that ends when it had nothing to do for a minute"),
            new Entry("threads OkHttp… that wait for a task of OkHttp's",
                    "the same, which keep the name of their last task",
                    thread -> thread.getName().startsWith("OkHttp ") && isIn(thread, "awaitTaskToRun")),
            named("Okio Watchdog", "Okio's, static; a daemon that ends when it had nothing to do for a minute"),
            new Entry("threads of the group system", "the JVM's own: Signal Dispatcher, Attach Listener and the like",
                    thread -> isInGroup(thread, "system")),
            new Entry("threads of the group InnocuousThreadGroup",
                    "the JDK's own: cleaner, timer and poller for virtual threads, process reaper; a process is found "
                            + "itself",
                    thread -> isInGroup(thread, INNOCUOUS)),
            new Entry("threads of the group CarrierThreads", "the JDK's own: they carry virtual threads",
                    thread -> isInGroup(thread, "CarrierThreads")),
            new Entry("virtual threads SubPoller-N", "the JDK's own: they wait for the sockets of virtual threads",
                    thread -> thread.isVirtual() && thread.getName().startsWith("SubPoller-")),
            named("junit-jupiter-timeout-watcher", "JUnit's: the timer of @Timeout, for as long as tests run"),
            named("JFR Periodic Tasks",
                    "the JDK's own: Flight Recorder's timer, for the whole JVM once it has recorded"),
            named("ForkJoinPool.commonPool-delayScheduler",
                    "the JDK's own: timer of CompletableFuture, for the whole JVM"),
            new Entry("workers of the common pool while that has no task",
                    "the JDK's own: they end when idle for a minute",
                    thread -> isOfCommonPool(thread) && ForkJoinPool.commonPool().isQuiescent())));

    private final List<Entry> entries;

    private AllowList(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Threads that may stay.
     *
     * @param threads which, in words
     * @param because why they cannot be ended
     */
    public record Entry(String threads, String because, Predicate<Thread> covers) {

        public Entry {
            if (because.isBlank()) {
                throw new IllegalArgumentException("no reason is given for " + threads);
            }
        }
    }

    /** Threads that belong to the JVM rather than to the code that is checked. */
    public static AllowList standard() {
        return STANDARD;
    }

    /** The same and threads whose names begin so, for a reason that is to be given. */
    public AllowList plus(String nameStart, String because) {
        return new AllowList(Stream.concat(entries.stream(), Stream.of(named(nameStart, because))).toList());
    }

    public List<Entry> entries() {
        return entries;
    }

    /** Whether this thread may stay. */
    public boolean permits(Thread thread) {
        return entries.stream().anyMatch(entry -> entry.covers.test(thread));
    }

    private static Entry named(String start, String because) {
        return new Entry("threads " + start + "…", because, thread -> thread.getName().startsWith(start));
    }

    private static boolean isInGroup(Thread thread, String name) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null && group.getName().equals(name); // a thread that has ended is in none
    }

    private static boolean isIn(Thread thread, String method) {
        return Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals(method));
    }

    /** Whether it works for the whole JVM; its executor does not tell for whom. */
    static boolean isOfCommonPool(Thread thread) {
        return thread instanceof ForkJoinWorkerThread worker && ForkJoinPool.commonPool().equals(worker.getPool());
    }

}
