package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class QuotaTest {

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
}
