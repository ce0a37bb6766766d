package fanout.app.run;

import fanout.app.json.Json;
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
 */
record StoredReport(
        String job,
        Instant startedAt,
        Duration elapsed,
        int runs,
        String finishReason,
        long goodPages) {

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
                            + urls.path("reasons").path("fresh").asLong(0)))
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty(); // another program's
        }
    }
}
