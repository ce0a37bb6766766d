package fanout.sink;

import fanout.outcome.Stage;
import fanout.page.Attempt;
import fanout.report.Accounting;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.Cut;
import fanout.report.CrawlReport.Fetching;
import fanout.report.CrawlReport.FilledField;
import fanout.report.CrawlReport.Items;
import fanout.report.CrawlReport.Latency;
import fanout.report.CrawlReport.LeftOut;
import fanout.report.CrawlReport.Links;
import fanout.report.CrawlReport.Part;
import fanout.report.CrawlReport.Timing;
import fanout.report.Judgement;
import fanout.report.LeakCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** The report as a JSON file. Stateless. */
public final class ReportFile {

    private static final JsonFactory FACTORY = new JsonFactory();

    private ReportFile() {}

    /**
     * Checks, before a crawl, that a report can be written here, and creates its folders.
     *
     * @throws IOException if it cannot
     */
    public static void prepare(Path path) throws IOException {
        Path target = target(path);
        Path folder = folderOf(target);
        Files.createDirectories(folder);
        if (Files.isDirectory(target)) {
            throw new FileSystemException(path.toString(), null, "is a directory");
        }
        if (!Files.isWritable(Files.exists(target) ? target : folder)) {
            throw new FileSystemException(path.toString(), null, "is not writable");
        }
        if (!Files.exists(target) || Files.isRegularFile(target)) {
            // a file system may refuse what the permissions allow
            Files.deleteIfExists(Files.createTempFile(folder, "." + target.getFileName(), ".part"));
        }
    }

    /**
     * Writes a report. A reader sees the old file or the new one, each of them whole.
     *
     * @throws IOException if it cannot be written; the old file is unchanged
     */
    public static void write(CrawlReport report, Path path) throws IOException {
        Path target = target(path);
        Files.createDirectories(folderOf(target));
        if (Files.exists(target) && !Files.isRegularFile(target)) { // a pipe or a device cannot be replaced
            Files.write(target, bytes(report));
            return;
        }
        Path temporary = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            Files.write(temporary, bytes(report));
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The target of a link, because a rename would replace the link. */
    private static Path target(Path path) throws IOException {
        return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    }

    private static Path folderOf(Path target) {
        Path folder = target.getParent();
        return folder == null ? target : folder;
    }

    /** The report in UTF-8, indented, with a newline at its end. */
    public static byte[] bytes(CrawlReport report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try (JsonGenerator json = FACTORY.createGenerator(new Indented(), bytes)) {
            write(report, json);
            json.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    private static void write(CrawlReport report, JsonGenerator json) {
        Timing timing = report.timing();
        Fetching fetching = report.fetching();
        json.writeStartObject();
        json.writeStringProperty("job", report.job());
        json.writeStringProperty("finishReason", report.finishReason().label());
        json.writeStringProperty("failure",
                report.failure().map(failure -> JsonValues.wellFormed(failure.message())).orElse(null));
        json.writeNumberProperty("runs", timing.runs());
        json.writeStringProperty("startedAt", Attempt.TIMES.format(timing.startedAt()));
        json.writeNumberProperty("elapsedMs", timing.elapsed().toMillis());
        accounting(report.accounting(), json);
        json.writeNumberProperty("duplicates", report.links().duplicates());
        json.writeNumberProperty("outOfScope", report.links().outOfScope());
        json.writeNumberProperty("dropped", report.links().dropped());
        if (report.links().externalOk() > 0) {
            json.writeNumberProperty("externalOk", report.links().externalOk());
        }
        follow(report.links(), json);
        if (report.links().leftOut().lines() > 0) {
            leftOut(report.links().leftOut(), json);
        }
        if (!report.cut().isNothing()) {
            cut(report.cut(), json);
        }
        json.writeNumberProperty("items", report.items().extracted());
        json.writeNumberProperty("itemsDropped", report.items().dropped());
        fields(report.items(), json);
        judgement(report, json);
        json.writeNumberProperty("bytes", fetching.bytes());
        AuxiliaryJson.write(fetching, json);
        leakCheck(report.leakCheck(), json);
        json.writeNumberProperty("abandonedLookups", fetching.abandonedLookups());
        json.writeNumberProperty("pagesPerSecond", rounded(BigDecimal.valueOf(report.pagesPerSecond())));
        latency(timing.latency(), json);
        json.writeNumberProperty("peakInFlight", fetching.peakInFlight());
        json.writeObjectPropertyStart("deadlineExceeded");
        for (Stage stage : Stage.values()) {
            json.writeNumberProperty(stage.label(), timing.deadlineExceeded().getOrDefault(stage, 0L));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void leftOut(LeftOut leftOut, JsonGenerator json) {
        json.writeObjectPropertyStart("startList");
        json.writeNumberProperty("skipped", leftOut.lines());
        json.writeArrayPropertyStart("first");
        leftOut.first().forEach(line -> json.writeString(JsonValues.wellFormed(line)));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void cut(Cut cut, JsonGenerator json) {
        json.writeObjectPropertyStart("cut");
        json.writeNumberProperty("hosts", cut.hosts());
        parts("mostByHost", "host", cut.mostByHost(), json);
        parts("labels", "label", cut.labels(), json);
        json.writeEndObject();
    }

    private static void parts(String name, String of, List<Part> parts, JsonGenerator json) {
        json.writeArrayPropertyStart(name);
        for (Part part : parts) {
            json.writeStartObject();
            json.writeStringProperty(of, JsonValues.wellFormed(part.name()));
            json.writeNumberProperty("ok", part.ok());
            json.writeNumberProperty("skipped", part.skipped());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void follow(Links links, JsonGenerator json) {
        json.writeArrayPropertyStart("follow");
        for (CrawlReport.Follow entry : links.follow()) {
            json.writeStartObject();
            json.writeStringProperty("entry", JsonValues.wellFormed(entry.entry()));
            json.writeNumberProperty("links", entry.links());
            json.writeNumberProperty("noLinks", entry.noLinks());
            json.writeStringProperty("example", entry.example().map(JsonValues::wellFormed).orElse(null));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void accounting(Accounting accounting, JsonGenerator json) {
        json.writeObjectPropertyStart("accounting");
        json.writeNumberProperty("discovered", accounting.discovered());
        json.writeNumberProperty("ok", accounting.ok());
        json.writeNumberProperty("redirected", accounting.redirected());
        json.writeNumberProperty("failed", accounting.failed());
        json.writeNumberProperty("skipped", accounting.skipped());
        json.writeNumberProperty("cancelled", accounting.cancelled());
        json.writeObjectPropertyStart("reasons");
        accounting.reasons()
                .entrySet()
                .stream()
                .sorted(Comparator.comparing(reason -> reason.getKey().label()))
                .forEach(reason -> json.writeNumberProperty(reason.getKey().label(), reason.getValue()));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void fields(Items items, JsonGenerator json) {
        json.writeArrayPropertyStart("fields");
        for (FilledField field : items.fields()) {
            json.writeStartObject();
            json.writeStringProperty("rule", JsonValues.wellFormed(field.rule()));
            json.writeStringProperty("field", JsonValues.wellFormed(field.field()));
            json.writeNumberProperty("items", field.items());
            json.writeNumberProperty("filled", field.filled());
            if (field.percent().isPresent()) {
                json.writeNumberProperty("percent", field.percent().getAsDouble());
            } else {
                json.writeNullProperty("percent");
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void judgement(CrawlReport report, JsonGenerator json) {
        Judgement judgement = report.judgement();
        json.writeObjectPropertyStart("expectations");
        json.writeBooleanProperty("judged", judgement.isJudged());
        json.writeStringProperty("whyNot", judgement.whyNot().orElse(null));
        json.writeNumberProperty("pages", report.pages());
        json.writeNumberProperty("items", report.items().extracted());
        json.writeArrayPropertyStart("checks");
        for (Judgement.Check check : judgement.checks()) {
            json.writeStartObject();
            json.writeStringProperty("expectation", JsonValues.wellFormed(check.key()));
            json.writeNumberProperty("wanted", check.wanted());
            if (check.found().isPresent()) {
                json.writeName("found");
                json.writeNumber(check.found().get().toPlainString());
            } else {
                json.writeNullProperty("found");
            }
            json.writeBooleanProperty("holds", check.holds());
            json.writeStringProperty("detail", JsonValues.wellFormed(check.detail()));
            json.writeEndObject();
        }
        json.writeEndArray();
        if (judgement.before().isPresent()) {
            json.writeObjectPropertyStart("baseline");
            json.writeStringProperty("startedAt", Attempt.TIMES.format(judgement.before().get().startedAt()));
            json.writeNumberProperty("pages", judgement.before().get().pages());
            json.writeNumberProperty("items", judgement.before().get().items());
            json.writeEndObject();
        } else {
            json.writeNullProperty("baseline");
        }
        json.writeEndObject();
    }

    private static void leakCheck(LeakCheck leaks, JsonGenerator json) {
        json.writeObjectPropertyStart("leakCheck");
        json.writeNumberProperty("liveTasks", leaks.liveTasks());
        json.writeNumberProperty("activeConnections", leaks.activeConnections());
        json.writeNumberProperty("openBodies", leaks.openBodies());
        json.writeNumberProperty("heldLeases", leaks.heldLeases());
        json.writeNumberProperty("undeliveredResults", leaks.undeliveredResults());
        json.writeEndObject();
    }

    private static void latency(Latency latency, JsonGenerator json) {
        json.writeObjectPropertyStart("latencyMs");
        json.writeNumberProperty("p50", milliseconds(latency.p50()));
        json.writeNumberProperty("p90", milliseconds(latency.p90()));
        json.writeNumberProperty("p99", milliseconds(latency.p99()));
        json.writeNumberProperty("max", milliseconds(latency.max()));
        json.writeEndObject();
    }

    private static BigDecimal milliseconds(Duration duration) {
        return rounded(BigDecimal.valueOf(duration.toNanos(), 6));
    }

    private static BigDecimal rounded(BigDecimal value) {
        return value.setScale(3, RoundingMode.HALF_UP);
    }

    /** Two spaces and a newline on every system. */
    private static final class Indented extends ObjectWriteContext.Base {

        private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");

        private final DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(INDENTER).withArrayIndenter(INDENTER);

        @Override
        public @Nullable PrettyPrinter getPrettyPrinter() {
            return printer;
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
