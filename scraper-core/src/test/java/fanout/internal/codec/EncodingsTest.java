package fanout.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples of what {@link EncodingOracleTest} holds in full, and what a decoder is besides. */
class EncodingsTest {

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String decoded(String encoding, String hex) {
        return new String(bytes(hex), Encodings.of(encoding));
    }

    @ParameterizedTest
    @CsvSource({"windows-1252, 80, \u20ac", "GBK, 80, \u20ac", "GBK, A3 A0, '\u3000'", "GBK, A6 D9, \ufe10",
        "EUC-JP, AD A1, \u2460", "EUC-JP, 8F B0 A2, \u4e04", "ISO-2022-JP, 1B 24 42 2D 21, \u2460",
        "Shift_JIS, 87 40, \u2460", "Shift_JIS, F0 40, \ue000", "EUC-KR, 81 41, \uac02", "Big5, F9 D6, \u7881",
        "Big5, 88 62, \u00ca\u0304", "Big5, 87 45, \ud85c\ude67", "windows-874, A1, \u0e01", "KOI8-U, AE, \u045e",
        "windows-1255, CA, \u05ba", "x-mac-cyrillic, A2, \u0490", "ISO-8859-10, BD, \u2015", "ISO-8859-14, A1, \u1e02",
        "x-user-defined, 80 FF, \uf780\uf7ff", "ISO-8859-8-I, E0, \u05d0", "UTF-16LE, FE FF, \ufffe"})
    void readsWhatBrowsersRead(String encoding, String hex, String text) {
        assertThat(decoded(encoding, hex)).isEqualTo(text);
    }

    /** The tag after it would be lost otherwise. */
    @ParameterizedTest
    @CsvSource({"GBK, 81 3C", "gb18030, 81 3C", "Big5, 81 3C", "EUC-JP, A1 3C", "EUC-JP, 8F A1 3C", "EUC-JP, 8E 3C",
        "Shift_JIS, 81 3C", "EUC-KR, 81 3C", "UTF-8, E2 82 3C", "ISO-2022-JP, 80 3C", "UTF-16BE, D8 00 00 3C"})
    void keepsTheAsciiAfterABrokenCharacter(String encoding, String hex) {
        assertThat(decoded(encoding, hex)).isEqualTo("\ufffd<");
    }

    @Test
    void showsNothingOfWhatHidesMarkup() {
        assertThat(decoded("replacement", "3C 61 3E")).isEqualTo("\ufffd");
        assertThat(decoded("replacement", "")).isEmpty();
        CharBuffer out = CharBuffer.allocate(3);
        CharsetDecoder decoder = Encodings.of("replacement").newDecoder();
        decoder.decode(ByteBuffer.wrap(bytes("3C")), out, false);
        decoder.decode(ByteBuffer.wrap(bytes("61")), out, true);
        assertThat(out.flip().toString()).isEqualTo("\ufffd");
    }

    @Test
    void beginsAnewWithEveryText() throws CharacterCodingException {
        CharsetDecoder japanese = Encodings.of("ISO-2022-JP").newDecoder();
        assertThat(text(japanese, "1B 24 42 24 22")).isEqualTo("\u3042");
        assertThat(text(japanese, "41 1B 28 49")).isEqualTo("A");
        assertThat(text(japanese, "1B 28 42 41")).isEqualTo("A");
        CharsetDecoder replacement = Encodings.of("replacement").newDecoder();
        assertThat(text(replacement, "41")).isEqualTo("\ufffd");
        assertThat(text(replacement, "41")).isEqualTo("\ufffd");
    }

    private static String text(CharsetDecoder decoder, String hex) throws CharacterCodingException {
        return decoder.onMalformedInput(CodingErrorAction.REPLACE).decode(ByteBuffer.wrap(bytes(hex))).toString();
    }

    @ParameterizedTest
    @CsvSource({"windows-1251, %26%2365533%3Ba", "ISO-2022-JP, %26%2365533%3Ba", "gb18030, %841%A47a"})
    void writesNoHalfOfASurrogatePair(String encoding, String query) {
        PageCharset charset = new PageCharset(encoding, Encodings.of(encoding), 0);
        assertThat(charset.query("\ud83da")).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, 41", "UTF-16LE, 41 00", "UTF-16LE, 3D D8 00 DE", "Big5, 88 62", "GBK, 41", "KOI8-R, 41",
        "ISO-2022-JP, 41", "replacement, 41"})
    void waitsForRoom(String encoding, String hex) {
        Charset charset = Encodings.of(encoding);
        String whole = decoded(encoding, hex);
        ByteBuffer in = ByteBuffer.wrap(bytes(hex));
        CharBuffer tooSmall = CharBuffer.allocate(whole.length() - 1);
        CharsetDecoder decoder = charset.newDecoder();
        assertThat(decoder.decode(in, tooSmall, false).isOverflow()).isTrue();
        assertThat(in.position()).isZero();
        CharBuffer enough = CharBuffer.allocate(whole.length());
        assertThat(decoder.decode(in, enough, false).isUnderflow()).isTrue();
        assertThat(enough.flip().toString()).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "GBK", "KOI8-R", "ISO-2022-JP", "replacement"})
    void isForReadingOnly(String encoding) {
        Charset charset = Encodings.of(encoding);
        assertThat(charset.name()).isEqualTo(encoding);
        assertThat(charset.canEncode()).isFalse();
        assertThatThrownBy(charset::newEncoder).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(encoding);
    }

    @Test
    void isMadeOnce() {
        assertThat(Encodings.of("Big5")).isSameAs(Encodings.of("Big5"));
    }
}
