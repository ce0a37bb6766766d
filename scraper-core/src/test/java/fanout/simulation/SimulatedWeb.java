package fanout.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What stands on the simulated hosts, for good: every URL of a seed answers the same, weather permitting.
 */
final class SimulatedWeb implements SimulatedNetwork.Hosts {

    /** All hosts are below it, and every job is allowed it. */
    static final String DOMAIN = "sim.test";

    private static final String OUTSIDE = Outside.ELSEWHERE;
    /** Nothing there may be connected to, but pages link to it and redirect there. */
    private static final String INNER = "http://inner." + DOMAIN + "/";

    private final List<String> starts;
    private final List<String> sitemaps;
    private final Map<String, Content> contents = new LinkedHashMap<>();
    private final boolean wide;
    /** Empty if there is nothing that a crawl may ask, but not follow. */
    private final Outside outside;

    /** A web of so many hosts, and so many pages on each; a wide one's first page links to all the others. */
    SimulatedWeb(Dice dice, int hosts, int pagesOfHost, boolean wide) {
        List<String> pages = new ArrayList<>();
        this.wide = wide;
        this.outside = Outside.NOTHING;
        sitemaps = IntStream.range(0, hosts).mapToObj(SimulatedWeb::sitemapOf).toList();
        for (int host = 0; host < hosts; host++) {
            int count = wide ? pagesOfHost : dice.between(Math.min(3, pagesOfHost), pagesOfHost);
            for (int page = 0; page < count; page++) {
                pages.add(origin(host) + (dice.chance(0.1) ? "/private/p" : "/p") + page);
            }
        }
        for (String page : pages) {
            contents.put(page, wide ? dice.chance(0.9) ? new Content.Image() : new Content.Status(404)
                    : content(page, pages, dice));
        }
        if (wide) {
            contents.put(pages.getFirst(), new Content.Html(List.copyOf(pages), List.of()));
        }
        for (int host = 0; host < hosts; host++) {
            robots(host, hosts, dice);
            contents.put(sitemapOf(host), dice.chance(0.2)
                    ? new Content.Moved(301, sitemapOf(dice.between(0, hosts - 1)))
                    : new Content.Sitemap(List.of(dice.oneOf(pages), dice.oneOf(pages), OUTSIDE)));
        }
        starts = wide ? List.of(pages.getFirst()) : starts(pages, dice);
    }

    private SimulatedWeb(SimulatedWeb inside, Outside outside) {
        this.wide = inside.wide;
        this.starts = inside.starts;
        this.sitemaps = inside.sitemaps;
        this.outside = outside;
        inside.contents.forEach((url, content) -> contents.put(url, outside.linkedFrom(url, content)));
        contents.putAll(outside.contents());
    }

    /** The same web, whose pages lead out of the scope, too. */
    SimulatedWeb leadingTo(Outside beyond) {
        return new SimulatedWeb(this, beyond);
    }

    /** Whether there is something out of scope. */
    boolean hasOutside() {
        return !outside.contents().isEmpty();
    }

    /** Some pages, one of them with links to many. */
    private List<String> starts(List<String> pages, Dice dice) {
        List<String> some =
                IntStream.rangeClosed(0, dice.between(1, 3)).mapToObj(_ -> dice.oneOf(pages)).distinct().toList();
        List<String> links = pages.stream().filter(_ -> dice.chance(0.5)).toList();
        contents.put(some.getFirst(), new Content.Html(links, List.of()));
        return some;
    }

    /** Under half of the seeds, gives some pages the content of others. */
    void copy(Dice dice) {
        List<String> texts = pages().stream().filter(page -> at(page) instanceof Content.Html).toList();
        double chance = dice.oneOf(0.0, 0.0, 0.2, 0.6);
        texts.stream().filter(_ -> dice.chance(chance)).forEach(page -> contents.put(page, at(dice.oneOf(texts))));
    }

    private static String origin(int host) {
        return "http://h" + host + "." + DOMAIN;
    }

    /** Where a host's sitemap is. */
    static String sitemapOf(int host) {
        return origin(host) + "/sitemap.xml";
    }

    private static Content content(String self, List<String> pages, Dice dice) {
        return switch (dice.between(0, 19)) {
            case 0 -> new Content.Moved(dice.oneOf(301, 302, 303, 307, 308), dice.oneOf(pages));
            case 1 -> new Content.Moved(302,
                    dice.oneOf(self, OUTSIDE, INNER + "p0", "mailto:a@b.test", dice.oneOf(pages)));
            case 2 -> new Content.Status(dice.oneOf(404, 410, 403, 501));
            case 3, 4, 5, 6, 7 -> new Content.Image();
            default -> html(pages, dice);
        };
    }

    private static Content html(List<String> pages, Dice dice) {
        List<String> links = IntStream.range(0, dice.between(1, 9))
                .mapToObj(_ -> dice.oneOf(pages))
                .collect(Collectors.toCollection(ArrayList::new));
        if (dice.chance(0.3)) {
            links.add(OUTSIDE + dice.between(0, 9));
        }
        if (dice.chance(0.05)) {
            links.add(INNER + "p" + dice.between(0, 3));
        }
        return new Content.Html(links, dice.chance(0.2) ? List.of(dice.oneOf(pages)) : List.of());
    }

    private void robots(int host, int hosts, Dice dice) {
        String own = origin(host) + "/robots.txt";
        Content rules = new Content.Robots(dice.chance(0.7),
                dice.chance(0.3) ? Optional.of(Duration.ofMillis(dice.between(1, 40) * 100L)) : Optional.empty(),
                sitemapOf(host));
        switch (dice.between(0, 24)) {
            case 0, 1, 2, 6 -> contents.put(own, new Content.Status(404));
            case 3 -> contents.put(own, new Content.Status(dice.oneOf(500, 503, 429)));
            case 4 -> contents.put(own, new Content.Dead());
            case 5, 7, 8 -> {
                String there = origin(dice.between(0, hosts - 1)) + "/rules-of-h" + host;
                contents.put(own, new Content.Moved(301, there));
                contents.put(there, dice.chance(0.2) ? new Content.Moved(302, there) : rules);
            }
            default -> contents.put(own, rules);
        }
    }

    List<String> starts() {
        return starts;
    }

    /** Where another crawl may start. */
    List<String> otherStarts(Dice dice) {
        List<String> pages = pages();
        return wide ? starts : IntStream.rangeClosed(0, 2).mapToObj(_ -> dice.oneOf(pages)).distinct().toList();
    }

    List<String> pages() {
        return contents.keySet().stream().filter(url -> isPage(url) && isInScope(url)).toList();
    }

    List<String> sitemaps() {
        return sitemaps;
    }

    @Override
    public boolean isInner(String url) {
        return at(url) instanceof Content.Inner;
    }

    @Override
    public Content answer(Visit visit, long time) {
        return outside.refusal(visit).orElseGet(() -> at(visit.url));
    }

    /** What a URL answers; 404 where there is nothing. */
    Content at(String url) {
        return url.startsWith(INNER) ? new Content.Inner() : contents.getOrDefault(url, new Content.Status(404));
    }

    /** What a host's robots.txt asks for, if it is ever read. */
    Optional<Duration> crawlDelayOf(String host) {
        String there = at("http://" + host + "/robots.txt") instanceof Content.Moved moved
                ? moved.location()
                : "http://" + host + "/robots.txt";
        return at(there) instanceof Content.Robots robots ? robots.crawlDelay() : Optional.empty();
    }

    static boolean isInScope(String url) {
        return hostOf(url).endsWith(DOMAIN) && !url.contains(Outside.PATH);
    }

    /** Whether a redirect may lead there. */
    static boolean mayBeFollowed(String url) {
        return url.startsWith("http:") && isInScope(url);
    }

    static boolean isPrivate(String url) {
        return url.contains("/private/");
    }

    static boolean isPage(String url) {
        return !isRobots(url) && !isSitemap(url);
    }

    static boolean isSitemap(String url) {
        return url.endsWith(".xml");
    }

    static boolean isRobots(String url) {
        return url.endsWith("/robots.txt") || url.contains("/rules-of-");
    }

    /** The host whose rules are in a robots.txt, wherever it is. */
    static String hostOfRobots(String url) {
        int at = url.indexOf("/rules-of-");
        return at < 0 ? hostOf(url) : url.substring(at + "/rules-of-".length()) + "." + DOMAIN;
    }

    static String hostOf(String url) {
        int from = url.indexOf("//") + 2;
        return url.substring(from, url.indexOf('/', from));
    }

    @Override
    public String toString() {
        return "starts " + starts + contents.entrySet()
                .stream()
                .map(entry -> "\n  " + entry.getKey() + "  " + entry.getValue())
                .collect(Collectors.joining());
    }
}
