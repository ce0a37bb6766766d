package fanout.app.config;

import fanout.app.config.document.Position;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.url.Host;
import fanout.url.Scope;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code politeness}: the manners for all hosts, and overrides per host. */
final class PolitenessReader {

    private final Problems problems;

    PolitenessReader(Problems problems) {
        this.problems = problems;
    }

    Optional<Politeness> read(Section section) {
        Optional<Manners> manners = manners(section);
        Duration maxRetryAfter = section.duration("maxRetryAfter");
        boolean obeyRobots = section.flag("obeyRobots");
        boolean obeyNofollow = section.flag("obeyNofollow");
        Duration maxCrawlDelay = section.duration("maxCrawlDelay");
        int perSecond = section.smallInteger("maxRequestsPerSecond");
        Map<String, Manners> hosts = new LinkedHashMap<>();
        Map<String, Position> places = new HashMap<>();
        section.entries("hosts").forEach((host, node) -> host(section, host, node, hosts, places));
        return manners.flatMap(general -> section.make(() -> new Politeness(general, maxRetryAfter, obeyRobots,
                obeyNofollow, maxCrawlDelay, perSecond, hosts)));
    }

    private void host(Section general, YamlNode.Scalar host, YamlNode node, Map<String, Manners> hosts,
            Map<String, Position> places) {
        Optional<Manners> manners = manners(general.chosen("hosts", node).over(general));
        problems.at(host.at(), () -> Scope.Domain.parse(host.text())).ifPresent(domain -> {
            String key = domain.port() == 0 ? domain.name() : new Host(domain.name(), domain.port()).toString();
            Position first = places.putIfAbsent(key, host.at());
            if (first != null) {
                problems.add(host.at(), "duplicate host \"" + key + "\"; first at " + first.shortly());
            }
            manners.ifPresent(own -> hosts.put(key, own));
        });
    }

    private static Optional<Manners> manners(Section section) {
        int perHost = section.smallInteger("perHostConcurrency");
        Duration delay = section.duration("delay");
        boolean autoThrottle = section.flag("autoThrottle");
        Duration maxDelay = section.duration("maxDelay");
        return section.make(() -> new Manners(perHost, delay, autoThrottle, maxDelay));
    }
}
