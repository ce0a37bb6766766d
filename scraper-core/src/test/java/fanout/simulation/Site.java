package fanout.simulation;

import fanout.page.Request.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What stands on a site whose pages lead to requests of every kind, and much of which is for members only. What a page
 * leads to is said here once more, as users are told it, so that a crawl is not judged by the code that it runs.
 * Immutable.
 */
final class Site {

    static final String HOME = origin(0);
    static final String LOGIN = HOME + "/login";
    /** Nothing leads there but what a visitor without a session is shown. */
    static final String FROM_LOGIN = HOME + "/from-login";

    private static final String OUTSIDE = "http://elsewhere.test/p";
    /** More than a crawl admits at a time. */
    private static final int MANY = 1_050;
    /** The last page of a list, and the last number of a counter. */
    private static final int LAST = 3;

    /** How a visitor without a session is refused. */
    enum Refusal {
        /** By status 401. */
        UNAUTHORIZED,
        /** By the login in place of the page. */
        SCREEN,
        /** By a redirect to the login. */
        MOVED
    }

    /** Who is shown a page. */
    enum Access {
        ALL, MEMBERS, NOBODY
    }

    /** What a job follows besides links; in the order of its rules. */
    enum Rule {
        MORE, SEARCH, LIST, COUNT, PROGRAM
    }

    /** What is at a URL. */
    record Place(Access access, Thing thing) {}

    /** What is shown. */
    sealed interface Thing {}

    /**
     * A page.
     *
     * @param category is read as data
     * @param more links of another kind
     * @param search where its form is sent
     * @param next the page of the list behind it
     * @param counts whether it asks for the next number
     * @param program what an extractor finds
     */
    record Doc(
            String title,
            Optional<String> category,
            List<String> links,
            List<String> more,
            OptionalInt search,
            OptionalInt next,
            boolean counts,
            Optional<String> program) implements Thing {}

    /** A redirect. */
    record Moved(int status, String to) implements Thing {}

    /** A status without a page. */
    record Gone(int status) implements Thing {}

    /** Something that is not parsed. */
    record Image() implements Thing {}

    /** A request that a page leads to. */
    record FollowUp(
            String url,
            Method method,
            Optional<String> body,
            Optional<String> label,
            int priority,
            Map<String, String> data) {

        String key() {
            return Site.key(url, method.name(), body.map(RequestRules::hash));
        }
    }

    private static final Place NOTHING = new Place(Access.ALL, new Gone(404));

    private final List<String> pages = new ArrayList<>();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final int hosts;
    private final int memberHosts;
    private final Access usual;

    /**
     * A site by chance.
     *
     * @param hosts of the site, of which the first ones are for members
     * @param loginIsAPage whether the login is a page like others to a crawl that comes upon it
     * @param isLarge whether a page has more links than are admitted at once
     */
    Site(Dice dice, int hosts, int memberHosts, boolean loginIsAPage, boolean isLarge) {
        this.hosts = hosts;
        this.memberHosts = memberHosts;
        this.usual = dice.chance(0.9) ? Access.MEMBERS : Access.ALL;
        double forbidden = dice.oneOf(0.0, 0.0, 0.1, 0.2);
        double moved = dice.oneOf(0.1, 0.3);
        int count = dice.between(3, 14);
        for (int page = 0; page < count; page++) {
            pages.add(origin(dice.between(0, hosts - 1)) + "/p" + page);
        }
        List<String> targets = new ArrayList<>(pages);
        if (dice.chance(0.4)) {
            targets.add(LOGIN);
        }
        if (dice.chance(0.3)) {
            targets.add(OUTSIDE + dice.between(0, 3));
        }
        for (String page : pages) {
            Access access = isForMembers(page)
                    ? dice.chance(forbidden) ? Access.NOBODY : dice.chance(0.8) ? usual : Access.ALL
                    : Access.ALL;
            places.put(page, new Place(access, dice.chance(moved)
                    ? new Moved(dice.oneOf(301, 302, 303, 307, 308), dice.oneOf(targets))
                    : dice.chance(0.05) ? new Gone(dice.oneOf(404, 410, 403))
                            : dice.chance(0.05) ? new Image() : doc(page, targets, dice)));
        }
        Doc first = doc(pages.getFirst(), targets, dice);
        List<String> all = pages.stream().filter(_ -> dice.chance(0.6)).toList();
        places.put(pages.getFirst(),
                new Place(isForMembers(pages.getFirst()) ? usual : Access.ALL,
                        new Doc(first.title, first.category, all, first.more,
                                first.search, first.next, first.counts, first.program)));
        if (isLarge) {
            makeLarge(dice.oneOf(pages));
        }
        if (loginIsAPage) {
            places.put(LOGIN, new Place(Access.ALL, plain("login", List.of(FROM_LOGIN))));
            places.put(FROM_LOGIN, new Place(Access.ALL, plain("from-login", List.of())));
        }
    }

    private static Doc plain(String title, List<String> links) {
        return new Doc(title, Optional.empty(), links, List.of(), OptionalInt.empty(), OptionalInt.empty(), false,
                Optional.empty());
    }

    /** Its links to the pages of the site come last. */
    private void makeLarge(String page) {
        List<String> links = Stream.concat(IntStream.range(0, MANY).mapToObj(n -> HOME + "/many/" + n), pages.stream())
                .toList();
        places.put(page, new Place(places.get(page).access, plain(title(page), links)));
    }

    private static Doc doc(String page, List<String> targets, Dice dice) {
        return new Doc(title(page), dice.chance(0.7) ? Optional.of("c" + dice.between(1, 3)) : Optional.empty(),
                some(targets, dice.between(0, 5), dice), some(targets, dice.chance(0.5) ? dice.between(1, 3) : 0, dice),
                dice.chance(0.3) ? OptionalInt.of(dice.between(0, 5)) : OptionalInt.empty(),
                dice.chance(0.3) ? OptionalInt.of(dice.between(1, LAST)) : OptionalInt.empty(), dice.chance(0.2),
                dice.chance(0.3) ? Optional.of(dice.oneOf(targets)) : Optional.empty());
    }

    private static List<String> some(List<String> targets, int count, Dice dice) {
        return IntStream.range(0, count).mapToObj(_ -> dice.oneOf(targets)).toList();
    }

    private static String title(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    static String origin(int host) {
        return "http://h" + host + "." + SimulatedWeb.DOMAIN;
    }

    /** By what a request is known. A form is known by what is filled in, and not by its hidden field. */
    static String key(String url, String method, Optional<String> bodyHash) {
        return url.contains("/search/") ? method + " " + url : RequestRules.key(url, method, bodyHash);
    }

    List<String> pages() {
        return pages;
    }

    int hosts() {
        return hosts;
    }

    int memberHosts() {
        return memberHosts;
    }

    /** Whether a host is one of those for members. */
    boolean isForMembers(String url) {
        return IntStream.range(0, memberHosts).anyMatch(host -> url.startsWith(origin(host) + "/"));
    }

    static boolean isInScope(String url) {
        return !url.startsWith(OUTSIDE);
    }

    /** Whether a redirect of the site leads to a URL. */
    boolean isTarget(String url) {
        return places.values().stream().anyMatch(place -> place.thing instanceof Moved moved && moved.to.equals(url))
                || IntStream.rangeClosed(0, LAST)
                        .anyMatch(n -> result(n) instanceof Moved moved && moved.to.equals(url));
    }

    /** What is at a URL for a request. */
    Place at(String url, String method, Optional<String> body) {
        String path = url.substring(url.indexOf('/', "http://".length()));
        Access access = isForMembers(url) ? usual : Access.ALL;
        if (method.equals("POST") && path.equals("/list")) {
            int number = Integer.parseInt(body.orElse("0").replaceAll("[^0-9]", ""));
            return new Place(access, list(number));
        }
        if (method.equals("POST") && path.startsWith("/search/")) {
            return new Place(access, result(Integer.parseInt(path.substring("/search/".length()))));
        }
        if (path.startsWith("/n?n=")) {
            int number = Integer.parseInt(path.substring("/n?n=".length()));
            return new Place(access, new Doc("n" + number, Optional.empty(), List.of(page(number)), List.of(),
                    OptionalInt.empty(), OptionalInt.empty(), number < LAST, Optional.empty()));
        }
        if (path.startsWith("/many/")) {
            return new Place(Access.ALL, new Image());
        }
        return places.getOrDefault(url, NOTHING);
    }

    private Doc list(int number) {
        return new Doc("list" + number, Optional.of("list"), List.of(page(number), page(number + 1)), List.of(),
                OptionalInt.empty(), number < LAST ? OptionalInt.of(number + 1) : OptionalInt.empty(), false,
                Optional.empty());
    }

    private Thing result(int number) {
        return number % 3 == 0 ? new Moved(303, page(number))
                : new Doc("search" + number, Optional.empty(), List.of(page(number)), List.of(page(number + 2)),
                        OptionalInt.empty(), OptionalInt.empty(), false, Optional.empty());
    }

    private String page(int number) {
        return pages.get(number % pages.size());
    }

    /** What a page leads to, each request once. */
    List<FollowUp> followUps(String url, Doc doc, Map<String, String> data, Set<Rule> rules) {
        String own = url.substring(0, url.indexOf('/', "http://".length()));
        List<FollowUp> all = new ArrayList<>();
        doc.links.forEach(link -> all.add(get(link, Optional.empty(), 0, data)));
        for (Rule rule : Rule.values()) {
            if (!rules.contains(rule)) {
                continue;
            }
            switch (rule) {
                case MORE -> doc.more.forEach(link -> all.add(get(link, Optional.of("more"), 5,
                        doc.category.map(category -> with(data, "category", category)).orElse(data))));
                case SEARCH -> doc.search.ifPresent(to -> all.add(new FollowUp(own + "/search/" + to, Method.POST,
                        Optional.empty(), Optional.of("found"), -1, data)));
                case LIST -> doc.next.ifPresent(to -> all.add(new FollowUp(own + "/list", Method.POST,
                        Optional.of("{\"after\":" + to + "}"), Optional.of("list"), 2, data)));
                case COUNT -> {
                    if (doc.counts) {
                        String number =
                                String.valueOf(Optional.ofNullable(data.get("n")).map(Integer::parseInt).orElse(0) + 1);
                        all.add(get(own + "/n?n=" + number, Optional.of("counted"), 0, with(data, "n", number)));
                    }
                }
                case PROGRAM -> doc.program.ifPresent(to -> all.add(
                        get(to, Optional.of("program"), 3, with(data, "program", doc.title))));
            }
        }
        Map<String, FollowUp> first = new LinkedHashMap<>();
        all.forEach(one -> first.putIfAbsent(one.key(), one));
        return List.copyOf(first.values());
    }

    private static FollowUp get(String url, Optional<String> label, int priority, Map<String, String> data) {
        return new FollowUp(url, Method.GET, Optional.empty(), label, priority, data);
    }

    private static Map<String, String> with(Map<String, String> data, String name, String value) {
        Map<String, String> more = new HashMap<>(data);
        more.put(name, value);
        return more;
    }

    /**
     * Writes a page.
     *
     * @param round goes into a field that is different each time
     */
    static String html(Doc doc, int round) {
        StringBuilder text = new StringBuilder("<title>" + doc.title + "</title>");
        doc.category.ifPresent(category -> text.append("<h1>").append(category).append("</h1>"));
        text.append("<b class=logout>leave</b>");
        doc.links.forEach(link -> text.append("<a href='").append(link).append("'>x</a>"));
        doc.more.forEach(link -> text.append("<span class=more data-href='").append(link).append("'></span>"));
        doc.search.ifPresent(to -> text.append("<form id=search method=post action=/search/")
                .append(to)
                .append("><input type=hidden name=t value=")
                .append(round)
                .append("><input name=q></form>"));
        doc.next.ifPresent(to -> text.append("<i class=list id=next data-n=").append(to).append("></i>"));
        text.append(doc.counts ? "<i class=counts></i>" : "");
        doc.program.ifPresent(to -> text.append("<i class=program title='").append(to).append("'></i>"));
        return text.toString();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("usually for " + usual);
        places.forEach((url, place) -> text.append("\n  ").append(url).append("  ").append(place));
        return text.substring(0, Math.min(text.length(), 20_000));
    }
}
