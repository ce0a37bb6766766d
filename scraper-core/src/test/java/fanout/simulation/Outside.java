package fanout.simulation;

import fanout.page.Request.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What lies out of the scope of the crawls of a seed, on hosts of its own and on those of the web, and what leads
 * there. Immutable.
 *
 * @param contents what the URLs there answer to a GET
 * @param refusals the statuses with which some of them answer a HEAD
 * @param links to them, of pages in scope
 * @param redirects to them, of URLs in scope that were no pages with links
 */
record Outside(
        Map<String, Content> contents,
        Map<String, Integer> refusals,
        Map<String, List<String>> links,
        Map<String, Content.Moved> redirects) {

    /** In the URLs that a job excludes, on the hosts of its web. */
    static final String PATH = "/outside/";
    static final String ELSEWHERE = "http://elsewhere.test/";
    private static final String FAR = "http://far.test/";
    static final Outside NOTHING = new Outside(Map.of(), Map.of(), Map.of(), Map.of());
    private static final int MOST = 10;

    /** Beyond so many hosts, to which so many pages may lead. */
    static Outside of(SimulatedWeb web, Dice dice) {
        List<String> pages = web.pages();
        List<String> urls = new ArrayList<>();
        IntStream.range(0, MOST).forEach(number -> urls.add(ELSEWHERE + number)); // some pages link there anyway
        IntStream.range(0, 3).forEach(number -> urls.add(FAR + (number == 0 ? "private/o" : "o") + number));
        pages.stream()
                .map(SimulatedWeb::hostOf)
                .distinct()
                .forEach(host -> IntStream.range(0, dice.between(1, 3))
                        .forEach(number -> urls.add("http://" + host + PATH + "o" + number)));
        Map<String, Content> contents = new LinkedHashMap<>();
        Map<String, Integer> refusals = new HashMap<>();
        for (String url : urls) {
            contents.put(url, content(url, urls, pages, dice));
            if (dice.chance(0.3)) {
                refusals.put(url, dice.oneOf(400, 403, 404, 405, 500, 501));
            }
        }
        contents.put(ELSEWHERE, new Content.Image());
        robots(ELSEWHERE, contents, dice);
        robots(FAR, contents, dice);
        Map<String, List<String>> links = new HashMap<>();
        Map<String, Content.Moved> redirects = new HashMap<>();
        for (String page : pages) {
            if (dice.chance(0.5)) {
                links.put(page, IntStream.rangeClosed(0, dice.between(0, 4)).mapToObj(_ -> dice.oneOf(urls)).toList());
            }
            if (dice.chance(0.15)) {
                redirects.put(page, new Content.Moved(dice.oneOf(301, 302, 303, 307, 308), dice.oneOf(urls)));
            }
        }
        return new Outside(contents, refusals, links, redirects);
    }

    private static Content content(String self, List<String> urls, List<String> pages, Dice dice) {
        return switch (dice.between(0, 11)) {
            case 0, 1 -> new Content.Moved(dice.oneOf(301, 302, 303, 307, 308),
                    dice.oneOf(dice.oneOf(pages), dice.oneOf(urls), dice.oneOf(urls), self));
            case 2, 3 -> new Content.Status(dice.oneOf(404, 405, 410, 403, 500, 503));
            case 4 -> dice.chance(0.5) ? new Content.Dead() : new Content.Inner();
            case 5, 6, 7 -> new Content.Image();
            default -> new Content.Html(List.of(dice.oneOf(pages), dice.oneOf(urls)), List.of());
        };
    }

    private static void robots(String origin, Map<String, Content> contents, Dice dice) {
        if (dice.chance(0.5)) {
            contents.put(origin + "robots.txt", new Content.Robots(dice.chance(0.7), Optional.empty(),
                    origin + "sitemap.xml"));
        }
    }

    /** What a URL in scope answers where this leads on. */
    Content linkedFrom(String url, Content content) {
        List<String> more = links.getOrDefault(url, List.of());
        return switch (content) {
            case Content.Html html when !more.isEmpty() -> new Content.Html(mixed(html.links(), more), html.nofollow());
            case Content.Image image -> Optional.<Content>ofNullable(redirects.get(url)).orElse(image);
            default -> content;
        };
    }

    /** Those out of scope come in between. */
    private static List<String> mixed(List<String> links, List<String> more) {
        List<String> mixed = new ArrayList<>(links);
        for (int i = 0; i < more.size(); i++) {
            mixed.add(Math.min(2 * i, mixed.size()), more.get(i));
        }
        return List.copyOf(mixed);
    }

    /** What a server answers that knows no HEAD, if this is one. */
    Optional<Content> refusal(Visit visit) {
        return visit.details.method() == Method.HEAD
                ? Optional.ofNullable(refusals.get(visit.url)).map(Content.Status::new)
                : Optional.empty();
    }
}
