package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.Cidr;
import fanout.job.DurationText;
import fanout.job.Http;
import fanout.job.Limits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a valid job may not ask of a service: more than its limits, addresses and proxy, and files of its machine. */
final class SubmittedJobRules {

    private static final String STANDARD_OUTPUT = "-";

    private final Section job;
    private final JobBounds bounds;
    private final Problems problems;

    SubmittedJobRules(Section job, JobBounds bounds, Problems problems) {
        this.job = job;
        this.bounds = bounds;
        this.problems = problems;
    }

    void check() {
        checkLimits();
        checkNetwork();
        checkProxy();
        file(job, "startUrlsFile", "a service reads no files of its machine; list the URLs in startUrls");
        file(job.section("http"), "caFile", "a service reads no files of its machine");
        Section output = job.section("output");
        for (String key : List.of("pages", "items", "report")) {
            output.scalar(key).ifPresent(this::noStandardOutput);
        }
        for (String key : List.of("pages", "items")) {
            output.section(key).scalar("path").ifPresent(this::noStandardOutput);
        }
    }

    private void noStandardOutput(YamlNode.Scalar path) {
        if (path.text().equals(STANDARD_OUTPUT)) {
            problems.add(path.at(), "a service has no standard output for a job; take the key out, outputs are in the "
                    + "crawl's own folder");
        }
    }

    private void file(Section section, String key, String reason) {
        section.scalar(key).ifPresent(node -> problems.add(node.at(), key + " is not allowed here: " + reason));
    }

    private void checkLimits() {
        Section limits = job.section("limits");
        Limits most = bounds.limits();
        atMost(limits, "maxPages", most.maxPages());
        atMost(limits, "maxUrls", most.maxUrls());
        atMost(limits, "maxLinksPerPage", most.maxLinksPerPage());
        atMost(limits, "maxRedirects", most.maxRedirects());
        atMost(limits, "maxFailedPercent", most.maxFailedPercent());
        sizeAtMost(limits, "maxUrlLength", most.maxUrlLength());
        sizeAtMost(limits, "maxBodySize", most.maxBodyBytes());
        atMost(limits, "maxDuration", most.maxDuration());
        atMost(limits, "requestTimeout", most.requestTimeout());
    }

    private void atMost(Section limits, String key, long most) {
        if (limits.node(key).isPresent() && limits.integer(key) > most) {
            beyond(limits, key, String.valueOf(most));
        }
    }

    private void sizeAtMost(Section limits, String key, long most) {
        if (limits.node(key).isPresent() && limits.size(key) > most) {
            beyond(limits, key, most + " bytes");
        }
    }

    private void atMost(Section limits, String key, Duration most) {
        if (limits.node(key).isPresent() && limits.duration(key).compareTo(most) > 0) {
            beyond(limits, key, DurationText.of(most));
        }
    }

    private void beyond(Section limits, String key, String most) {
        problems.add(limits.at(key), key + " must be at most " + most + ", the limit of this service");
    }

    private void checkNetwork() {
        Section network = job.section("network");
        if (network.flag("allowPrivateAddresses") && !bounds.network().allowPrivateAddresses()) {
            problems.add(network.at("allowPrivateAddresses"), "allowPrivateAddresses is not allowed by this service"
                    + (bounds.network().allowedCidrs().isEmpty() ? "" : "; list addresses in allowedCidrs"));
        }
        Problems unread = new Problems(); // what is no block is a problem of the job's own
        for (YamlNode.Scalar node : network.texts("allowedCidrs")) {
            Optional<Cidr> cidr = new ValueReader(unread).cidr(node);
            if (cidr.isPresent() && !isAllowed(cidr.get())) {
                problems.add(node.at(), "this service does not allow the addresses " + node.text());
            }
        }
    }

    /** Where private addresses are allowed the scraper itself still refuses those of metadata services. */
    private boolean isAllowed(Cidr asked) {
        return bounds.network().allowPrivateAddresses()
                || bounds.network().allowedCidrs().stream().anyMatch(open -> holds(open, asked));
    }

    private static boolean holds(Cidr open, Cidr asked) {
        try {
            return open.prefixLength() <= asked.prefixLength()
                    && open.network().length == asked.network().length
                    && open.contains(InetAddress.getByAddress(asked.network()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a block has 4 or 16 bytes", e);
        }
    }

    private void checkProxy() {
        Problems unread = new Problems();
        job.section("http").scalar("proxy").ifPresent(node -> {
            Optional<Http.Proxy> asked = new ProxyReader(unread).read(node);
            boolean same = asked.isPresent() && bounds.proxy().isPresent()
                    && asked.get().host().equals(bounds.proxy().get().host())
                    && asked.get().port() == bounds.proxy().get().port();
            if (asked.isPresent() && !same) {
                problems.add(node.at(), "proxy is set by this service; take the key out");
            }
        });
    }

    /** The job without the keys that name files, which are reported or ignored: nothing of the machine is opened. */
    YamlNode.Mapping withoutFiles(YamlNode.Mapping root) {
        return without(root, List.of("startUrlsFile", "http.caFile", "output.pages", "output.items", "output.report",
                "output.journal"),
                "");
    }

    private static YamlNode.Mapping without(YamlNode.Mapping mapping, List<String> paths, String prefix) {
        return new YamlNode.Mapping(mapping.at(), mapping.entries()
                .stream()
                .filter(entry -> !paths.contains(prefix + entry.key().text()))
                .map(entry -> entry.value() instanceof YamlNode.Mapping inner && prefix.isEmpty()
                        ? new YamlNode.Entry(entry.key(), without(inner, paths, entry.key().text() + "."))
                        : entry)
                .toList());
    }
}
