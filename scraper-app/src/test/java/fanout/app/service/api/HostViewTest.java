package fanout.app.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.HostProgress;
import fanout.app.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the API says of a host: each member is read from its own place. */
class HostViewTest {

    @Test
    void eachMemberHasItsNumber() {
        HostProgress host =
                new HostProgress("example.org:80", 1, 2, Duration.ofMillis(3), Optional.of(Duration.ofMillis(4)),
                        Optional.of(new HostProgress.Refusal(429, Duration.ofMillis(5))),
                        HostProgress.CircuitState.HALF_OPEN, 6, 7,
                        Optional.empty(), List.of());
        assertThat(Json.line(HostView.of(host))).isEqualTo("{\"host\":\"example.org:80\",\"queued\":1,\"inFlight\":2,"
                + "\"delayMs\":3,\"readyInMs\":4,\"refusal\":{\"status\":429,\"silenceMs\":5},"
                + "\"circuit\":\"half_open\","
                + "\"ok\":6,\"failed\":7,\"lastFailure\":null,\"waitsFor\":null}");
    }

    @Test
    void whatIsNotKnownIsNull() {
        HostProgress host = new HostProgress("example.org:80", 0, 0, Duration.ZERO, Optional.empty(), Optional.empty(),
                HostProgress.CircuitState.CLOSED, 0, 0, Optional.empty(), List.of());
        assertThat(Json.line(HostView.of(host))).contains("\"readyInMs\":null,\"refusal\":null,\"circuit\":\"closed\"");
    }
}
