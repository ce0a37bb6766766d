package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.config.Outputs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The run whose outputs lie where another one will write. Immutable; the files say what it was.
 *
 * @param isGood whether it has a page that is ok, unmodified or fresh
 * @param startedAt when it began, as far as that is known: a name is all that it is for
 * @param keys of the outputs that are its own: all but a report of a run before it
 */
record EarlierRun(boolean isGood, Instant startedAt, List<String> keys) {

    /** By how much the clocks of report and pages may differ. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    EarlierRun {
        keys = List.copyOf(keys);
    }

    /**
     * Looks what lies there.
     *
     * @param files where the outputs lie, by their keys; those that are no plain files are missing
     * @param journalStart when the crawl began whose journal lies there
     * @throws NamedSink.CannotWriteException if a file cannot be read
     */
    static EarlierRun in(Outputs outputs, Map<String, Path> files, Optional<Instant> journalStart)
            throws IOException {
        Optional<StoredReport> report = files.containsKey("report")
                ? read(outputs.report(), files.get("report"), StoredReport::read)
                : Optional.empty();
        Map<String, Path> pages = ofKey(files, "pages");
        StoredPages.Found found = found(outputs, pages);
        boolean isGood = found.isGood();
        if (pages.isEmpty()) {
            isGood = report.filter(read -> read.goodPages() > 0).isPresent();
            for (Map.Entry<String, Path> file : ofKey(files, "items").entrySet()) {
                isGood = isGood || read(named(outputs, file), file.getValue(), StoredPages::hasRow);
            }
        }
        boolean isItsReport = report.filter(read -> isOf(read, journalStart, found.fetchedAt())).isPresent();
        Instant startedAt = report.filter(_ -> isItsReport)
                .map(StoredReport::startedAt)
                .or(() -> journalStart)
                .or(found::fetchedAt)
                .orElseGet(() -> lastWritten(files));
        List<String> keys = new ArrayList<>(files.keySet());
        if (!isItsReport) {
            keys.remove("report");
        }
        return new EarlierRun(isGood, startedAt, keys);
    }

    /** Returns what the first file says that has a good page. */
    private static StoredPages.Found found(Outputs outputs, Map<String, Path> pages) throws IOException {
        for (Map.Entry<String, Path> file : pages.entrySet()) {
            StoredPages.Found found = read(named(outputs, file), file.getValue(), StoredPages::first);
            if (found.isGood()) {
                return found;
            }
        }
        return StoredPages.Found.NOTHING;
    }

    /** Returns the files of an output that are there. */
    private static Map<String, Path> ofKey(Map<String, Path> files, String key) {
        Map<String, Path> found = new LinkedHashMap<>(files);
        found.keySet().removeIf(name -> !name.equals(key) && !name.startsWith(key + "["));
        found.values().removeIf(file -> !Files.isRegularFile(file));
        return found;
    }

    private static Output.File named(Outputs outputs, Map.Entry<String, Path> file) {
        return Objects.requireNonNull(outputs.files().get(file.getKey()));
    }

    private interface Reading<T> {
        T of(Path file) throws IOException;
    }

    private static <T> T read(Output.File output, Path file, Reading<T> reading) throws IOException {
        try {
            return reading.of(file);
        } catch (IOException e) {
            throw new NamedSink.CannotWriteException(output, e);
        }
    }

    /** Of a run without a report, a journal, and a time in its lines. */
    private static Instant lastWritten(Map<String, Path> files) {
        return Instant.ofEpochMilli(files.values()
                .stream()
                .map(Path::toFile)
                .mapToLong(File::lastModified)
                .max()
                .orElse(0));
    }

    /**
     * Whether a report is of the run that wrote the pages, and not of one before it: a killed run has written none.
     */
    private static boolean isOf(StoredReport report, Optional<Instant> journalStart, Optional<Instant> fetchedAt) {
        if (journalStart.isPresent()) {
            return report.isOf(journalStart.get());
        }
        Instant end = report.startedAt().plus(report.elapsed()).plus(SLACK);
        return fetchedAt.isEmpty() || (!fetchedAt.get().isBefore(report.startedAt().minus(SLACK))
                && (report.runs() > 1 || !fetchedAt.get().isAfter(end)));
    }
}
