package fanout.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrawlRulesTest {

    private final List<String> log = new ArrayList<>();
    private final RuleRoom room = new RuleRoom(100, () -> log.add("opened"));
    private final CrawlRules rules = new CrawlRules(room);
    private final CrawlRules others = new CrawlRules(room);

    /** A host of {@link #rules}. */
    private RuleRoom.Holder host(long bytes) {
        return () -> {
            rules.dropped(bytes);
            return bytes;
        };
    }

    @Test
    void crawlWithoutRulesReadsThoseOfOneHostInARoomThatOthersFill() {
        others.add(100);
        assertThat(others.mayRead()).isFalse();
        assertThat(rules.mayRead()).isTrue();
        rules.reads();
        assertThat(rules.mayRead()).isFalse();
        rules.hasRead();
        rules.add(0);
        assertThat(rules.mayRead()).isTrue();
        rules.add(1);
        assertThat(rules.mayRead()).isFalse();
    }

    @Test
    void crawlMayReadAgainWhenItsLastRulesWereDropped() {
        others.add(100);
        RuleRoom.Holder first = host(10);
        RuleRoom.Holder second = host(20);
        rules.add(10);
        rules.add(20);
        rules.needed(false, first);
        assertThat(rules.mayRead()).isFalse();
        rules.needed(false, second);
        assertThat(log).isEmpty();
        assertThat(rules.mayRead()).isTrue();
        assertThat(room.used()).isEqualTo(100);
    }

    @Test
    void hostThatIsForgottenMakesRoom() {
        rules.add(100);
        rules.drop(host(100));
        assertThat(log).containsExactly("opened");
        assertThat(room.used()).isZero();
    }
}
