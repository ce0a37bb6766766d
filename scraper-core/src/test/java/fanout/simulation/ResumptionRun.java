package fanout.simulation;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Runs seeds of resumed crawls, one after the other, until one breaks a promise. */
final class ResumptionRun {

    private ResumptionRun() {}

    /** As {@link SeedRun.Found}. */
    static SeedRun.Found of(long first, long seeds) {
        Set<String> reached = new TreeSet<>();
        for (long seed = first; seed < first + seeds; seed++) {
            Resumption run = Resumption.of(seed, Trace.fingerprint());
            List<String> complaints = Verdict.on(run);
            if (!complaints.isEmpty()) {
                return new SeedRun.Found(seed - first + 1, complaints, reached);
            }
            note(run, reached);
        }
        return new SeedRun.Found(seeds, List.of(), reached);
    }

    private static void note(Resumption run, Set<String> reached) {
        for (Life life : run.lives) {
            reached.add(life.died() ? "died" : "ended");
            life.report().ifPresent(report -> {
                reached.add(report.finishReason().name());
                if (report.timing().runs() > 1) {
                    reached.add("resumed");
                }
            });
        }
        if (run.lives.stream().filter(Life::died).count() > 2) {
            reached.add("died in the resume");
        }
        run.files.forEach(files -> files.pages()
                .stream()
                .flatMap(text -> Line.read(text).stream())
                .forEach(line -> reached.add(line.outcome() + line.reason() + (line.isExternal() ? " outside" : ""))));
    }
}
