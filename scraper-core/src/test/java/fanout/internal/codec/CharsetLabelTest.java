package fanout.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names are labels; that all of the standard's are, {@link EncodingOracleTest} holds. */
class CharsetLabelTest {

    @Test
    void takesNoOtherNameThanTheStandards() throws IOException {
        Set<String> labels = OracleLine.all()
                .stream()
                .filter(line -> line.kind().equals("label"))
                .map(OracleLine::part)
                .collect(Collectors.toSet());
        assertThat(labels).hasSize(228);
        assertThat(Charset.availableCharsets().values())
                .flatMap(charset -> charset.aliases())
                .hasSizeGreaterThan(500)
                .allSatisfy(name -> assertThat(CharsetLabel.of(name).isPresent())
                        .isEqualTo(labels.contains(name.toLowerCase(Locale.ROOT))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "utf16", "utf_16", "utf-32", "utf-7", "cesu-8", "ibm037", "cp500", "ebcdic-cp-us",
        "iso-8859-12", "iso8859_1", "8859_1", "utf 8", "utf-8 x", "\u00a0utf-8", "\u212aoi8-r", "\u0130so-8859-1",
        "utf-8\0"})
    void refuses(String name) {
        assertThat(CharsetLabel.of(name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"latin1, ISO-8859-1, windows-1252", "ASCII, US-ASCII, windows-1252", "latin5, ISO-8859-9, windows-1254",
        "gb2312, GB2312, GBK", "gb18030, GB18030, gb18030", "iso-8859-11, ISO-8859-11, windows-874",
        "logical, ISO-8859-8-I, ISO-8859-8-I", "unicode, UTF-16LE, UTF-16LE", "Big5-HKSCS, Big5-HKSCS, Big5",
        "ms932, windows-31j, Shift_JIS", "hz-gb-2312, HZ-GB-2312, replacement", "' \t\n\f\rKoi8-R \t', KOI8-R, KOI8-R"})
    void saysWhatWasDeclaredAndWhatBrowsersTakeItFor(String label, String name, String encoding) {
        assertThat(CharsetLabel.of(label)).contains(new CharsetLabel(name, encoding));
    }
}
