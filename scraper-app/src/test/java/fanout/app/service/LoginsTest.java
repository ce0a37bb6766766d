package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fanout.app.service.access.ServiceGuard;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Guessing the token is slow, bounded and seen, and keeps no one else out. */
class LoginsTest {

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final int GUESSES = 16;

    @TempDir
    private Path data;

    private static Answer login(RunningService service, String from, String token) throws Exception {
        byte[] body = ("{\"token\": \"" + token + "\"}").getBytes(UTF_8);
        try (Socket socket =
                new Socket(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(service.host().replaceAll(".*:", "")),
                        InetAddress.ofLiteral(from), 0)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("POST /api/v1/login HTTP/1.1\r\nHost: " + service.host()
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .getBytes(UTF_8));
            socket.getOutputStream().write(body);
            return Answer.read(socket.getInputStream());
        }
    }

    private static ListAppender<ILoggingEvent> log() {
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        ((Logger) LoggerFactory.getLogger(ServiceGuard.class)).addAppender(heard);
        return heard;
    }

    @Test
    void wrongTokensAreAnsweredLateThenNotAtAllAndOthersAtOnce() throws Exception {
        ListAppender<ILoggingEvent> heard = log();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RunningService service = RunningService.start(data, "", Optional.of(TOKEN), Duration.ofSeconds(20))) {
            long begun = System.nanoTime();
            List<Future<Integer>> guesses = new ArrayList<>();
            for (int i = 0; i < GUESSES; i++) {
                String guess = "guess " + i;
                guesses.add(threads.submit(() -> {
                    int status = login(service, "127.0.0.1", guess).status();
                    return (status == 429 ? refused : answered).incrementAndGet();
                }));
            }
            await().until(() -> heard.list.size() == 10 && refused.get() == GUESSES - 10);
            assertThat(login(service, "127.0.0.2", TOKEN).status()).as("from another address").isEqualTo(204);
            assertThat(answered.get()).as("of ten that wait at the same time").isLessThan(10);
            Answer kept = login(service, "127.0.0.1", TOKEN);
            assertThat(kept.status()).as("from the same address").isEqualTo(429);
            Duration wait = Duration.ofSeconds(Integer.parseInt(kept.header("Retry-After").orElseThrow()));
            Duration passed = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(wait).isBetween(Duration.ofSeconds(10).minus(passed), Duration.ofSeconds(10));
            assertThat(kept.json().get("detail").stringValue())
                    .startsWith("too many wrong tokens came from 127.0.0.1; log in again in ");
            assertThat(service.get(CRAWLS, "Authorization: Bearer " + TOKEN).status())
                    .as("a program that has the token is not kept out")
                    .isEqualTo(200);
            for (Future<Integer> guess : guesses) {
                assertThat(guess.get(20, SECONDS)).isPositive();
            }
        } finally {
            ((Logger) LoggerFactory.getLogger(ServiceGuard.class)).detachAppender(heard);
        }
        assertThat(heard.list).extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(10)
                .containsOnly("a login from 127.0.0.1 had a wrong token");
        assertThat(data.resolve("access.jsonl")).content().contains("\"status\":429").doesNotContain("guess");
    }

    @Test
    void rightTokensAreNotCounted() throws Exception {
        try (RunningService service = RunningService.start(data, "", Optional.of(TOKEN), Duration.ofSeconds(20))) {
            for (int i = 0; i < 30; i++) {
                assertThat(login(service, "127.0.0.1", TOKEN).status()).isEqualTo(204);
            }
        }
    }
}
