package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleRoomTest {

    private final List<String> log = new ArrayList<>();
    private final RuleRoom room = new RuleRoom(100, () -> log.add("opened"));
    private final RuleRoom.Share rules = room.newShare();
    private final RuleRoom.Share others = room.newShare();

    private RuleRoom.Holder holder(String name, long bytes) {
        return () -> {
            log.add(name + " dropped");
            return bytes;
        };
    }

    @Test
    void rulesUnusedForLongestAreDroppedFirstAndNoMoreThanNeedBe() {
        rules.add(40);
        rules.needed(false, holder("first", 40));
        others.add(50);
        others.needed(false, holder("second", 50));
        assertThat(log).isEmpty();
        rules.add(20);
        assertThat(log).containsExactly("first dropped");
        assertThat(room.used()).isEqualTo(70);
    }

    @Test
    void hostThatRunsOutOfWorkOpensARoomThatWasFull() {
        rules.add(100);
        assertThat(others.mayRead()).as("a crawl without rules").isTrue();
        assertThat(rules.mayRead()).isFalse();
        rules.needed(false, holder("last", 100));
        assertThat(log).containsExactly("last dropped", "opened");
        assertThat(rules.mayRead()).isTrue();
    }

    @Test
    void rulesThatWorkNeedsStay() {
        RuleRoom.Holder holder = holder("host", 60);
        rules.add(60);
        rules.needed(false, holder);
        rules.needed(true, holder);
        rules.add(60);
        assertThat(rules.mayRead()).isFalse();
        assertThat(log).isEmpty();
    }

    @Test
    void roomThatIsGivenBackOpensIt() {
        rules.add(150);
        rules.drop(holder("a host", 50));
        assertThat(log).containsExactly("a host dropped");
        rules.drop(holder("another", 50));
        assertThat(log).containsExactly("a host dropped", "another dropped", "opened");
        assertThat(room.used()).isEqualTo(50);
    }

    @Test
    void hostThatIsForgottenIsNotAskedForItsRulesAgain() {
        RuleRoom.Holder holder = holder("host", 60);
        rules.add(60);
        rules.needed(false, holder);
        rules.drop(holder);
        rules.add(100);
        assertThat(log).containsExactly("host dropped");
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

    /** What is dropped because another crawl's rules need memory counts in the share of the crawl that loses it. */
    @Test
    void crawlMayReadAgainWhenItsLastRulesWereDropped() {
        others.add(100);
        rules.add(10);
        rules.add(20);
        rules.needed(false, holder("first", 10));
        assertThat(rules.mayRead()).isFalse();
        rules.needed(false, holder("second", 20));
        assertThat(log).containsExactly("first dropped", "second dropped");
        assertThat(rules.mayRead()).isTrue();
        assertThat(others.mayRead()).isFalse();
        assertThat(room.used()).isEqualTo(100);
    }
}
