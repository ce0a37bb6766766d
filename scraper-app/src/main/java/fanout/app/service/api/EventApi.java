package fanout.app.service.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.json.Json;
import fanout.app.service.crawl.Crawls;
import fanout.app.service.crawl.Readers;
import fanout.app.service.http.Door;
import fanout.app.service.http.RefusedException;
import fanout.app.service.http.Reply;
import fanout.app.service.http.Route;
import fanout.app.service.http.ServiceRequest;
import fanout.app.service.run.EventLog;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What happens to a crawl, as server-sent events. A reader that comes back with the id of its last event gets those
 * after it; ids hold for one process and one run, and a reader that comes with another's gets where the crawl stands.
 *
 * @param epoch distinguishes this process from earlier ones
 */
public record EventApi(Crawls crawls, Readers readers, String epoch) {

    private static final String ENDED = "end";
    private static final Duration LOOK = Duration.ofMillis(250);
    /** After so many looks without news something is sent, by which a reader that has gone is noticed. */
    private static final int LOOKS_WITHOUT_NEWS = 40;

    public List<Route> routes() {
        return List.of(Route.of(Door.READ, "GET", CrawlApi.CRAWL + "/events", this::events));
    }

    private Reply events(ServiceRequest request) throws RefusedException, IOException {
        Found found = Found.of(request, crawls);
        Optional<String> lastId = request.header("Last-Event-ID");
        if (found.task().isEmpty()) {
            return lastId.equals(Optional.of(ENDED)) ? Reply.empty(204) // a browser does not reconnect
                    : stream(out -> out.write(end(found)));
        }
        EventLog log = found.task().get().events();
        Closeable reader = readers.open(found.crawl().id()).orElseThrow(TooManyReaders::refused);
        String ids = epoch + "-" + log.number() + "-";
        Reply.Body body = out -> follow(log, ids, lastId.flatMap(id -> number(ids, id)), LOOK, out);
        return stream(body.holding(reader));
    }

    private static Reply stream(Reply.Body body) {
        return new Reply.Streamed(200, Map.of("Content-Type", "text/event-stream", "X-Accel-Buffering", "no"), body);
    }

    private static byte[] end(Found found) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("id", found.crawl().id());
        state.put("state", found.crawl().state().label());
        return ("id: " + ENDED + "\nevent: state\ndata: " + Json.line(state) + "\n\n").getBytes(UTF_8);
    }

    /**
     * Writes events until none will follow.
     *
     * @param ids what the id of each begins with
     * @param after the number of the last one that the reader has; empty: where the crawl stands comes first
     * @param look how long one look for news takes
     */
    static void follow(EventLog log, String ids, Optional<Long> after, Duration look, OutputStream out)
            throws IOException, InterruptedException {
        long last = after.orElse(0L);
        out.write("retry: 2000\n\n".getBytes(UTF_8));
        if (after.isEmpty()) {
            last = write(log.latest(), ids, last, out);
        }
        int silent = 0;
        for (boolean ended = false; !ended;) {
            EventLog.Batch batch = log.after(last, look);
            silent = batch.events().isEmpty() ? silent + 1 : 0;
            if (silent == LOOKS_WITHOUT_NEWS) {
                out.write(": nothing new\n\n".getBytes(UTF_8));
                silent = 0;
            }
            last = write(batch.events(), ids, last, out);
            ended = batch.ended();
        }
    }

    private static long write(List<EventLog.Event> events, String ids, long before, OutputStream out)
            throws IOException {
        long last = before;
        for (EventLog.Event event : events) {
            out.write(
                    ("id: " + ids + event.number() + "\nevent: " + event.kind().name().toLowerCase(Locale.ROOT)
                            + "\ndata: " + event.data() + "\n\n").getBytes(UTF_8));
            last = event.number();
        }
        out.flush();
        return last;
    }

    /** Returns the number of an event of this run; empty if the id is another's. */
    static Optional<Long> number(String ids, String id) {
        if (!id.startsWith(ids) || !id.substring(ids.length()).matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(Long.valueOf(id.substring(ids.length())));
    }
}
