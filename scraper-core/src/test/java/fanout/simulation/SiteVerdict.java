package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.page.Request;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.simulation.Site.Doc;
import fanout.simulation.Site.FollowUp;
import fanout.simulation.Site.Gone;
import fanout.simulation.Site.Image;
import fanout.simulation.Site.Moved;
import fanout.simulation.Site.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a {@link SiteCrawl} is judged by: what stands on the site, what its servers have shown, and the files. Of a
 * report it is asked whether it says what stands in the files. Empty if all is well.
 */
final class SiteVerdict {

    private final SiteCrawl run;
    private final Site site;
    private final CrawlJob job;
    private final List<String> complaints = new ArrayList<>();
    /** In the order of the file, in which what was found by one comes behind it. */
    private final Map<String, Line> lines = new LinkedHashMap<>();
    /** Of all processes, by their requests. */
    private final Map<String, List<Visit>> visits;

    private SiteVerdict(SiteCrawl run) {
        this.run = run;
        this.site = run.plan.site();
        this.job = run.plan.crawl().job();
        this.visits = run.log.visits().stream().collect(Collectors.groupingBy(SiteCrawl::key));
    }

    static List<String> on(SiteCrawl run) {
        SiteVerdict verdict = new SiteVerdict(run);
        verdict.judge();
        return verdict.complaints;
    }

    private void expect(boolean holds, Supplier<String> complaint) {
        if (!holds) {
            complaints.add(complaint.get());
        }
    }

    private void judge() {
        Life last = run.lives.getLast();
        if (last.end() != End.ALL_ENDED) {
            complaints.add(last.end() + ", with\n" + last.stacks());
            last.abandon();
            return;
        }
        run.lives.forEach(life -> expect(life.thrown().isEmpty(), () -> "thrown: " + life.thrown().orElseThrow()));
        if (complaints.isEmpty()) {
            files();
            complaints.addAll(new SiteLogins(run, lines).complaints());
            lines.values().forEach(this::line);
            lines.values().forEach(this::discovery);
            CrawlReport report = last.report().orElseThrow();
            report(report);
            if (report.accounting().discovered() < job.limits().maxUrls()) {
                nothingIsMissing();
            }
            if (report.finishReason() == FinishReason.EXHAUSTED) {
                lines.values().forEach(this::isFinal);
            }
            run.lives.forEach(this::sentOnce);
            for (int life = 0; life < run.lives.size(); life++) {
                inTurn(run.lives.get(life), run.admitted.get(life));
            }
        }
    }

    private void files() {
        for (String text : run.pages) {
            Optional<Line> line = Line.read(text);
            expect(line.isPresent(), () -> "no line: " + text);
            line.ifPresent(one -> expect(lines.put(SiteCrawl.key(one), one) == null,
                    () -> "two lines for " + SiteCrawl.key(one)));
        }
        Map<String, Long> items = run.items.stream()
                .collect(Collectors.groupingBy(item -> Line.pageOf(item).orElse("torn"), Collectors.counting()));
        Map<String, Long> parsed = lines.values()
                .stream()
                .filter(line -> line.outcome().equals("ok") && thing(line) instanceof Doc)
                .collect(Collectors.groupingBy(Line::url, Collectors.counting()));
        expect(items.equals(parsed), () -> "items of " + items + ", and pages " + parsed);
    }

    private void report(CrawlReport report) {
        Map<String, Long> outcomes =
                lines.values().stream().collect(Collectors.groupingBy(Line::outcome, Collectors.counting()));
        expect(report.accounting().isBalanced() && report.accounting().discovered() == lines.size(),
                () -> "not balanced: " + report.accounting() + ", of " + lines.size() + " lines");
        long ok = outcomes.getOrDefault("ok", 0L);
        expect(report.accounting().ok() == ok
                && report.accounting().failed() == outcomes.getOrDefault("failed", 0L)
                && report.accounting().redirected() == outcomes.getOrDefault("redirected", 0L),
                () -> "the report says " + report.accounting() + ", and the file " + outcomes);
        expect(ok <= job.limits().maxPages(), () -> ok + " pages, of " + job.limits().maxPages());
        expect(report.finishReason() != FinishReason.MAX_PAGES || ok == job.limits().maxPages(),
                () -> "ended as maxPages with " + ok + " pages");
        expect(lines.size() <= job.limits().maxUrls(), () -> lines.size() + " lines, of " + job.limits().maxUrls());
        expect(report.finishReason() == FinishReason.EXHAUSTED || report.finishReason() == FinishReason.MAX_PAGES
                || report.finishReason() == FinishReason.FAILED,
                () -> "left alone, it ended as " + report.finishReason());
    }

    private Place place(Line line) {
        return site.at(line.url(), line.asked().method(), body(line));
    }

    private Site.Thing thing(Line line) {
        return place(line).thing();
    }

    /** As some visit has sent it. */
    private Optional<String> body(Line line) {
        return visits.getOrDefault(SiteCrawl.key(line), List.of())
                .stream()
                .flatMap(visit -> visit.details.body().stream())
                .map(Request.Body::text)
                .findFirst();
    }

    private static Map<String, String> data(Line line) {
        return line.data()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(entry -> entry.getKey().substring("data.".length()), Map.Entry::getValue));
    }

    // One line: what was shown.

    /** A line says what stands on the site, and a server has shown it. */
    private void line(Line line) {
        List<Visit> own = visits.getOrDefault(SiteCrawl.key(line), List.of());
        boolean isTrue = switch (line.outcome()) {
            case "ok" -> own.stream().anyMatch(run.server::isServed) && switch (thing(line)) {
                case Doc doc -> line.named().title().equals(Optional.of(doc.title()));
                case Image _ -> line.named().title().isEmpty();
                case Moved _,Gone _ -> false;
            };
            case "redirected" -> thing(line) instanceof Moved moved
                    && line.way().redirectUrl().equals(Optional.of(moved.to()))
                    && own.stream().anyMatch(visit -> isShownPlace(visit) && visit.location.isPresent());
            case "failed" -> failed(line, own);
            case "skipped" -> switch (line.reason()) {
                case "robots" -> (line.url().startsWith(Site.LOGIN) && run.plan.habits().forbidsLogin()
                        && job.politeness().obeyRobots()) || hasRobotsTrouble(line);
                case "budget" -> run.lives.getLast().report().orElseThrow().finishReason() == FinishReason.MAX_PAGES;
                default -> false;
            };
            case "cancelled" -> true;
            default -> false;
        };
        expect(isTrue, () -> line + "\n    is of " + place(line) + ", which was visited " + own);
    }

    private boolean isShownPlace(Visit visit) {
        return run.server.shown(visit).equals(Optional.of(SiteServer.Shown.PLACE));
    }

    private boolean hasRobotsTrouble(Line line) {
        return run.log.visits()
                .stream()
                .anyMatch(visit -> visit.isRobots() && visit.host().equals(SimulatedWeb.hostOf(line.url()))
                        && !visit.isOk());
    }

    private boolean failed(Line line, List<Visit> own) {
        return switch (line.reason()) {
            case "http_status" -> (thing(line) instanceof Gone(int status) && status == line.way().status())
                    || own.stream()
                            .anyMatch(visit -> visit.status == line.way().status() && visit.status >= 429
                                    && !visit.interrupted);
            case "too_many_redirects" ->
                    thing(line) instanceof Moved && line.redirects() >= job.limits().maxRedirects();
            case "session" -> true; // SiteLogins judges it
            default -> own.stream().anyMatch(visit -> visit.failure.isPresent()) || hasRobotsTrouble(line);
        };
    }

    /** At the end of a crawl that came to its own end. */
    private void isFinal(Line line) {
        expect(!line.outcome().equals("cancelled") && !line.reason().equals("budget"),
                () -> "exhausted, and not tried: " + line);
    }

    // How requests were found.

    /** What a line's page has found, or its redirect leads to; nothing of a line that leads nowhere. */
    private List<FollowUp> found(Line line) {
        return switch (thing(line)) {
            case Doc doc when line.outcome().equals("ok") && line.depth() < job.scope().maxDepth() ->
                    site.followUps(line.url(), doc, data(line), run.plan.rules());
            case Doc _,Moved _,Gone _,Image _ -> List.of();
        };
    }

    private Optional<String> leadsTo(Line line) {
        return line.outcome().equals("redirected") ? line.leadsTo() : Optional.empty();
    }

    /** Label, data, depth and referrer are those of the first discovery. */
    private void discovery(Line line) {
        String key = SiteCrawl.key(line);
        Optional<Request> start =
                run.plan.crawl().starts().stream().filter(one -> SiteCrawl.key(one).equals(key)).findFirst();
        if (start.isPresent()) {
            Request request = start.get();
            expect(line.depth() == 0 && line.referrer().isEmpty() && line.named().label().equals(request.label())
                    && line.data().equals(Line.data(request)),
                    () -> line + "\n    is not as it was started: " + request);
            hasPriority(key, request.details().priority());
            return;
        }
        for (Line one : lines.values()) {
            if (leadsTo(one).filter(key::equals).isPresent()
                    || found(one).stream().anyMatch(found -> found.key().equals(key))) {
                isFoundBy(line, one, key);
                return;
            }
            if (isAtTheEndOf(one, line)) {
                return;
            }
        }
        expect(false, () -> line + "\n    was found on no page that has a line");
    }

    /**
     * Whether a line is of the chain of redirects that another began. What lies between them may have a line of its own
     * by then, because the crawl has found it elsewhere.
     */
    private boolean isAtTheEndOf(Line first, Line line) {
        String from = first.url();
        Set<String> chain = new HashSet<>();
        Optional<String> next = leadsTo(first);
        while (next.isPresent() && !next.get().equals(line.url()) && chain.add(next.get())) {
            from = next.get();
            next = site.at(from, "GET", Optional.empty()).thing() instanceof Moved moved ? Optional.of(moved.to())
                    : Optional.empty();
        }
        return next.equals(Optional.of(line.url())) && line.asked().method().equals("GET")
                && line.referrer().equals(Optional.of(from)) && line.depth() == first.depth()
                && line.named().label().equals(first.named().label()) && line.data().equals(first.data());
    }

    private void isFoundBy(Line line, Line by, String key) {
        boolean ofLarge = line.referrer().isPresent() && !line.referrer().get().equals(by.url())
                && lines.values()
                        .stream()
                        .anyMatch(one -> one.url().equals(line.referrer().get())
                                && found(one).size() > 1_000);
        if (ofLarge) {
            return; // the first links of a large page are found before its line
        }
        Optional<FollowUp> link = leadsTo(by).isPresent() ? Optional.empty()
                : found(by).stream().filter(found -> found.key().equals(key)).findFirst();
        boolean isSo = line.referrer().equals(Optional.of(by.url()))
                && line.depth() == by.depth() + (link.isPresent() ? 1 : 0)
                && line.named().label().equals(link.isPresent() ? link.get().label() : by.named().label())
                && data(line).equals(link.isPresent() ? link.get().data() : data(by));
        expect(isSo, () -> line + "\n    was first found by " + by + link.map(found -> "\n    as " + found).orElse(""));
        if (link.isPresent()) {
            hasPriority(key, link.get().priority());
        }
    }

    private void hasPriority(String key, int priority) {
        run.admitted.stream()
                .map(requests -> requests.get(key))
                .filter(Objects::nonNull)
                .reduce((_, later) -> later)
                .ifPresent(request -> expect(request.details().priority() == priority,
                        () -> request + "\n    was found with the priority " + priority));
    }

    /** Each request that can be reached has its line. */
    private void nothingIsMissing() {
        run.plan.crawl()
                .starts()
                .forEach(start -> expect(lines.containsKey(SiteCrawl.key(start)), () -> "no line for " + start));
        for (Line line : lines.values()) {
            found(line).stream()
                    .filter(found -> Site.isInScope(found.url()))
                    .forEach(found -> expect(lines.containsKey(found.key()),
                            () -> "no line for " + found + ",\n    which is found by " + line));
            leadsTo(line).filter(Site::isInScope)
                    .ifPresent(target -> expect(lines.containsKey(target),
                            () -> "no line for " + target + ", where " + line + " leads"));
        }
    }

    // What servers saw.

    /**
     * What has shown its page is not asked for again, except at the end of a chain of redirects, and what a server may
     * have seen of a POST only after it refused it.
     */
    private void sentOnce(Life life) {
        Map<String, Visit> last = new HashMap<>();
        for (Visit visit : life.visits) {
            if (visit.isRobots() || SiteServer.isStep(visit)) {
                continue;
            }
            Visit before = last.put(SiteCrawl.key(visit), visit);
            if (before == null) {
                continue;
            }
            boolean wasRefused = run.server.isRefused(before);
            expect(wasRefused || before.location.isPresent() || RequestRules.mayRepeat(before),
                    () -> visit + "\n    was sent again after " + before);
            expect(!run.server.isServed(before) || site.isTarget(visit.url),
                    () -> visit + "\n    was asked for again after " + before);
        }
    }

    /** The highest priority first, as far as it is certain that both waited, and since when. */
    private void inTurn(Life life, Map<String, Request> admitted) {
        Map<String, Visit> first = new LinkedHashMap<>();
        life.visits.stream()
                .filter(visit -> !visit.isRobots() && !SiteServer.isStep(visit) && !site.isTarget(visit.url)
                        && admitted.containsKey(SiteCrawl.key(visit)))
                .forEach(visit -> first.putIfAbsent(SiteCrawl.key(visit), visit));
        first.forEach(
                (key, visit) -> known(life, admitted.get(key)).ifPresent(known -> first.forEach((other, before) -> {
                    boolean isOver = before.host().equals(visit.host()) && before.began.isSettledAfter(known)
                            && visit.began.isSettledAfter(before.began);
                    Request one = admitted.get(key);
                    Request passed = admitted.get(other);
                    expect(!isOver || one.details().priority() <= passed.details().priority(),
                            () -> visit + "\n    waited since " + known + " as " + one + ",\n    and before it came "
                                    + before
                                    + ", as " + passed);
                })));
    }

    /** The moment from which a request of a link certainly waited. */
    private Optional<Moment> known(Life life, Request request) {
        List<Visit> referrers = life.visits.stream()
                .filter(visit -> request.referrer().map(Object::toString).equals(Optional.of(visit.url))
                        && run.server.isServed(visit))
                .toList();
        return referrers.size() == 1 && !site.isTarget(referrers.getFirst().url)
                ? Optional.of(referrers.getFirst().end())
                : Optional.empty();
    }
}
