package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.cases.Case;
import fanout.internal.codec.PageCharset;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms of a Content-Type header. */
class ContentTypeCasesTest {

    /** Stands for none: the header comes before it. */
    private static final byte[] META =
            "<meta charset=x-mac-cyrillic>".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    static List<Case> cases() throws IOException {
        return Case.of(ContentTypeCasesTest.class, "content-types.txt", 1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aHeaderIsReadAsBrowsersReadIt(Case header) {
        String charset = PageCharset.detect(header.input(0), META).name();
        assertThat(ReceivedHead.mediaType(List.of(header.input(0))).orElse("-") + " "
                + (charset.equals("x-mac-cyrillic") ? "-" : charset)).isEqualTo(header.expected());
    }
}
