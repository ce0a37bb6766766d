package fanout.internal.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * SHA-256 (FIPS 180-4) in lower-case hexadecimal.
 *
 * <p>The JDK's is fast once its optimizing compiler has seen it for a while: a crawl of a second is over by then. So it
 * is asked for only if there is no {@link OpenSsl}, and for what is long: a call into a library lets no collection
 * begin.
 *
 * <p>Thread-safe.
 */
public final class Sha256 {

    /** So many bytes take the library less than a millisecond or so. */
    static final int MOST_AT_ONCE = 1 << 20;

    private static final int HASH_BYTES = 32;

    private static final Optional<OpenSsl> OPEN_SSL = OpenSsl.find().filter(Sha256::isRight);

    private Sha256() {}

    /** The hash of these bytes. */
    public static String hex(byte[] bytes) {
        byte[] hash = new byte[HASH_BYTES];
        boolean isDone = bytes.length <= MOST_AT_ONCE && OPEN_SSL.isPresent() && OPEN_SSL.get().sha256(bytes, hash);
        return HexFormat.of().formatHex(isDone ? hash : byJdk(bytes));
    }

    /** Whether a library of the right name does what is expected of it. */
    private static boolean isRight(OpenSsl library) {
        byte[] sample = {1, 2, 3};
        byte[] hash = new byte[HASH_BYTES];
        return library.sha256(sample, hash) && Arrays.equals(hash, byJdk(sample));
    }

    private static byte[] byJdk(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The system's {@code libcrypto}, of OpenSSL. It stays loaded as long as the process lives. Thread-safe. */
    static final class OpenSsl {

        /** On Linux: they are named by version, and have the function since there are versions. */
        private static final List<String> NAMES = List.of("libcrypto.so.3", "libcrypto.so.1.1");

        /** Of {@code unsigned char *SHA256(const unsigned char *data, size_t length, unsigned char *hash)}. */
        private static final FunctionDescriptor TYPE = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);

        private final MethodHandle sha256;

        private OpenSsl(MethodHandle sha256) {
            this.sha256 = sha256;
        }

        /** The library; empty if the system lacks it, or this code may not call it ({@code --enable-native-access}). */
        static Optional<OpenSsl> find() {
            return OpenSsl.class.getModule().isNativeAccessEnabled()
                    ? NAMES.stream().map(OpenSsl::named).flatMap(Optional::stream).findFirst()
                    : Optional.empty();
        }

        @SuppressWarnings("restricted") // asked for above
        private static Optional<OpenSsl> named(String name) {
            try {
                return SymbolLookup.libraryLookup(name, Arena.global())
                        .find("SHA256")
                        .map(function -> Linker.nativeLinker()
                                .downcallHandle(function, TYPE, Linker.Option.critical(true)))
                        .map(OpenSsl::new);
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                return Optional.empty(); // there is no such library, or Java calls none on this platform
            }
        }

        /**
         * Hashes bytes. Meanwhile no collection begins.
         *
         * @param hash 32 bytes, in which the hash is written
         * @return whether the library could
         */
        boolean sha256(byte[] bytes, byte[] hash) {
            try {
                return (long) sha256.invokeExact(MemorySegment.ofArray(bytes), (long) bytes.length,
                        MemorySegment.ofArray(hash)) != 0;
            } catch (Throwable e) {
                throw new AssertionError("a C function throws nothing", e);
            }
        }
    }
}
