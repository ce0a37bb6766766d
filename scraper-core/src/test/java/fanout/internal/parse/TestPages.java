package fanout.internal.parse;

import fanout.internal.limit.MemoryBudget;
import fanout.internal.parse.PageParser.ParseResult;
import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Politeness;
import fanout.job.Selector;
import fanout.page.Extractor;
import fanout.page.Link;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.url.CanonicalUrl;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import okhttp3.Headers;

/** Pages out of thin air, and the shortest way through a parser. */
public final class TestPages {

    public static final String URL = "http://example.org/dir/page.html";

    public static final Instant FETCHED_AT = Instant.parse("2026-11-25T10:00:00.120456Z");

    private TestPages() {}

    public static CrawlJob.Builder job() {
        return CrawlJob.builder("test").startUrl("http://example.org/");
    }

    /** A job that follows links whatever their authors say. */
    public static CrawlJob.Builder disobedientJob() {
        return job().politeness(Politeness.DEFAULT.toBuilder().obeyNofollow(false).build());
    }

    /** A job that looks for an item in the document of each page, and finds none. */
    public static CrawlJob.Builder documentJob() {
        return job().extract(List.of(new ExtractRule("none", Optional.empty(), Optional.empty(), Optional.empty(),
                List.of(Field.select("none", new Selector.Css("no-such-element")).build()))));
    }

    /** An extractor that says that it has a page, and keeps it until it may leave. */
    public static Extractor holding(CountDownLatch inside, CountDownLatch leave) {
        return (_, _) -> {
            inside.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    public static RawPage html(String html) {
        return page("text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    }

    public static RawPage page(String contentType, byte[] body) {
        return page(URL, Optional.empty(), contentType, Headers.EMPTY, body);
    }

    public static RawPage page(String url, Optional<String> label, String contentType, Headers headers, byte[] body) {
        int semicolon = contentType.indexOf(';');
        String mediaType = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).trim();
        return new RawPage(Request.start(CanonicalUrl.of(url), label),
                new ResponseHead(200, Optional.of(mediaType.toLowerCase(Locale.ROOT)), Optional.empty(),
                        Optional.empty()),
                FETCHED_AT, headers, contentType, body);
    }

    public static Parsed parse(RawPage page) throws InterruptedException {
        return parse(job().build(), page);
    }

    public static Parsed parse(CrawlJob job, RawPage page) throws InterruptedException {
        return (Parsed) result(job, page);
    }

    public static ParseResult result(CrawlJob job, RawPage page, Extractor... extractors) throws InterruptedException {
        PageParser parser = parser(job, extractors);
        return within(Duration.ofSeconds(60), () -> parse(parser, page));
    }

    /** A parser that shares the memory of this JVM with no other. */
    public static PageParser parser(CrawlJob job, Extractor... extractors) {
        Ticker ticker = Ticker.system();
        return new PageParser(job, List.of(extractors), MemoryBudget.ofThisMachine(ticker).documents(), ticker);
    }

    public static ParseResult parse(PageParser parser, RawPage page) throws InterruptedException {
        return parser.parse(page, (_, _) -> {});
    }

    public static <R, X extends Throwable> R within(Duration limit, ScopedValue.CallableOp<R, X> action) throws X {
        return Deadline.after(limit, Ticker.system()).within(action);
    }

    public static List<String> urls(Parsed parsed) {
        return parsed.links().stream().map(Link::url).map(CanonicalUrl::toString).toList();
    }
}
