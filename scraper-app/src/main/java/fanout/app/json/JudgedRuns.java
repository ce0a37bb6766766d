package fanout.app.json;

import fanout.report.Judgement.JudgedRun;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The figures with which a later run of a job is compared, as reports and the history have them. Stateless. */
public final class JudgedRuns {

    private JudgedRuns() {}

    /** Reads figures; empty if they are none. */
    public static Optional<JudgedRun> read(JsonNode json) {
        return run(json.path("startedAt"), json);
    }

    /** Reads from a report the figures of its own run; empty if it was not judged. */
    public static Optional<JudgedRun> ofReport(JsonNode report) {
        JsonNode expectations = report.path("expectations");
        return expectations.path("judged").asBoolean(false) ? run(report.path("startedAt"), expectations)
                : Optional.empty();
    }

    /** Reads from a report the figures that its run was compared with, or carries on. */
    public static Optional<JudgedRun> before(JsonNode report) {
        return read(report.path("expectations").path("baseline"));
    }

    private static Optional<JudgedRun> run(JsonNode startedAt, JsonNode figures) {
        try {
            return Optional.of(new JudgedRun(Instant.parse(startedAt.asString("")), figures.path("pages").asLong(0),
                    figures.path("items").asLong(0))).filter(run -> run.pages() >= 0 && run.items() >= 0);
        } catch (DateTimeException e) {
            return Optional.empty(); // not ours
        }
    }
}
