package fanout.app;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Ends the process. {@link System#exit} takes 0.3 s in a JVM whose virtual threads have used sockets: it waits that
 * long for threads that are in native code, and the JDK's own poller, which waits for sockets there, never leaves it.
 * So where the launcher asks for it, the C library's {@code _exit} ends the process.
 *
 * <p>{@code _exit} runs no shutdown hook. This program registers no hook; the JVM's flight recorder and AOT cache have
 * some, and so the launcher asks for it only if no options of the user's reach the JVM.
 */
final class ProcessEnd {

    /** Set to {@value #AT_ONCE} by the launcher. */
    static final String PROPERTY = "scraper.exit";

    static final String AT_ONCE = "at-once";

    private ProcessEnd() {}

    /**
     * Ends the process with an exit code if the launcher asks for it, and returns otherwise. What the program has
     * written is written: nothing is buffered any more.
     */
    static void atOnceIfAsked(int code) {
        if (AT_ONCE.equals(System.getProperty(PROPERTY))) {
            exitOfTheCLibrary().ifPresent(exit -> call(exit, code));
        }
    }

    /** The function; empty where it does not exist. */
    @SuppressWarnings("restricted") // the jar's manifest enables native access
    static Optional<MethodHandle> exitOfTheCLibrary() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("_exit")
                .map(function -> linker.downcallHandle(function, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)));
    }

    private static void call(MethodHandle exit, int code) {
        try {
            exit.invokeExact(code);
        } catch (Throwable e) {
            throw new AssertionError("_exit takes an int and throws nothing", e);
        }
    }
}
