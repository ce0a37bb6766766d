package fanout.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.cases.Case;
import fanout.internal.fetch.Fetch;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The framing of chunked bodies, from real servers. */
@Timeout(60)
class ChunkCasesTest {

    static List<Case> cases() throws IOException {
        return Case.of(ChunkCasesTest.class, "chunks.txt", 1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void chunksAreOneBodyOrAFailure(Case chunks) throws Exception {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (RawServer server = RawServer.answering(head + chunks.input(0)); Fetching fetching = Fetching.plain()) {
            String answer = switch (fetching.get(server.url("/"))) {
                case Fetch.Response response when response.body().length == 0 -> "empty";
                case Fetch.Response response -> new String(response.body(), UTF_8);
                case Fetch.NoResponse none -> none.failure().reason().toString();
            };
            assertThat(answer).isEqualTo(chunks.expected());
        }
    }
}
