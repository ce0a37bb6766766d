package fanout.synthetic;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Answers for the generated pages, each with its latency and its fault. Thread-safe. */
final class SyntheticPages {

    private static final String HTML = "text/html; charset=utf-8";
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    private final SiteGraph graph;
    private final PageRenderer renderer;
    /** How often each page that heals was asked for. */
    private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();

    /** Compressed bodies by their mebibytes. */
    private final Map<Integer, byte[]> bombs = new ConcurrentHashMap<>();

    SyntheticPages(SiteGraph graph, PageRenderer renderer) {
        this.graph = graph;
        this.renderer = renderer;
    }

    void answer(Exchange exchange, int host, int page) throws IOException {
        @Nullable
        Fault fault = graph.fault(host, page).orElse(null);
        exchange.pause(graph.latency(host, page));
        switch (fault) {
            case null -> ok(exchange, host, page);
            case Fault.Flaky(int status, int failures) -> {
                if (attempt(host, page) <= failures) {
                    error(exchange, status);
                } else {
                    ok(exchange, host, page);
                }
            }
            case Fault.Broken(int status) -> error(exchange, status);
            case Fault.TooManyRequests(int times, Duration retryAfter, boolean asDate) -> {
                if (attempt(host, page) <= times) {
                    exchange.respond(429, Map.of("Retry-After", retryAfter(retryAfter, asDate)), new byte[0]);
                } else {
                    ok(exchange, host, page);
                }
            }
            case Fault.Moved moved -> redirect(exchange, moved.status(), hopTarget(host, page, 0, moved));
            case Fault.Loop(int status) -> redirect(exchange, status, SiteUrls.LOOP + page + ".html");
            case Fault.CookieWall() -> {
                if (exchange.header("Cookie").orElse("").contains("seen=yes")) {
                    ok(exchange, host, page);
                } else {
                    redirect(exchange, 302, SiteUrls.COOKIE + page + ".html");
                }
            }
            case Fault.Reset() -> exchange.reset();
            case Fault.Truncated() -> truncated(exchange, host, page);
            case Fault.Stalled() -> exchange.stall();
            case Fault.Dripping(Duration pause) -> dripping(exchange, host, page, pause);
            case Fault.Bomb(int mebibytes) -> bomb(exchange, mebibytes);
        }
    }

    private void ok(Exchange exchange, int host, int page) throws IOException {
        exchange.respond(
                200, Map.of("Content-Type", HTML, "ETag", "\"" + host + "-" + page + "\""),
                renderer.render(host, page));
    }

    static void error(Exchange exchange, int status) throws IOException {
        exchange.respond(status, HTML, "<!doctype html><title>" + status + "</title>\n");
    }

    static void redirect(Exchange exchange, int status, String location) throws IOException {
        exchange.respond(status, Map.of("Location", location), new byte[0]);
    }

    /** /hop/PAGE/K leads to /hop/PAGE/K+1, the last one to the target. */
    void answerHop(Exchange exchange) throws IOException {
        String path = exchange.path();
        int slash = path.lastIndexOf('/');
        OptionalInt page = slash > SiteUrls.HOP.length()
                ? SiteUrls.number(path, SiteUrls.HOP.length(), slash)
                : OptionalInt.empty();
        OptionalInt hop = SiteUrls.number(path, slash + 1, path.length());
        if (page.isPresent()
                && hop.isPresent()
                && graph.fault(exchange.host(), page.getAsInt()).orElse(null) instanceof Fault.Moved moved
                && hop.getAsInt() < moved.hops()) {
            redirect(exchange, moved.status(), hopTarget(exchange.host(), page.getAsInt(), hop.getAsInt(), moved));
        } else {
            error(exchange, 404);
        }
    }

    private String hopTarget(int host, int page, int hop, Fault.Moved moved) {
        return hop + 1 < moved.hops()
                ? SiteUrls.hopPath(page, hop + 1)
                : SiteUrls.path(graph.redirectTarget(host, page));
    }

    private void truncated(Exchange exchange, int host, int page) throws IOException {
        byte[] body = whole(renderer.render(host, page));
        exchange.respondHead(200, Map.of("Content-Type", HTML), body.length);
        exchange.sendRaw(new String(body, 0, body.length / 2, StandardCharsets.US_ASCII));
    }

    private void dripping(Exchange exchange, int host, int page, Duration pause) throws IOException {
        byte[] body = whole(renderer.render(host, page));
        exchange.respondHead(200, Map.of("Content-Type", HTML), body.length);
        for (byte each : body) {
            exchange.pause(pause);
            exchange.sendRaw(String.valueOf((char) each));
        }
    }

    private void bomb(Exchange exchange, int mebibytes) throws IOException {
        Map<String, String> headers = Map.of("Content-Type", HTML, "Content-Encoding", "gzip");
        exchange.respond(200, headers, bombs.computeIfAbsent(mebibytes, SyntheticPages::compressedZeros));
    }

    private static byte[] compressedZeros(int mebibytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            byte[] mebibyte = new byte[1 << 20];
            for (int i = 0; i < mebibytes; i++) {
                out.write(mebibyte);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    private static byte[] whole(ByteBuffer... parts) {
        int length = 0;
        for (ByteBuffer part : parts) {
            length += part.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (ByteBuffer part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private int attempt(int host, int page) {
        return attempts.computeIfAbsent(host + "/" + page, _ -> new AtomicInteger()).incrementAndGet();
    }

    private static String retryAfter(Duration duration, boolean asDate) {
        if (!asDate) {
            return String.valueOf(duration.toSeconds());
        }
        // A date has whole seconds: round up, so that it is not earlier than the duration says.
        return HTTP_DATE.format(ZonedDateTime.now(ZoneOffset.UTC).plus(duration).plusNanos(999_999_999));
    }
}
