package fanout.leak;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's own tree of threads: executors and structured scopes are containers, and each thread is in one. The JDK's
 * thread dumps are made from it, and it has no public API, so a JVM must be started with {@link #ADD_EXPORTS} for it to
 * be read. A dump itself is no way to it: on JDK 25 it crashes the JVM when it meets a virtual thread that is being
 * mounted (JDK-8364343). Reading the tree takes no stack and stops no thread.
 *
 * <p>Thread-safe. What is read while threads come and go is a moment's.
 */
final class ThreadTree {

    static final String ADD_EXPORTS = "--add-exports java.base/jdk.internal.vm=ALL-UNNAMED";

    private static final Optional<ThreadTree> TREE = open();

    private final Object root;
    private final Method containerOf;
    private final Method owner;
    private final Method parent;
    private final Method children;
    private final Method threads;
    private final Method name;

    private ThreadTree() throws ReflectiveOperationException {
        Class<?> containers = Class.forName("jdk.internal.vm.ThreadContainers");
        Class<?> container = Class.forName("jdk.internal.vm.ThreadContainer");
        root = Objects.requireNonNull(containers.getMethod("root").invoke(null));
        containerOf = containers.getMethod("container", Thread.class);
        owner = container.getMethod("owner");
        parent = container.getMethod("parent");
        children = container.getMethod("children");
        threads = container.getMethod("threads");
        name = container.getMethod("name");
    }

    private static Optional<ThreadTree> open() {
        try {
            return Optional.of(new ThreadTree());
        } catch (IllegalAccessException _) {
            return Optional.empty(); // started without the export
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this JDK keeps its threads elsewhere", e);
        }
    }

    /** The tree; empty in a JVM that was started without {@link #ADD_EXPORTS}. */
    static Optional<ThreadTree> ofJvm() {
        return TREE;
    }

    /**
     * What the tree holds at a moment.
     *
     * @param threads those that are alive, virtual ones included
     * @param containers the executors and scopes, those without threads included; compared by identity
     */
    record Snapshot(List<LiveThread> threads, Set<Object> containers) {

        private Snapshot() {
            this(new ArrayList<>(), Collections.newSetFromMap(new IdentityHashMap<>()));
        }
    }

    Snapshot snapshot() {
        Snapshot snapshot = new Snapshot();
        add(root, LeakScope.ROOT, snapshot);
        return snapshot;
    }

    private void add(Object container, LeakScope scope, Snapshot snapshot) {
        List<?> inside = list(threads, container);
        inside.forEach(thread -> snapshot.threads.add(new LiveThread((Thread) thread, scope)));
        // An executor without threads has no thread that could have opened a scope. To ask each for its children would
        // be quadratic: a JVM may hold hundreds of executors that are unused and not collected yet.
        if (!inside.isEmpty() || ask(owner, container) != null) {
            for (Object child : list(children, container)) {
                snapshot.containers.add(child);
                add(child, scope.with(child, this::nameOf), snapshot);
            }
        }
    }

    /** Where a thread that was started is. */
    LeakScope scopeOf(Thread thread) {
        return scope(ask(containerOf, null, thread));
    }

    private LeakScope scope(@Nullable Object container) {
        return container == null || container.equals(root)
                ? LeakScope.ROOT
                : scope(ask(parent, container)).with(container, this::nameOf);
    }

    /** What a scope was called by who opened it; an executor without a name has its identity. */
    String nameOf(Object container) {
        Object given = ask(name, container);
        return given == null ? container.toString() : given.toString();
    }

    private static List<?> list(Method question, Object container) {
        return ((Stream<?>) Objects.requireNonNull(ask(question, container))).toList();
    }

    private static @Nullable Object ask(Method question, @Nullable Object container, Object... about) {
        try {
            return question.invoke(container, about);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("this JDK keeps its threads elsewhere", e);
        }
    }
}
