package fanout.internal.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.internal.fetch.Traffic.OpenBody;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.LongStream;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;

/** What is counted of fetches, each number another one. */
class TrafficCountsTest {

    private final Traffic traffic = new Traffic();

    @Test
    void peakStaysWhenConnectionsComeBack() {
        ActiveConnections connections = traffic.connections();
        Object one = new Object();
        Object other = new Object();
        connections.acquired(one, () -> "one");
        connections.acquired(other, () -> "other");
        assertThat(connections.now()).isEqualTo(2);
        connections.released(one);
        connections.acquired(one, () -> "one again");
        connections.released(one);
        assertThat(connections.now()).isOne();
        assertThat(connections.peak()).isEqualTo(2);
        assertThat(connections.loans()).extracting(loan -> loan.what()).containsExactly("other");
        connections.released(other);
        assertThat(connections.loans()).isEmpty();
        assertThat(connections.now()).isZero();
    }

    @Test
    void responsesAreCountedByTheFirstDigitOfTheirStatus() {
        int[] statuses = {100, 200, 299, 300, 302, 399, 404, 404, 404, 404, 599};
        for (int status : statuses) {
            traffic.opened(() -> false, status);
        }
        assertThat(LongStream.rangeClosed(0, 9).map(digit -> traffic.responses((int) digit)).toArray())
                .containsExactly(0, 1, 2, 3, 4, 1, 0, 0, 0, 0);
    }

    /** A server may write any three digits, and a bug may make others of them. */
    @Test
    void statusThatIsNoneHarmsNothing() {
        for (int status : new int[]{0, -1, 1_000, 99_999}) {
            traffic.opened(() -> false, status);
        }
        assertThat(LongStream.rangeClosed(0, 9).map(digit -> traffic.responses((int) digit)).sum()).isEqualTo(4);
    }

    @Test
    void bodiesAreNamedWhileTheyAreOpen() {
        boolean[] open = {true};
        OpenBody body = new OpenBody() {
            @Override
            public boolean isOpen() {
                return open[0];
            }

            @Override
            public String toString() {
                return "http://example.org/";
            }
        };
        traffic.opened(body, 200);
        traffic.finished(body);
        assertThat(traffic.bodyLoans()).extracting(loan -> loan.what()).containsExactly("of http://example.org/");
        open[0] = false;
        assertThat(traffic.bodyLoans()).isEmpty();
        traffic.finished(body);
        open[0] = true;
        assertThat(traffic.openBodies()).as("it was closed, and is forgotten").isZero();
    }

    @Test
    void bytesAreSummed() {
        traffic.read(3);
        traffic.read(4);
        assertThat(traffic.bytes()).isEqualTo(7);
    }

    @Test
    void responseGivesItsMemoryBackWhenItIsClosed() {
        boolean[] held = {true};
        Attempt attempt = new Attempt(Instant.EPOCH, Duration.ZERO, Optional.empty(), Optional.empty(),
                Optional.empty());
        ResponseHead head = new ResponseHead(200, Optional.empty(), Optional.empty(), Optional.empty());
        try (Fetch response =
                new Fetch.Response(attempt, head, Headers.EMPTY, "", new byte[0], true, () -> held[0] = false)) {
            assertThat(held[0]).as("of %s", response).isTrue();
        }
        assertThat(held[0]).isFalse();
    }

    @Test
    void requestHasRoomForAtLeastOneByte() {
        CanonicalUrl url = CanonicalUrl.of("http://example.org/");
        assertThat(new FetchRequest(url, "*/*", _ -> true, 1, Overflow.FAIL).maxBodyBytes()).isOne();
        assertThatThrownBy(() -> new FetchRequest(url, "*/*", _ -> true, 0, Overflow.FAIL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be positive: 0");
    }
}
