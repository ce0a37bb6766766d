package fanout.url;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.cases.Case;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** URLs, by the URL standard. */
class UrlCasesTest {

    static List<Case> cases() throws IOException {
        return Case.of(UrlCasesTest.class, "urls.txt", 2);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aUrlIsThatOfBrowsersOrTheLineSaysWhyNot(Case url) {
        Optional<CanonicalUrl> found = url.input(0).equals("-") ? CanonicalUrl.parse(url.input(1))
                : LinkBase.of(CanonicalUrl.of(url.input(0))).resolve(url.input(1));
        assertThat(found.map(CanonicalUrl::toString).orElse("failure")).isEqualTo(url.expected());
    }
}
