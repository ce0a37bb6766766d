package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class QuotaTest {

    /** Takes what is left, and not one byte more. */
    private static void assertLeft(Quota quota, long bytes) throws IOException {
        assertThatThrownBy(() -> quota.take(bytes + 1)).isInstanceOf(Quota.ExceededException.class);
        quota.take(bytes);
        quota.giveBack(bytes);
    }

    @Test
    void theLastByteIsTakenAndNotOneMore() throws IOException {
        Quota quota = new Quota(10, 4);
        quota.take(6);
        assertThatThrownBy(() -> quota.take(1)).isInstanceOf(IOException.class)
                .hasMessageContaining("maxBytesPerCrawl, 10 bytes");
    }

    /** The outputs of a crawl share a quota: a line that is too long for one leaves room for another's. */
    @Test
    void whatIsRefusedTakesNothing() {
        Quota quota = new Quota(10, 4);
        assertThatThrownBy(() -> quota.take(7)).isInstanceOf(IOException.class);
        assertThatCode(() -> quota.take(6)).doesNotThrowAnyException();
    }

    @Test
    void aSixteenthButNoMoreThan64KiBIsKeptBackForTheReport() throws IOException {
        assertLeft(new Quota(160, 0), 150);
        assertLeft(new Quota(16 << 20, 0), (16 << 20) - (64 << 10));
    }

    /** Of 800 bytes 50 are kept back; with less than 100 of the others left, no URL is admitted. */
    @Test
    void anEighthIsLeftForThePagesOfUrlsThatAreKnown() throws IOException {
        Quota quota = new Quota(800, 0);
        quota.take(500);
        quota.reserve(149);
        assertThat(quota.hasRoom()).isTrue();
        quota.reserve(1);
        assertThat(quota.hasRoom()).isFalse();
    }

    @Test
    void aQuotaIsSpentOnceAllIsTakenOrReserved() throws IOException {
        Quota quota = new Quota(800, 0);
        quota.take(500);
        quota.reserve(249);
        assertThat(quota.isSpent()).isFalse();
        quota.reserve(1);
        assertThat(quota.isSpent()).isTrue();
        quota.reserve(-250);
        assertThat(quota.isSpent()).isFalse();
        quota.reserve(-400); // more lines have come than were reserved
        quota.take(250);
        assertThat(quota.isSpent()).as("what comes unreserved adds nothing").isTrue();
    }
}
