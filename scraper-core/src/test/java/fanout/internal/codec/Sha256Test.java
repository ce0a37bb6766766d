package fanout.internal.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fanout.internal.codec.Sha256.OpenSsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256Test {

    /** Source: FIPS 180-4, examples of NIST. */
    @ParameterizedTest
    @CsvSource({
        "'', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq, "
                + "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    })
    void publishedExamples(String text, String hash) {
        assertThat(Sha256.hex(text.getBytes(US_ASCII))).isEqualTo(hash);
    }

    /** Lengths around a block of 64 bytes, its padding, and the most that the library gets. */
    @ParameterizedTest
    @ValueSource(
            ints = {1, 55, 56, 63, 64, 65, 4096, Sha256.MOST_AT_ONCE - 1, Sha256.MOST_AT_ONCE, Sha256.MOST_AT_ONCE + 1})
    void everyLengthIsHashedAsByTheJdk(int length) throws Exception {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);

        assertThat(Sha256.hex(bytes)).isEqualTo(byJdk(bytes));
    }

    @Test
    void theLibraryIsFoundWhereItIs() throws Exception {
        assumeTrue(isInstalled(), "this system has no OpenSSL where Linux has it");
        byte[] hash = new byte[32];

        assertThat(OpenSsl.find()).isPresent();
        assertThat(OpenSsl.find().orElseThrow().sha256("abc".getBytes(US_ASCII), hash)).isTrue();
        assertThat(HexFormat.of().formatHex(hash)).isEqualTo(byJdk("abc".getBytes(US_ASCII)));
    }

    private static boolean isInstalled() {
        for (String folder : List.of("/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu",
                "/usr/lib/aarch64-linux-gnu")) {
            if (Files.exists(Path.of(folder, "libcrypto.so.3"))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void manyThreadsHashAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> same : threads
                    .invokeAll(IntStream.range(0, 500).<java.util.concurrent.Callable<Boolean>>mapToObj(seed -> () -> {
                        byte[] bytes = new byte[20 * seed];
                        new Random(seed).nextBytes(bytes);
                        return Sha256.hex(bytes).equals(byJdk(bytes));
                    })
                            .toList())) {
                assertThat(same.get()).isTrue();
            }
        }
    }

    private static String byJdk(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
