package fanout.synthetic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects what a {@link SyntheticWeb} is to be. Not thread-safe; may be used again after {@link #start()}. */
public final class SyntheticWebBuilder {

    private final Map<Integer, Latency> latencyOfHost = new HashMap<>();
    private final Map<Integer, Robots> robotsOfHost = new HashMap<>();
    private final List<Plan.FaultRate> faults = new ArrayList<>();
    private long seed = 1;
    private int hosts = 1;
    private int pagesPerHost = 100;
    private int linksPerPage = 10;
    private int bodyBytes = 2048;
    private boolean crossHostLinks;
    private boolean manySpellings;
    private boolean sitemaps;
    private Latency latency = Latency.NONE;
    private Robots robots = Robots.missing();
    private boolean countsOnly;
    private boolean punctual;
    private int port;

    SyntheticWebBuilder() {}

    /** Same seed and settings, same web. Default 1. */
    public SyntheticWebBuilder seed(long newSeed) {
        seed = newSeed;
        return this;
    }

    /** Hosts on one port: 127.0.0.1, 127.0.0.2, …. Default 1. */
    public SyntheticWebBuilder hosts(int newHosts) {
        hosts = newHosts;
        return this;
    }

    /** Default 100, all reachable from the host's index when no fault cuts them off. */
    public SyntheticWebBuilder pagesPerHost(int newPagesPerHost) {
        pagesPerHost = newPagesPerHost;
        return this;
    }

    /** At most this many links to pages of the same host. Default 10. */
    public SyntheticWebBuilder linksPerPage(int newLinksPerPage) {
        linksPerPage = newLinksPerPage;
        return this;
    }

    /** Of every page, or as many as its links need. Default 2048. */
    public SyntheticWebBuilder bodyBytes(int newBodyBytes) {
        bodyBytes = newBodyBytes;
        return this;
    }

    /** The index pages link to each other as a tree: a crawl from the first host's index finds all hosts. */
    public SyntheticWebBuilder crossHostLinks() {
        crossHostLinks = true;
        return this;
    }

    /** Links are written in many ways that all mean the same canonical URL. */
    public SyntheticWebBuilder manySpellings() {
        manySpellings = true;
        return this;
    }

    /** Every host has a /sitemap.xml with all its pages, named in robots.txt where there is one. */
    public SyntheticWebBuilder sitemaps() {
        sitemaps = true;
        return this;
    }

    /** Of all pages. Default none. */
    public SyntheticWebBuilder latency(Latency newLatency) {
        latency = newLatency;
        return this;
    }

    /** Of one host's pages, instead of the common one. */
    public SyntheticWebBuilder latencyOf(int host, Latency newLatency) {
        latencyOfHost.put(host, newLatency);
        return this;
    }

    /**
     * Gives a share of the pages, from 0 to 1, chosen by seed, a fault; never an index. A page has one fault at most.
     */
    public SyntheticWebBuilder fault(Fault fault, double rate) {
        faults.add(new Plan.FaultRate(fault, rate));
        return this;
    }

    /** Of all hosts. Default {@link Robots#missing()}. */
    public SyntheticWebBuilder robots(Robots newRobots) {
        robots = newRobots;
        return this;
    }

    /** Of one host, instead of the common one. */
    public SyntheticWebBuilder robotsOf(int host, Robots newRobots) {
        robotsOfHost.put(host, newRobots);
        return this;
    }

    /** Arrivals are counted, not kept: for load, where a log would eat the heap. */
    public SyntheticWebBuilder countsOnly() {
        countsOnly = true;
        return this;
    }

    /**
     * Serves each connection on a platform thread, where the default is a virtual one: for who asserts when requests
     * arrived. Virtual threads share their carriers with the crawl of the same JVM, and note an arrival when a busy
     * parser lets go of one: some were 100 ms late, and a polite crawl looked hasty. Platform threads cost more where
     * there are thousands.
     */
    public SyntheticWebBuilder punctual() {
        punctual = true;
        return this;
    }

    /** Default 0: any free port. */
    public SyntheticWebBuilder port(int newPort) {
        port = newPort;
        return this;
    }

    /** Opens the port and serves. The caller closes what it gets. */
    public SyntheticWeb start() {
        return new SyntheticWeb(new Plan(
                seed,
                hosts,
                pagesPerHost,
                linksPerPage,
                bodyBytes,
                crossHostLinks,
                manySpellings,
                sitemaps,
                latency,
                latencyOfHost,
                faults,
                robots,
                robotsOfHost,
                countsOnly,
                punctual,
                port));
    }
}
