package fanout.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Test
    void equalTextsHaveOneAndNoOthersDo() {
        assertThat(Fingerprint.of("http://example.org/")).isEqualTo(Fingerprint.of("http://example.org/"));
        Set<Fingerprint> all = new HashSet<>();
        Set<Long> high = new HashSet<>();
        Set<Long> low = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            for (String text : new String[]{i + "/x", "/x" + i, "\u0000".repeat(i % 7) + "-" + i}) {
                Fingerprint fingerprint = Fingerprint.of(text);
                all.add(fingerprint);
                high.add(fingerprint.high());
                low.add(fingerprint.low());
            }
        }
        assertThat(all).hasSize(30_000);
        assertThat(high).as("each half tells them apart").hasSize(30_000);
        assertThat(low).hasSize(30_000);
    }

    /** A journal knows URLs by them, and may be of an earlier version of the program. */
    @Test
    void theyAreTheSameInEveryVersion() {
        Fingerprint.Seed seed = new Fingerprint.Seed(0x0123_4567_89AB_CDEFL, 0xFEDC_BA98_7654_3210L);
        assertThat(Fingerprint.of("http://example.org/", seed))
                .isEqualTo(new Fingerprint(0x2B08_77E0_99C3_5151L, 0x9824_19CC_561D_74D8L));
        assertThat(Fingerprint.of("http://example.org/caf%C3%A9?q=1", seed))
                .isEqualTo(new Fingerprint(0xB020_2301_285C_0A16L, 0x84E0_559D_1B72_C27EL));
    }

    /** Zero means an empty place in the set. */
    @Test
    void theLowerHalfIsNeverZero() {
        Fingerprint.Seed zero = new Fingerprint.Seed(0, 0);
        assertThat(Fingerprint.of("", zero)).isEqualTo(new Fingerprint(0, 1));
        assertThat(Fingerprint.ofAscii(new byte[0], 0, zero)).isEqualTo(new Fingerprint(0, 1));
    }

    @Test
    void bytesInAsciiHaveThatOfTheirText() {
        Fingerprint.Seed seed = Fingerprint.Seed.random();
        String text = "https://example.org/a?b=~%C3%A9";
        byte[] bytes = (text + "and what is not part of it").getBytes(StandardCharsets.US_ASCII);

        assertThat(Fingerprint.ofAscii(bytes, text.length(), seed)).isEqualTo(Fingerprint.of(text, seed));
        assertThat(Fingerprint.ofAscii(bytes, 0, seed)).isEqualTo(Fingerprint.of("", seed));
    }

    @Test
    void setCountsEachElementOnce() {
        FingerprintSet set = new FingerprintSet();
        for (int i = 0; i < 20_000; i++) {
            Fingerprint print = Fingerprint.of("http://example.org/page/" + i % 10_000);

            assertThat(set.contains(print)).isEqualTo(i >= 10_000);
            assertThat(set.add(print)).isEqualTo(i < 10_000);
        }
        assertThat(set.size()).isEqualTo(10_000);
    }

    /** Each table grows some 20 times, and holds what it held after each time. */
    @Test
    void setHoldsManyOfThem() {
        FingerprintSet set = new FingerprintSet();
        int many = 1_000_000;
        for (int i = 0; i < many; i++) {
            if (!set.add(new Fingerprint(spread(i), i + 1))) {
                throw new AssertionError("element " + i);
            }
        }
        assertThat(set.size()).isEqualTo(many);
        for (int i = 0; i < many; i++) {
            if (!set.contains(new Fingerprint(spread(i), i + 1)) || set.contains(new Fingerprint(spread(i), i + 2))) {
                throw new AssertionError("element " + i);
            }
        }
    }

    private static long spread(int i) {
        return i * 0x9E37_79B9_7F4A_7C15L;
    }

    /** Tables that pick a slot by the lowest or the highest bits share their texts out evenly. */
    @Test
    void eachBitIsSetInHalfOfThem() {
        int[] set = new int[128];
        for (int i = 0; i < 4_096; i++) {
            Fingerprint fingerprint = Fingerprint.of("http://example.org/page/" + i);
            for (int bit = 0; bit < 64; bit++) {
                set[bit] += (int) (fingerprint.high() >>> bit & 1);
                set[64 + bit] += (int) (fingerprint.low() >>> bit & 1);
            }
        }
        assertThat(IntStream.of(set).boxed()).as("2048 on average, 32 the standard deviation")
                .allMatch(count -> count > 1_700 && count < 2_400);
    }
}
