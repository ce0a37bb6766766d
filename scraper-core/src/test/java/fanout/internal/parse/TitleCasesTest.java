package fanout.internal.parse;

import static fanout.internal.parse.TestPages.page;
import static fanout.internal.parse.TestPages.parse;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.cases.Case;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The titles of pages, as browsers have them. */
class TitleCasesTest {

    static List<Case> cases() throws IOException {
        return Case.of(TitleCasesTest.class, "titles.txt", 1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPageHasTheTitleThatBrowsersShow(Case html) throws InterruptedException {
        assertThat(parse(page("text/html; charset=utf-8", html.bytes(0))).content().title().orElse("-"))
                .isEqualTo(html.expected());
    }
}
