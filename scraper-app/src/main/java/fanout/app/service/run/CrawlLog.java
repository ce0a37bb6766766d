package fanout.app.service.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.json.Json;
import fanout.app.metrics.CrawlResult;
import fanout.app.store.CrawlEnd;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the life of a crawl into the log, one event of level INFO for each step: which crawl, of which job, what has
 * happened to it, and why. The logger has a name of its own, {@code scraper.crawls}, by which a configuration of
 * Logback turns it on, and each event has the key-value pairs {@code event}, {@code crawl} and {@code job} for programs
 * that read logs. Thread-safe.
 */
public final class CrawlLog {

    private static final Logger LOG = LoggerFactory.getLogger("scraper.crawls");
    private static final List<String> FIGURES =
            List.of("discovered", "ok", "redirected", "failed", "skipped", "cancelled", "items", "bytes");

    private CrawlLog() {}

    /** A job was submitted, and its crawl waits or is about to run. */
    public static void submitted(String id, String job) {
        write("submitted", id, job, "submitted");
    }

    /** A crawl begins to run. */
    public static void started(String id, String job) {
        write("started", id, job, "started");
    }

    /**
     * A request asks a crawl to end, which may take a while.
     *
     * @param how what becomes of fetches in flight
     */
    static void cancelled(String id, String job, String how) {
        write("cancelled", id, job, "cancelled by a request: " + how);
    }

    /**
     * A crawl waits for another run.
     *
     * @param why by a request, or by the start of the service
     */
    public static void resumed(String id, String job, String why) {
        write("resumed", id, job, "resumed " + why);
    }

    /** A crawl ends with its process, and resumes at the next start of the service. */
    static void suspended(String id, String job, Optional<String> figures) {
        write("suspended", id, job,
                "suspended until the next start of the service: the service stops" + words(figures));
    }

    /**
     * A crawl has ended.
     *
     * @param figures as JSON; empty if the event has no figures
     */
    static void ended(String id, String job, CrawlEnd end, CrawlResult result, Optional<String> figures) {
        write("ended", id, job, "ended as " + end.state().label()
                + end.finishReason().map(reason -> ", finishReason " + reason).orElse("") + ", result " + result.label()
                + end.failure().map(failure -> ": " + failure).orElse("")
                + Verdicts.broken(end.verdict().broken())
                        .reduce((some, next) -> some + "; " + next)
                        .map(": "::concat)
                        .orElse("")
                + words(figures));
    }

    /**
     * A crawl that has ended was deleted, with its files.
     *
     * @param why a request, or which limit of retention
     */
    public static void deleted(String id, String job, String why) {
        write("deleted", id, job, "deleted: " + why);
    }

    /** A crawl does not resume by itself, and waits until a request continues or cancels it. */
    public static void held(String id, String job, String why) {
        write("held", id, job, "held: " + why);
    }

    /** A request releases a crawl that was held. */
    public static void continued(String id, String job) {
        write("continued", id, job, "continued by a request");
    }

    private static void write(String event, String id, String job, String what) {
        LOG.atInfo()
                .addKeyValue("event", event)
                .addKeyValue("crawl", id)
                .addKeyValue("job", job)
                .log("crawl {} of {}: {}", id, job, what);
    }

    /** The figures as words. */
    private static String words(Optional<String> figures) {
        return figures.flatMap(text -> Json.read(text.getBytes(UTF_8)))
                .map(json -> String.format(Locale.ROOT, "; after %.1f s: ", json.path("elapsedMs").asLong() / 1e3)
                        + FIGURES.stream()
                                .map(name -> json.path(name).asLong() + " " + name)
                                .collect(Collectors.joining(", ")))
                .orElse("");
    }
}
