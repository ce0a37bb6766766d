package fanout.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleRoomTest {

    private final List<String> log = new ArrayList<>();
    private final RuleRoom room = new RuleRoom(100, () -> log.add("opened"));

    private RuleRoom.Holder holder(String name, long bytes) {
        return () -> {
            log.add(name + " dropped");
            return bytes;
        };
    }

    @Test
    void rulesUnusedForLongestAreDroppedFirstAndNoMoreThanNeedBe() {
        room.add(40);
        room.becomesIdle(holder("first", 40));
        room.add(50);
        room.becomesIdle(holder("second", 50));
        assertThat(log).isEmpty();
        room.add(20);
        assertThat(log).containsExactly("first dropped");
        assertThat(room.used()).isEqualTo(70);
    }

    @Test
    void hostThatRunsOutOfWorkOpensARoomThatWasFull() {
        room.add(100);
        assertThat(room.isFull()).isTrue();
        room.becomesIdle(holder("last", 100));
        assertThat(log).containsExactly("last dropped", "opened");
        assertThat(room.isFull()).isFalse();
    }

    @Test
    void rulesThatWorkNeedsStay() {
        RuleRoom.Holder holder = holder("host", 60);
        room.add(60);
        room.becomesIdle(holder);
        room.becomesBusy(holder);
        room.add(60);
        assertThat(room.isFull()).isTrue();
        assertThat(log).isEmpty();
    }

    @Test
    void roomThatIsGivenBackOpensIt() {
        room.add(150);
        room.drop(holder("a host", 50));
        assertThat(log).containsExactly("a host dropped");
        room.drop(holder("another", 50));
        assertThat(log).containsExactly("a host dropped", "another dropped", "opened");
    }
}
