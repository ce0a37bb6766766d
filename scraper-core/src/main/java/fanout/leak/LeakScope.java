package fanout.leak;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The executors and structured scopes around a thread, from the outermost to its own. Immutable; names are asked for by
 * {@link #path} only.
 */
final class LeakScope {

    /** Of threads that were started without executor or scope; and of all, where the JVM's tree cannot be read. */
    static final LeakScope ROOT = new LeakScope(null, null, Object::toString);

    private final @Nullable LeakScope outer;
    private final @Nullable Object container;

    private final Function<Object, String> nameOf;

    private LeakScope(@Nullable LeakScope outer, @Nullable Object container, Function<Object, String> nameOf) {
        this.outer = outer;
        this.container = container;
        this.nameOf = nameOf;
    }

    /** A container within this scope, and how to name it if it must be. */
    LeakScope with(Object inner, Function<Object, String> name) {
        return new LeakScope(this, inner, name);
    }

    /** The containers, from its own to the outermost. */
    Stream<Object> containers() {
        return container == null || outer == null
                ? Stream.empty()
                : Stream.concat(Stream.of(container), outer.containers());
    }

    /** As in {@code crawl-7 crawl / crawl-7 workers}; empty at the root. */
    String path() {
        List<String> names = containers().map(nameOf).toList();
        return String.join(" / ", names.reversed());
    }
}
