package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Limits;
import fanout.job.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One crawl under one seed, in several processes: most lose their power at a call of the disk or at a moment, some
 * are drained or have a small budget or little space; the last is left alone. Files lie on a {@link SimulatedDisk},
 * and are written by the production classes.
 */
final class Resumption {

    private static final ExtractRule LINKS = new ExtractRule("links", Optional.empty(), Optional.empty(),
            Optional.of(new Selector.Css("a")),
            List.of(Field.select("href", new Selector.Css("a")).attr("href").build()));
    private static final int MANY = 1_000;

    final Plan plan;
    final CrawlPlan crawlPlan;
    final NetworkLog log = new NetworkLog();
    final List<Life> lives = new ArrayList<>();
    final Trace trace;
    /** What stood in the files after each life that ended in order. */
    final List<Files> files = new ArrayList<>();

    /** The lines of the files, after this life. */
    record Files(Life after, List<String> pages, List<String> items) {}

    private Resumption(long seed, Trace trace) {
        this.plan = Plan.of(seed);
        this.trace = trace;
        CrawlPlan first = plan.crawls().getFirst();
        Weather weather = first.weather();
        this.crawlPlan = first.with(first.job(), new Weather(weather.seed(), weather.trouble(), weather.badHosts(),
                weather.latency(), weather.parting(), 0, weather.maxRetryAfter()));
    }

    static Resumption of(long seed, Trace trace) {
        Resumption resumption = new Resumption(seed, trace);
        resumption.run(Dice.of(seed, "lives", 0));
        return resumption;
    }

    private void run(Dice dice) {
        SimulatedDisk disk = new SimulatedDisk(dice);
        Duration usual = crawlPlan.weather().latency().plus(crawlPlan.manners().delay()).multipliedBy(15);
        int deaths = dice.between(1, 4);
        long budget = dice.chance(0.3) ? dice.between(1, 12) : MANY;
        Dice ofParts = Dice.of(plan.seed(), "parts of lives", 0);
        Limits parts = crawlPlan.job().limits();
        long now = 0;
        for (int number = 0; number <= deaths; number++) {
            boolean last = number == deaths;
            budget = last && dice.chance(0.5) ? MANY : budget + (budget == MANY ? 0 : dice.between(0, 6));
            CrawlPlan present = crawlPlan.with(job(budget, parts, last), crawlPlan.weather());
            parts = PartLimits.raised(parts, number == deaths - 1 && ofParts.chance(0.5) ? MANY : 3, ofParts);
            Life life = new Life(Life.Place.of(plan, present, log, trace), present.job(),
                    last ? Life.Fate.OLD_AGE : fate(dice, usual, number), now, disk, log,
                    trace, dice);
            lives.add(life);
            life.live();
            if (life.end() != End.ALL_ENDED) {
                return;
            }
            if (!life.died() || life.isComplete()) {
                files.add(new Files(life, lines(disk, Life.PAGES), lines(disk, Life.ITEMS)));
            }
            if (life.isComplete()) {
                return;
            }
            now = life.ended() + (dice.chance(0.5) ? 0 : dice.nanosUpTo(Duration.ofSeconds(5)));
        }
    }

    private Life.Fate fate(Dice dice, Duration usual, int number) {
        Dice ofSpace = Dice.of(plan.seed(), "space", number);
        if (ofSpace.chance(0.1)) {
            return new Life.Fate(Long.MAX_VALUE, Optional.empty(), false, ofSpace.between(500, 8_000));
        }
        if (dice.chance(0.15)) {
            return new Life.Fate(Long.MAX_VALUE, Optional.of(dice.anyUpTo(usual)), true, Long.MAX_VALUE);
        }
        return dice.chance(0.5)
                ? new Life.Fate(dice.between(1, 60), Optional.empty(), false, Long.MAX_VALUE)
                : new Life.Fate(Long.MAX_VALUE, Optional.of(dice.anyUpTo(usual)), false, Long.MAX_VALUE);
    }

    /** @param parts limits of the crawl, of which those of its parts grow from life to life */
    private CrawlJob job(long budget, Limits parts, boolean last) {
        return crawlPlan.job()
                .toBuilder()
                .limits(parts.toBuilder()
                        .maxPages(budget)
                        .maxUrls(MANY)
                        .maxLinksPerPage(MANY)
                        .maxDuration(last ? Duration.ofHours(2) : parts.maxDuration())
                        .build())
                .extract(List.of(LINKS))
                .build();
    }

    private static List<String> lines(SimulatedDisk disk, String name) {
        return new String(disk.bytes(name), StandardCharsets.UTF_8).lines().toList();
    }
}
