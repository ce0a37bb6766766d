package fanout.app.signal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how far the process is, as {@code sd_notify(3)} does: a datagram to the socket that
 * {@code NOTIFY_SOCKET} names. Java has no datagrams of that family, so the C library sends them. A start of the unit
 * (with {@code Type=notify}) is complete when the service is ready, not when Java runs. Without the variable nothing is
 * sent; what cannot be sent is logged, and the process runs all the same.
 *
 * <p>Thread-safe.
 */
public final class Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    // Of Linux, on every processor.
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int PATH_BYTES = 108;

    private static final StructLayout ERRNO = Linker.Option.captureStateLayout();

    private final @Nullable String socket;

    /**
     * @param socket a path, or a name that begins with {@code @} in the abstract namespace; empty: no socket is written
     * to
     */
    public Readiness(Optional<String> socket) {
        this.socket = socket.orElse(null);
    }

    /** Requests are answered, and crawls run. */
    public void ready() {
        send("READY=1");
    }

    /** The process was asked to end, and does so in its own time. */
    public void stopping() {
        send("STOPPING=1");
    }

    private void send(String state) {
        if (socket == null) {
            return;
        }
        byte[] name = socket.getBytes(UTF_8);
        if (name.length >= PATH_BYTES) {
            LOG.warn("cannot report {} to systemd: the name of NOTIFY_SOCKET is too long", state);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            new LibC(arena).send(name, state.getBytes(UTF_8))
                    .ifPresent(errno -> LOG.warn(
                            "cannot report {} to systemd at {}: error {} of the system", state, socket, errno));
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            LOG.warn("cannot report {} to systemd: Java calls no C library on this platform", state, e);
        }
    }

    /** The functions that it takes. */
    private static final class LibC {

        private static final VarHandle ERROR = ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));

        private final Arena arena;
        private final MemorySegment state;
        private final MethodHandle socket;
        private final MethodHandle sendto;
        private final MethodHandle close;

        private LibC(Arena arena) {
            this.arena = arena;
            this.state = arena.allocate(ERRNO);
            this.socket = function("socket", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            this.sendto = function("sendto", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT));
            this.close = function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        }

        @SuppressWarnings("restricted") // the manifest of the program allows it
        private static MethodHandle function(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            MemorySegment function = linker.defaultLookup()
                    .find(name)
                    .orElseThrow(() -> new UnsupportedOperationException("there is no " + name));
            return linker.downcallHandle(function, type, Linker.Option.captureCallState("errno"));
        }

        /** Sends a datagram; returns the error, if there is one. */
        private Optional<Integer> send(byte[] name, byte[] text) {
            MemorySegment address = arena.allocate(Short.BYTES + PATH_BYTES, Short.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
            if (name[0] == '@') {
                address.set(ValueLayout.JAVA_BYTE, Short.BYTES, (byte) 0);
            }
            MemorySegment content = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
            try {
                int descriptor = (int) socket.invokeExact(state, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
                if (descriptor < 0) {
                    return Optional.of(error());
                }
                long sent = (long) sendto.invokeExact(state, descriptor, content, (long) text.length, MSG_NOSIGNAL,
                        address, Short.BYTES + name.length);
                Optional<Integer> error = sent < 0 ? Optional.of(error()) : Optional.empty();
                int closed = (int) close.invokeExact(state, descriptor);
                return closed < 0 && error.isEmpty() ? Optional.of(error()) : error;
            } catch (Throwable e) {
                throw new AssertionError("a C function throws nothing", e);
            }
        }

        private int error() {
            return (int) ERROR.get(state, 0L);
        }
    }
}
