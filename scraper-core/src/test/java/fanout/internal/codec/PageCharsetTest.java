package fanout.internal.codec;

import static fanout.internal.parse.TestPages.documentJob;
import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.page;
import static fanout.internal.parse.TestPages.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import fanout.job.CrawlJob;
import fanout.job.Parsing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Byte order mark before job before header before meta element before UTF-8 before windows-1252. */
class PageCharsetTest {

    private static String name(String contentType, String start) {
        return PageCharset.detect(contentType, start.getBytes(StandardCharsets.ISO_8859_1)).name();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "text/html;charset=windows-1251           | windows-1251",
        "text/html; Charset=\"KOI8-R\"            | KOI8-R",
        "text/html; charset='latin1'; x=y         | ISO-8859-1",
        "text/html; charset = utf8                | UTF-8",
        "text/html; boundary=x; charset=shift_jis | Shift_JIS",
        "text/html; charset=utf-16                | UTF-16LE",
        "text/html; charset=utf-16be              | UTF-16BE",
        "text/html; charset=ascii                 | US-ASCII",
        "text/html; charset=unicode               | UTF-16LE",
        "text/html; charset=hebrew                | ISO-8859-8",
        "text/html; charset=x-user-defined        | x-user-defined",
        "text/html; charset=nonsense              | ISO-8859-2",
        "text/html; charset=utf16                 | ISO-8859-2",
        "text/html; charset=utf_16                | ISO-8859-2",
        "text/html; charset=utf-32                | ISO-8859-2",
        "text/html; charset=cp037                 | ISO-8859-2",
        "text/html; charset=$%&                   | ISO-8859-2",
        "text/html; charset=                      | ISO-8859-2",
        "text/html                                | ISO-8859-2"})
    void takesTheHeaderBeforeTheMetaElement(String contentType, String name) {
        assertThat(name(contentType, "<meta charset=iso-8859-2>")).isEqualTo(name);
    }

    @Test
    void takesAByteOrderMarkBeforeAllElse() {
        assertThat(name("text/html; charset=koi8-r", "\u00ef\u00bb\u00bf<meta charset=iso-8859-2>")).isEqualTo("UTF-8");
        assertThat(name("text/html; charset=koi8-r", "\u00fe\u00ff\0<")).isEqualTo("UTF-16BE");
        assertThat(name("text/html; charset=koi8-r", "\u00ff\u00fe<\0")).isEqualTo("UTF-16LE");
        assertThat(name("", "\u00ff")).as("too short").isEqualTo("windows-1252");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "<meta charset=koi8-r>                                                        | KOI8-R",
        "<META CharSet = ' KOI8-R ' >                                                 | KOI8-R",
        "<meta/charset=\"koi8-r\"/>                                                   | KOI8-R",
        "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>           | KOI8-R",
        "<meta content=\"text/html; charset=koi8-r\" http-equiv=content-type>         | KOI8-R",
        "<meta content='text/html; charset=koi8-r'>                                   | UTF-8",
        "<meta name=a content=b><meta charset=koi8-r>                                 | KOI8-R",
        "<meta charset=nonsense><meta charset=koi8-r>                                 | KOI8-R",
        "<meta charset=koi8-r charset=iso-8859-2>                                     | KOI8-R",
        "<!-- <meta charset=iso-8859-2> --><meta charset=koi8-r>                      | KOI8-R",
        "<!--><meta charset=koi8-r>-->                                                | KOI8-R",
        "<a title='<meta charset=iso-8859-2>'><meta charset=koi8-r>                   | KOI8-R",
        "<!doctype html><?x?></x><meta charset=koi8-r>                                | KOI8-R",
        "<meta content='x' http-equiv=content-type content='charset=koi8-r'>          | UTF-8",
        "<meta http-equiv=x http-equiv=content-type content='charset=koi8-r'>         | UTF-8",
        "<meta http-equiv=content-type content='charset=koi8-r' charset=iso-8859-2>   | ISO-8859-2",
        "<meta http-equiv=content-type charset=iso-8859-2 content='charset=koi8-r'>   | ISO-8859-2",
        "<meta charset=nonsense http-equiv=content-type content='charset=koi8-r'>     | UTF-8",
        "<meta http-equiv=content-type content='charset=nonsense' charset=koi8-r>     | KOI8-R",
        "<meta http-equiv=content-type content='charset=koi8-r' charset=nonsense>     | UTF-8",
        "<meta http-equiv=content-type content='charset charset = \"koi8-r\" x'>       | KOI8-R",
        "<meta http-equiv=content-type content='xCharset=koi8-r;'>                    | KOI8-R",
        "<meta http-equiv=content-type content='charset=\"koi8-r'>                     | UTF-8",
        "<meta http-equiv=content-type content='charset=koi8-r,x'>                    | UTF-8",
        "<meta http-equiv=content-type content='charset='>                            | UTF-8",
        "<meta http-equiv=content-type content='charset'>                             | UTF-8",
        "<metadata charset=koi8-r>                                                    | UTF-8",
        "<meta charset=unicode><p>                                                    | UTF-8",
        "<meta charset=utf-16be><meta charset=koi8-r>                                 | UTF-8",
        "<meta charset=utf16><meta charset=koi8-r>                                    | KOI8-R",
        "<meta charset=x-user-defined>                                                | windows-1252",
        "<meta charset=replacement>                                                   | replacement",
        "<meta charset=utf-16le>                                                      | UTF-8",
        "<?xml version=\"1.0\" encoding='koi8-r'?><p>                                 | KOI8-R",
        "<?xml version=\"1.0\" encoding='koi8-r'?><meta charset=iso-8859-2>           | ISO-8859-2",
        "<?xml encoding = \"koi8-r\"?>                                                | KOI8-R",
        "<?xml version='1.0' encoding='UTF-16'?>                                      | UTF-8",
        "<?xml version='1.0' encoding='x-user-defined'?>                              | windows-1252",
        "<?xml version='1.0' encoding=' koi8-r'?>                                     | UTF-8",
        "<?xml version='1.0' encoding=koi8-r?>                                        | UTF-8",
        "<?xml version='1.0' encoding 'koi8-r'?>                                      | UTF-8",
        "<?xml version='1.0'?><p encoding='koi8-r'>                                   | UTF-8",
        "<?xml version='1.0' encoding='koi8-r'                                        | UTF-8",
        "<?xml encoding                                                               | UTF-8",
        "<?xml encoding=                                                              | UTF-8",
        "<?xml-stylesheet encoding='koi8-r'?>                                         | KOI8-R",
        " <?xml version='1.0' encoding='koi8-r'?>                                     | KOI8-R",
        "<?php encoding='koi8-r'?>                                                    | UTF-8",
        "<meta charset=koi8-r                                                         | UTF-8",
        "<meta                                                                        | UTF-8",
        "<meta charset                                                                | UTF-8",
        "<meta charset=                                                               | UTF-8",
        "<meta charset='koi8-r                                                        | UTF-8",
        "<                                                                            | UTF-8",
        "<!                                                                           | UTF-8"})
    void findsTheMetaElementAsBrowsersDo(String html, String name) {
        assertThat(name("text/html", html)).isEqualTo(name);
    }

    @Test
    void knowsAnXmlDeclarationInUtf16() {
        assertThat(name("", "<\0?\0x\0m\0")).isEqualTo("UTF-16LE");
        assertThat(name("", "\0<\0?\0x\0m")).isEqualTo("UTF-16BE");
        assertThat(name("", "<\0p\0>\0")).isEqualTo("UTF-8");
    }

    @Test
    void readsWhatIsDeclaredUnicodeInAsciiAsUtf8() throws InterruptedException {
        byte[] body = "<meta charset=unicode><title>hello</title><a href=/next>".getBytes(StandardCharsets.UTF_8);
        var parsed = parse(page("text/html", body));
        assertThat(parsed.content().title()).contains("hello");
        assertThat(parsed.links()).hasSize(1);
    }

    @Test
    void leavesQueriesToUtf8WhereTheCharsetHasNoEncoder() {
        for (String charset : new String[]{"utf-8", "utf-16be", "utf-16le", "iso-2022-kr"}) {
            assertThat(PageCharset.detect("charset=" + charset, new byte[0]).query("q=\u00e9")).isEqualTo("q=\u00e9");
        }
        assertThat(PageCharset.detect("charset=latin1", new byte[0]).query("q=\u00e9")).isEqualTo("q=%E9");
    }

    @Test
    void looksForTheMetaElementInTheFirst8KiBOfABody() {
        assertThat(name("", "<p>" + "x".repeat(8_000) + "<meta charset=koi8-r>")).isEqualTo("KOI8-R");
        assertThat(name("", "<p>" + "x".repeat(9_000) + "<meta charset=koi8-r>")).isEqualTo("UTF-8");
    }

    /** A bar stands for many characters. Chromium 156 finds the same, but guesses where this program says UTF-8. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "<head><script>a<b && c=='|'</script><meta charset=koi8-r>                                ; KOI8-R",
        "<!doctype html><html lang=x><head><style>|</style><title>t</title><meta charset=koi8-r>  ; KOI8-R",
        "<STYLE>|</STYLE ><LINK><base href=x><script src=y></script><META CHARSET=KOI8-R>         ; KOI8-R",
        "<meta name=description content='|'><object></object><meta charset=koi8-r>                ; KOI8-R",
        "<meta charset=nonsense><!--|--><?x?></ x><meta charset=koi8-r>                           ; KOI8-R",
        "<noscript><link href='|'></noscript><meta charset=koi8-r>                                ; KOI8-R",
        "<title>|<meta charset=iso-8859-2></titles></title><meta charset=koi8-r>                  ; KOI8-R",
        "text|<meta charset=koi8-r>                                                               ; KOI8-R",
        "<script>|<meta charset=koi8-r></script>                                                  ; UTF-8",
        "<script>|<meta charset=koi8-r>                                                           ; UTF-8",
        "<head></head>|<meta charset=koi8-r>                                                      ; UTF-8",
        "<head><script>|</script></head><body><meta charset=koi8-r>                               ; UTF-8",
        "<head><template>|</template><meta charset=koi8-r>                                        ; UTF-8",
        "<b>Warning</b><head><script>|</script><meta charset=koi8-r>                              ; UTF-8",
        "<script>|</script></html><meta charset=koi8-r>                                           ; UTF-8",
        "<script>|</script><metadata><meta charset=koi8-r>                                        ; UTF-8",
        "<script>|</script><meta charset=koi8-r                                                   ; UTF-8"})
    void findsTheMetaElementBehindALongHead(String html, String name) {
        assertThat(name("", html.strip().replace("|", "x".repeat(9_000)))).isEqualTo(name);
        assertThat(name("", html.strip().replace("|", "x".repeat(200_000)))).isEqualTo(name);
    }

    @Test
    void looksNoFurtherThanAMebibyteIntoAHead() {
        String script = "<script>" + "x".repeat(1 << 20) + "</script>";
        assertThat(name("", script.substring(0, 1_000_000) + "</script><meta charset=koi8-r>")).isEqualTo("KOI8-R");
        assertThat(name("", script + "<meta charset=koi8-r>")).isEqualTo("UTF-8");
    }

    /** Bytes as the characters of Latin 1. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "Gr\u00fc\u00dfe, Gr\u00fc\u00dfe, windows-1252",
        "\u0093x\u0094 \u0080 5, \u201cx\u201d \u20ac 5, windows-1252",
        "Gr\u00c3\u00bc\u00c3\u009fe, Gr\u00fc\u00dfe, UTF-8",
        "\u00e4\u00b8\u00ad \u00f0\u009f\u0098\u0080, \u4e2d \ud83d\ude00, UTF-8",
        "plain, plain, UTF-8"})
    void readsWhatDeclaresNothingAsUtf8OrElseAsWindows1252(String bytes, String title, String charset)
            throws InterruptedException {
        for (String filling : List.of("", "x".repeat(20_000))) {
            byte[] body = ("<p>" + filling + "<title>" + bytes + "</title>").getBytes(StandardCharsets.ISO_8859_1);
            var content = parse(page("text/html", body)).content();
            assertThat(content.title()).contains(title);
            assertThat(content.charset()).contains(charset);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "                           | \u00e9                               | \u0439      | windows-1251",
        "text/html; charset=utf-8   | \u00e9                               | \u0439      | windows-1251",
        "text/html                  | \u00e9<meta charset=koi8-r>          | \u0439      | windows-1251",
        "text/html; charset=utf-8   | \u00c3\u00a9                         | \u0413\u00a9 | windows-1251",
        "text/html; charset=koi8-r  | \u00ef\u00bb\u00bf\u00c3\u00a9       | \u00e9      | UTF-8",
        "application/xhtml+xml      | <?xml encoding='utf-8'?><html>\u00e9</html> | \u0439      | windows-1251"})
    void jobsCharsetCountsMoreThanAllButAByteOrderMark(String type, String start, String letter, String charset)
            throws InterruptedException {
        String body = start.replaceFirst("(\u00c3?[\u00e9\u00a9])", "<title>$1</title>");
        CrawlJob job = job().charset(" Windows-1251").build();
        for (CrawlJob.Builder either : List.of(job.toBuilder(),
                job.toBuilder().extract(documentJob().build().parsing().extract()))) {
            var content = parse(either.build(),
                    page(type == null ? "" : type, body.getBytes(StandardCharsets.ISO_8859_1))).content();
            assertThat(content.title()).contains(letter);
            assertThat(content.charset()).contains(charset);
        }
    }

    @Test
    void jobsCharsetIsOneOfTheEncodingStandard() {
        assertThatIllegalArgumentException().isThrownBy(() -> job().charset("cp037").build())
                .withMessage(
                        "parse.charset must be a label of the Encoding Standard, as in windows-1251, not \"cp037\"");
        assertThat(Parsing.charsets()).hasSize(228).allMatch(Parsing::isCharset);
    }

    /** Of each sequence that might be one, in text before, between and behind ASCII, what the JDK's decoder says. */
    @Test
    void utf8IsValidWhereTheJdkSaysSoToo() {
        int[] bytes =
                {0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
                    0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
        Random random = new Random(7);
        int valid = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] text = new byte[random.nextInt(24)];
            Arrays.fill(text, (byte) 'x');
            int from = text.length == 0 ? 0 : random.nextInt(text.length);
            for (int at = from; at < Math.min(text.length, from + 1 + i % 5); at++) {
                text[at] = (byte) bytes[random.nextInt(bytes.length)];
            }
            if (Utf8.isValid(text) != isUtf8(text)) {
                fail(HexFormat.of().formatHex(text));
            }
            valid += Utf8.isValid(text) ? 1 : 0;
        }
        assertThat(valid).isBetween(1_500, 28_500);
        StringBuilder all = new StringBuilder();
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .forEach(all::appendCodePoint);
        assertThat(Utf8.isValid(all.toString().getBytes(StandardCharsets.UTF_8))).as("every character").isTrue();
    }

    private static boolean isUtf8(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252", "ISO-8859-1"})
    void decodesTitlesInIt(String charset) throws InterruptedException {
        byte[] body = "<title>Gr\u00fc\u00dfe</title>".getBytes(Charset.forName(charset));
        var content = parse(page("text/html; charset=" + charset, body)).content();
        assertThat(content.title()).contains("Gr\u00fc\u00dfe");
        assertThat(content.charset()).contains(charset);
        assertThat(content.bytes()).isEqualTo(body.length);
    }

    @Test
    void decodesUtf16ByItsByteOrderMark() throws InterruptedException {
        for (Charset charset : new Charset[]{StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE}) {
            byte[] body = "\ufeff<title>\u4e2d\ud83d\ude00</title>".getBytes(charset);
            var content = parse(page("text/html; charset=utf-8", body)).content();
            assertThat(content.title()).as("without the mark").contains("\u4e2d\ud83d\ude00");
            assertThat(content.charset()).contains(charset.name());
        }
    }

    @Test
    void decodesWhatIsDeclaredLatin1AsBrowsersDo() throws InterruptedException {
        byte[] body = joined("<title>5 ".getBytes(StandardCharsets.US_ASCII), new byte[]{(byte) 0x80});
        assertThat(parse(page("text/html; charset=iso-8859-1", body)).content().title()).contains("5 \u20ac");
        assertThat(parse(page("text/html; charset=iso-8859-1", body)).content().charset()).contains("ISO-8859-1");
    }

    @Test
    void replacesWhatCannotBeDecoded() throws InterruptedException {
        byte[] body = joined("<title>a".getBytes(StandardCharsets.US_ASCII), new byte[]{(byte) 0xFF, (byte) 0xC3},
                "b</title><a href=x>".getBytes(StandardCharsets.US_ASCII));
        var parsed = parse(page("text/html; charset=utf-8", body));
        assertThat(parsed.content().title()).contains("a\ufffd\ufffdb");
        assertThat(parsed.links()).hasSize(1);
    }
}
