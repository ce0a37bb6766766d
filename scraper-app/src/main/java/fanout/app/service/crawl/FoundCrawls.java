package fanout.app.service.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.BadJobException;
import fanout.app.json.Json;
import fanout.app.service.run.CrawlLog;
import fanout.app.service.run.Verdicts;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.CrawlVerdict;
import fanout.app.store.DataFolder;
import fanout.app.store.KeptReport;
import fanout.app.store.OwnFiles;
import fanout.report.FinishReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the history agree with the folders before a service begins. A folder with the name of a crawl that the
 * history does not have, because it is missing or older than the folder, becomes a crawl again, as far as its files
 * say what it was:
 *
 * <ul>
 * <li>with a report it has ended as that says;
 * <li>with a journal, and without a report, it ran;
 * <li>with nothing but a job it waited;
 * <li>with lines alone it is lost;
 * <li>without a job it is no crawl, and is set aside.
 * </ul>
 *
 * <p>Nothing is deleted but what an earlier process had begun to delete. Each change is logged.
 */
record FoundCrawls(DataFolder data, StoredJobs jobs) {

    private static final Logger LOG = LoggerFactory.getLogger(FoundCrawls.class);
    /**
     * In a job that cannot be read. No white space at its start is a line's end, or a file of empty lines takes hours.
     */
    private static final Pattern NAME_IN_JOB =
            Pattern.compile("(?m)^[{ \\t]*+\"?name\"?\\s*:\\s*[\"']?([A-Za-z0-9_-]+)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    /** Later times are no times of a crawl, and some are none that the history can have. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final int MOST_FOREIGN = 10;
    private static final int DIGITS_OF_TIME = 9;
    private static final int RADIX = 36;

    /** Adds, sets aside, and ends deletions. */
    void run() throws IOException {
        List<String> foreign = data.history().foreign(MOST_FOREIGN + 1);
        foreign.stream()
                .limit(MOST_FOREIGN)
                .forEach(row -> LOG.warn("history.db has what the service did not write, and leaves alone: {}", row));
        if (foreign.size() > MOST_FOREIGN) {
            LOG.warn("history.db has more rows that the service did not write; serve --check counts them");
        }
        for (String id : data.halfDeleted()) {
            String job = data.history().find(id).map(CrawlRecord::name).orElse("a job that the history does not name");
            data.history().delete(id);
            try {
                data.endDeletion(id);
                CrawlLog.deleted(id, job, "an earlier process had begun to");
            } catch (IOException e) {
                LOG.warn("the deletion of crawl {} cannot be ended; the next start tries again", id, e);
            }
        }
        for (String id : data.folders()) {
            try {
                if (data.history().find(id).isEmpty()) {
                    found(id);
                }
                data.keepOthersOut(id);
            } catch (IOException e) {
                LOG.warn("the folder of crawl {} cannot be used, and stays as it is", id, e);
            }
        }
    }

    private void found(String id) throws IOException {
        CrawlFolder folder = data.crawl(id);
        if (!Files.isRegularFile(folder.job(), LinkOption.NOFOLLOW_LINKS)) {
            LOG.warn("the folder {} has the name of a crawl and no job in it; it is set aside as {}", folder.path(),
                    data.setAside(id));
            return;
        }
        add(id, folder, OwnFiles.read(folder.job(), CrawlFolder.MOST_JOB_BYTES));
    }

    private void add(String id, CrawlFolder folder, byte[] job) throws IOException {
        Optional<String> odd = folder.odd();
        Optional<KeptReport> report = odd.isPresent() ? Optional.empty() : report(folder);
        boolean json = Json.read(job).isPresent();
        String name = name(json, job, report);
        Instant created = created(id);
        Optional<Instant> started = report.flatMap(FoundCrawls::startedAt);
        Optional<CrawlEnd> end =
                odd.isPresent() ? Optional.of(lost(folder, Instant.now(), Recovery.CANNOT_USE + odd.get()))
                        : end(folder, report);
        if (end.isEmpty() && !Files.exists(folder.journal()) && hasLines(folder)) {
            end = Optional.of(lost(folder, lastChange(folder.pages()),
                    "the history does not have it, and its folder has no journal and no report"));
        }
        CrawlState state = end.map(CrawlEnd::state)
                .orElse(Files.exists(folder.journal()) ? CrawlState.RUNNING : CrawlState.QUEUED);
        Optional<Instant> began = started.or(() -> Optional.of(created).filter(_ -> state == CrawlState.RUNNING));
        Optional<String> baseline = report.isEmpty() ? Optional.empty() : Verdicts.baseline(folder);
        data.history().addFound(CrawlRecord.submitted(id, name, json, created), state, began, end, baseline);
        LOG.warn("crawl {} ({}) is not in the history; by its folder it is {}", id, name, state.label());
    }

    private static CrawlEnd lost(CrawlFolder folder, Instant at, String why) throws IOException {
        return new CrawlEnd(CrawlState.LOST, at, Optional.empty(), Optional.of(why), Optional.empty(), folder.bytes());
    }

    private static boolean hasLines(CrawlFolder folder) {
        return Stream
                .of(folder.pages(), folder.items(), folder.links(), folder.bodyLines(), folder.series(),
                        folder.limits())
                .anyMatch(Files::exists);
    }

    /** The report's own word for it, or the job's, which may not be valid under the configuration as it is now. */
    private String name(boolean json, byte[] job, Optional<KeptReport> report) {
        Optional<String> reported = report.map(KeptReport::job)
                .filter(name -> NAME.matcher(name).matches());
        if (reported.isPresent()) {
            return reported.get();
        }
        try {
            return jobs.read(json, job).job().name();
        } catch (BadJobException e) {
            Matcher name = NAME_IN_JOB.matcher(new String(job, UTF_8));
            return name.find() ? name.group(1) : "unknown";
        }
    }

    private static Instant created(String id) {
        return Instant.ofEpochMilli(Long.parseLong(id.substring(0, DIGITS_OF_TIME), RADIX));
    }

    private static Optional<KeptReport> report(CrawlFolder folder) throws IOException {
        try {
            return Optional.of(KeptReport.read(folder));
        } catch (NoSuchFileException | OwnFiles.UnusableException e) {
            return Optional.empty();
        }
    }

    /**
     * How the last run of a crawl has ended, by its report: a run deletes the one before when it begins, and a
     * service that stops deletes that of a crawl which is to resume.
     */
    static Optional<CrawlEnd> endByReport(CrawlFolder folder) throws IOException {
        return end(folder, report(folder));
    }

    private static Optional<CrawlEnd> end(CrawlFolder folder, Optional<KeptReport> found) throws IOException {
        if (found.isEmpty()) {
            return Optional.empty();
        }
        KeptReport report = found.get();
        CrawlVerdict verdict = Verdicts.of(folder);
        String reason = report.finishReason();
        Optional<CrawlState> state = Stream.of(FinishReason.values())
                .filter(each -> each.label().equals(reason))
                .findFirst()
                .map(each -> switch (each) {
                    case EXHAUSTED, MAX_PAGES, MAX_DURATION -> CrawlState.FINISHED;
                    case INTERRUPTED -> CrawlState.CANCELLED;
                    case FAILED -> CrawlState.FAILED;
                });
        return state.map(known -> new CrawlEnd(known, finishedAt(folder, report), Optional.of(reason),
                report.failure().filter(text -> !text.isEmpty()),
                Optional.of(Json.line(progress(report))), bytes(folder), verdict));
    }

    private static Optional<Instant> startedAt(KeptReport report) {
        try {
            return Optional.of(Instant.parse(report.startedAt()))
                    .filter(at -> !at.isBefore(Instant.EPOCH) && !at.isAfter(LATEST));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * No earlier than the crawl can have ended: a copy may have lost the time of its files, and age is a reason to
     * delete.
     */
    private static Instant finishedAt(CrawlFolder folder, KeptReport report) {
        Instant written = lastChange(folder.report());
        Instant began = startedAt(report).orElse(written);
        long most = Math.max(0, ChronoUnit.MILLIS.between(began, LATEST));
        Instant least = began.plusMillis(Math.clamp(report.elapsedMs(), 0, most));
        return written.isAfter(least) ? written : least;
    }

    private static Instant lastChange(Path file) {
        return Instant.ofEpochMilli(Math.max(0, file.toFile().lastModified()));
    }

    private static long bytes(CrawlFolder folder) {
        try {
            return folder.bytes();
        } catch (IOException e) {
            return 0; // measured again by retention
        }
    }

    /** The figures of the report, under the names that those of a crawl have. */
    private static Map<String, Object> progress(KeptReport report) {
        Map<String, Object> figures = new LinkedHashMap<>();
        for (String outcome : new String[]{"discovered", "ok", "redirected", "failed", "skipped", "cancelled"}) {
            figures.put(outcome, report.accounting().getOrDefault(outcome, 0L));
        }
        figures.put("items", report.items());
        figures.put("bytes", report.bytes());
        for (String none : new String[]{"inFlight", "ready", "delayed", "hosts"}) {
            figures.put(none, 0);
        }
        figures.put("pagesPerSecond", report.pagesPerSecond());
        figures.put("elapsedMs", report.elapsedMs());
        figures.put("deadlineRemainingMs", 0);
        figures.put("lastFailure", null);
        figures.put("reasons", report.reasons());
        return figures;
    }
}
