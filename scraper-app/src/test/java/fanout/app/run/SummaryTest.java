package fanout.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.outcome.Reason;
import fanout.report.CrawlReport.Cut;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.FilledField;
import fanout.report.CrawlReport.Part;
import fanout.report.CrawlReport.Sitemaps;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static final FailedSitemap FIRST =
            new FailedSitemap("http://example.org/s.xml", Reason.HTTP_STATUS, "HTTP status 404");

    @Test
    void nothingIsSaidOfSitemapsThatWereRead() {
        assertThat(Summary.words(new Sitemaps(3, 0, List.of()))).isEmpty();
    }

    @Test
    void hostOfWhichMostIsCutOffIsNamed() {
        Part first = new Part("example.org:443", 1_000, 2_345);
        assertThat(Summary.words(Cut.NONE)).isEmpty();
        assertThat(Summary.words(new Cut(1, List.of(first), List.of()))).containsExactly(
                "  limits.maxPagesPerHost has cut off 1 host",
                "    example.org:443: 1,000 pages ok, 2,345 skipped");
        assertThat(Summary.words(new Cut(3, List.of(first), List.of()))).first()
                .asString()
                .contains("3 hosts")
                .contains("the report names");
    }

    @Test
    void labelsThatAreCutOffAreNamed() {
        Part product = new Part("product", 1, 7);
        assertThat(Summary.words(new Cut(0, List.of(), List.of(product)))).containsExactly(
                "  limits.maxPagesPerLabel has cut off 1 label",
                "    product: 1 page ok, 7 skipped");
        assertThat(Summary.words(new Cut(0, List.of(), Collections.nCopies(6, product)))).hasSize(7)
                .last()
                .asString()
                .contains("the report has the others");
    }

    @Test
    void theFirstFailedSitemapIsNamedWithItsReason() {
        assertThat(Summary.words(new Sitemaps(0, 1, List.of(FIRST)))).containsExactly(
                "  1 sitemap could not be read, or not to the end",
                "    http://example.org/s.xml: http_status, HTTP status 404");
        assertThat(Summary.words(new Sitemaps(0, 3, List.of(FIRST)))).first()
                .asString()
                .contains("3 sitemaps")
                .contains("the report names them");
    }

    @Test
    void everyFieldIsNamedWithItsRateAndLinesEndBeforeTheWidth() {
        assertThat(Summary.filled(List.of(new FilledField("products", "title", 3, 3),
                new FilledField("products", "price", 3, 2), new FilledField("news", "head", 0, 0)), 100))
                .containsExactly("  products, 3 items: title 100 %, price 66.6 %", "  news, 0 items: head none");
        assertThat(Summary.filled(List.of(new FilledField("products", "title", 3, 3),
                new FilledField("products", "price", 3, 2), new FilledField("products", "sku", 3, 0)), 40))
                .containsExactly("  products, 3 items: title 100 %,", "    price 66.6 %, sku 0 %");
    }
}
