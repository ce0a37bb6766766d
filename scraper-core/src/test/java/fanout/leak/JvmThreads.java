package fanout.leak;

import java.util.List;

/** All threads of the JVM, virtual ones included, for tests that look at a moment of their own. */
public final class JvmThreads {

    private JvmThreads() {}

    /** The names of threads that begin so. */
    public static List<String> startingWith(String prefix) {
        return ThreadTree.ofJvm()
                .orElseThrow()
                .snapshot()
                .threads()
                .stream()
                .map(each -> each.thread().getName())
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}
