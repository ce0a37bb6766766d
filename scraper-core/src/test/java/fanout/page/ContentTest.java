package fanout.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a body holds, and the digest by which a crawl knows it. */
class ContentTest {

    /** Its first 24 digits are all that a digest has. */
    private static final String HASH = "0123456789abcdef" + "fedcba98" + "7".repeat(40);

    @Test
    void bodyThatIsAFileHasNothingButItsLengthAndName() {
        assertThat(Content.ofFile(9, HASH)).isEqualTo(new Content(9, Optional.empty(), Optional.of(HASH),
                Optional.empty(), 0, 0, true));
    }

    @Test
    void bodyOfAPageIsKeptAsItIs() {
        Content read = new Content(9, Optional.of("UTF-8"), Optional.of(HASH), Optional.of("a title"), 3, 4);

        assertThat(read.isKept()).isFalse();
        assertThat(read.kept()).isEqualTo(new Content(9, Optional.of("UTF-8"), Optional.of(HASH),
                Optional.of("a title"), 3, 4, true));
    }

    @Test
    void digestIsTheBeginningOfTheHash() {
        ContentDigest digest = new ContentDigest(0x0123456789abcdefL, 0xfedcba98);

        assertThat(ContentDigest.of(HASH)).isEqualTo(digest);
        assertThat(ContentDigest.of(HASH.substring(0, 24))).as("no more is needed").isEqualTo(digest);
        assertThatIllegalArgumentException().isThrownBy(() -> ContentDigest.of(HASH.substring(0, 23)))
                .withMessageContaining("not a SHA-256: 0123456789abcdeffedcba9");
    }
}
