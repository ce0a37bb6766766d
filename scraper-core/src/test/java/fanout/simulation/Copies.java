package fanout.simulation;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which page of a crawl had a content first, judged by what the web answers and the order of the lines. Under half of
 * the seeds some pages have the content of others, and under half of these a job does not follow them. Not thread-safe.
 */
final class Copies {

    private final SimulatedWeb web;
    private final Map<String, String> firsts = new HashMap<>();

    Copies(SimulatedWeb web) {
        this.web = web;
    }

    /** Whether a job of this seed follows the links of copies. */
    static boolean areFollowed(long seed, int crawl) {
        return Dice.of(seed, "copies are followed", crawl).chance(0.5);
    }

    /**
     * Takes a page that is ok, behind those that were taken before.
     *
     * @param isRead whether its body was read
     * @param duplicateOf what its line says
     * @return what is wrong with that; empty if it is right
     */
    Optional<String> wrong(String url, boolean isRead, Optional<String> duplicateOf) {
        Optional<String> first = Optional.empty();
        if (isRead && web.at(url) instanceof Content.Html html) {
            first = Optional.ofNullable(firsts.putIfAbsent(new String(html.body(), StandardCharsets.UTF_8), url));
        }
        return first.equals(duplicateOf) ? Optional.empty()
                : Optional.of(url + " says it has the content of " + duplicateOf + ", and that of " + first
                        + " is the same");
    }
}
