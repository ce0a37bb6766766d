package fanout.internal.http;

import static fanout.internal.http.Fetching.assertResponse;
import static fanout.internal.http.Fetching.failure;
import static fanout.internal.http.Fetching.request;
import static fanout.internal.http.RawServer.readHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.internal.limit.BodyRoom;
import fanout.internal.limit.BodyRoom.Allocation;
import fanout.internal.limit.Waiter;
import fanout.internal.task.Deadline;
import fanout.internal.task.ManualTicker;
import fanout.internal.task.Ticker;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies in a small room, from real servers. */
@Timeout(60)
class FetchMemoryTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int SIZE = 1 << 20;
    private static final int LONGEST = SIZE / 4 - 1;

    /** A room whose bodies all wait, until the test says otherwise. */
    private static final class FullRoom {

        private final BodyRoom room;
        private final Allocation outside;
        private final Allocation reserve;

        FullRoom(Ticker ticker) {
            room = new BodyRoom(SIZE, ticker);
            outside = room.open();
            reserve = room.open();
            assertThat(outside.tryGrow(SIZE / 2)).isTrue();
            assertThat(reserve.tryGrow(SIZE / 2)).isTrue();
        }

        void empty() {
            outside.close();
            reserve.close();
        }
    }

    private static void assertAllIsFree(BodyRoom room) {
        try (Allocation outside = room.open(); Allocation reserve = room.open()) {
            assertThat(outside.tryGrow(SIZE / 2)).isTrue();
            assertThat(reserve.tryGrow(SIZE / 2)).isTrue();
        }
    }

    /** Notes what a fetch reports, and when it arrives at a stage. */
    private static final class Arrivals implements FetchListener {

        final Fetching.Log log = new Fetching.Log();
        final CountDownLatch arrived;
        private final Stage stage;

        /** For memory. */
        Arrivals() {
            this(Stage.MEMORY, new CountDownLatch(1));
        }

        Arrivals(Stage stage, CountDownLatch arrived) {
            this.stage = stage;
            this.arrived = arrived;
        }

        @Override
        public void entered(Stage entered, Deadline until) {
            log.entered(entered, until);
            if (entered == stage) {
                arrived.countDown();
            }
        }

        @Override
        public void requestWritten(long nanos) {
            log.requestWritten(nanos);
        }
    }

    private static FutureTask<Fetch> start(Callable<Fetch> fetch) {
        FutureTask<Fetch> task = new FutureTask<>(fetch);
        Thread.ofVirtual().start(task);
        return task;
    }

    /** A fetch under a deadline of its own, within one of two hours. */
    private static FutureTask<Fetch> start(Fetching fetching, RawServer server, Arrivals listener, Duration limit,
            Ticker ticker) {
        return start(() -> Deadline.after(HOUR.multipliedBy(2), ticker)
                .within(() -> Deadline.after(limit, ticker)
                        .within(() -> fetching.fetcher.fetch(Fetching.whole(server.url("/")), listener))));
    }

    private static String page(int length) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length);
    }

    @Test
    void bodyTakesRoomUntilItsResponseIsClosed() throws Exception {
        BodyRoom room = new BodyRoom(SIZE, Ticker.system());
        try (RawServer server = RawServer.answering(page(200_000));
                Fetching fetching = Fetching.in(room, Ticker.system());
                Allocation rest = room.open();
                Allocation reserve = room.open()) {
            Fetch.Response response = fetching.response(server.url("/"));
            assertThat(response.body()).hasSize(200_000);
            assertThat(rest.tryGrow(SIZE / 2 - 200_000)).as("what a buffer took is back").isTrue();
            assertThat(reserve.tryGrow(1)).isTrue();
            assertThat(rest.tryGrow(1)).isFalse();

            response.close();
            response.close();
            assertThat(rest.tryGrow(200_000)).isTrue();
            assertThat(rest.tryGrow(0)).isTrue();
        }
        assertAllIsFree(room);
    }

    @Test
    void waitForMemoryIsNoPartOfTheTimeForARequest() throws Exception {
        ManualTicker ticker = ManualTicker.stopped();
        FullRoom full = new FullRoom(ticker);
        Arrivals listener = new Arrivals();
        try (RawServer server = RawServer.answering(page(1_000)); Fetching fetching = Fetching.in(full.room, ticker)) {
            FutureTask<Fetch> waiting = start(fetching, server, listener, Duration.ofMinutes(1), ticker);
            listener.arrived.await();
            ticker.advance(HOUR);
            full.empty();

            try (Fetch fetch = waiting.get(20, TimeUnit.SECONDS)) {
                assertThat(assertResponse(fetch).body()).hasSize(1_000);
            }
            assertThat(listener.log.stages).containsExactly(Stage.CONNECT, Stage.HEADERS, Stage.BODY, Stage.MEMORY,
                    Stage.BODY);
            List<Deadline> until = listener.log.deadlines;
            assertThat(until.get(3)).as("of the wait").isEqualTo(until.getFirst().enclosing().orElseThrow());
            assertThat(until.get(4)).as("after it").isEqualTo(until.get(2).extendedBy(HOUR.toNanos()));
        }
        assertAllIsFree(full.room);
    }

    /**
     * On the machine's clock, by which calls are cancelled: a second for the request, which waits for longer than that.
     */
    @Test
    void timeForARequestStandsStillWhileItWaitsAndThenGoesOn() throws Exception {
        FullRoom full = new FullRoom(Ticker.system());
        Arrivals listener = new Arrivals();
        Duration limit = Duration.ofSeconds(1);
        Duration wait = Duration.ofMillis(1_300);
        try (RawServer server = RawServer.serving((socket, in) -> {
            readHead(in);
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nthe rest never comes");
            RawServer.untilClosed(in);
        });
                Fetching fetching = Fetching.in(full.room, Ticker.system())) {
            FutureTask<Fetch> waiting = start(fetching, server, listener, limit, Ticker.system());
            listener.arrived.await();
            await().pollDelay(wait).until(() -> true);
            full.empty();

            Fetch fetch = waiting.get(20, TimeUnit.SECONDS);
            assertThat(failure(fetch)).isEqualTo(new Failure.TimedOut(Stage.BODY, limit));
            assertThat(fetch.attempt().duration()).as("the wait, and after it what was left of the second")
                    .isGreaterThan(wait.plus(limit.dividedBy(2)));
        }
        assertAllIsFree(full.room);
    }

    @Test
    void waitForMemoryEndsAtTheDeadlineAroundTheRequest() throws Exception {
        ManualTicker ticker = ManualTicker.stopped();
        FullRoom full = new FullRoom(ticker);
        Arrivals listener = new Arrivals();
        try (RawServer server = RawServer.answering(page(1_000)); Fetching fetching = Fetching.in(full.room, ticker)) {
            FutureTask<Fetch> waiting = start(fetching, server, listener, Duration.ofMinutes(1), ticker);
            listener.arrived.await();
            ticker.advance(HOUR.multipliedBy(2));

            assertThat(failure(waiting.get(20, TimeUnit.SECONDS)))
                    .isEqualTo(new Failure.TimedOut(Stage.MEMORY, HOUR.multipliedBy(2)));
            await().untilAsserted(() -> assertThat(server.open()).isZero());
        }
        full.empty();
        assertAllIsFree(full.room);
    }

    @Test
    void interruptEndsAWaitForMemory() throws Exception {
        FullRoom full = new FullRoom(Ticker.system());
        Arrivals listener = new Arrivals();
        try (RawServer server = RawServer.answering(page(1_000));
                Fetching fetching = Fetching.in(full.room, Ticker.system())) {
            CountDownLatch interrupted = new CountDownLatch(1);
            FutureTask<Fetch> task = new FutureTask<>(() -> {
                try {
                    return fetching.get(Fetching.whole(server.url("/")), listener);
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
            });
            Thread thread = Thread.ofVirtual().start(task);
            listener.arrived.await();
            thread.interrupt();

            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            await().untilAsserted(() -> assertThat(server.open()).isZero());
        }
        full.empty();
        assertAllIsFree(full.room);
    }

    @Test
    void bodyBeyondTheMemoryBudgetSaysThatItIsNotTheJobsLimit() throws Exception {
        BodyRoom room = new BodyRoom(SIZE, Ticker.system());
        Failure expected = new Failure.BodyTooLarge(LONGEST, true);
        assertThat(expected.detail()).contains("262143 bytes", "memory", "not the job's limit", "-Xmx");
        try (RawServer exact = RawServer.answering(page(LONGEST));
                RawServer announced = RawServer.serving((socket, in) -> {
                    readHead(in);
                    RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + (LONGEST + 1) + "\r\n\r\n");
                    RawServer.untilClosed(in); // Never sends a byte of it.
                });
                RawServer unannounced =
                        RawServer.answering("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(LONGEST + 1));
                Fetching fetching = Fetching.in(room, Ticker.system())) {
            assertThat(fetching.response(exact.url("/")).body()).hasSize(LONGEST);
            assertThat(fetching.failure(announced.url("/"))).isEqualTo(expected);
            assertThat(fetching.failure(unannounced.url("/"))).isEqualTo(expected);
            assertThat(assertResponse(fetching.get(request(unannounced.url("/"), SIZE, Overflow.TRUNCATE),
                    new Fetching.Log())).body()).hasSize(LONGEST);
            assertThat(failure(fetching.get(request(unannounced.url("/"), 1_000, Overflow.FAIL), new Fetching.Log())))
                    .isEqualTo(new Failure.BodyTooLarge(1_000, false));
        }
        assertAllIsFree(room);
    }

    /** A byte of a decoder counts once, and a byte of a body twice. */
    @Test
    void whatADecoderTakesIsMissingForTheBody() throws Exception {
        BodyRoom room = new BodyRoom(SIZE, Ticker.system());
        int decoder = 100_000;
        int longest = LONGEST - decoder / 2;
        AttemptLimits limits = new AttemptLimits(Deadline.after(HOUR, Ticker.system()), new Fetching.Log());
        try (AttemptLimits.BodyMemory memory = limits.memory(room)) {
            memory.decoderNeeds(decoder / 4);
            memory.decoderNeeds(decoder - decoder / 4);
            memory.buffered(longest);
            memory.buffered(1); // which shows that the body is longer
            assertThatExceptionOfType(AttemptLimits.BodyOverflow.class).isThrownBy(() -> memory.buffered(1))
                    .extracting(AttemptLimits.BodyOverflow::failure)
                    .isEqualTo(new Failure.BodyTooLarge(longest, true));
        }
        try (AttemptLimits.BodyMemory memory = limits.memory(room)) {
            memory.decoderNeeds(SIZE / 2);
            assertThatExceptionOfType(AttemptLimits.BodyOverflow.class).isThrownBy(() -> memory.decoderNeeds(1));
        }
        assertAllIsFree(room);
    }

    /** Each of them alone would unfold to sixty-four times the room. */
    @Test
    void bombsStayWithinTheRoomAndOthersPass() throws Exception {
        BodyRoom room = new BodyRoom(SIZE, Ticker.system());
        byte[] bomb = bomb(64 << 20);
        try (RawServer bombs = RawServer.serving((socket, in) -> {
            readHead(in);
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.length
                    + "\r\n\r\n");
            socket.getOutputStream().write(bomb);
        });
                RawServer pages = RawServer.serving((socket, in) -> {
                    while (readHead(in)) {
                        RawServer.send(socket, page(200_000));
                    }
                });
                Fetching fetching = Fetching.in(room, Ticker.system());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> all = IntStream.range(0, 60).mapToObj(number -> threads.<Object>submit(() -> {
                boolean isBomb = number % 2 == 0;
                try (Fetch fetch = fetching.get((isBomb ? bombs : pages).url("/"))) {
                    return isBomb ? failure(fetch) : assertResponse(fetch).body().length;
                }
            })).toList();
            for (int number = 0; number < all.size(); number++) {
                assertThat(all.get(number).get(30, TimeUnit.SECONDS))
                        .isEqualTo(number % 2 == 0 ? new Failure.BodyTooLarge(LONGEST, true) : 200_000);
            }
            assertThat(fetching.traffic.bytes()).isEqualTo(30L * (LONGEST + 1) + 30L * 200_000);
        }
        assertAllIsFree(room);
    }

    private static byte[] bomb(int unfolded) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(new byte[unfolded]);
        }
        return out.toByteArray();
    }

    @Test
    void endOfABodyWaitsForNothingAlthoughOthersStandInLine() throws Exception {
        FullRoom full = new FullRoom(Ticker.system());
        full.outside.completeWith(SIZE / 2 - 6);
        CountDownLatch othersWait = new CountDownLatch(1);
        CountDownLatch body = new CountDownLatch(1);
        try (RawServer server = RawServer.serving((socket, in) -> {
            readHead(in);
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            othersWait.await();
            RawServer.send(socket, "0\r\n\r\n");
        });
                Fetching fetching = Fetching.in(full.room, Ticker.system());
                Allocation other = full.room.open()) {
            FutureTask<Fetch> fetch = new FutureTask<>(() -> fetching.get(Fetching.whole(server.url("/")),
                    new Arrivals(Stage.BODY, body)));
            Thread thread = Thread.ofVirtual().start(fetch);
            body.await();
            await().until(() -> thread.getState() == Thread.State.WAITING); // for the end, with room for three bytes
            Deadline deadline = Deadline.after(HOUR, Ticker.system());
            Waiter waiter = Waiter.waiting(() -> other.grow(1, deadline));
            othersWait.countDown();

            assertThat(assertResponse(fetch.get(20, TimeUnit.SECONDS)).body()).hasSize(3);
            assertThat(waiter.end()).as("of the six bytes three are back").isEqualTo(true);
        }
        full.empty();
        assertAllIsFree(full.room);
    }

    @Test
    void bodyThatBreaksOffGivesItsRoomBack() throws Exception {
        BodyRoom room = new BodyRoom(SIZE, Ticker.system());
        try (RawServer server = RawServer.answering(page(200_000).substring(0, 100_000));
                Fetching fetching = Fetching.in(room, Ticker.system())) {
            assertThat(fetching.failure(server.url("/"))).isInstanceOf(Failure.Connection.class);
            assertAllIsFree(room);
        }
    }
}
