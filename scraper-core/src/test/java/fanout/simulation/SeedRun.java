package fanout.simulation;

import fanout.outcome.Fetched;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs seeds, one after the other, until one breaks a promise. Says how far it is, if that takes long. */
final class SeedRun {

    private static final long SAYS_EVERY = Duration.ofSeconds(10).toNanos();

    private final long first;
    private final long seeds;

    SeedRun(long first, long seeds) {
        this.first = first;
        this.seeds = seeds;
    }

    /**
     * What came of it.
     *
     * @param seeds that were run, the bad one included
     * @param complaints about the last, which is bad if there are any
     * @param reached the ends, outcomes, reasons and situations that came up
     */
    record Found(long seeds, List<String> complaints, Set<String> reached) {

        /**
         * The seed that breaks a promise, of a run that began with this one, and the first complaint about it; or
         * nothing.
         */
        Map<Long, String> broken(long first) {
            return complaints.isEmpty() ? Map.of() : Map.of(first + seeds - 1, complaints.getFirst());
        }
    }

    Found run() {
        long began = System.nanoTime();
        long said = began;
        Set<String> reached = new TreeSet<>();
        for (long seed = first; seed < first + seeds; seed++) {
            Simulation run = Simulation.of(seed, Trace.fingerprint());
            Judgement judgement = Judgement.on(run);
            if (!judgement.isGood()) {
                return new Found(seed - first + 1, judgement.complaints(), reached);
            }
            note(run, reached);
            long now = System.nanoTime();
            if (now - said > SAYS_EVERY) {
                said = now;
                System.out.printf(Locale.ROOT, "%,d of %,d seeds, %,.0f a second%n", seed - first + 1, seeds,
                        (seed - first + 1) * 1e9 / (now - began));
            }
        }
        return new Found(seeds, List.of(), reached);
    }

    private static void note(Simulation run, Set<String> reached) {
        if (run.log.visits().stream().anyMatch(visit -> !visit.besides.stream().allMatch(visit::isOfSameCrawl))) {
            reached.add("crawls met at a host");
        }
        for (SimulatedCrawl crawl : run.crawls) {
            crawl.report().ifPresent(report -> {
                reached.add(report.finishReason().name());
                if (report.cut().hosts() > 0) {
                    reached.add("a host was cut off");
                }
                if (!report.cut().labels().isEmpty()) {
                    reached.add("a label was cut off");
                }
                report.accounting().reasons().keySet().forEach(reason -> reached.add(reason.label()));
            });
            Set<String> rules = new HashSet<>();
            if (!run.log.visits(crawl.plan)
                    .stream()
                    .filter(Visit::isRobots)
                    .filter(Visit::isOk)
                    .allMatch(visit -> rules.add(visit.url))) {
                reached.add("robots.txt was read again");
            }
            run.log.visits(crawl.plan).forEach(visit -> reached.add(visit.details.method().name()));
            crawl.sink.written().forEach(outcome -> {
                reached.add(outcome.name());
                if (outcome instanceof Fetched page && page.duplicateOf().isPresent()) {
                    reached.add(crawl.plan.job().scope().followDuplicates() ? "a copy was followed"
                            : "a copy was not followed");
                }
                if (outcome.request().isExternal()) {
                    reached.add("out of scope: " + outcome.name() + " by " + outcome.request().details().method());
                }
                if (outcome.trail().redirects() > 0 && outcome.request().details().body().isPresent()) {
                    reached.add("a redirect kept a body");
                }
            });
        }
    }
}
