package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrawlIdsTest {

    /** A thousand are made within a millisecond or two: the time that they begin with is counted up then. */
    @Test
    void idsSortAsTheyWereMadeAndBeginWithTheTime() {
        Crawls.CrawlIds ids = new Crawls.CrawlIds();
        long before = System.currentTimeMillis();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            made.add(ids.next());
        }
        assertThat(made).isSorted().doesNotHaveDuplicates().allMatch(Crawls::isId);
        assertThat(made.stream().map(id -> id.substring(0, 9))).doesNotHaveDuplicates();
        assertThat(Long.parseLong(made.getFirst().substring(0, 9), 36)).isBetween(before, before + 60_000);
        assertThat(made.stream().map(id -> id.substring(9))).as("what cannot be guessed").doesNotHaveDuplicates();
    }

    @Test
    void anIdHasSeventeenSmallLettersAndDigits() {
        assertThat(List.of("0mx59zzzzzzzzzzzz", "00000000000000000")).allMatch(Crawls::isId);
        assertThat(List.of("", "0mx59zzzzzzzzzzz", "0mx59zzzzzzzzzzzzz", "0mx59zzzzzzzzzzzZ", "0mx59zzzzzzzzzzz/"))
                .noneMatch(Crawls::isId);
    }
}
