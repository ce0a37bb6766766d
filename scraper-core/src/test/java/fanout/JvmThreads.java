package fanout;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

/**
 * All threads of the JVM, virtual ones included, as the JDK's own containers list them: what its thread dumps are made from.
 * A dump itself crashes JDK 25 when it meets a virtual thread that is being mounted (JDK-8364343).
 */
final class JvmThreads {

    private JvmThreads() {}

    /** The names of threads that begin so. */
    static List<String> startingWith(String prefix) {
        try {
            Method open = Module.class.getDeclaredMethod("implAddOpensToAllUnnamed", String.class);
            open.setAccessible(true);
            open.invoke(Object.class.getModule(), "jdk.internal.vm");
            Class<?> containers = Class.forName("jdk.internal.vm.ThreadContainers");
            Object root = containers.getMethod("root").invoke(null);
            return in(root).map(Thread::getName).filter(name -> name.startsWith(prefix)).toList();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the JDK has changed", e);
        }
    }

    private static Stream<Thread> in(Object container) {
        return Stream.concat(ask(container, "threads").map(Thread.class::cast),
                ask(container, "children").flatMap(JvmThreads::in));
    }

    private static Stream<?> ask(Object container, String method) {
        try {
            Method found = Class.forName("jdk.internal.vm.ThreadContainer").getMethod(method);
            found.setAccessible(true);
            return (Stream<?>) found.invoke(container);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the JDK has changed", e);
        }
    }
}
