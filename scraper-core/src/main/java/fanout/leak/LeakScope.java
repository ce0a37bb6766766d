package fanout.leak;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The executors and structured scopes around a thread, from the outermost to its own. Immutable; names are asked for by
 * {@link #path} only.
 */
public final class LeakScope {

    /** Of threads that were started without executor or scope; and of all, where the JVM's tree cannot be read. */
    public static final LeakScope ROOT = new LeakScope(null, null);

    private final @Nullable LeakScope outer;
    private final @Nullable Object container;

    private LeakScope(@Nullable LeakScope outer, @Nullable Object container) {
        this.outer = outer;
        this.container = container;
    }

    LeakScope with(Object inner) {
        return new LeakScope(this, inner);
    }

    /** The containers, from its own to the outermost. */
    Stream<Object> containers() {
        return container == null || outer == null
                ? Stream.empty()
                : Stream.concat(Stream.of(container), outer.containers());
    }

    /** As in {@code crawl-7 crawl / crawl-7 workers}; empty at the root. */
    public String path() {
        List<String> names = containers()
                .map(each -> ThreadTree.ofJvm().map(tree -> tree.nameOf(each)).orElse("?"))
                .toList();
        return String.join(" / ", names.reversed());
    }
}
