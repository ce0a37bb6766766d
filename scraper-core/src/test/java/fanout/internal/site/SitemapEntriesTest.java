package fanout.internal.site;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.url.CanonicalUrl;
import org.junit.jupiter.api.Test;

/** What a sitemap may list, and how much. */
class SitemapEntriesTest {

    private final SitemapEntries entries = new SitemapEntries(3);

    /** A location of so many characters. */
    private static String longLocation(int characters) {
        String start = "http://example.org/";
        return start + "x".repeat(characters - start.length());
    }

    @Test
    void pagesAndSitemapsCountTogether() {
        entries.addPage("http://example.org/1");
        entries.addSitemap("http://example.org/2.xml");
        entries.addPage("http://example.org/3");
        entries.addPage("http://example.org/4");
        entries.addSitemap("http://example.org/5.xml");

        assertThat(entries.content().pages()).extracting(CanonicalUrl::toString)
                .containsExactly("http://example.org/1", "http://example.org/3");
        assertThat(entries.content().sitemaps()).hasSize(1);
        assertThat(entries.content().dropped()).isEqualTo(2);
    }

    @Test
    void oneThatIsThereAlreadyIsNotDropped() {
        for (int i = 0; i < 5; i++) {
            entries.addPage("http://example.org/1");
        }
        assertThat(entries.content().pages()).hasSize(1);
        assertThat(entries.content().dropped()).isZero();
    }

    @Test
    void theLongestLocationIsTheProtocols() {
        entries.addPage(longLocation(2_048));
        assertThat(entries.content().pages()).hasSize(1);
        entries.addPage(longLocation(2_049));
        assertThat(entries.content().pages()).hasSize(1);
        assertThat(entries.content().dropped()).isOne();
    }
}
