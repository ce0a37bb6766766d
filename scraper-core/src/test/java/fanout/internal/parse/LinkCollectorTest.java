package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.FoundLink.Target;
import fanout.internal.parse.LinkSelection.LinkCollector;
import fanout.job.Limits;
import fanout.page.Link;
import fanout.page.PageLink.Fate;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import org.junit.jupiter.api.Test;

class LinkCollectorTest {

    private static final LinkBase BASE = LinkBase.of(CanonicalUrl.of("http://example.org/a/"));

    private static LinkCollector collector(int maxLinks) {
        return new LinkCollector(BASE,
                Limits.DEFAULT.toBuilder().maxLinksPerPage(maxLinks).maxUrlLength(2_000).build(),
                DownloadLinks.Picks.NONE);
    }

    @Test
    void linkIsFollowedOnceAndIsNofollowOnlyIfEveryOneIs() {
        LinkCollector links = collector(10);
        assertThat(links.add("1", Target.PLAIN, true)).isEqualTo(Fate.FOLLOWED);
        assertThat(links.add("1#top", Target.PLAIN, true)).isEqualTo(Fate.DUPLICATE);
        assertThat(links.add("1", Target.PLAIN, false)).isEqualTo(Fate.DUPLICATE);
        assertThat(links.add("2", Target.PLAIN, false)).isEqualTo(Fate.NOFOLLOW);
        assertThat(links.add("2", Target.PLAIN, false)).isEqualTo(Fate.DUPLICATE);
        assertThat(links.distinct()).isEqualTo(2);
        assertThat(links.add("2", Target.PLAIN, true)).isEqualTo(Fate.FOLLOWED);
        assertThat(links.distinct()).isEqualTo(2);
        assertThat(links.toFollow()).extracting(Link::url)
                .containsExactly(CanonicalUrl.of("http://example.org/a/1"), CanonicalUrl.of("http://example.org/a/2"));
        assertThat(links.add("mailto:a@example.org", Target.PLAIN, true)).isEqualTo(Fate.MALFORMED);
    }

    @Test
    void linksBeyondTheLimitAreCountedAndNotKept() {
        LinkCollector links = collector(2);
        for (int i = 0; i < 5; i++) {
            assertThat(links.add("p" + i, Target.PLAIN, true)).isEqualTo(i < 2 ? Fate.FOLLOWED : Fate.SURPLUS);
        }
        assertThat(links.add("p4", Target.PLAIN, true)).isEqualTo(Fate.SURPLUS);
        assertThat(links.add("x".repeat(2_000), Target.PLAIN, true)).isEqualTo(Fate.TOO_LONG);
        assertThat(links.distinct()).isEqualTo(6);
        assertThat(links.toFollow()).hasSize(2);
        assertThat(links.has(CanonicalUrl.of("http://example.org/a/p4"))).isTrue();
        assertThat(links.has(CanonicalUrl.of("http://example.org/a/p5"))).isFalse();
    }

    /** Ten links may have 5,120 characters: three of 1,500, and what is shorter. */
    @Test
    void charactersOfAPagesLinksAreBounded() {
        LinkCollector links = collector(10);
        String most = "y".repeat(1_500 - BASE.url().length() - 1);
        for (int i = 0; i < 4; i++) {
            assertThat(links.add(i + most, Target.PLAIN, true)).isEqualTo(i < 3 ? Fate.FOLLOWED : Fate.SURPLUS);
        }
        assertThat(links.add("short", Target.PLAIN, true)).isEqualTo(Fate.FOLLOWED);
    }

    @Test
    void linkMayFillTheRoom() {
        String fits = "z".repeat(512 - BASE.url().length());
        assertThat(collector(1).add(fits, Target.PLAIN, true)).isEqualTo(Fate.FOLLOWED);
        assertThat(collector(1).add(fits + "z", Target.PLAIN, true)).isEqualTo(Fate.SURPLUS);
    }
}
