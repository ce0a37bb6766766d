package fanout.app.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which known key a misspelt one stands for. */
class NearestKeyTest {

    private static final List<String> KNOWN = List.of("name", "css", "startUrls", "concurrency", "maxPages");

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "name, name", "nmae, name", "nam, name", "names, name", "nome, name", "nxxe, -", "nanem, -",
        "cs, css", "cxx, -", "start_urls, startUrls", "START-URLS, startUrls", "startUrl, startUrls",
        "concxxxency, concurrency", "concxxxxncy, -", "cnocurerncy, concurrency", "maxPagse, maxPages",
        "maxPge, maxPages",
        "'', -", "x, -"})
    void isTheOneOfWhichAtMostAThirdIsWrong(String written, String meant) {
        assertThat(NearestKey.to(written, KNOWN)).isEqualTo(Optional.ofNullable(meant));
    }
}
