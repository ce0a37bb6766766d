package fanout.app.service.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request from its first header to the last byte of its answer. Confined to the thread that answers it. */
final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int MOST_HEADER_CHARACTERS = 16 << 10;
    private static final Map<String, String> ALWAYS = Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()",
            "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                    + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");

    private final HttpExchange exchange;
    private final Routes routes;
    private final Guard guard;
    private final Instant at = Instant.now();
    private final long startedNanos = System.nanoTime();
    private String route = "unmatched";
    private int status;
    private long bytes;
    private boolean complete;

    Exchange(HttpExchange exchange, Routes routes, Guard guard) {
        this.exchange = exchange;
        this.routes = routes;
        this.guard = guard;
    }

    void answer() throws IOException {
        try {
            send(reply());
            exchange.close(); // not after a failure: the last chunk would make the answer look whole
            complete = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(RequestThreads.isCutOff() ? "the time is up" : "the service stops");
        }
    }

    private Reply reply() throws InterruptedException {
        try {
            checkHeaders();
            Routes.Match match = routes.find(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath());
            route = match.route().pattern();
            Request request = new Request(exchange, match.route().door(), match.route().parameters(),
                    match.variables());
            guard.check(request);
            return match.route().handler().answer(request);
        } catch (RefusedException e) {
            return Reply.problem(e.problem());
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException("while a request was read").initCause(e);
        } catch (IOException e) {
            LOG.warn("{} {} cannot be answered", exchange.getRequestMethod(), route, e);
            return Reply.problem(Problem.of(503, "a file of the service cannot be used at the moment"));
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", exchange.getRequestMethod(), route, e);
            return Reply.problem(Problem.of(500, "an internal error, which the log of the service tells more about"));
        }
    }

    private void checkHeaders() throws RefusedException {
        long characters = exchange.getRequestURI().toString().length();
        for (Map.Entry<String, List<String>> header : exchange.getRequestHeaders().entrySet()) {
            for (String value : header.getValue()) {
                characters += header.getKey().length() + value.length();
            }
        }
        if (characters > MOST_HEADER_CHARACTERS) {
            throw new RefusedException(431, "the headers have more than " + MOST_HEADER_CHARACTERS + " characters");
        }
    }

    private void send(Reply reply) throws IOException, InterruptedException {
        status = reply.status();
        Headers headers = exchange.getResponseHeaders();
        ALWAYS.forEach(headers::set);
        headers.set("Cache-Control", "no-store");
        reply.headers().forEach(headers::set);
        boolean bodyless = exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304;
        switch (reply) {
            case Reply.Whole whole -> {
                if (bodyless && status == 200) {
                    headers.set("Content-Length", String.valueOf(whole.body().length));
                }
                exchange.sendResponseHeaders(status, bodyless || whole.body().length == 0 ? -1 : whole.body().length);
                if (!bodyless && whole.body().length > 0) {
                    write(out -> out.write(whole.body())); // a reader may take its time
                }
            }
            case Reply.Streamed streamed -> {
                try (Reply.Body body = streamed.body()) {
                    exchange.sendResponseHeaders(status, bodyless ? -1 : 0);
                    if (!bodyless) {
                        exchange.getResponseBody().flush(); // the reader learns at once that it is served
                        write(body);
                    }
                }
            }
        }
    }

    private void write(Reply.Body body) throws IOException, InterruptedException {
        OutputStream out = exchange.getResponseBody();
        PatientOutput patient = new PatientOutput(out);
        try {
            body.writeTo(patient);
            patient.close(); // not after a failure: an answer that ends early must not look whole
        } finally {
            bytes = patient.written();
        }
    }

    RequestListener.Answered record() {
        return new RequestListener.Answered(at, exchange.getRemoteAddress().getAddress().getHostAddress(),
                exchange.getRequestMethod(), route, exchange.getRequestURI().getRawPath(), status, bytes,
                Duration.ofNanos(System.nanoTime() - startedNanos), complete);
    }
}
