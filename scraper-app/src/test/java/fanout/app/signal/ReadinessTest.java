package fanout.app.signal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process manager hears at its socket, which is a real one. */
@EnabledOnOs(OS.LINUX)
class ReadinessTest {

    @TempDir
    private Path folder;

    /** A path, and a name that no file has. */
    @ParameterizedTest
    @ValueSource(strings = {"/notify", "@fanout-readiness-test-"})
    void eachStateIsADatagramOfItsOwn(String name) throws Throwable {
        String socket = name.startsWith("@") ? name + ProcessHandle.current().pid() : folder + name;
        try (Manager manager = new Manager(socket)) {
            Readiness readiness = new Readiness(Optional.of(socket));
            readiness.ready();
            readiness.stopping();
            assertThat(manager.received()).hasValue("READY=1");
            assertThat(manager.received()).hasValue("STOPPING=1");
            assertThat(manager.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/there/is/no/such/socket", "/a/name/that/is/too/long/for/the/address/of/a/socket/which/is/"
            + "one/hundred/and/eight/bytes/at/most/so/there/is/an/end"})
    void aManagerThatIsGoneStopsNothing(String socket) {
        assertThatCode(() -> new Readiness(Optional.of(socket)).ready()).doesNotThrowAnyException();
    }

    @Test
    void withoutAManagerNothingIsSent() {
        assertThatCode(() -> new Readiness(Optional.empty()).ready()).doesNotThrowAnyException();
    }

    /** The other end. */
    private static final class Manager implements AutoCloseable {

        private static final int AF_UNIX = 1;
        private static final int SOCK_DGRAM = 2;
        private static final int MSG_DONTWAIT = 0x40;

        private final Arena arena = Arena.ofConfined();
        private final MemorySegment buffer = arena.allocate(100);
        private final MethodHandle receive = function("recv", FunctionDescriptor.of(ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        private final int descriptor;

        private Manager(String name) throws Throwable {
            MethodHandle socket = function("socket", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            MethodHandle bind = function("bind", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            byte[] bytes = name.replaceFirst("^@", "\0").getBytes(UTF_8);
            MemorySegment address = arena.allocate(2 + bytes.length, 2);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 2, bytes.length);
            descriptor = (int) socket.invokeExact(AF_UNIX, SOCK_DGRAM, 0);
            assertThat((int) bind.invokeExact(descriptor, address, 2 + bytes.length)).isZero();
        }

        @SuppressWarnings("restricted") // tests run with native access
        private static MethodHandle function(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
        }

        /** A datagram of one machine is there when it was sent. */
        private Optional<String> received() throws Throwable {
            long length = (long) receive.invokeExact(descriptor, buffer, buffer.byteSize(), MSG_DONTWAIT);
            return length < 0 ? Optional.empty()
                    : Optional.of(new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), UTF_8));
        }

        @Override
        public void close() {
            try {
                assertThat((int) function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                        .invokeExact(descriptor)).isZero();
            } catch (Throwable e) {
                throw new IllegalStateException("a C function throws nothing", e);
            } finally {
                arena.close();
            }
        }
    }
}
