package fanout.internal.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.Traffic.OpenBody;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class TrafficTest {

    @Test
    void bodyThatIsLeftOpenOnPurposeIsFound() throws Exception {
        Traffic traffic = new Traffic();
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder().body("leaked").build());
            OkHttpClient client = new OkHttpClient.Builder().connectionPool(new ConnectionPool()).build();
            Response response = client.newCall(new Request.Builder().url(server.url("/")).build()).execute();
            OpenBody body = response.body().source()::isOpen;
            traffic.opened(body, response.code());

            traffic.finished(body);

            assertThat(traffic.openBodies()).as("finished, but never closed").isOne();
            assertThat(client.connectionPool().connectionCount() - client.connectionPool().idleConnectionCount())
                    .isOne();
            response.close();
            assertThat(traffic.openBodies()).isZero();
        }
    }

    @Test
    void connectionsOfManyThreadsAreCountedWithoutLoss() throws Exception {
        ActiveConnections connections = new ActiveConnections();
        int threads = 8;
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch allHold = new CountDownLatch(threads);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<?> all = IntStream.range(0, threads).mapToObj(thread -> executor.submit(() -> {
                start.await();
                for (int i = 0; i < 50_000; i++) {
                    connections.acquired();
                    connections.released();
                }
                connections.acquired();
                allHold.countDown();
                return null;
            })).toList();
            assertThat(all).hasSize(threads);
            start.countDown();
            allHold.await();
        }
        assertThat(connections.now()).isEqualTo(threads);
        assertThat(connections.peak()).isEqualTo(threads);
    }
}
