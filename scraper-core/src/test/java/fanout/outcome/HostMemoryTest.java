package fanout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.url.Host;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HostMemoryTest {

    private static final Host HOST = new Host("example.org", 80);

    /** What is equal to it is not kept, so that a host without anything to remember takes no room in the journal. */
    @Test
    void nothingToRememberIsTheHostAlone() {
        assertThat(HostMemory.none(HOST))
                .isEqualTo(new HostMemory(HOST, Duration.ZERO, Instant.EPOCH, 0, 0, 0, Instant.EPOCH))
                .isNotEqualTo(new HostMemory(HOST, Duration.ZERO, Instant.EPOCH, 1, 0, 0, Instant.EPOCH));
    }
}
