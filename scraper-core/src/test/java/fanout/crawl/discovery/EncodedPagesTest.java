package fanout.crawl.discovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.synthetic.Arrival;
import fanout.synthetic.SyntheticWeb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One crawl of pages in every encoding of the Encoding Standard. */
@Timeout(60)
class EncodedPagesTest {

    private static final Map<String, byte[]> MARKS = Map.of("UTF-8", new byte[]{(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
            "UTF-16BE", new byte[]{(byte) 0xFE, (byte) 0xFF}, "UTF-16LE", new byte[]{(byte) 0xFF, (byte) 0xFE});

    /** A page that declares its encoding in one way. */
    private record EncodedPage(String encoding, String how, String word, String title, String query) {

        String path() {
            return "/page/" + encoding + "/" + how;
        }

        String asked() {
            return path().replace("page", "asked");
        }

        String contentType() {
            return how.equals("header") ? "text/html; charset=" + label() : "text/html";
        }

        /** "replacement" is no label that a server would send; this is one of its labels. */
        private String label() {
            return encoding.equals("replacement") ? "iso-2022-kr" : encoding;
        }

        byte[] body() {
            Charset markup = switch (encoding) {
                case "UTF-16BE" -> UTF_16BE;
                case "UTF-16LE" -> UTF_16LE;
                default -> US_ASCII;
            };
            byte[] bytes = HexFormat.of().parseHex(word);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(how.equals("mark") ? MARKS.get(encoding) : new byte[0]);
            out.writeBytes((how.equals("meta") ? "<meta charset=" + label() + ">" : "").getBytes(markup));
            out.writeBytes("<title>".getBytes(markup));
            out.writeBytes(bytes);
            out.writeBytes(("</title><a href=\"" + asked() + "?q=").getBytes(markup));
            out.writeBytes(bytes);
            out.writeBytes("\">next</a>".getBytes(markup));
            return out.toByteArray();
        }
    }

    private static List<EncodedPage> pages() throws IOException {
        try (InputStream table = EncodedPagesTest.class.getResourceAsStream("encoded-pages.txt")) {
            return new String(table.readAllBytes(), UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", -1))
                    .flatMap(cells -> Stream.of(cells[1].split(", ", -1))
                            .map(how -> new EncodedPage(cells[0], how, cells[2], cells[3], cells[4])))
                    .toList();
        }
    }

    @Test
    void everyPageHasItsTitleAndItsLinkArrivesByteForByte() throws Exception {
        List<EncodedPage> pages = pages();
        assertThat(pages.stream().map(EncodedPage::encoding).distinct()).hasSize(40);
        Recorded recorded = new Recorded();
        List<String> targets = new ArrayList<>();
        try (SyntheticWeb web = SyntheticWeb.builder().seed(1).hosts(1).pagesPerHost(1).start();
                Scraper scraper = Scraper.create()) {
            pages.forEach(page -> web.on(page.path(),
                    exchange -> exchange.respond(200, Map.of("Content-Type", page.contentType()), page.body())));
            String[] starts = pages.stream().map(page -> web.urlOf(0, page.path())).toArray(String[]::new);
            scraper.crawl(Jobs.impatient(starts).build()).to(recorded).run();
            web.arrivals().stream().map(Arrival::path).filter(path -> path.startsWith("/asked/")).forEach(targets::add);

            Map<String, String> titles = new TreeMap<>();
            Map<String, String> expected = new TreeMap<>();
            for (EncodedPage page : pages) {
                expected.put(page.path(), page.title());
                titles.put(page.path(), titleOf(recorded.only(web.urlOf(0, page.path()))));
            }
            assertThat(titles).containsExactlyEntriesOf(expected);
        }
        assertThat(targets).containsExactlyInAnyOrderElementsOf(pages.stream()
                .filter(page -> !page.query.equals("-"))
                .map(page -> page.asked() + "?q=" + page.query())
                .toList());
    }

    private static String titleOf(Outcome outcome) {
        return outcome instanceof Fetched fetched ? fetched.content().title().orElse("-") : outcome.toString();
    }
}
