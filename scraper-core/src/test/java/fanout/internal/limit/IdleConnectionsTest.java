package fanout.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdleConnectionsTest {

    private static final long BYTES = 40 << 10;

    private static IdleConnections room(int connections) {
        return new IdleConnections(connections * BYTES);
    }

    @ParameterizedTest
    @CsvSource({"0, 64", "128, 64", "129, 64", "130, 65", "1000, 500", "2559, 1279", "2560, 1280", "100000000, 1280"})
    void aCrawlGetsHalfWithinBounds(int connections, int share) {
        assertThat(room(connections).reserve(1).connections()).isEqualTo(share);
    }

    @ParameterizedTest
    @CsvSource({"64, 500", "500, 500", "501, 501", "5000, 5000"})
    void eachWorkerHasOne(int workers, int share) {
        assertThat(room(1_000).reserve(workers).connections()).isEqualTo(share);
    }

    @Test
    void bytesThatDoNotSufficeForOneAreNone() {
        assertThat(new IdleConnections(1026 * BYTES - 1).reserve(1).connections()).isEqualTo(512);
    }

    @Test
    void laterCrawlsGetHalfOfWhatIsLeftAndNoneGetsLessThanTheLeast() {
        IdleConnections room = room(1_000);
        assertThat(room.reserve(1).connections()).isEqualTo(500);
        assertThat(room.reserve(1).connections()).isEqualTo(250);
        assertThat(room.reserve(1).connections()).isEqualTo(125);
        for (int i = 0; i < 5; i++) {
            assertThat(room.reserve(1).connections()).isEqualTo(64);
        }
    }

    @Test
    void whatWorkersNeedBeyondAHalfIsMissingForOthers() {
        IdleConnections room = room(1_000);
        room.reserve(800);
        assertThat(room.reserve(1).connections()).as("of 200").isEqualTo(100);
    }

    @Test
    void whatIsGivenBackIsThereForTheNextAndOnlyOnce() {
        IdleConnections room = room(2_000);
        IdleConnections.Share first = room.reserve(1);
        room.reserve(1);
        first.close();
        first.close();
        assertThat(room.reserve(1).connections()).as("of 1,500").isEqualTo(750);
    }

    @Test
    void whatWasLentBeyondTheEndIsMissingUntilItIsGivenBack() {
        IdleConnections room = room(100);
        IdleConnections.Share much = room.reserve(1_000);
        IdleConnections.Share second = room.reserve(200);
        second.close();
        assertThat(room.reserve(1).connections()).isEqualTo(64);
        much.close();
        room.reserve(1).close();
        assertThat(room.reserve(30).connections()).isEqualTo(64);
    }
}
