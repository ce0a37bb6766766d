package fanout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import fanout.job.Limits;
import fanout.limit.ParseStopped;
import fanout.limit.ParseTime;
import fanout.page.PageLink;
import fanout.page.PageLink.Fate;
import fanout.task.Deadline;
import fanout.task.Ticker;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkAuditTest {

    private static final LinkBase BASE = LinkBase.of(CanonicalUrl.of("http://example.org/a/"));

    private final ParseTime time = new ParseTime(Deadline.after(Duration.ofMinutes(1), Ticker.system()));

    @AfterEach
    void forgetInterrupt() {
        Thread.interrupted();
    }

    private static FoundLink link(String href) {
        return new FoundLink(href, Optional.empty(), false);
    }

    private static LinkAudit audit(List<FoundLink> selected, List<FoundLink> others) {
        return new LinkAudit(selected, others, true, true, BASE, Limits.DEFAULT);
    }

    @Test
    void linksThatNoRulePickedAreToldUnlessAPickedOneHasTheirUrl() {
        LinkAudit audit = audit(List.of(link("1"), link("2")), List.of(link("1"), link("./2"), link("3")));

        assertThat(audit.links()).extracting(PageLink::href, PageLink::fate)
                .containsExactly(tuple("1", Fate.FOLLOWED),
                        tuple("2", Fate.FOLLOWED),
                        tuple("3", Fate.UNSELECTED));
    }

    /** It looks whether it is to end at the first link, and after each 256. */
    @Test
    void anInterruptEndsALongCollection() throws ParseStopped {
        assertThat(audit(interruptingAtItsSecondOf(256), List.of()).collect(time).distinct()).isEqualTo(256);
        assertThat(Thread.interrupted()).isTrue();

        LinkAudit longer = audit(interruptingAtItsSecondOf(257), List.of());
        assertThatExceptionOfType(ParseStopped.class).isThrownBy(() -> longer.collect(time));
    }

    @Test
    void anInterruptBeforeItEndsACollectionAtOnce() {
        Thread.currentThread().interrupt();
        LinkAudit one = audit(List.of(link("1")), List.of());
        assertThatExceptionOfType(ParseStopped.class).isThrownBy(() -> one.collect(time));
    }

    private static List<FoundLink> interruptingAtItsSecondOf(int links) {
        return new AbstractList<>() {
            @Override
            public FoundLink get(int index) {
                if (index == 1) {
                    Thread.currentThread().interrupt();
                }
                return link(String.valueOf(index));
            }

            @Override
            public int size() {
                return links;
            }
        };
    }
}
