package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.http.Requests.ParsedOrigins;
import fanout.url.CanonicalUrl;
import java.util.Optional;
import java.util.Random;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;

class ParsedOriginsTest {

    private static final String[] ORIGINS = {"http://a.example", "https://a.example", "http://a.example:8080",
        "http://127.0.0.1:81", "http://[2001:db8::1]:82", "https://xn--bcher-kva.example"};
    private static final String[] PIECES = {"/", "//", "/..", "/.", "a", "%2F", "%41", "%", "?", "&", "=", ";", ":",
        "@",
        "+", "~", "|", "'", "\"", "\\", "é", " ", "[", "]", "{", "<", "#", "http:", "https://b.example", "*", "!"};

    @Test
    void everyUrlIsParsedAsOkHttpParsesIt() {
        ParsedOrigins origins = new ParsedOrigins();
        Random random = new Random(42);
        int compared = 0;
        while (compared < 20_000) {
            StringBuilder text = new StringBuilder(ORIGINS[random.nextInt(ORIGINS.length)]).append('/');
            for (int i = random.nextInt(8); i > 0; i--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            Optional<CanonicalUrl> url = CanonicalUrl.parse(text.toString());
            if (url.isPresent()) {
                HttpUrl parsed = origins.parse(url.get());
                assertThat(parsed).isEqualTo(HttpUrl.get(url.get().toString()));
                assertThat(parsed.toString()).isEqualTo(url.get().toString());
                compared++;
            }
        }
    }
}
