package fanout.simulation;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Runs seeds of crawls behind a login, one after the other, until one breaks a promise. */
final class SiteRun {

    private SiteRun() {}

    /** As {@link SeedRun.Found}. */
    static SeedRun.Found of(long first, long seeds) {
        Set<String> reached = new TreeSet<>();
        for (long seed = first; seed < first + seeds; seed++) {
            SiteCrawl run = SiteCrawl.of(seed, Trace.fingerprint());
            List<String> complaints = SiteVerdict.on(run);
            if (!complaints.isEmpty()) {
                return new SeedRun.Found(seed - first + 1, complaints, reached);
            }
            note(run, reached);
        }
        return new SeedRun.Found(seeds, List.of(), reached);
    }

    private static void note(SiteCrawl run, Set<String> reached) {
        run.lives.forEach(life -> {
            reached.add(life.died() ? "died" : "ended");
            life.report().ifPresent(report -> {
                reached.add(report.finishReason().name());
                report.failure()
                        .ifPresent(why -> reached.add(
                                why.toString().contains("maxLogins") ? "too many logins" : "a login failed"));
                reached.add(Math.min(report.fetching().logins().ok(), 4) + " logins");
            });
        });
        run.pages.stream().flatMap(text -> Line.read(text).stream()).forEach(line -> {
            reached.add(line.outcome() + line.reason());
            line.named().label().ifPresent(reached::add);
            reached.add(line.asked().method());
            if (line.redirects() > 1) {
                reached.add("a chain");
            }
        });
    }
}
