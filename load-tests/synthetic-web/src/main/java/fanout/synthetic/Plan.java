package fanout.synthetic;

import java.util.List;
import java.util.Map;

/** Everything that decides what a synthetic web looks like. Immutable. */
record Plan(
        long seed,
        int hosts,
        int pagesPerHost,
        int linksPerPage,
        int bodyBytes,
        boolean crossHostLinks,
        boolean manySpellings,
        boolean sitemaps,
        Latency latency,
        Map<Integer, Latency> latencyOfHost,
        List<FaultRate> faults,
        Robots robots,
        Map<Integer, Robots> robotsOfHost,
        boolean countsOnly,
        boolean punctual,
        int port) {

    /** A share of the pages, from 0 to 1, that have the fault. */
    record FaultRate(Fault fault, double rate) {}

    Plan {
        latencyOfHost = Map.copyOf(latencyOfHost);
        faults = List.copyOf(faults);
        robotsOfHost = Map.copyOf(robotsOfHost);
        require(hosts >= 1 && hosts <= HostAddresses.MOST_HOSTS, "hosts", hosts);
        require(pagesPerHost >= 1, "pagesPerHost", pagesPerHost);
        require(linksPerPage >= 1, "linksPerPage", linksPerPage);
        require(bodyBytes >= 0, "bodyBytes", bodyBytes);
        require(!sitemaps || pagesPerHost <= 50_000, "pagesPerHost for one sitemap", pagesPerHost);
        double share = faults.stream().mapToDouble(FaultRate::rate).sum();
        if (share < 0 || share > 1) {
            throw new IllegalArgumentException("the rates of all faults add up to " + share);
        }
    }

    private static void require(boolean holds, String what, int value) {
        if (!holds) {
            throw new IllegalArgumentException(what + " out of range: " + value);
        }
    }

    Latency latencyOf(int host) {
        return latencyOfHost.getOrDefault(host, latency);
    }

    Robots robotsOf(int host) {
        return robotsOfHost.getOrDefault(host, robots);
    }
}
