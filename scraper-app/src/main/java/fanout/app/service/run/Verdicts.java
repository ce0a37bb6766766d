package fanout.app.service.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.json.Json;
import fanout.app.json.JudgedRuns;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlVerdict;
import fanout.app.store.OwnFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Makes the verdict that the history keeps of a crawl's report. Stateless. */
public final class Verdicts {

    private Verdicts() {}

    /** Returns the verdict of a report in JSON. */
    static CrawlVerdict of(byte[] report) {
        return Json.read(report).map(Verdicts::of).orElse(CrawlVerdict.NONE);
    }

    /** Returns the verdict of the report of a crawl, which it has. */
    public static CrawlVerdict of(CrawlFolder folder) throws IOException {
        return of(OwnFiles.read(folder.report(), CrawlFolder.MOST_BYTES));
    }

    private static CrawlVerdict of(JsonNode report) {
        List<String> broken = report.path("expectations")
                .path("checks")
                .valueStream()
                .filter(check -> !check.path("holds").asBoolean(true))
                .map(check -> "expect." + check.path("expectation").asString("") + ": "
                        + check.path("detail").asString(""))
                .toList();
        return new CrawlVerdict(JudgedRuns.ofReport(report).map(Json::line),
                Optional.of(broken).filter(lines -> !lines.isEmpty()).map(Json::line));
    }

    /** Returns the expectations that do not hold, each in words, as the history keeps them. */
    public static Stream<String> broken(Optional<String> kept) {
        return kept.flatMap(lines -> Json.read(lines.getBytes(UTF_8)))
                .stream()
                .flatMap(JsonNode::valueStream)
                .map(line -> line.asString(""));
    }

    /** Returns the figures that the run of a report was compared with, or carries on, as JSON. */
    public static Optional<String> baseline(CrawlFolder folder) throws IOException {
        return Json.read(OwnFiles.read(folder.report(), CrawlFolder.MOST_BYTES))
                .flatMap(JudgedRuns::before)
                .map(Json::line);
    }
}
