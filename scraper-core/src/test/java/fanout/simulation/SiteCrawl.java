package fanout.simulation;

import fanout.page.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A crawl of a {@link Site} under one seed: in one process, or in several, of which all but the last lose their power
 * or are drained. Files lie on a {@link SimulatedDisk}, and are written by the production classes.
 */
final class SiteCrawl {

    final SitePlan plan;
    final SiteServer server;
    final NetworkLog log = new NetworkLog();
    final List<Life> lives = new ArrayList<>();
    final Trace trace;
    /** What each request was when a process admitted it, by its key; of each process. */
    final List<Map<String, Request>> admitted = new ArrayList<>();
    /** The lines of the files at the end. */
    List<String> pages = List.of();
    List<String> items = List.of();

    private SiteCrawl(long seed, Trace trace) {
        this.plan = SitePlan.of(seed);
        this.server = new SiteServer(plan.site(), plan.habits());
        this.trace = trace;
    }

    /** Runs a seed to its end, whatever that is. */
    static SiteCrawl of(long seed, Trace trace) {
        SiteCrawl crawl = new SiteCrawl(seed, trace);
        crawl.run(Dice.of(seed, "lives of a site", 0));
        return crawl;
    }

    private void run(Dice dice) {
        SimulatedDisk disk = new SimulatedDisk(dice);
        Duration usual =
                plan.crawl().weather().latency().plus(plan.crawl().manners().delay()).multipliedBy(20);
        int earlier = dice.chance(0.5) ? dice.between(1, 3) : 0;
        long now = 0;
        for (int number = 0; number <= earlier; number++) {
            admitted.add(new HashMap<>());
            Life life = new Life(place(), plan.crawl().job(),
                    number == earlier ? Life.Fate.OLD_AGE : fate(dice, usual), now, disk, log, trace, dice);
            lives.add(life);
            life.live();
            if (life.end() != End.ALL_ENDED) {
                return;
            }
            pages = lines(disk, Life.PAGES);
            items = lines(disk, Life.ITEMS);
            if (life.isComplete()) {
                return;
            }
            now = life.ended() + (dice.chance(0.5) ? 0 : dice.nanosUpTo(Duration.ofSeconds(5)));
        }
    }

    private Life.Place place() {
        return new Life.Place(plan.machine(), plan.choice(), SitePlan.limits(),
                clock -> new SimulatedNetwork(plan.crawl(), server, log, clock, trace, () -> 0),
                runtime -> runtime.withExtractor(plan.extractor())
                        .withSteps((step, _) -> step.admitted().forEach(this::note)));
    }

    private void note(Request request) {
        admitted.getLast().put(key(request), request);
    }

    static String key(Request request) {
        return Site.key(request.url().toString(), request.details().method().name(),
                request.details().body().map(body -> RequestRules.hash(body.text())));
    }

    static String key(Line line) {
        return Site.key(line.url(), line.asked().method(), line.asked().bodyHash());
    }

    static String key(Visit visit) {
        return Site.key(visit.url, visit.details.method().name(), visit.details.body()
                .map(body -> RequestRules.hash(body.text())));
    }

    private static Life.Fate fate(Dice dice, Duration usual) {
        if (dice.chance(0.2)) {
            return new Life.Fate(Long.MAX_VALUE, Optional.of(dice.anyUpTo(usual)), true, Long.MAX_VALUE);
        }
        return dice.chance(0.5)
                ? new Life.Fate(dice.between(1, 60), Optional.empty(), false, Long.MAX_VALUE)
                : new Life.Fate(Long.MAX_VALUE, Optional.of(dice.anyUpTo(usual)), false, Long.MAX_VALUE);
    }

    private static List<String> lines(SimulatedDisk disk, String name) {
        return new String(disk.bytes(name), StandardCharsets.UTF_8).lines().toList();
    }
}
