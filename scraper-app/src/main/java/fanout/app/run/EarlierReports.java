package fanout.app.run;

import fanout.app.terminal.FileProblem;
import fanout.report.Judgement.JudgedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The reports of earlier runs of a job, in which a run finds the figures that it is compared with. The last one that
 * has some is used: where a report is missing, damaged, or another job's, the one before it. Immutable.
 *
 * @param reports the last one first
 */
record EarlierReports(List<StoredReport> reports) {

    EarlierReports {
        reports = List.copyOf(reports);
    }

    /**
     * Reads reports.
     *
     * @param files the last one first; they need not exist
     * @param problems told of each file that should have had the figures, and cannot be used
     */
    static EarlierReports of(String job, List<Path> files, Consumer<String> problems) {
        List<StoredReport> reports = new ArrayList<>();
        boolean hasFigures = false;
        for (Path file : files) {
            Optional<StoredReport> report = read(file, job, hasFigures ? _ -> {} : problems);
            report.ifPresent(reports::add);
            hasFigures |= report.filter(read -> read.judged().or(read::before).isPresent()).isPresent();
        }
        return new EarlierReports(reports);
    }

    private static Optional<StoredReport> read(Path file, String job, Consumer<String> problems) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Optional<StoredReport> report = StoredReport.read(file);
            Optional<StoredReport> ours = report.filter(read -> read.job().equals(job));
            if (ours.isEmpty()) {
                problems.accept(file + " is not compared with: it is "
                        + report.map(other -> "of the job " + other.job()).orElse("not a report"));
            }
            return ours;
        } catch (IOException e) {
            problems.accept(file + " is not compared with: " + FileProblem.reason(file, e));
            return Optional.empty();
        }
    }

    /**
     * Returns the figures of the last run that was judged.
     *
     * @param start of the crawl that is to be compared
     */
    Optional<JudgedRun> judgedBefore(Instant start) {
        return reports.stream().flatMap(report -> report.baselineOf(start).stream()).findFirst();
    }
}
