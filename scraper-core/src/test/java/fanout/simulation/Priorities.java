package fanout.simulation;

import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.page.Request;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether a host serves the requests of a crawl by their priority, and equal ones in the order in which they were
 * found. Only what is certain is judged: a request was waiting if it was due before the other was asked for, and is
 * asked for later, with a rest between.
 */
final class Priorities {

    private final Simulation simulation;
    private final SimulatedCrawl crawl;
    private final Judgement judgement;
    private final DueTimes dueTimes;
    private final Map<String, Outcome> outcomes = new HashMap<>();

    Priorities(Simulation simulation, SimulatedCrawl crawl, Judgement judgement) {
        this.simulation = simulation;
        this.crawl = crawl;
        this.judgement = judgement;
        this.dueTimes = new DueTimes(crawl, simulation.log);
        crawl.sink.written().forEach(outcome -> outcomes.put(RequestRules.key(outcome.request()), outcome));
    }

    void check() {
        Map<String, List<Visit>> hosts = simulation.log.visits(crawl.plan)
                .stream()
                .filter(visit -> visit.isPage() && outcomes.containsKey(visit.key))
                .collect(Collectors.groupingBy(Visit::host, TreeMap::new, Collectors.toList()));
        hosts.values().forEach(this::atHost);
    }

    private void atHost(List<Visit> visits) {
        Set<String> known = new HashSet<>();
        List<Boolean> isFirst = visits.stream().map(visit -> known.add(visit.key)).toList();
        for (int i = 0; i < visits.size(); i++) {
            Visit visit = visits.get(i);
            Optional<Moment> due = isFirst.get(i) ? dueTimes.of(visit) : Optional.empty();
            for (int j = 0; j < i && due.isPresent(); j++) {
                Visit earlier = visits.get(j);
                if (earlier.began.isSettledAfter(due.get()) && visit.began.isSettledAfter(earlier.began)
                        && !mayBeSetAside(visit, earlier)) {
                    boolean inTurn = priority(earlier) > priority(visit)
                            || (priority(earlier) == priority(visit) && !(isFirst.get(j) && wasFound(visit, earlier)));
                    judgement.expect(inTurn, () -> visit + "\n    was due since " + due.get() + ", as "
                            + request(visit) + ",\n    and before it came " + earlier + ", as " + request(earlier));
                }
            }
        }
    }

    /**
     * Whether a request may have waited for a share of its label, when the other did not: pages of the label that were
     * ok, or under way, may have had them all.
     */
    private boolean mayBeSetAside(Visit visit, Visit earlier) {
        Optional<String> label = label(visit);
        Map<String, Long> limits = crawl.plan.job().limits().maxPagesPerLabel();
        Long most = label.map(limits::get).orElse(null);
        return most != null && !label.equals(label(earlier))
                && (isLeasedForNothing(label) || simulation.log.visits(crawl.plan)
                        .stream()
                        .filter(one -> one.isPage() && !one.began.isSettledAfter(visit.began))
                        .filter(one -> one.isOk() || !earlier.began.isSettledAfter(one.end()))
                        .filter(one -> !outcomes.containsKey(one.key) || label(one).equals(label))
                        .count() > most); // the visit itself is one of them
    }

    /** Whether pages of the label took a share and were not asked for: the network's log does not say when. */
    private boolean isLeasedForNothing(Optional<String> label) {
        return outcomes.values()
                .stream()
                .anyMatch(outcome -> outcome instanceof Skipped skipped && skipped.why() == SkipReason.ROBOTS
                        && outcome.request().label().equals(label));
    }

    /** Whose share a visit has: a link out of scope has none. */
    private Optional<String> label(Visit visit) {
        return ExternalChecks.isOutside(request(visit)) ? Optional.empty() : request(visit).label();
    }

    private int priority(Visit visit) {
        return request(visit).details().priority();
    }

    private Request request(Visit visit) {
        return outcomes.get(visit.key).request();
    }

    /** Whether a request was certainly found before another. */
    private boolean wasFound(Visit visit, Visit before) {
        List<Request> starts = crawl.plan.starts();
        Request one = request(visit);
        Request other = request(before);
        if (starts.contains(one) && starts.contains(other)) {
            return starts.indexOf(one) < starts.indexOf(other);
        }
        boolean areLinksOfOne = one.referrer().isPresent() && one.referrer().equals(other.referrer())
                && one.depth() == other.depth()
                && simulation.plan.web().at(one.referrer().get().toString()) instanceof Content.Html;
        if (areLinksOfOne && simulation.plan.web().at(one.referrer().get().toString()) instanceof Content.Html html) {
            List<String> links = PartLimits.inOrder(crawl.plan.job().limits(), html.inOrder());
            return links.indexOf(visit.url) < links.indexOf(before.url);
        }
        Optional<Moment> found = dueTimes.found(visit);
        Optional<Moment> otherFound = dueTimes.foundNotBefore(before);
        return found.isPresent() && otherFound.isPresent() && otherFound.get().isSettledAfter(found.get());
    }
}
