package fanout.charset;

import static fanout.parse.TestPages.page;
import static fanout.parse.TestPages.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Byte order mark before header before meta element before UTF-8. */
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
        assertThat(name("", "\u00ff")).as("too short").isEqualTo("UTF-8");
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
    void looksForTheMetaElementInTheFirst8KiBOnly() {
        assertThat(name("", "<p>" + "x".repeat(8_000) + "<meta charset=koi8-r>")).isEqualTo("KOI8-R");
        assertThat(name("", "<p>" + "x".repeat(9_000) + "<meta charset=koi8-r>")).isEqualTo("UTF-8");
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
        var parsed = parse(page("text/html", body));
        assertThat(parsed.content().title()).contains("a\ufffd\ufffdb");
        assertThat(parsed.links()).hasSize(1);
    }
}
