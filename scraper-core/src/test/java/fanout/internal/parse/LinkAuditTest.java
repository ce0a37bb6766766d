package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import fanout.job.Limits;
import fanout.page.PageLink;
import fanout.page.PageLink.Fate;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkAuditTest {

    private static final LinkBase BASE = LinkBase.of(CanonicalUrl.of("http://example.org/a/"));

    private static FoundLink link(String href) {
        return new FoundLink(href, false);
    }

    private static LinkAudit audit(List<FoundLink> selected, List<FoundLink> others) {
        return new LinkAudit(new LinkSelection(selected, others, List.of(), DownloadLinks.Picks.NONE, true,
                true, BASE, Limits.DEFAULT));
    }

    @Test
    void linksThatNoRulePickedAreToldUnlessAPickedOneHasTheirUrl() {
        LinkAudit audit = audit(List.of(link("1"), link("2")), List.of(link("1"), link("./2"), link("3")));

        assertThat(audit.links()).extracting(PageLink::href, PageLink::fate)
                .containsExactly(tuple("1", Fate.FOLLOWED),
                        tuple("2", Fate.FOLLOWED),
                        tuple("3", Fate.UNSELECTED));
    }
}
