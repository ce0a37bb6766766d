package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.crawl.fixtures.RealPages;
import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.page.Link;
import fanout.url.CanonicalUrl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okhttp3.Headers;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** Real pages: the HTML of Debian's python3-doc, with jsoup's own selectors as the oracle. */
class Python3DocTest {

    @Test
    void findsTheSameTitlesAndLinksAsPlainSelectors() throws Exception {
        List<Path> pages = RealPages.files();
        int links = 0;
        for (Path file : pages) {
            byte[] body = Files.readAllBytes(file);
            String url = "http://127.0.0.1/" + RealPages.place(file);
            Parsed parsed = TestPages.parse(TestPages.disobedientJob().build(),
                    TestPages.page(url, Optional.empty(), "text/html", Headers.EMPTY, body));
            Document oracle = Jsoup.parse(new String(body, StandardCharsets.UTF_8), url);

            assertThat(parsed.content().title()).as(url).contains(oracle.title());
            assertThat(parsed.links().stream().map(Link::url)).as(url).containsExactlyElementsOf(targets(oracle));
            assertThat(parsed.content().links()).as(url).isEqualTo(parsed.links().size());
            links += parsed.links().size();
        }
        assertThat(links).as("links").isGreaterThan(40 * pages.size());
    }

    private static Set<CanonicalUrl> targets(Document document) {
        Set<CanonicalUrl> targets = new LinkedHashSet<>();
        for (Element element : document.select("a[href], area[href], iframe[src], frame[src], link[rel=next][href]")) {
            String attribute = element.hasAttr("href") ? "href" : "src";
            CanonicalUrl.parse(element.absUrl(attribute)).ifPresent(targets::add);
        }
        return targets;
    }
}
