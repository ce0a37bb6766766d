package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Schedule.ReadyTimes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The heap alone, compared with a map that is searched from end to end. */
class ReadyTimesTest {

    /** Few slots, whose last parent often lacks a child, and many. */
    @ParameterizedTest
    @ValueSource(ints = {3, 7, 20, 200})
    void theFirstIsThatOfAFullSearch(int most) {
        SplittableRandom random = new SplittableRandom(most);
        ReadyTimes<Integer> heap = new ReadyTimes<>();
        List<NumberedSlot> slots = IntStream.range(0, most).mapToObj(NumberedSlot::new).toList();
        Map<Slot<Integer>, Long> known = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            NumberedSlot slot = slots.get(random.nextInt(most));
            if (random.nextInt(3) == 0) {
                heap.remove(slot);
                known.remove(slot);
            } else {
                long at = random.nextInt(1_000);
                heap.put(slot, at);
                known.put(slot, at);
            }
            assertThat(heap.isEmpty()).isEqualTo(known.isEmpty());
            assertThat(heap.holds(slot)).isEqualTo(known.containsKey(slot));
            OptionalLong first = known.values().stream().mapToLong(at -> at).min();
            assertThat(heap.firstAt()).isEqualTo(first);
            if (first.isPresent()) {
                assertThat(known.get(heap.first())).isEqualTo(first.getAsLong());
            }
        }
        List<Long> came = new ArrayList<>();
        while (!heap.isEmpty()) {
            came.add(heap.firstAt().getAsLong());
            heap.remove(heap.first());
        }
        assertThat(came).isSorted().hasSize(known.size());
    }
}
