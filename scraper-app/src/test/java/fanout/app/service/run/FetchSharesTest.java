package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FetchSharesTest {

    @Test
    void aGreedyCrawlLeavesEveryOtherPlaceItsShare() {
        FetchShares shares = new FetchShares(256, 4);
        assertThat(shares.take(1_000)).isEqualTo(64);
        assertThat(shares.take(8)).isEqualTo(8);
        assertThat(shares.take(1_000)).as("with half of what the modest one left").isEqualTo(92);
        assertThat(shares.take(1_000)).isEqualTo(92);
    }

    @Test
    void whateverComesAndGoesTheSumIsKeptAndEveryCrawlGetsSome() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int places = random.nextInt(1, 9);
            int all = random.nextInt(places, 64);
            FetchShares shares = new FetchShares(all, places);
            Deque<Integer> running = new ArrayDeque<>();
            for (int step = 0; step < 200; step++) {
                if (running.size() == places || (!running.isEmpty() && random.nextBoolean())) {
                    shares.giveBack(random.nextBoolean() ? running.removeFirst() : running.removeLast());
                } else {
                    int wanted = random.nextInt(1, 100);
                    int share = shares.take(wanted);
                    assertThat(share).as("seed " + seed).isBetween(1, wanted);
                    running.add(share);
                }
                assertThat(running.stream().mapToInt(Integer::intValue).sum()).as("seed " + seed)
                        .isLessThanOrEqualTo(all);
            }
        }
    }
}
