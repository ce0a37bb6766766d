package fanout.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://example.org/, http://example.org",
        "https://example.org:8443/a/b?q=1, https://example.org:8443",
        "http://[2001:db8::1]:8080/%C3%A9?%FF, http://[2001:db8::1]:8080",
        "http://xn--bcher-kva.example/, http://xn--bcher-kva.example"})
    void comesBackAsItWas(String spelling, String origin) {
        CanonicalUrl url = CanonicalUrl.of(spelling);
        byte[] bytes = PackedUrl.of(url);

        assertThat(bytes).isEqualTo(spelling.getBytes(StandardCharsets.US_ASCII));
        assertThat(PackedUrl.originLength(url)).isEqualTo(origin.length());
        CanonicalUrl unpacked = PackedUrl.unpacked(bytes, url.host());
        assertThat(unpacked).isEqualTo(url);
        assertThat(unpacked.host()).isSameAs(url.host());
    }

    /** Whatever a site writes into its links: a URL that was not ASCII would lose characters. */
    @Test
    void isAsciiWhateverTheLinkWas() {
        Random random = new Random(7);
        LinkBase base = LinkBase.of(CanonicalUrl.of("http://example.org/a/b"));
        String[] starts = {"", "/", "?", "../", "http://", "https://example.com/", "//", "http://example.com:81/?"};
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder link = new StringBuilder(starts[random.nextInt(starts.length)]);
            int plane = random.nextInt(4);
            for (int length = random.nextInt(12); length > 0; length--) {
                link.appendCodePoint(switch (plane) {
                    case 0 -> random.nextInt(0x80);
                    case 1 -> random.nextInt(0x100);
                    case 2 -> random.nextInt(0x1_0000);
                    default -> random.nextInt(Character.MAX_CODE_POINT + 1);
                });
            }
            CanonicalUrl url = base.resolve(link.toString()).orElse(null);
            if (url != null) {
                found++;
                assertThat(url.toString()).as(link.toString()).matches("\\p{ASCII}*");
            }
        }
        assertThat(found).isGreaterThan(5_000);
    }
}
