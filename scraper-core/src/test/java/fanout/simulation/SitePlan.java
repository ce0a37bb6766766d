package fanout.simulation;

import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.FormFill;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.job.Reading;
import fanout.job.RequestTemplate;
import fanout.job.Retries;
import fanout.job.Selector;
import fanout.job.Session;
import fanout.job.Session.Send;
import fanout.job.Session.Signs;
import fanout.job.Session.Submit;
import fanout.page.Extractor;
import fanout.page.Request;
import fanout.page.Request.Method;
import fanout.simulation.Plan.SharedLimits;
import fanout.simulation.SimulatedClock.Machine;
import fanout.simulation.SimulatedSink.Conduct;
import fanout.simulation.SimulatedSink.Trouble;
import fanout.simulation.Site.Refusal;
import fanout.simulation.Site.Rule;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import fanout.url.TextPattern;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What a seed stands for: a site, its servers, and a crawl of it. Immutable. */
record SitePlan(
        long seed,
        Site site,
        SiteServer.Habits habits,
        Machine machine,
        Choice choice,
        Set<Rule> rules,
        CrawlPlan crawl) {

    private static final ExtractRule TITLES = new ExtractRule("titles", Optional.empty(), Optional.empty(),
            Optional.empty(), List.of(Field.select("title", new Selector.Css("title")).build()));
    private static final int MANY = 5_000;

    static SitePlan of(long seed) {
        Dice dice = Dice.of(seed, "site", 0);
        int hosts = dice.between(1, 3);
        int memberHosts = dice.chance(0.5) ? 1 : hosts;
        Refusal refusal = dice.oneOf(Refusal.values());
        boolean isLarge = dice.chance(0.03);
        Site site = new Site(dice, hosts, memberHosts, refusal == Refusal.UNAUTHORIZED, isLarge);
        Signs expired = expired(dice, refusal);
        boolean isKnownByItsRedirect = refusal != Refusal.MOVED || expired.url().isPresent();
        SiteServer.Habits habits =
                new SiteServer.Habits(seed, refusal, expired.url().isPresent(), dice.chance(0.6), dice.chance(0.4),
                        isKnownByItsRedirect && dice.chance(0.4), dice.chance(0.1));
        Machine machine = new Machine(dice.oneOf(0.0, 0.05, 0.3), dice.oneOf(0.0, 0.0, 0.02),
                dice.oneOf(0.0, 0.0, 0.05));
        Set<Rule> rules = EnumSet.noneOf(Rule.class);
        for (Rule rule : Rule.values()) {
            if (dice.chance(0.7)) {
                rules.add(rule);
            }
        }
        List<Request> starts = starts(site, dice);
        CrawlJob job = job(dice, site, expired, rules, starts, isLarge);
        // a login that cannot be read is not known for one
        Weather weather = new Weather(seed, isKnownByItsRedirect ? dice.oneOf(0.0, 0.0, 0.03) : 0, Set.of(),
                dice.oneOf(Duration.ofMillis(2), Duration.ofMillis(200), Duration.ofSeconds(2)), Duration.ZERO, 0,
                job.politeness().maxRetryAfter());
        CrawlPlan crawl = new CrawlPlan(1, Duration.ZERO, starts, job, weather, List.of(),
                new Conduct(Trouble.NONE, 0, Duration.ofSeconds(1)));
        return new SitePlan(seed, site, habits, machine, dice.oneOf(Choice.values()), Set.copyOf(rules), crawl);
    }

    private static List<Request> starts(Site site, Dice dice) {
        List<Request> starts = new ArrayList<>();
        starts.add(start(site.pages().getFirst(), dice).build());
        if (dice.chance(0.3)) {
            starts.add(start(site.pages().getLast(), dice).build());
        }
        if (dice.chance(0.3)) {
            starts.add(start(Site.HOME + "/list", dice).method(Method.POST)
                    .header("X-List", "yes")
                    .body(Request.Body.json("{\"after\":1}"))
                    .build());
        }
        return starts.stream().distinct().toList();
    }

    private static Request.Builder start(String url, Dice dice) {
        Request.Builder start = Request.to(CanonicalUrl.of(url)).priority(dice.oneOf(0, 0, 1));
        if (dice.chance(0.3)) {
            start.label("start");
        }
        return dice.chance(0.5) ? start.data("from", url) : start;
    }

    private static CrawlJob job(Dice dice, Site site, Signs expired, Set<Rule> rules, List<Request> starts,
            boolean isLarge) {
        Duration backoff = Duration.ofMillis(dice.oneOf(10, 500));
        Manners manners = new Manners(dice.between(1, 3), Duration.ofMillis(dice.oneOf(0, 0, 10, 250)), false,
                Duration.ofSeconds(20));
        CrawlJob.Builder job = CrawlJob.builder("simulation")
                .scope(new Scope(List.of(Scope.Domain.parse(SimulatedWeb.DOMAIN)), Set.of(), List.of(), List.of(),
                        dice.oneOf(1, 2, 20, 20)))
                .concurrency(dice.between(1, 8))
                .limits(Limits.DEFAULT.toBuilder()
                        .maxPages(dice.chance(0.1) ? dice.between(1, 12) : MANY)
                        .maxUrls(dice.chance(0.1) ? dice.between(1, 20)
                                : isLarge && dice.chance(0.8) ? dice.between(5, 40) : MANY)
                        .requestTimeout(dice.oneOf(Duration.ofSeconds(10), Duration.ofSeconds(30)))
                        .maxRedirects(5)
                        .build())
                .politeness(new Politeness(manners, Duration.ofSeconds(4), dice.chance(0.5), true,
                        Duration.ofSeconds(1), CrawlPlan.UNLIMITED, Map.of()))
                .retries(new Retries(3, backoff, backoff.multipliedBy(4), false))
                .circuitBreaker(new CircuitBreaking(100, 1_000, Duration.ofSeconds(5), 3))
                .follow(follow(rules))
                .extract(List.of(TITLES))
                .session(session(dice, site, expired));
        starts.forEach(job::startUrl);
        return job.build();
    }

    // What the job follows, as Site#followUps has it.

    private static List<FollowRule> follow(Set<Rule> rules) {
        List<FollowRule> all = new ArrayList<>();
        all.add(rule(new FollowRule.StandardSet(), Optional.empty(), 0, List.of()));
        for (Rule rule : rules) {
            switch (rule) {
                case MORE -> all.add(rule(new FollowRule.Picked(css("span.more"), "data-href"), Optional.of("more"), 5,
                        List.of(Field.select("category", css("h1")).build())));
                case SEARCH -> all.add(rule(new FollowRule.Form(
                        new FormFill(new Selector.Css("form#search"), Map.of("q", List.of("hose")), Optional.empty()),
                        Optional.empty()), Optional.of("found"), -1, List.of()));
                case LIST -> all.add(rule(new FollowRule.Template(
                        new RequestTemplate("/list", Method.POST, Map.of("X-List", "yes"),
                                Optional.of(new RequestTemplate.Json("{\"after\":\"{cursor}\"}"))),
                        List.of(Field.select("cursor", css("#next"))
                                .attr("data-n")
                                .type(Reading.Type.INTEGER)
                                .build()),
                        Optional.of(css(".list")), Optional.empty()), Optional.of("list"), 2, List.of()));
                case COUNT -> all.add(rule(new FollowRule.Template(
                        new RequestTemplate("/n?n={n}", Method.GET, Map.of(), Optional.empty()), List.of(counter()),
                        Optional.of(css(".counts")), Optional.empty()), Optional.of("counted"), 0,
                        List.of(counter())));
                case PROGRAM -> {} // an extractor does
            }
        }
        return all;
    }

    private static FollowRule rule(FollowRule.Source source, Optional<String> label, int priority, List<Field> data) {
        return new FollowRule(source, label, priority, List.of(), List.of(), data);
    }

    private static Selector css(String css) {
        return new Selector.Css(css);
    }

    private static Field counter() {
        return new Field("n", new Field.OfData("n", Optional.empty(), Optional.of(BigDecimal.ONE),
                Optional.of(1L)), false);
    }

    /** Follows what only a program finds. */
    Extractor extractor() {
        return (page, results) -> {
            if (rules.contains(Rule.PROGRAM)) {
                page.document()
                        .select(".program")
                        .forEach(found -> results.follow(Request.to(CanonicalUrl.of(found.attr("title")))
                                .label("program")
                                .priority(3)
                                .data("program", page.document().title())
                                .build()));
            }
        };
    }

    // How the job logs in.

    private static Signs expired(Dice dice, Refusal refusal) {
        return switch (refusal) {
            case UNAUTHORIZED -> new Signs(Set.of(401), Optional.empty(), Optional.empty());
            case SCREEN -> screen();
            case MOVED -> dice.chance(0.5) ? screen()
                    : new Signs(Set.of(), Optional.empty(), Optional.of(TextPattern.of("/login")));
        };
    }

    private static Session session(Dice dice, Site site, Signs expired) {
        boolean namesOrigins = site.memberHosts() > 1 || dice.chance(0.3);
        List<CanonicalUrl> origins = namesOrigins
                ? IntStream.range(0, site.memberHosts())
                        .mapToObj(host -> CanonicalUrl.of(Site.origin(host) + "/"))
                        .toList()
                : List.of();
        int way = dice.between(0, 2);
        Optional<Signs> success = way < 2 && dice.chance(0.5)
                ? Optional.of(new Signs(Set.of(), Optional.of(new Selector.Css("b.logout")), Optional.empty()))
                : Optional.empty();
        return new Session(login(way), success, origins, Map.of("Authorization", "Bearer {token}"), expired,
                dice.between(1, 4));
    }

    private static Signs screen() {
        return new Signs(Set.of(), Optional.of(new Selector.Css("form#login")), Optional.empty());
    }

    private static List<Session.Step> login(int way) {
        Field token = Field.select("token", css("#token")).attr("title").build();
        RequestTemplate first = new RequestTemplate(Site.LOGIN, Method.GET, Map.of(), Optional.empty());
        return switch (way) {
            case 0 -> List.of(new Send(first, List.of()),
                    new Submit(new FormFill(new Selector.Css("form#login"), Map.of("user", List.of("ann"), "password",
                            List.of(SiteServer.PASSWORD)), Optional.empty()), false, List.of(token)));
            case 1 -> List.of(
                    new Send(first, List.of(Field.select("csrf", css("input[name=csrf]")).attr("value").build())),
                    new Send(new RequestTemplate("/login", Method.POST, Map.of(),
                            Optional.of(new RequestTemplate.Form(List.of(Map.entry("csrf", "{csrf}"),
                                    Map.entry("user", "ann"), Map.entry("password", SiteServer.PASSWORD))))),
                            List.of(token)));
            default -> List.of(new Send(new RequestTemplate(Site.HOME + "/api/login", Method.POST, Map.of(),
                    Optional.of(new RequestTemplate.Json("{\"user\":\"ann\",\"key\":7}"))),
                    List.of(Field.select("token", new Selector.Json("/token", Optional.empty(), Optional.empty()))
                            .build())));
        };
    }

    /** What its crawls share, which is enough. */
    static SharedLimits limits() {
        return new SharedLimits(1 << 20, 10_000);
    }

    @Override
    public String toString() {
        return "seed %d: %s, %s, %s, follows %s%nsession %s, expired %s, origins %s, at most %d logins%n%s%n%s%n"
                .formatted(seed, machine, choice, habits, rules, crawl.job().session().orElseThrow(),
                        crawl.job().session().orElseThrow().expired(), crawl.job().session().orElseThrow().origins(),
                        crawl.job().session().orElseThrow().maxLogins(), crawl, site);
    }
}
