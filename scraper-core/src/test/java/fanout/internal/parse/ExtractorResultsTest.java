package fanout.internal.parse;

import static fanout.internal.parse.TestPages.job;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.page.Extractor;
import fanout.page.Item;
import fanout.page.Link;
import fanout.page.Request;
import fanout.page.Request.Body;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import fanout.url.CanonicalUrl;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an extractor finds in a page. */
class ExtractorResultsTest {

    private static final CanonicalUrl API = CanonicalUrl.of("http://example.org/api");

    private static Parsed parse(RawPage page, Extractor extractor) throws InterruptedException {
        return (Parsed) TestPages.result(job().build(), page, extractor);
    }

    private static RawPage withData(String html, Map<String, Object> data) {
        RawPage page = TestPages.html(html);
        return new RawPage(page.request().with(Details.of(data)), page.head(), page.fetchedAt(), page.headers(),
                page.contentType(), page.body());
    }

    @Test
    void requestsAreFollowedBehindTheLinksOfThePage() throws InterruptedException {
        Request next = Request.to(API)
                .method(Method.POST)
                .body(Body.json("{\"page\":2}"))
                .label("list")
                .priority(3)
                .data("page", 2)
                .build();

        Parsed parsed = parse(withData("<a href=/a>a</a>", Map.of("shop", "x", "page", 1)), (page, results) -> {
            results.follow(next);
            results.follow(next);
            results.follow(Request.to(API).build());
            results.item(Item.of(page.request().url(), "rule", Map.of("n", 1)));
        });

        assertThat(TestPages.urls(parsed)).containsExactly("http://example.org/a", API.toString(), API.toString());
        Link post = parsed.links().get(1);
        assertThat(post.label()).contains("list");
        assertThat(post.details()).contains(new Details(Method.POST, Map.of(), Optional.of(Body.json("{\"page\":2}")),
                3, Map.of("shop", "x", "page", 2)));
        assertThat(parsed.links().get(2).details()).contains(Details.of(Map.of("shop", "x", "page", 1)));
        assertThat(parsed.items()).hasSize(1);
    }

    @Test
    void aPageThatSaysNofollowLeadsNowhere() throws InterruptedException {
        assertThat(parse(TestPages.html("<meta name=robots content=nofollow>"),
                (_, results) -> results.follow(Request.to(API).build())).links()).isEmpty();
    }

    /** A page of a few bytes may not fill the heap with bodies. */
    @Test
    void bodiesOfOnePageAreBoundedTogether() throws InterruptedException {
        String large = "x".repeat(300_000);
        Parsed parsed = parse(TestPages.html("<p>"), (_, results) -> {
            for (int i = 0; i < 10; i++) {
                results.follow(Request.to(API).method(Method.POST).body(new Body("text/plain", i + large)).build());
            }
        });

        assertThat(parsed.links()).hasSize(3);
        assertThat(parsed.dropped()).isEqualTo(7);
    }
}
