package fanout.simulation;

import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import fanout.simulation.Plan.Surroundings;
import fanout.simulation.SimulatedSink.Conduct;
import fanout.simulation.SimulatedSink.Trouble;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One crawl of a {@link Plan}: its job, and all that goes wrong with it. Immutable.
 *
 * @param number from 1
 * @param startsAfter the simulation began
 * @param starts the job's start requests, each of which is new
 */
record CrawlPlan(
        int number,
        Duration startsAfter,
        List<Request> starts,
        CrawlJob job,
        Weather weather,
        List<Intervention> interventions,
        Conduct sink) {

    /** Requests a second over all hosts, where that is no limit. */
    static final int UNLIMITED = 1_000_000;

    /** The plan of the crawl with this number. */
    static CrawlPlan of(Surroundings around, int number) {
        Dice dice = Dice.of(around.seed(), "crawl", number);
        SimulatedWeb web = around.web();
        boolean wide = around.wide();
        List<String> urls = number > 1 && dice.chance(0.5) ? web.otherStarts(dice) : web.starts();
        Map<String, Long> ofLabels = PartLimits.drawnOfLabels(Dice.of(around.seed(), "labels", number));
        List<Request> starts = requests(web, urls, Dice.of(around.seed(), "requests", number)).stream()
                .map(start -> ofLabels.isEmpty() ? start : PartLimits.labelled(start))
                .toList();
        CrawlJob job = job(around, number, starts, ofLabels, dice);
        Weather weather = new Weather(around.seed() * 4 + number, around.trouble(), around.badHosts(), around.latency(),
                dice.chance(0.2) ? Duration.ofMillis(5) : Duration.ZERO,
                dice.chance(0.02) ? dice.between(1, 30) : 0, job.politeness().maxRetryAfter());
        Duration usual = weather.latency().plus(job.politeness().manners().delay()).multipliedBy(30);
        Duration startsAfter = number == 1 || dice.chance(0.5) ? Duration.ZERO : dice.anyUpTo(usual.dividedBy(3));
        return new CrawlPlan(number, startsAfter, starts, job, weather, interventions(dice, startsAfter, usual),
                sink(wide, dice));
    }

    private static CrawlJob job(Surroundings around, int number, List<Request> starts, Map<String, Long> ofLabels,
            Dice dice) {
        boolean wide = around.wide();
        CrawlJob.Builder job = CrawlJob.builder("simulation")
                .scope(ExternalChecks.drawn(new Scope(List.of(Scope.Domain.parse(SimulatedWeb.DOMAIN)), Set.of(),
                        List.of(), List.of(), dice.oneOf(1, 3, 20)), around, number)
                        .followingDuplicates(Copies.areFollowed(around.seed(), number)))
                .concurrency(dice.between(1, 8))
                .limits(PartLimits.drawn(limits(wide, dice), Dice.of(around.seed(), "parts", number))
                        .toBuilder()
                        .maxPagesPerLabel(ofLabels)
                        .build())
                .politeness(politeness(wide, dice))
                .retries(retries(dice, Dice.of(around.seed(), "unsafe", number).chance(0.2)))
                .circuitBreaker(new CircuitBreaking(dice.oneOf(30, 50, 100), dice.oneOf(2, 5, 20),
                        Duration.ofSeconds(dice.between(1, 20)), dice.between(1, 3)))
                .flushTimeout(Duration.ofSeconds(dice.between(1, 30)));
        starts.forEach(job::startUrl);
        if (!ofLabels.isEmpty()) {
            PartLimits.label(job);
        }
        job.sitemapsFromRobots(dice.chance(0.1));
        around.web()
                .sitemaps()
                .stream()
                .filter(_ -> dice.chance(around.sitemaps()))
                .map(CanonicalUrl::of)
                .forEach(job::sitemap);
        return job.build();
    }

    private static Limits limits(boolean wide, Dice dice) {
        int many = wide ? 200 : 60;
        return new Limits(dice.chance(wide ? 0.1 : 0.3) ? dice.between(1, 12) : many,
                dice.chance(wide ? 0.1 : 0.2) ? dice.between(1, 20) : many,
                dice.chance(0.1) ? 2 : 1000, 1000,
                dice.chance(0.3) ? dice.anyUpTo(Duration.ofMinutes(1)) : Duration.ofHours(1),
                dice.oneOf(Duration.ofMillis(500), Duration.ofSeconds(3), Duration.ofSeconds(30)), 1 << 20,
                dice.between(0, 5), 100);
    }

    private static Politeness politeness(boolean wide, Dice dice) {
        Duration delay = wide ? Duration.ZERO
                : Duration.ofMillis(dice.oneOf(0, 0, 10, 250, 1000));
        Manners manners = new Manners(dice.between(1, 3), delay, dice.chance(0.3), Duration.ofSeconds(20));
        return new Politeness(manners, Duration.ofSeconds(dice.oneOf(4, 20)), dice.chance(0.85), dice.chance(0.8),
                Duration.ofSeconds(dice.oneOf(1, 3)), dice.oneOf(5, UNLIMITED, UNLIMITED), Map.of());
    }

    private static Retries retries(Dice dice, boolean unsafeMethods) {
        Duration backoff = Duration.ofMillis(dice.oneOf(10, 500));
        return new Retries(dice.between(1, 3), backoff, backoff.multipliedBy(dice.between(1, 10)), unsafeMethods);
    }

    /** Under half of the seeds these are plain GETs. Under the others more pages are asked for, and in other ways. */
    private static List<Request> requests(SimulatedWeb web, List<String> urls, Dice dice) {
        List<Request> all = new ArrayList<>();
        if (dice.chance(0.5)) {
            urls.forEach(url -> all.add(request(url, Details.NONE)));
            return all;
        }
        urls.forEach(url -> all.add(request(url, details(dice, dice.oneOf(Method.GET, Method.POST)))));
        for (int more = dice.between(1, 8); more > 0; more--) {
            all.add(request(dice.chance(0.3) ? dice.oneOf(urls) : dice.oneOf(web.pages()),
                    details(dice, dice.oneOf(Method.values()))));
        }
        Set<String> known = new HashSet<>();
        all.removeIf(request -> !known.add(RequestRules.key(request)));
        return all;
    }

    private static Request request(String url, Details details) {
        return Request.start(CanonicalUrl.of(url), Optional.empty()).with(details);
    }

    private static Details details(Dice dice, Method method) {
        Optional<Request.Body> body = switch (method) {
            case HEAD -> Optional.empty();
            case GET, DELETE -> body(dice, 0.1);
            case POST, PUT, PATCH -> body(dice, 0.8);
        };
        return new Details(method, dice.chance(0.3) ? Map.of("X-Simulated", "v" + dice.between(1, 3)) : Map.of(), body,
                dice.oneOf(0, 0, 0, 1, 1, 7, -1, Integer.MIN_VALUE), dice.chance(0.5)
                        ? Map.of("n", dice.between(1, 3), "text", dice.oneOf("", "\u00e9 \"\n", "b"))
                        : Map.of());
    }

    private static Optional<Request.Body> body(Dice dice, double chance) {
        return dice.chance(chance)
                ? Optional.of(new Request.Body("application/x-www-form-urlencoded", "q=" + dice.between(1, 3)))
                : Optional.empty();
    }

    /** @param usual how long such a crawl may take */
    private static List<Intervention> interventions(Dice dice, Duration startsAfter, Duration usual) {
        List<Intervention> all = new ArrayList<>();
        for (int i = dice.chance(0.4) ? dice.between(1, 2) : 0; i > 0; i--) {
            Duration at = dice.chance(0.05) ? Duration.ZERO
                    : startsAfter
                            .plus(dice.chance(0.5) ? dice.anyUpTo(usual) : Duration.ofNanos(dice.nanosUpTo(usual)));
            all.add(new Intervention(dice.oneOf(Intervention.Kind.values()), at, dice.between(0, 15)));
        }
        return List.copyOf(all);
    }

    /** Where many results come quickly, the sink had better be slow, or no worker ever waits for it. */
    private static Conduct sink(boolean wide, Dice dice) {
        Trouble trouble = dice.chance(wide ? 0.3 : 0.7)
                ? Trouble.NONE
                : wide && dice.chance(0.6)
                        ? dice.oneOf(Trouble.SLOW, Trouble.WRITE_HANGS, Trouble.FLUSH_HANGS)
                        : dice.oneOf(Trouble.values());
        boolean early = dice.chance(0.5);
        return new Conduct(trouble, dice.between(0, early ? 3 : 30), dice.anyUpTo(Duration.ofSeconds(3)));
    }

    /** The same crawl with another job, in another weather. */
    CrawlPlan with(CrawlJob otherJob, Weather otherWeather) {
        return new CrawlPlan(number, startsAfter, starts, otherJob, otherWeather, interventions, sink);
    }

    Manners manners() {
        return job.politeness().manners();
    }

    /**
     * How long before this visit the host's last request must have been written, as far as this crawl goes. robots.txt
     * is asked for before its rules are known.
     */
    Duration delayBefore(Visit visit, SimulatedWeb web) {
        Duration own = manners().delay();
        if (visit.isRobots() || !job.politeness().obeyRobots()) {
            return own;
        }
        Duration asked = web.crawlDelayOf(visit.host()).orElse(Duration.ZERO);
        return Collections.max(List.of(own, Collections.min(List.of(asked, job.politeness().maxCrawlDelay()))));
    }

    @Override
    public String toString() {
        return """
                crawl %d, from %s on: starts %s, concurrency %d, flushTimeout %s
                %s
                %s
                %s, %s
                %s
                %s
                %s
                """.formatted(number, startsAfter, starts, job.concurrency(), job.flushTimeout(), job.limits(),
                job.politeness(), job.retries(), job.circuitBreaker(), weather, interventions, sink);
    }
}
