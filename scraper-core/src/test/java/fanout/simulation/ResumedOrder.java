package fanout.simulation;

import fanout.page.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a process that takes up a crawl serves what waits in the order that it would have had: by priority, and equal
 * ones as they were found. Judged are start requests, of which each process knows all before it asks for anything, and
 * links of a page that an earlier process has read and none has since.
 */
final class ResumedOrder {

    private final Resumption run;
    private final Life life;
    private final List<Visit> visits;
    private final Map<String, Line> lines;
    private final List<String> complaints = new ArrayList<>();

    /** @param lines those at the end, by the key of their request */
    ResumedOrder(Resumption run, Life life, Map<String, Line> lines) {
        this.run = run;
        this.life = life;
        this.visits = life.visits;
        this.lines = lines;
    }

    List<String> complaints() {
        visits.stream()
                .filter(Visit::isPage)
                .collect(Collectors.groupingBy(Visit::host))
                .values()
                .forEach(this::atHost);
        return complaints;
    }

    private void atHost(List<Visit> atHost) {
        Set<String> known = new HashSet<>();
        List<Visit> first = atHost.stream().filter(visit -> known.add(visit.key)).toList();
        for (int i = 0; i < first.size(); i++) {
            Visit visit = first.get(i);
            for (Visit earlier : first.subList(0, i)) {
                if (earlier.began.isSettledAfter(visits.getFirst().began) && visit.began.isSettledAfter(earlier.began)
                        && !mayBeSetAside(visit, earlier) && wasBefore(visit, earlier)) {
                    complaints.add(visit + "\n    came after " + earlier + ", in the process that began at "
                            + Trace.seconds(life.began));
                }
            }
        }
    }

    /**
     * Whether a request certainly waited when the process asked for the other, and should have been the first of them.
     */
    private boolean wasBefore(Visit visit, Visit other) {
        int start = start(visit);
        int otherStart = start(other);
        if (start >= 0 && otherStart >= 0) {
            int priority = priority(start);
            int otherPriority = priority(otherStart);
            return priority > otherPriority || (priority == otherPriority && start < otherStart);
        }
        Optional<String> referrer = linkedFrom(visit);
        if (start >= 0) {
            return priority(start) > 0 && isNothingButLink(other);
        }
        if (referrer.isPresent() && otherStart >= 0) {
            return priority(otherStart) < 0 && wasReadBefore(referrer.get());
        }
        return referrer.isPresent() && referrer.equals(linkedFrom(other)) && wasReadBefore(referrer.get())
                && run.plan.web().at(referrer.get()) instanceof Content.Html html
                && wasFoundBefore(html, visit, other);
    }

    private boolean wasFoundBefore(Content.Html html, Visit visit, Visit other) {
        List<String> links = PartLimits.inOrder(life.job.limits(), html.inOrder());
        return links.indexOf(visit.url) < links.indexOf(other.url);
    }

    /** Whether a request may have waited for a share of its label, which the other has not. */
    private boolean mayBeSetAside(Visit visit, Visit other) {
        Optional<String> label = label(visit);
        Map<String, Long> limits = life.job.limits().maxPagesPerLabel();
        return label.filter(limits::containsKey).isPresent() && !label.equals(label(other));
    }

    private Optional<String> label(Visit visit) {
        @Nullable
        Line line = lines.get(visit.key);
        return line == null || line.isExternal() ? Optional.empty() : line.named().label();
    }

    private int priority(int start) {
        return run.crawlPlan.starts().get(start).details().priority();
    }

    /** Which of the start requests it is; negative if none. */
    private int start(Visit visit) {
        List<Request> starts = run.crawlPlan.starts();
        return starts.stream().map(RequestRules::key).toList().indexOf(visit.key);
    }

    /** The page whose link was the first to a request. */
    private Optional<String> linkedFrom(Visit visit) {
        @Nullable
        Line line = lines.get(visit.key);
        return line == null ? Optional.empty()
                : line.referrer().filter(referrer -> run.plan.web().at(referrer) instanceof Content.Html);
    }

    /** Whether it has the priority of links in each process: no redirect, which keeps its own, has led to it. */
    private boolean isNothingButLink(Visit visit) {
        return linkedFrom(visit).isPresent()
                && run.log.visits().stream().noneMatch(one -> one.location.equals(Optional.of(visit.url)));
    }

    /**
     * Whether an earlier process has read a page that leads to some line, and its links are known for good: neither
     * this process asked for it nor one after it. Otherwise a request may have been found by another page at first.
     */
    private boolean wasReadBefore(String url) {
        return run.log.visits().stream().skip(life.earlier.size()).noneMatch(visit -> visit.url.equals(url));
    }
}
