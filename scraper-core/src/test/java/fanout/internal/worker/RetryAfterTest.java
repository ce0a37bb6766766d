package fanout.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.Fetch.HeldMemory;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okhttp3.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a host asks to be left alone, counted from the end of the attempt that it answered. */
class RetryAfterTest {

    private static final Instant STARTED = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration TOOK = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "429, 30, 30", "503, 30, 30", "404, 30, 30", "400, 30, 30", "399, 30, -", "200, 30, -", "301, 30, -",
        "503, 'Tue, 01 Jan 2030 00:01:00 GMT', 40", "503, 'Tue, 01 Jan 2030 00:00:21 GMT', 1",
        "503, 'Tue, 01 Jan 2030 00:00:20 GMT', -", "503, 'Tue, 01 Jan 2030 00:00:10 GMT', -",
        "503, soon, -", "503, -, -"})
    void hostIsHeldFromTheEndOfTheAttempt(int status, String header, Long seconds) {
        Attempt attempt = new Attempt(STARTED, TOOK, Optional.empty(), Optional.empty(), Optional.empty());
        ResponseHead head = new ResponseHead(status, Optional.empty(), Optional.empty(), Optional.empty());
        Headers headers = header == null ? Headers.EMPTY : Headers.of("Retry-After", header);
        Fetch.Response response =
                new Fetch.Response(attempt, head, headers, "", new byte[0], false, HeldMemory.NONE);

        assertThat(Fetching.answer(response).retryAfter())
                .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
    }
}
