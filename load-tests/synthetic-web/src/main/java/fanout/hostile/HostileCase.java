package fanout.hostile;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to misbehave, on a host of its own, and what a crawl must make of it. Immutable.
 *
 * @param name what it does, in a line
 * @param startUrls where a crawl begins, relative to the host or absolute
 * @param sitemaps those that the job names
 * @param readableSitemaps how many of them, and of those they list, can be read
 * @param brokenSitemaps how many cannot
 * @param robots whether the script answers for robots.txt, too; otherwise there is none
 * @param speaksFirst whether the script runs before a request has come
 */
public record HostileCase(
        String name,
        Script script,
        List<String> startUrls,
        List<String> sitemaps,
        int readableSitemaps,
        int brokenSitemaps,
        boolean robots,
        boolean speaksFirst,
        List<Expected> lines) {

    public HostileCase {
        startUrls = List.copyOf(startUrls);
        sitemaps = List.copyOf(sitemaps);
        lines = List.copyOf(lines);
    }

    static HostileCase visit(String name, Script script, Expected... lines) {
        return new HostileCase(name, script, List.of("/"), List.of(), 0, 0, false, false, List.of(lines));
    }

    /** A case whose script serves robots.txt. */
    static HostileCase ofRobots(String name, Script script, Expected... lines) {
        return new HostileCase(name, script, List.of("/"), List.of(), 0, 0, true, false, List.of(lines));
    }

    /** A case whose host says something before it is asked. */
    static HostileCase speakingFirst(String name, Script script, Expected... lines) {
        return new HostileCase(name, script, List.of("/"), List.of(), 0, 0, true, true, List.of(lines));
    }

    /** A case of {@code /sitemap.xml}; its host has a start page, too, without links. */
    static HostileCase ofSitemap(String name, int readable, int broken, Script script, Expected... lines) {
        List<Expected> all = new ArrayList<>(List.of(lines));
        all.addFirst(Expected.ok());
        Script both = (wire, path) -> {
            if (path.equals("/")) {
                wire.html("<title>start</title>");
            } else {
                script.answer(wire, path);
            }
        };
        return new HostileCase(name, both, List.of("/"), List.of("/sitemap.xml"), readable, broken, false, false, all);
    }

    /** An address that must not be touched. */
    static HostileCase untouchable(String url, String canonicalUrl) {
        return new HostileCase(url, (wire, path) -> wire.html("<title>private</title>"), List.of(url), List.of(), 0, 0,
                false, false, List.of(Expected.failed("private_address").at(canonicalUrl)));
    }
}
