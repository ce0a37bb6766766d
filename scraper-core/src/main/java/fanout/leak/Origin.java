package fanout.leak;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who took something, and where. Remembered only while a {@link Baseline} is open, because a stack costs microseconds;
 * otherwise all are one, {@code unknown}, which costs a look at a volatile field. Immutable.
 */
public final class Origin {

    private static final Origin UNKNOWN = new Origin("an unknown thread", LeakScope.ROOT, null);

    private final String thread;
    private final LeakScope scope;
    private final @Nullable Throwable here;

    private Origin(String thread, LeakScope scope, @Nullable Throwable here) {
        this.thread = thread;
        this.scope = scope;
        this.here = here;
    }

    /** An unknown place. */
    public static Origin unknown() {
        return UNKNOWN;
    }

    /** The calling thread and its stack, or {@code unknown} if no leak check is under way. */
    public static Origin here() {
        if (!Watchers.areThere()) {
            return UNKNOWN;
        }
        Thread thread = Thread.currentThread();
        LeakScope scope = ThreadTree.ofJvm().map(tree -> tree.scopeOf(thread)).orElse(LeakScope.ROOT);
        return new Origin("\"" + thread.getName() + "\"", scope, new Throwable());
    }

    /** Whether it was remembered. */
    boolean isKnown() {
        return here != null;
    }

    String thread() {
        return thread;
    }

    String scope() {
        return scope.path();
    }

    /** From the caller of {@link #here} on. */
    List<StackTraceElement> stack() {
        return here == null ? List.of() : Arrays.stream(here.getStackTrace()).skip(1).toList();
    }
}
