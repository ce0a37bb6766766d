package fanout.app.run;

import fanout.app.json.Json;
import fanout.app.json.JudgedRuns;
import fanout.report.Judgement.JudgedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the report of an earlier run says that another run needs. Immutable.
 *
 * @param startedAt to the millisecond
 * @param goodPages that were ok, unmodified or fresh
 * @param judged its own figures; empty if it was not judged, or has no page
 * @param before the figures that it was compared with, or carries on
 */
record StoredReport(
        String job,
        Instant startedAt,
        Duration elapsed,
        int runs,
        String finishReason,
        long goodPages,
        Optional<JudgedRun> judged,
        Optional<JudgedRun> before) {

    /** No report of ours is longer. */
    private static final long LONGEST = 64L << 20;

    /**
     * Reads a report.
     *
     * @return empty if there is none, or the file is no report
     * @throws IOException if the file cannot be read
     */
    static Optional<StoredReport> read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
            return Optional.empty();
        }
        return Json.read(Files.readAllBytes(file)).flatMap(StoredReport::of);
    }

    /** Whether it is of the crawl that began then. */
    boolean isOf(Instant start) {
        return startedAt.equals(start.truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * Returns the figures with which another run of the job is compared: those of this run, or if it was not judged or
     * has brought no page, those that it carries on.
     *
     * @param start of the crawl that is to be compared: not with what itself had before it was resumed
     */
    Optional<JudgedRun> baselineOf(Instant start) {
        return judged.filter(_ -> !isOf(start)).or(() -> before);
    }

    private static Optional<StoredReport> of(JsonNode json) {
        try {
            JsonNode urls = json.path("accounting");
            return json.has("finishReason") ? Optional.of(new StoredReport(
                    json.path("job").asString(""),
                    Instant.parse(json.path("startedAt").asString("")),
                    Duration.ofMillis(json.path("elapsedMs").asLong(0)),
                    json.path("runs").asInt(1),
                    json.path("finishReason").asString(""),
                    urls.path("ok").asLong(0) + urls.path("unmodified").asLong(0)
                            + urls.path("reasons").path("fresh").asLong(0),
                    JudgedRuns.ofReport(json),
                    JudgedRuns.before(json)))
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty(); // another program's
        }
    }
}
