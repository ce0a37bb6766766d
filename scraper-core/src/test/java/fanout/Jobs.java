package fanout;

import fanout.job.Cidr;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Network;
import fanout.job.Politeness.Manners;
import fanout.job.Politeness;
import fanout.job.Retries;
import fanout.synthetic.SyntheticWeb;
import java.time.Duration;
import java.util.List;

/** Jobs for sites on loopback. */
final class Jobs {

    static final Network LOOPBACK = new Network(false, List.of(Cidr.parse("127.0.0.0/8")));
    static final Manners IMPATIENT = new Manners(64, Duration.ZERO, false, Duration.ofSeconds(60));
    static final Retries QUICK = new Retries(3, Duration.ofMillis(5), Duration.ofMillis(20));

    private Jobs() {}

    /** A job that crawls the web as fast as it can, and asks for robots.txt. */
    static CrawlJob.Builder impatient(SyntheticWeb web) {
        return impatient(web.startUrls().toArray(String[]::new));
    }

    static CrawlJob.Builder impatient(String... startUrls) {
        CrawlJob.Builder job = CrawlJob.builder("test")
                .network(LOOPBACK)
                .politeness(politeness(IMPATIENT))
                .retries(QUICK)
                .circuitBreaker(new CircuitBreaking(100, 1000, Duration.ofSeconds(30), 3));
        for (String url : startUrls) {
            job.startUrl(url);
        }
        return job;
    }

    static Politeness politeness(Manners manners) {
        return Politeness.DEFAULT.toBuilder().manners(manners).maxRequestsPerSecond(1_000_000).build();
    }

    static Politeness politenessWithoutRobots(Manners manners) {
        return politeness(manners).toBuilder().obeyRobots(false).build();
    }

    static Limits limits(long maxPages, Duration maxDuration, Duration requestTimeout) {
        return Limits.DEFAULT.toBuilder()
                .maxPages(maxPages)
                .maxDuration(maxDuration)
                .requestTimeout(requestTimeout)
                .build();
    }
}
