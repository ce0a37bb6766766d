package fanout.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineSpaceTest {

    private static final Request PLAIN = Request.start(CanonicalUrl.of("http://a.test/"), Optional.empty());

    private static Request with(String body, Map<String, Object> data) {
        return PLAIN.with(new Request.Details(Request.Method.POST, Map.of("X-A", "b"),
                Optional.of(new Request.Body("text/plain", body)), 0, data));
    }

    /** Once in the journal, and once in the line, where JSON escapes it. */
    @ParameterizedTest
    @CsvSource({"a, 1, 1", "\u00e4, 2, 2", "\u20ac, 3, 3", "\ud83d\ude00, 4, 4", "'\"', 1, 2", "\\, 1, 2"})
    void dataTakeWhatJournalAndLineMakeOfThem(String text, int inJournal, int inLine) {
        int times = 1_000;
        long taken = Space.ofLine(with("", Map.of("n", text.repeat(times)))) - Space.ofLine(with("", Map.of("n", "")));

        assertThat(taken).isEqualTo((long) times * (inJournal + inLine));
    }

    @Test
    void controlCharactersAreEscapedInTheLine() {
        long taken = Space.ofLine(with("", Map.of("n", "\u0001".repeat(10)))) - Space.ofLine(with("", Map.of("n", "")));

        assertThat(taken).isEqualTo(10L * (1 + "\\u0001".length()));
    }

    @Test
    void aBodyIsInTheJournalOnly() {
        String body = "\u20ac\"a".repeat(100);

        assertThat(Space.ofLine(with(body, Map.of())) - Space.ofLine(with("", Map.of())))
                .isEqualTo(body.getBytes(UTF_8).length);
    }
}
