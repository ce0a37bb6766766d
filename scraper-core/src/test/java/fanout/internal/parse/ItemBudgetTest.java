package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.parse.ItemBudget.Exhausted;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ItemBudgetTest {

    private static final int MEBIBYTE = 1 << 20;
    /** Of each value, beside its text. */
    private static final int OVERHEAD = 8;

    private static ItemBudget budget(long bodyBytes) {
        return new ItemBudget(bodyBytes, new ParseTime(Deadline.after(Duration.ofMinutes(1), Ticker.system())));
    }

    private static void assertIsSpent(ItemBudget budget) {
        assertThatExceptionOfType(Exhausted.class).isThrownBy(() -> budget.value(""));
    }

    @Test
    void aPageMayGiveAMebibyteOfCharacters() {
        ItemBudget budget = budget(10);
        budget.value("x".repeat(MEBIBYTE - OVERHEAD));
        assertIsSpent(budget);
    }

    @Test
    void aLargePageMayGiveFourTimesItsBytes() {
        ItemBudget budget = budget(MEBIBYTE);
        budget.value("x".repeat(4 * MEBIBYTE - OVERHEAD));
        assertIsSpent(budget);
    }

    @Test
    void anObjectCountsAsAValueAndEachOfItsFieldsAsWell() {
        ItemBudget budget = budget(0);
        budget.object(MEBIBYTE / OVERHEAD - 1);
        assertIsSpent(budget);
    }

    @Test
    void aPageMayGiveTenThousandItems() {
        ItemBudget budget = budget(0);
        for (int i = 0; i < ItemBudget.MOST_ITEMS; i++) {
            budget.item();
        }
        assertThatExceptionOfType(Exhausted.class).isThrownBy(budget::item);
    }

    @Test
    void theEndOfTheParseEndsItsItems() {
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(budget(0)::checkTime)
                    .withCauseInstanceOf(ParseStopped.class);
        } finally {
            Thread.interrupted();
        }
    }
}
