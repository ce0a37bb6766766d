package fanout.simulation;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.task.Deadline;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import fanout.simulation.Weather.Course;
import fanout.simulation.Weather.RetryAfter;
import fanout.simulation.Weather.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** One attempt at a URL, stage by stage, as {@link SimulatedNetwork} has it. Confined to the thread that fetches. */
final class SimulatedAttempt {

    /** As the adapter for OkHttp has it: where an interrupt comes at the deadline, the timeout is the second line. */
    private static final Duration SECOND_LINE = Duration.ofSeconds(1);
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final boolean isInner;
    private final Supplier<Content> content;
    private final SimulatedClock clock;
    private final FetchRequest request;
    private final FetchListener listener;
    private final Visit visit;
    private final Course course;
    private final Deadline deadline = Deadline.current();
    private final Instant startedAt;
    private final long startedNanos;
    private Stage stage = Stage.DNS;
    private Optional<Duration> latency = Optional.empty();
    private @Nullable ResponseHead head;

    /**
     * An attempt that begins now.
     *
     * @param isInner whether the URL is at an address that the job does not allow
     * @param content what the server answers, which is asked for once, when it has the request
     * @param visit told what came of it
     */
    SimulatedAttempt(boolean isInner, Supplier<Content> content, SimulatedClock clock, FetchRequest request,
            FetchListener listener, Visit visit, Course course) {
        this.isInner = isInner;
        this.content = content;
        this.clock = clock;
        this.startedAt = clock.now();
        this.startedNanos = clock.time();
        this.request = request;
        this.listener = listener;
        this.visit = visit;
        this.course = course;
    }

    Fetch run() throws InterruptedException {
        try {
            if (deadline.hasPassed()) {
                throw timedOut();
            }
            connect();
            send();
            return receive();
        } catch (Broken e) {
            visit.failure = Optional.of(e.failure);
            return new Fetch.NoResponse(attempt(), e.failure);
        }
    }

    private void connect() throws InterruptedException, Broken {
        if (course.pooled() && !isInner) {
            return;
        }
        enter(Stage.DNS);
        spend(0, Trouble.HANG_DNS);
        breakOn(Trouble.DNS, new Failure.Dns("no such host"));
        enter(Stage.CONNECT);
        spend(1, Trouble.HANG_CONNECT);
        if (isInner) {
            throw new Broken(new Failure.PrivateAddress("127.0.0.1"));
        }
        breakOn(Trouble.REFUSED, new Failure.Connection("refused"));
        breakOn(Trouble.TLS, new Failure.Tls("no trust"));
    }

    private void send() throws InterruptedException, Broken {
        enter(Stage.HEADERS);
        clock.preempt();
        visit.sent = true;
        breakOn(Trouble.STALE, new Failure.StaleConnection());
        Moment written = clock.moment();
        long nanos = clock.nanos() - (clock.time() - written.time());
        visit.written = Optional.of(written);
        listener.requestWritten(nanos);
        spend(2, Trouble.HANG_HEADERS);
        breakOn(Trouble.RESET, new Failure.Connection("reset"));
        breakOn(Trouble.GARBAGE, new Failure.Protocol("garbage"));
        latency = Optional.of(Duration.ofNanos(clock.time() - written.time()));
    }

    private Fetch receive() throws InterruptedException, Broken {
        return switch (course.trouble()) {
            case BUSY_429 -> busy(429);
            case BUSY_503 -> busy(503);
            case ERROR_500 -> response(500, "text/plain", Headers.EMPTY, new byte[0]);
            default -> content();
        };
    }

    private Fetch busy(int status) throws InterruptedException, Broken {
        Optional<Instant> date = course.retryAfter()
                .filter(RetryAfter::asDate) // which has no fraction of a second
                .map(after -> startedAt.plusNanos(clock.time() - startedNanos)
                        .plus(after.asked())
                        .truncatedTo(ChronoUnit.SECONDS));
        Headers headers = course.retryAfter()
                .map(after -> date.map(HTTP_DATE::format).orElse(Long.toString(after.asked().toSeconds())))
                .map(value -> Headers.of("Retry-After", value))
                .orElse(Headers.EMPTY);
        Fetch fetch = response(status, "text/plain", headers, new byte[0]);
        visit.retryAfter = course.retryAfter().map(RetryAfter::asked);
        visit.holdsUntil = date.map(until -> startedNanos + Duration.between(startedAt, until).toNanos())
                .orElse(clock.time() + visit.retryAfter.orElse(Duration.ZERO).toNanos());
        return fetch;
    }

    private Fetch content() throws InterruptedException, Broken {
        return switch (content.get()) {
            case Content.Html html -> response(200, "text/html", Headers.EMPTY, html.body());
            case Content.Text(int status, String type, String text) ->
                    response(status, type, Headers.EMPTY, text.getBytes(StandardCharsets.UTF_8));
            case Content.Image _ -> response(200, "image/png", Headers.EMPTY, new byte[0]);
            case Content.Robots robots -> response(200, "text/plain", Headers.EMPTY, robots.body());
            case Content.Sitemap map -> response(200, "application/xml", Headers.EMPTY, map.body());
            case Content.Status(int status) ->
                    response(status, "text/plain", Headers.EMPTY, new byte[0]);
            case Content.Dead _ -> throw new Broken(new Failure.Connection("reset"));
            case Content.Inner _ -> throw new IllegalStateException("nothing connects to it");
            case Content.Moved(int status, String location) -> {
                visit.location = Optional.of(location);
                yield response(status, "text/plain", Headers.of("Location", location), new byte[0]);
            }
        };
    }

    private Fetch response(int status, String type, Headers headers, byte[] body)
            throws InterruptedException, Broken {
        ResponseHead arrived = new ResponseHead(status, Optional.of(type), Optional.empty(), Optional.empty());
        head = arrived;
        boolean wanted = arrived.isSuccess() && request.wantsBody().test(arrived);
        if (wanted) {
            enter(Stage.BODY);
            spend(3, Trouble.HANG_BODY);
            breakOn(Trouble.BODY_RESET, new Failure.Connection("reset in the body"));
            breakOn(Trouble.TOO_LARGE, new Failure.BodyTooLarge(request.maxBodyBytes()));
        }
        clock.preempt();
        visit.status = status;
        visit.bodyRead = wanted;
        visit.isHeld = true;
        return new Fetch.Response(attempt(), arrived, headers, type, wanted ? body : new byte[0], wanted,
                () -> visit.isHeld = false);
    }

    private Attempt attempt() {
        return new Attempt(startedAt, Duration.ofNanos(clock.time() - startedNanos), latency,
                Optional.ofNullable(head), Optional.empty(), visit.sent);
    }

    private void enter(Stage next) {
        stage = next;
        listener.entered(next, deadline);
    }

    private Broken timedOut() {
        return new Broken(new Failure.TimedOut(stage, deadline.limit()));
    }

    private void breakOn(Trouble trouble, Failure failure) throws Broken {
        if (course.trouble() == trouble) {
            throw new Broken(failure);
        }
    }

    /** The time that a stage takes, or for ever; until the deadline. */
    private void spend(int part, Trouble hang) throws InterruptedException, Broken {
        long needed = course.trouble() == hang ? Long.MAX_VALUE : course.times()[part];
        long allowed = deadline.remainingNanos() + (deadline.interrupts() ? SECOND_LINE.toNanos() : 0);
        try {
            visit.ending.await(Math.min(needed, allowed), clock);
        } catch (InterruptedException e) {
            clock.passWhateverComes(course.parting());
            throw e;
        }
        if (visit.givenUp.isPresent()) {
            throw new Broken(new Failure.Connection("given up"));
        }
        if (allowed <= needed) {
            throw timedOut();
        }
    }
}
