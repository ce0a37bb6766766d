package fanout.simulation;

import fanout.simulation.SimulatedClock.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a seed stands for: a web, a machine, and the crawls of one process, which visit that web at the same time.
 * Immutable.
 *
 * @param limits what the crawls share
 * @param crawls one or more, numbered from 1
 */
record Plan(
        long seed,
        SimulatedWeb web,
        Machine machine,
        Choice choice,
        SharedLimits limits,
        List<CrawlPlan> crawls) {

    /**
     * What the process may keep of hosts without work. Where it is little, hosts give back their state and are asked
     * for it again.
     *
     * @param ruleBytes of robots.txt rules
     * @param idleHosts of each crawl
     */
    record SharedLimits(long ruleBytes, int idleHosts) {

        private static final SharedLimits AMPLE = new SharedLimits(1 << 20, 10_000);
        /** A host's rules take some hundred bytes. */
        private static final int FEW_RULES = 300;

        /** Whether a host may be forgotten, and with it that its robots.txt was asked for in vain. */
        boolean mayForget() {
            return idleHosts < AMPLE.idleHosts;
        }

        private static SharedLimits of(Dice dice, int crawls) {
            return new SharedLimits(
                    dice.chance(crawls == 1 ? 0.25 : 0.9) ? dice.between(1, FEW_RULES) : AMPLE.ruleBytes,
                    dice.chance(0.15) ? dice.between(1, 4) : AMPLE.idleHosts);
        }
    }

    /**
     * What all crawls of a seed have in common.
     *
     * @param wide whether one page links to many, which are answered at once
     * @param sitemaps how likely a job names the sitemap of a host
     */
    record Surroundings(
            long seed,
            SimulatedWeb web,
            boolean wide,
            double sitemaps,
            double trouble,
            Set<String> badHosts,
            Duration latency) {}

    /** What this seed stands for. */
    static Plan of(long seed) {
        Dice dice = Dice.of(seed, "plan", 0);
        int crawls = dice.chance(0.3) ? dice.between(2, 3) : 1;
        boolean wide = dice.chance(0.08);
        // few, so that crawls meet; many, so that some do not
        int mostHosts = crawls == 1 ? 5 : dice.chance(0.7) ? 3 : 8;
        SimulatedWeb web = wide
                ? new SimulatedWeb(dice, dice.between(1, Math.min(3, mostHosts)), dice.between(40, 60), true)
                : new SimulatedWeb(dice, dice.between(1, mostHosts), dice.between(3, 12), false);
        web.copy(Dice.of(seed, "copies", 0));
        Dice outside = Dice.of(seed, "outside", 0);
        if (outside.chance(0.3)) {
            web = web.leadingTo(Outside.of(web, outside));
        }
        Set<String> bad = IntStream.range(0, 5)
                .filter(_ -> dice.chance(0.03))
                .mapToObj(host -> "h" + host + "." + SimulatedWeb.DOMAIN)
                .collect(Collectors.toUnmodifiableSet());
        Surroundings surroundings = new Surroundings(seed, web, wide, dice.chance(0.1) ? 0.8 : 0.02,
                dice.oneOf(0.0, 0.05, 0.2), bad,
                dice.oneOf(Duration.ofMillis(2), Duration.ofMillis(200), Duration.ofSeconds(2)));
        Machine machine = new Machine(dice.oneOf(0.0, 0.05, 0.3), dice.oneOf(0.0, 0.0, 0.02),
                dice.oneOf(0.0, 0.0, 0.05));
        return new Plan(seed, web, machine, dice.oneOf(Choice.values()), SharedLimits.of(dice, crawls),
                IntStream.rangeClosed(1, crawls).mapToObj(number -> CrawlPlan.of(surroundings, number)).toList());
    }

    /** After this long every crawl is over, if it ends at its deadline. */
    Duration longest() {
        return crawls.stream()
                .map(crawl -> crawl.startsAfter().plus(crawl.job().limits().maxDuration()))
                .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
    }

    @Override
    public String toString() {
        return "seed %d: %s, %s, %s\n%sweb: %s\n".formatted(seed, machine, choice, limits,
                crawls.stream().map(CrawlPlan::toString).collect(Collectors.joining()), web);
    }
}
