package fanout.app.config;

import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.url.Host;
import fanout.url.Scope;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code politeness}: manners for every host, and what some hosts have of their own. */
final class PolitenessReader {

    private static final Duration POSITIVE = Duration.ofNanos(1);

    private final Problems problems;

    PolitenessReader(Problems problems) {
        this.problems = problems;
    }

    Optional<Politeness> read(Section section) {
        Politeness standard = Politeness.DEFAULT;
        Manners manners = manners(section, Manners.DEFAULT);
        Duration maxRetryAfter = section.duration("maxRetryAfter", standard.maxRetryAfter(), POSITIVE);
        boolean obeyRobots = section.flag("obeyRobots", standard.obeyRobots());
        boolean obeyNofollow = section.flag("obeyNofollow", standard.obeyNofollow());
        Duration maxCrawlDelay = section.duration("maxCrawlDelay", standard.maxCrawlDelay(), POSITIVE);
        int perSecond = section.integer("maxRequestsPerSecond", standard.maxRequestsPerSecond(), 1, 1_000_000);
        Map<String, Manners> hosts = new LinkedHashMap<>();
        section.entries("hosts").forEach((host, node) -> host(section, host, node, manners, hosts));
        return section
                .make(() -> new Politeness(manners, maxRetryAfter, obeyRobots, obeyNofollow, maxCrawlDelay, perSecond,
                        hosts));
    }

    private void host(Section parent, YamlNode.Scalar host, YamlNode node, Manners general,
            Map<String, Manners> hosts) {
        problems.at(host.at(), () -> Scope.Domain.parse(host.text())).ifPresent(domain -> {
            String key = domain.port() == 0 ? domain.name() : new Host(domain.name(), domain.port()).toString();
            parent.section(node, host.text()).ifPresent(found -> {
                try (Section section = found) {
                    hosts.put(key, manners(section, general));
                }
            });
        });
    }

    /** Manners, of which what is absent is as given. */
    private static Manners manners(Section section, Manners otherwise) {
        int perHost = section.integer("perHostConcurrency", otherwise.perHostConcurrency(), 1, 100_000);
        Duration delay = section.duration("delay", otherwise.delay(), Duration.ZERO);
        boolean autoThrottle = section.flag("autoThrottle", otherwise.autoThrottle());
        Duration maxDelay = section.duration("maxDelay", otherwise.maxDelay(), POSITIVE);
        return section.make(() -> new Manners(perHost, delay, autoThrottle, maxDelay)).orElse(otherwise);
    }
}
