package fanout.synthetic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Which page links where and what is wrong with it: pure functions of the seed, so nothing is stored per page.
 *
 * <p>Half of a page's links form a tree rooted in the index (page 0), which makes every page reachable; the others go
 * anywhere on the host. Immutable.
 */
final class SiteGraph {

    private static final int LINK = 1;
    private static final int FAULT = 2;
    private static final int TARGET = 3;
    private static final int LATENCY = 4;
    private static final int SPELLING = 5;

    private final Plan plan;
    private final int branches;

    SiteGraph(Plan plan) {
        this.plan = plan;
        this.branches = (plan.linksPerPage() + 1) / 2;
    }

    /** Distinct, without the page itself. */
    SequencedSet<Integer> links(int host, int page) {
        SequencedSet<Integer> links = new LinkedHashSet<>();
        long firstChild = (long) page * branches + 1;
        for (long child = firstChild; child < firstChild + branches && child < plan.pagesPerHost(); child++) {
            links.add((int) child);
        }
        for (int i = branches; i < plan.linksPerPage(); i++) {
            int anywhere = choose(plan.pagesPerHost(), random(host, page, LINK, i));
            if (anywhere != page) {
                links.add(anywhere);
            }
        }
        return links;
    }

    /** The hosts whose index this host's index links to. */
    List<Integer> neighbours(int host) {
        List<Integer> neighbours = new ArrayList<>();
        if (plan.crossHostLinks()) {
            for (int next = host * 8 + 1; next <= host * 8 + 8 && next < plan.hosts(); next++) {
                neighbours.add(next);
            }
        }
        return neighbours;
    }

    Optional<Fault> fault(int host, int page) {
        if (page == 0 || plan.faults().isEmpty()) {
            return Optional.empty();
        }
        double point = fraction(random(host, page, FAULT, 0));
        for (Plan.FaultRate each : plan.faults()) {
            if (point < each.rate()) {
                return Optional.of(each.fault());
            }
            point -= each.rate();
        }
        return Optional.empty();
    }

    /** The healthy page to which a moved one redirects in the end. */
    int redirectTarget(int host, int page) {
        int target = choose(plan.pagesPerHost(), random(host, page, TARGET, 0));
        while (fault(host, target).isPresent()) {
            target = (target + 1) % plan.pagesPerHost();
        }
        return target;
    }

    Duration latency(int host, int page) {
        return plan.latencyOf(host).at(fraction(random(host, page, LATENCY, 0)));
    }

    /** A number that chooses how the link to {@code target} is written on {@code page}; 0 is the canonical way. */
    int spelling(int host, int page, int target, int choices) {
        return plan.manySpellings() ? choose(choices, random(host, page, SPELLING, target)) : 0;
    }

    private static int choose(int choices, long random) {
        return (int) Long.remainderUnsigned(random, choices);
    }

    private static double fraction(long random) {
        return (random >>> 11) * 0x1.0p-53;
    }

    /** SplitMix64's finisher over the coordinates: well mixed, and needs no state. */
    private long random(int host, int page, int purpose, int index) {
        return mix(mix(mix(plan.seed() + purpose) ^ (long) host << 32 ^ page) + index);
    }

    private static long mix(long seed) {
        long z = seed + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
