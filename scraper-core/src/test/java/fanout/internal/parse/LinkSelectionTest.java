package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.Limits;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkSelectionTest {

    private static final LinkBase BASE = LinkBase.of(CanonicalUrl.of("http://example.org/a/"));

    private final ParseTime time = new ParseTime(Deadline.after(Duration.ofMinutes(1), Ticker.system()));

    @AfterEach
    void forgetInterrupt() {
        Thread.interrupted();
    }

    private static LinkSelection selection(List<FoundLink> selected) {
        return new LinkSelection(selected, List.of(), List.of(), DownloadLinks.Picks.NONE, true, true, BASE,
                Limits.DEFAULT);
    }

    private static FoundLink link(String href) {
        return new FoundLink(href, false);
    }

    /** It looks whether it is to end at the first link, and after some hundred short ones or a few long ones. */
    @Test
    void anInterruptEndsALongCollection() throws ParseStopped {
        assertThat(selection(interruptingAtItsSecondOf(200)).collect(time).links().distinct()).isEqualTo(200);
        assertThat(Thread.interrupted()).isTrue();

        LinkSelection longer = selection(interruptingAtItsSecondOf(300));
        assertThatExceptionOfType(ParseStopped.class).isThrownBy(() -> longer.collect(time));
    }

    @Test
    void longLinksAreLookedAtMoreOften() {
        List<FoundLink> links = new ArrayList<>(interruptingAtItsSecondOf(2));
        Thread.interrupted();
        links.add(link("/" + "x".repeat(10_000)));
        List<FoundLink> interrupting = new AbstractList<>() {
            @Override
            public FoundLink get(int index) {
                if (index == 1) {
                    Thread.currentThread().interrupt();
                }
                return links.get(index);
            }

            @Override
            public int size() {
                return links.size();
            }
        };
        assertThatExceptionOfType(ParseStopped.class).isThrownBy(() -> selection(interrupting).collect(time));
    }

    @Test
    void anInterruptBeforeItEndsACollectionAtOnce() {
        Thread.currentThread().interrupt();
        LinkSelection one = selection(List.of(link("1")));
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
