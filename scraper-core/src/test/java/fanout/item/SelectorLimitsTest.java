package fanout.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.job.Selector;
import fanout.limit.ParseTime;
import fanout.task.Deadline;
import fanout.task.Ticker;
import java.time.Duration;
import org.jsoup.nodes.Element;
import org.jsoup.select.Selector.SelectorParseException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorLimitsTest {

    private static final Selector XPATH = new Selector.XPath("//p");
    /** Two parts that each look at many elements to decide on one. */
    private static final Selector COSTLY = new Selector.Css("p:has(b) ~ p, p:only-child");
    private static final Selector CHEAP = new Selector.Css("p:has(b), p");

    private static Element of(int nodes) {
        Element root = new Element("div");
        for (int i = 1; i < nodes; i++) {
            root.appendElement("p");
        }
        return root;
    }

    private static long matches(Selector selector, int nodes) {
        QueryScope scope = QueryScope.ofDocument(of(nodes));
        return new ParseTime(Deadline.after(Duration.ofMinutes(1), Ticker.system()))
                .within(() -> Query.of(selector).in(scope).count());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, SelectorLimits.MOST_NODES})
    void whatCannotBeStoppedLooksAtTwentyThousandNodes(int nodes) {
        assertThat(matches(XPATH, nodes)).isEqualTo(nodes - 1);
        assertThat(matches(CHEAP, nodes)).isEqualTo(nodes - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {SelectorLimits.MOST_NODES + 1, SelectorLimits.MOST_NODES + 2})
    void andAtNoMore(int nodes) {
        for (Selector selector : new Selector[]{XPATH, COSTLY}) {
            assertThatExceptionOfType(SelectorParseException.class).isThrownBy(() -> matches(selector, nodes))
                    .withMessageContaining("more than 20000 nodes are too many for");
        }
        assertThat(matches(CHEAP, nodes)).isEqualTo(nodes - 1);
    }
}
