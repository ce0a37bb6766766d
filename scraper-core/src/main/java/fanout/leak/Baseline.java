package fanout.leak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What was there at a moment: all threads of the JVM, its child processes, and what
 * {@linkplain Lenders lenders} had lent. What has come since and
 * does not go is a {@link Leak}.
 *
 * <pre>{@code
 * try (Baseline before = Baseline.now(AllowList.standard())) {
 *     useTheLibrary();
 *     assertThat(before.leaks(Duration.ofSeconds(5))).isEmpty();
 * }
 * }</pre>
 *
 * <p>A thread in an executor or a structured scope that was open before is not a leak: its opener has to end it.
 *
 * <p>Not seen: threads of C code that the JVM does not know; objects, files and sockets that are not lent by a
 * {@link Lender}; executors without a thread; a task that never ends on an executor that was open before; and which of
 * several that run at once has left something behind.
 *
 * <p>Confined to one thread; baselines are closed in the reverse order of their opening, or nearly so. A look takes
 * some 40 µs, and 150 where thirty executors are at work; stacks are taken only of what is left.
 */
public final class Baseline implements AutoCloseable {

    private final AllowList allowed;
    private final ThreadTree tree;
    private final Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<ProcessHandle> processes = new HashSet<>();
    private final Set<Object> containers;
    private final Set<Lender> lenders = Collections.newSetFromMap(new IdentityHashMap<>());

    private Baseline(AllowList allowed, ThreadTree tree) {
        this.allowed = allowed;
        this.tree = tree;
        this.containers = look();
    }

    /** Remembers what is there; if that fails, nothing is watched. */
    private Set<Object> look() {
        Lenders.watch();
        boolean seen = false;
        try {
            Set<Object> open = remember(tree.snapshot());
            seen = true;
            return open;
        } finally {
            if (!seen) {
                Lenders.unwatch(lenders);
            }
        }
    }

    private Set<Object> remember(ThreadTree.Snapshot now) {
        for (LiveThread each : now.threads()) {
            // A worker of the common pool that has nothing to do may get something from now on.
            if (!AllowList.isOfCommonPool(each.thread()) || !allowed.permits(each.thread())) {
                known.add(each.thread());
            }
        }
        processes.addAll(ChildProcess.running(now.threads()));
        Set<Object> open = now.containers();
        // A scope around the calling thread belongs to the caller: what is started in it from now on is the caller's.
        tree.scopeOf(Thread.currentThread()).containers().forEach(open::remove);
        lenders.addAll(Lenders.open());
        Lenders.loans().forEach(loan -> known.add(loan.thing()));
        return open;
    }

    /**
     * Looks at everything that is there now.
     *
     * @param allowed threads that may come and stay
     * @throws IllegalStateException if the JVM was started without the flag that lets its threads be listed; the
     *     message names it
     */
    public static Baseline now(AllowList allowed) {
        return new Baseline(allowed, ThreadTree.ofJvm()
                .orElseThrow(() -> new IllegalStateException(
                        "virtual threads can be listed only in a JVM that was started with "
                                + ThreadTree.ADD_EXPORTS)));
    }

    /**
     * What has come since, once it had time to go. Returns at once if there is nothing. An interrupted caller gets
     * them, too, and stays interrupted.
     *
     * @param grace at most
     */
    public List<Leak> leaks(Duration grace) {
        return Grace.after(grace, this::remnants).stream().map(Remnant::leak).toList();
    }

    private List<Remnant> remnants() {
        List<Remnant> found = new ArrayList<>();
        List<LiveThread> threads = tree.snapshot().threads();
        for (LiveThread each : threads) {
            if (!known.contains(each.thread()) && !isOfOthers(each) && !allowed.permits(each.thread())) {
                found.add(each);
            }
        }
        for (ProcessHandle each : ChildProcess.running(threads)) {
            if (!processes.contains(each)) {
                found.add(new ChildProcess(each));
            }
        }
        for (Loan loan : Lenders.loans()) {
            if (!known.contains(loan.thing())) {
                found.add(loan);
            }
        }
        return found;
    }

    /** Whether it works for an executor or a scope that was open before. */
    private boolean isOfOthers(LiveThread each) {
        return !AllowList.isOfCommonPool(each.thread()) && each.scope().containers().anyMatch(containers::contains);
    }

    /** Takes these for known: they were reported, and need not be again. */
    public void accept(Collection<Leak> reported) {
        for (Leak leak : reported) {
            if (leak.thing() instanceof ProcessHandle process) {
                processes.add(process); // which has no identity
            } else {
                known.add(leak.thing());
            }
        }
    }

    /** Ends the watch over lenders that have come since. To be called once. */
    @Override
    public void close() {
        Lenders.unwatch(lenders);
    }
}
