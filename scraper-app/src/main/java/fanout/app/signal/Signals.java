package fanout.app.signal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles signals while a crawl runs: the first SIGINT, SIGTERM or SIGHUP, the second and the third do different
 * things. A shutdown hook runs once and cannot do that, so the signals themselves are handled, by the JDK's
 * {@code sun.misc.Signal}; reflectively, because the compiler's warning about it cannot be turned off.
 *
 * <p>A signal that the process ignored when it began stays ignored, which the JVM sees to: what a script started in the
 * background must not end by a Ctrl-C in the terminal, and what nohup started not when the terminal closes; SIGTERM
 * ends both. The JVM calls handlers on threads of its own. Closing puts the former handlers back.
 */
public final class Signals implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private final Map<Object, Object> formerHandlers = new LinkedHashMap<>();
    private final AtomicInteger received = new AtomicInteger();
    private final List<Runnable> answers;

    private Signals(List<Runnable> answers) {
        this.answers = answers;
    }

    /** Runs the first answer at the first signal, and so on; the last at every further one. */
    public static Signals answer(Runnable... answers) {
        Signals signals = new Signals(List.of(answers));
        try {
            signals.install("INT");
            signals.install("TERM");
            signals.install("HUP");
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // No jdk.unsupported in this runtime, or java -Xrs: signals then end the process at once.
            LOG.warn("signals cannot be handled here; an interrupted crawl will not write its report", e);
        }
        return signals;
    }

    /** Runs the answer when the terminal's window is resized, and when a stopped process continues. */
    public static Signals onNewTerminal(Runnable answer) {
        Signals signals = new Signals(List.of(answer));
        try {
            signals.install("WINCH");
            signals.install("CONT");
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.debug("resizing is not signalled here", e);
        }
        return signals;
    }

    private void install(String name) throws ReflectiveOperationException {
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Object signal = Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
        Object handler =
                Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[]{handlerType}, this::invoked);
        formerHandlers.put(signal, handle(signal, handler));
    }

    private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
        Method handle =
                signal.getClass().getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"));
        try {
            return handle.invoke(null, signal, handler);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw e;
        }
    }

    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
    private @Nullable Object invoked(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "handle" -> {
                int nth = Math.min(received.getAndIncrement(), answers.size() - 1);
                answers.get(nth).run();
                yield null;
            }
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "the crawl's signal handler";
        };
    }

    @Override
    public void close() {
        formerHandlers.forEach((signal, handler) -> {
            try {
                handle(signal, handler);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the former signal handler cannot be restored", e);
            }
        });
    }
}
