package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotsInOrderTest {

    private final SlotsInOrder<Integer> slots = new SlotsInOrder<>();

    @Test
    void aWalkMeetsEachSlotThatStaysOnce() {
        List<NumberedSlot> all = IntStream.range(0, 14).mapToObj(NumberedSlot::new).toList();
        all.subList(0, 8).forEach(slots::add);
        Iterator<Integer> walk = slots.iterator();
        List<Integer> met = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            met.add(walk.next());
        }
        slots.remove(all.get(6));
        slots.remove(all.get(1));
        slots.remove(all.get(7));
        slots.add(all.get(8)); // in the place that became free first, ahead of the walk
        slots.add(all.get(9)); // in a place that the walk has passed
        slots.add(all.get(10));
        slots.add(all.get(11)); // no place was free for it
        slots.remove(all.get(11));
        walk.forEachRemaining(met::add);
        assertThat(met).containsExactly(0, 1, 2, 3, 4, 5, 8, 10);
        assertThatThrownBy(walk::next).isInstanceOf(NoSuchElementException.class);

        slots.add(all.get(12));
        slots.add(all.get(13));
        assertThat(walk).toIterable().as("what has come behind it").containsExactly(13);
        assertThat(slots).containsExactly(0, 9, 2, 3, 4, 5, 8, 10, 12, 13);
    }
}
