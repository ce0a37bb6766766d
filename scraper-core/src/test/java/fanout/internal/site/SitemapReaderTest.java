package fanout.internal.site;

import static fanout.internal.parse.TestPages.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.internal.site.SitemapReader.Result;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import fanout.url.CanonicalUrl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SitemapReaderTest {

    private static final boolean CI = Boolean.getBoolean("fanout.ci");
    private static final int URLS_A_BLOCK = CI ? 1_000 : 100;
    /** A token that goes on behind the most that is read of a file; without CI one of nine megabytes. */
    private static final int BLOCKS_A_TOKEN = CI ? 70 : 12;
    private static final String HEAD = """
            <?xml version='1.0' encoding='UTF-8'?>
            <urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>
            """;
    private static final Result NONE = new Result.Unread(new Failure.Parse("not a sitemap"));

    private static final Result WITH_DTD =
            new Result.Unread(new Failure.Parse("not read: it has a document type definition"));

    private static Result result(byte[] body) throws InterruptedException {
        return within(Duration.ofSeconds(50), () -> new SitemapReader().read(body, ""));
    }

    private static SitemapContent read(byte[] body) throws InterruptedException {
        return ((Result.Read) result(body)).content();
    }

    private static SitemapContent read(String body) throws InterruptedException {
        return read(utf8(body));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String flaw(String body) throws InterruptedException {
        return ((Result.Read) result(utf8(body))).flaw().map(Failure::detail).orElse("");
    }

    private static List<String> pages(SitemapContent content) {
        return content.pages().stream().map(CanonicalUrl::toString).toList();
    }

    private static byte[] gzip(byte[]... parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (byte[] part : parts) {
                gzip.write(part);
            }
        }
        return out.toByteArray();
    }

    @Test
    void readsTheProtocolsXml() throws InterruptedException {
        SitemapContent content = read(HEAD + """
                <url><loc>http://example.org/a?x=1&amp;y=2</loc><lastmod>2026-01-01</lastmod></url>
                <url><lastmod/><loc>
                   HTTP://EXAMPLE.org:80/%7Eb
                </loc></url>
                <url><loc><![CDATA[http://example.org/c]]></loc></url>
                <url><loc>http://example.org/a?x=1&#38;y=2</loc></url>
                </urlset>""");
        assertThat(pages(content)).containsExactly("http://example.org/a?x=1&y=2", "http://example.org/~b",
                "http://example.org/c");
        assertThat(content.sitemaps()).isEmpty();
        assertThat(content.dropped()).isZero();
    }

    @Test
    void takesNoImagesAndAlternatesForPages() throws InterruptedException {
        assertThat(pages(read("""
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="http://example.org/image"
                  xmlns:x="http://www.w3.org/1999/xhtml"><url><loc>http://example.org/a</loc>
                <i:image><i:loc>http://example.org/a.png</i:loc></i:image><x:link href="http://example.org/fr"/></url>
                <loc>http://example.org/stray</loc></urlset>"""))).containsExactly("http://example.org/a");
    }

    @Test
    void readsIndexFiles() throws InterruptedException {
        SitemapContent content = read("""
                <sitemapindex><sitemap><loc>http://example.org/1.xml.gz</loc></sitemap>
                <sitemap><loc>http://example.org/2.xml</loc></sitemap><url><loc>http://example.org/no</loc></url>
                </sitemapindex>""");
        assertThat(content.pages()).isEmpty();
        assertThat(content.sitemaps()).extracting(CanonicalUrl::toString)
                .containsExactly("http://example.org/1.xml.gz", "http://example.org/2.xml");
    }

    @Test
    void readsTextFiles() throws InterruptedException {
        SitemapContent content =
                read("\ufeffhttp://example.org/a\r\n\r\n  http://example.org/b \n/relative\nhttp://example.org/c");
        assertThat(pages(content)).containsExactly("http://example.org/a", "http://example.org/b",
                "http://example.org/c");
        assertThat(content.dropped()).isEqualTo(1);
    }

    @Test
    void readsRssAndAtom() throws InterruptedException {
        assertThat(pages(
                read("""
                        <rss version="2.0"><channel><link>http://example.org/</link><item><title>x</title>
                        <link>http://example.org/a</link></item><item><link>http://example.org/b</link></item></channel></rss>""")))
                .containsExactly("http://example.org/a", "http://example.org/b");
        assertThat(pages(read("""
                <feed xmlns="http://www.w3.org/2005/Atom"><link href="http://example.org/feed"/><entry>
                <link href="http://example.org/a"/><link rel="edit" href="http://example.org/no"/></entry>
                <entry><link rel="alternate" href="http://example.org/b"/></entry></feed>""")))
                .containsExactly("http://example.org/a", "http://example.org/b");
    }

    @Test
    void readsGzipWhateverItIsCalled() throws Exception {
        byte[] xml = utf8(HEAD + "<url><loc>http://example.org/a</loc></url></urlset>");
        assertThat(pages(read(gzip(xml)))).containsExactly("http://example.org/a");
        assertThat(pages(read(gzip(utf8("http://example.org/a\n"))))).containsExactly("http://example.org/a");
    }

    @Test
    void readsOtherEncodingsAndForgivesWhatComesBeforeTheDeclaration() throws InterruptedException {
        String xml = "<?xml version='1.0'?><urlset><url><loc>http://example.org/\u00e9</loc></url></urlset>";
        for (byte[] body : new byte[][]{utf8("\ufeff" + xml), utf8(" \n" + xml), utf8("\ufeff\r\n" + xml),
            ("\ufeff" + xml).getBytes(StandardCharsets.UTF_16LE), ("\ufeff" + xml).getBytes(StandardCharsets.UTF_16BE),
            xml.replace("'1.0'", "'1.0' encoding='ISO-8859-1'").getBytes(StandardCharsets.ISO_8859_1)}) {
            assertThat(pages(read(body))).containsExactly("http://example.org/%C3%A9");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
        "application/xml; charset=windows-1251 | -            | windows-1251",
        "text/xml; charset=windows-1251        | utf-8        | windows-1251",
        "application/xml; charset=utf-8        | windows-1251 | utf-8",
        "application/xml; charset=koi8-r       | bom          | utf-8",
        "application/xml; charset=nonsense     | windows-1251 | windows-1251",
        "application/xml; charset=utf-16le     | -            | utf-16le",
        "application/xml                       | windows-1251 | windows-1251",
        "application/xml                       | -            | utf-8"})
    void headersCharsetCountsMoreThanTheDeclaration(String type, @Nullable String declared, String encoding)
            throws Exception {
        String declaration = declared == null || declared.equals("bom") ? "" : " encoding='" + declared + "'";
        byte[] xml = (("bom".equals(declared) ? "\ufeff" : "") + "<?xml version='1.0'" + declaration
                + "?><urlset><url><loc>http://example.org/\u0439</loc></url></urlset>")
                .getBytes(Charset.forName(encoding));
        for (byte[] body : new byte[][]{xml, gzip(xml)}) {
            Result result = within(Duration.ofSeconds(50), () -> new SitemapReader().read(body, type));
            assertThat(pages(((Result.Read) result).content())).containsExactly("http://example.org/%D0%B9");
        }
    }

    @Test
    void dropsWhatTheProtocolDoesNotAllow() throws InterruptedException {
        SitemapContent content = read(HEAD + "<url><loc>/relative</loc></url><url><loc></loc></url>"
                + "<url><loc>ftp://example.org/</loc></url><url><loc>http://example.org/" + "x".repeat(2_048)
                + "</loc></url><url><loc>http://u:p@example.org/</loc></url>"
                + "<url><loc>http://example.org/ok</loc></url></urlset>");
        assertThat(pages(content)).containsExactly("http://example.org/ok");
        assertThat(content.dropped()).isEqualTo(5);
    }

    @Test
    void countsWhatCameBeforeAnError() throws Exception {
        String start = HEAD + "<url><loc>http://example.org/a</loc></url><url><loc>http://example.org/b</loc></url>";
        for (String rest : List.of("", "<url><loc>http://example.org/cut", "</wrong>", "<url>&undefined;</url>", "<<",
                "\0")) {
            assertThat(pages(read(start + rest))).as(rest)
                    .containsExactly("http://example.org/a", "http://example.org/b");
        }
        byte[] noise = new byte[100_000];
        new Random(5).nextBytes(noise);
        byte[] whole = gzip(utf8(start), noise);
        assertThat(pages(read(Arrays.copyOf(whole, whole.length / 2)))).as("cut gzip").hasSize(2);
        byte[] text = gzip(utf8("http://example.org/a\n"), noise);
        assertThat(pages(read(Arrays.copyOf(text, text.length / 2)))).as("cut gzip").contains("http://example.org/a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<url><loc>http://example.org/a?x=1&y=2</loc></url>",
        "<url><title>rock & roll</title></url>",
        "<url><title>a&nbsp;b</title></url>", "<url><title>\u0001\u0008</title></url>", "<image:image>x</image:image>",
        "<url><image:loc>http://example.org/no.png</image:loc></url>", "<url><title>1 < 2</title></url>",
        "<url><xhtml:link rel='alternate' href='http://example.org/no'/></url>", "<url></wrong></url>",
        "<url a=b c></url>",
        "<url><loc>http://example.org/cut<lastmod></url>", "<url>", "<![CDATA[ & ]]>", "<!-- -- & -->", "<?x & ?>",
        "<!X>",
        "<url><title>&#0;&#x110000;&#xD;&#1x;</title></url>"})
    void readsOnBehindAMistake(String mistake) throws InterruptedException {
        String body = HEAD + mistake + "<url><loc>http://example.org/after</loc></url></urlset>";
        assertThat(pages(read(body))).contains("http://example.org/after").doesNotContain("http://example.org/no");
        assertThat(flaw(body)).isEmpty();
    }

    @Test
    void aRawAmpersandIsPartOfItsLocation() throws InterruptedException {
        assertThat(pages(read(HEAD + "<url><loc>http://example.org/a?x=1&y=2&lt=3&#x26;z</loc></url></urlset>")))
                .containsExactly("http://example.org/a?x=1&y=2&lt=3&z");
    }

    @Test
    void whiteSpaceAroundAnEntityIsPartOfALocation() throws InterruptedException {
        assertThat(pages(read(HEAD + "<url><loc>\n http://example.org/s?q=rock &amp; roll \n</loc></url></urlset>")))
                .containsExactly("http://example.org/s?q=rock%20&%20roll");
        assertThat(pages(read(HEAD + "<url><loc>http://example.org/s?q=a<![CDATA[ & ]]>b</loc></url></urlset>")))
                .containsExactly("http://example.org/s?q=a%20&%20b");
    }

    @Test
    void readsBehindABareDocumentType() throws InterruptedException {
        for (String doctype : List.of("<!DOCTYPE urlset>", "<!doctype urlset >", "<!DOCTYPE\nurlset>")) {
            assertThat(pages(read("<?xml version='1.0'?>" + doctype
                    + "<urlset><url><loc>http://example.org/a</loc></url></urlset>"))).as(doctype)
                    .containsExactly("http://example.org/a");
        }
    }

    /** What is too long is dropped, and never cut to what is not. */
    @Test
    void aLocationIsReadWholeWhateverItIsMadeOf() throws InterruptedException {
        String longest = "http://example.org/" + "x".repeat(SitemapEntries.LONGEST_LOCATION - 19);
        SitemapContent content = read(HEAD + "<url><loc>http://example.org/<b>a</b>b<![CDATA[c]]></loc></url>"
                + "<url><loc>" + longest + "<![CDATA[x]]></loc></url></urlset>");

        assertThat(pages(content)).containsExactly("http://example.org/abc");
        assertThat(content.dropped()).isEqualTo(1);
        assertThat(pages(read(HEAD + "<url><loc>" + longest + "<![CDATA[ ]]></loc></url></urlset>")))
                .containsExactly(longest);
    }

    @Test
    void theCharacterZeroEndsNoTextFile() throws InterruptedException {
        assertThat(pages(read("http://example.org/a\0\nhttp://example.org/b"))).contains("http://example.org/b");
    }

    @Test
    void aSingleByteIsNoSitemapWhateverBeginsSo() throws InterruptedException {
        assertThat(result(new byte[]{0x1F})).isEqualTo(NONE);
    }

    @Test
    void aPrefixOfTheRootIsNone() throws InterruptedException {
        assertThat(pages(read("<s:urlset><s:url><s:loc>http://example.org/a</s:loc><i:loc>http://example.org/no</i:loc>"
                + "</s:url><url><loc>http://example.org/b</loc></url></s:urlset>")))
                .containsExactly("http://example.org/a", "http://example.org/b");
    }

    @Test
    void saysWhyItCouldNotReadToTheEnd() throws Exception {
        assertThat(flaw(HEAD + "<url><loc>http://example.org/a</loc></url>"))
                .isEqualTo("read in part: it ends before its last end tag");
        assertThat(flaw(HEAD + "<x>".repeat(200) + "</urlset>")).isEqualTo("read in part: elements 100 deep");
        byte[] whole = gzip(utf8(HEAD + "<url><loc>http://example.org/a</loc></url>"), new byte[100_000]);
        assertThat(((Result.Read) result(Arrays.copyOf(whole, whole.length - 20))).flaw()).isPresent();
    }

    @Test
    void readsAtMost50000Urls() throws InterruptedException {
        StringBuilder xml = new StringBuilder(HEAD);
        for (int i = 0; i < 50_010; i++) {
            xml.append("<url><loc>http://example.org/").append(i).append("</loc></url>");
        }
        SitemapContent content = read(xml.append("</urlset>").toString());
        assertThat(content.pages()).hasSize(50_000);
        assertThat(content.dropped()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n ", "<!doctype html><html><body><a href='http://example.org/'>x</a></body></html>",
        "<html><url><loc>http://example.org/</loc></url></html>", "not a url\nnor this", "<", "<?xml version='1.0'?>",
        "{\"a\": 1}"})
    void knowsWhatIsNoSitemap(String body) throws InterruptedException {
        assertThat(result(utf8(body))).isEqualTo(NONE);
    }

    @Test
    void survivesNoise() throws InterruptedException {
        Random random = new Random(9);
        byte[] valid = utf8(HEAD + "<url><loc>http://example.org/a</loc></url>".repeat(20) + "</urlset>");
        for (int i = 0; i < 3_000; i++) {
            byte[] body = valid.clone();
            for (int n = random.nextInt(5) + 1; n > 0; n--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertThat(result(body)).isNotNull();
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            assertThat(result(noise)).isNotNull();
        }
        assertThat(result(new byte[]{0x1F, (byte) 0x8B})).isEqualTo(NONE);
        assertThat(result(new byte[]{0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3})).isEqualTo(NONE);
    }

    @Test
    void fetchesAndExpandsNoEntities(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "http://example.org/secret");
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(300);
            String remote = "http://127.0.0.1:" + server.getLocalPort() + "/x.dtd";
            for (String dtd : List.of("<!DOCTYPE urlset [<!ENTITY x SYSTEM '" + secret.toUri() + "'>]>",
                    "<!DOCTYPE urlset SYSTEM '" + remote + "'>",
                    "<!DOCTYPE urlset [<!ENTITY % p SYSTEM '" + remote + "'>%p;]>",
                    "<!DOCTYPE urlset [<!ENTITY x 'http://example.org/internal'>]>")) {
                byte[] body = utf8("<?xml version='1.0'?>" + dtd + "<urlset><url><loc>http://example.org/a</loc></url>"
                        + "<url><loc>&x;</loc></url></urlset>");
                assertThat(result(body)).as(dtd).isEqualTo(WITH_DTD);
            }
            assertThatExceptionOfType(java.net.SocketTimeoutException.class).as("no connection came")
                    .isThrownBy(server::accept);
        }
    }

    @Test
    void laughsNotABillionTimes() throws InterruptedException {
        StringBuilder dtd = new StringBuilder("<!DOCTYPE urlset [<!ENTITY l0 'http://example.org/'>");
        for (int i = 1; i < 10; i++) {
            dtd.append("<!ENTITY l").append(i).append(" '").append(("&l" + (i - 1) + ";").repeat(10)).append("'>");
        }
        assertThat(result(utf8(dtd + "]><urlset><url><loc>&l9;</loc></url></urlset>"))).isEqualTo(WITH_DTD);
    }

    @Test
    @DisabledIfSystemProperty(named = "fanout.mutants", matches = "true",
            disabledReason = "many megabytes take minutes where PIT counts every block")
    void readsAtMost50MiBOfABomb() throws Exception {
        byte[] block =
                utf8("<url><loc>http://example.org/same</loc></url>\n".repeat(URLS_A_BLOCK) + " ".repeat(900_000));
        byte[][] parts = new byte[80][];
        Arrays.fill(parts, block);
        parts[0] = utf8(HEAD + "<url><loc>http://example.org/first</loc></url>");
        parts[79] = utf8("<url><loc>http://example.org/last</loc></url></urlset>");
        byte[] bomb = gzip(parts);
        assertThat(bomb.length).isLessThan(1 << 20);
        Result.Read read = (Result.Read) result(bomb);
        assertThat(pages(read.content())).containsExactly("http://example.org/first", "http://example.org/same");
        assertThat(read.flaw().map(Failure::detail).orElse(""))
                .contains("longer than 52428800 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!--", "<url><loc>", "<url a='", "<?x ", "<url", "<url><x>&amp;", "<a>"})
    @DisabledIfSystemProperty(named = "fanout.mutants", matches = "true",
            disabledReason = "many megabytes take minutes where PIT counts every block")
    void keepsNoTokenOfMegabytes(String start) throws Exception {
        byte[] block = utf8((start.equals("<a>") ? "<a>" : "xxx").repeat(1 << 18));
        byte[][] parts = new byte[BLOCKS_A_TOKEN][];
        Arrays.fill(parts, block);
        parts[0] = utf8(HEAD + "<url><loc>http://example.org/first</loc></url>" + start);
        assertThat(pages(read(gzip(parts)))).containsExactly("http://example.org/first");
    }

    @Test
    void keepsNoLineOfMegabytes() throws Exception {
        byte[][] parts = new byte[40][];
        Arrays.fill(parts, utf8("x".repeat(1 << 20)));
        parts[0] = utf8("http://example.org/a\nhttp://example.org/");
        parts[39] = utf8("\nhttp://example.org/b");
        SitemapContent content = read(gzip(parts));
        assertThat(pages(content)).containsExactly("http://example.org/a", "http://example.org/b");
        assertThat(content.dropped()).isEqualTo(1);
    }

    @Test
    void aPassedDeadlineEndsTheRead() throws InterruptedException {
        byte[] body = utf8(HEAD + "<url><loc>http://example.org/a</loc></url></urlset>");
        assertThat(within(Duration.ofNanos(1), () -> new SitemapReader().read(body, "")))
                .isEqualTo(new Result.Unread(new Failure.TimedOut(Stage.PARSE, Duration.ofNanos(1))));
    }

    @Test
    void interruptionEndsTheRead() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> result(utf8(HEAD)));
        assertThat(Thread.currentThread().isInterrupted()).as("flag").isFalse();
    }

    @Test
    void interruptionEndsALongRead() throws Exception {
        byte[][] parts = new byte[60][];
        Arrays.fill(parts, utf8("<url><loc>http://example.org/same</loc></url>\n".repeat(20_000)));
        parts[0] = utf8(HEAD);
        byte[] body = gzip(parts);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                result(body);
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        Awaitility.await()
                .until(() -> Arrays.stream(reader.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().endsWith("SitemapXml")));
        reader.interrupt();
        reader.join();
        assertThat(interrupted).as("it was the interrupt that ended it").isTrue();
    }
}
