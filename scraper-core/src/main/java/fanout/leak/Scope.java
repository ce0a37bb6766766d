package fanout.leak;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The executors and structured scopes around a thread, from the outermost to its own. Immutable; names are asked for by
 * {@link #path} only.
 */
final class Scope {

    /** Of threads that were started without executor or scope; and of all, where the JVM's tree cannot be read. */
    static final Scope ROOT = new Scope(null, null);

    private final @Nullable Scope outer;
    private final @Nullable Object container;

    private Scope(@Nullable Scope outer, @Nullable Object container) {
        this.outer = outer;
        this.container = container;
    }

    Scope with(Object inner) {
        return new Scope(this, inner);
    }

    /** The containers, from its own to the outermost. */
    Stream<Object> containers() {
        return container == null || outer == null
                ? Stream.empty()
                : Stream.concat(Stream.of(container), outer.containers());
    }

    /** As in {@code crawl-7 crawl / crawl-7 workers}; empty at the root. */
    String path() {
        List<String> names = containers()
                .map(each -> ThreadTree.ofJvm().map(tree -> tree.nameOf(each)).orElse("?"))
                .toList();
        return String.join(" / ", names.reversed());
    }
}
