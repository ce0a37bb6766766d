package fanout.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdleConnectionsTest {

    private static final long KIB = 1 << 10;

    private static IdleConnections room(int connections) {
        return new IdleConnections(connections * 24L * KIB);
    }

    @ParameterizedTest
    @CsvSource({"0, 256", "511, 256", "513, 256", "514, 257", "1000, 500", "4095, 2047", "4096, 2048", "4098, 2048",
        "100000000, 2048"})
    void aCrawlGetsHalfWithinBounds(int connections, int share) {
        assertThat(room(connections).reserve().connections()).isEqualTo(share);
    }

    @Test
    void bytesOfAConnectionThatIsNotWholeAreNone() {
        assertThat(new IdleConnections(1026 * 24 * KIB - 1).reserve().connections()).isEqualTo(512);
    }

    @Test
    void laterCrawlsGetHalfOfWhatIsLeftAndNoneGetsLessThanTheLeast() {
        IdleConnections room = room(2_400);
        assertThat(room.reserve().connections()).isEqualTo(1_200);
        assertThat(room.reserve().connections()).isEqualTo(600);
        assertThat(room.reserve().connections()).isEqualTo(300);
        for (int i = 0; i < 5; i++) {
            assertThat(room.reserve().connections()).isEqualTo(256);
        }
    }

    @Test
    void whatIsGivenBackIsThereForTheNextAndOnlyOnce() {
        IdleConnections room = room(2_000);
        IdleConnections.Share first = room.reserve();
        room.reserve();
        first.close();
        first.close();
        assertThat(room.reserve().connections()).as("of 1,500 that are left").isEqualTo(750);
    }

    @Test
    void whatIsLentBeyondTheEndIsGivenBackFirst() {
        IdleConnections room = room(0);
        IdleConnections.Share first = room.reserve();
        IdleConnections.Share second = room.reserve();
        first.close();
        second.close();
        assertThat(room.reserve().connections()).isEqualTo(256);
    }
}
