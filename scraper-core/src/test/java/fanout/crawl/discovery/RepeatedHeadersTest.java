package fanout.crawl.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.outcome.Fetched;
import fanout.page.Extractor;
import fanout.synthetic.SyntheticWeb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers that come twice: which count, in which order, and that none is lost. */
@Timeout(60)
class RepeatedHeadersTest {

    private final Recorded recorded = new Recorded();
    private final Map<String, List<String>> seen = new ConcurrentHashMap<>();
    private final Map<String, String> cookies = new ConcurrentHashMap<>();

    /** A page with these lines in its head, and a link to {@code /next}. */
    private void crawl(String lines) throws InterruptedException {
        Extractor headers = (page, _) -> seen.put(page.request().url().pathAndQuery(), page.headers("x-many"));
        String body = "<title>page</title><a href=/next>next</a>";
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(1).start();
                Scraper scraper = Scraper.builder().extractor(headers).build()) {
            web.on("/", exchange -> exchange.sendRaw("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n"
                    + lines.replace("|", "\r\n") + "\r\n\r\n" + body))
                    .on("/next", exchange -> {
                        cookies.put("/next", exchange.header("Cookie").orElse("none"));
                        exchange.respond(200, "text/html", "<title>next</title>");
                    });
            Crawls.run(scraper, Jobs.impatient(web.urlOf(0, "/")).build(), recorded, web);
        }
    }

    private List<String> titles() {
        List<String> titles = new ArrayList<>();
        recorded.outcomes().forEach(outcome -> titles.add(((Fetched) outcome).content().title().orElse("none")));
        return titles;
    }

    /** Any of them forbids, and an agent's name holds for its own line only. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"X-Robots-Tag: nofollow|X-Robots-Tag: index; false",
        "X-Robots-Tag: index|X-Robots-Tag: nofollow; false", "X-Robots-Tag: index|x-robots-tag: noarchive, none; false",
        "X-Robots-Tag: otherbot: nofollow|X-Robots-Tag: noindex; true",
        "X-Robots-Tag: otherbot: noindex|X-Robots-Tag: nofollow; false",
        "X-Robots-Tag: index|X-Robots-Tag: noindex|X-Robots-Tag: noarchive; true"})
    void anyXRobotsTagForbids(String lines, boolean followed) throws Exception {
        crawl("Content-Type: text/html|" + lines);
        assertThat(titles()).isEqualTo(followed ? List.of("page", "next") : List.of("page"));
    }

    /** Fetch standard, "extract a MIME type": the last that is one. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"Content-Type: text/plain|Content-Type: text/html; true",
        "Content-Type: text/html|Content-Type: text/plain; false", "Content-Type: text/html|Content-Type: none; true",
        "Content-Type: image/png, text/html; true", "Content-Type: text/html|Content-Type: */*; true"})
    void lastContentTypeCounts(String lines, boolean isParsed) throws Exception {
        crawl(lines);
        assertThat(titles()).isEqualTo(isParsed ? List.of("page", "next") : List.of("none"));
    }

    @Test
    void everySetCookieCounts() throws Exception {
        crawl("Content-Type: text/html|Set-Cookie: a=1|X: y|set-cookie: b=2; Path=/|SET-COOKIE: c=3|Set-Cookie: a=4");
        assertThat(cookies).containsEntry("/next", "a=4; b=2; c=3");
    }

    @Test
    void everyLineReachesTheExtractorInItsOrder() throws Exception {
        crawl("X-Many: one|Content-Type: text/html|x-many: two, three|X-Many:|X-MANY: one");
        assertThat(seen).containsEntry("/", List.of("one", "two, three", "", "one"));
    }
}
