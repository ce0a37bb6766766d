package fanout.simulation;

import fanout.page.Request;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Resumption} is judged by: the files, and the network's log. Of a report it is asked whether it says
 * what stands in the files. Empty if all is well.
 */
final class Verdict {

    /** What a crash may take: a second until the commit, and what the writer takes for it. */
    private static final long LOST = Duration.ofSeconds(3).toNanos();

    private final Resumption run;
    private final List<String> complaints = new ArrayList<>();

    private Verdict(Resumption run) {
        this.run = run;
    }

    static List<String> on(Resumption run) {
        Verdict verdict = new Verdict(run);
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
        run.lives.forEach(this::space);
        run.files.stream().filter(files -> files.after().report().isPresent()).forEach(this::files);
        if (complaints.isEmpty()) {
            end(run.files.getLast());
            fetchedAgain();
            sentAgain();
            headers();
            run.lives.forEach(life -> new ResumedOrder(run, life, lines(run.files.getLast())).complaints()
                    .forEach(complaints::add));
            politeness();
            retryAfter();
        }
    }

    /**
     * When the space is spent nothing more is handed out, and the report says so: only what workers had by then goes
     * on.
     */
    private void space(Life life) {
        long late = run.log.visits()
                .stream()
                .filter(visit -> !life.earlier.contains(visit) && visit.began.time() > life.spentAt()
                        && visit.began.time() < life.ended()) // the next life may begin in the same moment
                .count();
        expect(late <= life.job.concurrency(), () -> late + " requests after all space was spent");
        life.report()
                .ifPresent(report -> expect(
                        report.failure().isEmpty()
                                || (life.spentAt() <= life.ended() && report.finishReason() == FinishReason.FAILED),
                        () -> "failed with space left: " + report.failure()));
    }

    /** Each request and each item once, in whole lines; and the report says the same. */
    private void files(Resumption.Files files) {
        Map<String, Line> lines = new HashMap<>();
        Copies copies = new Copies(run.plan.web());
        for (String text : files.pages()) {
            Optional<Line> line = Line.read(text);
            line.filter(one -> one.outcome().equals("ok"))
                    .flatMap(one -> copies.wrong(one.url(), one.hasLinks(), one.duplicateOf()))
                    .ifPresent(complaints::add);
            expect(line.isPresent(), () -> "no line: " + text);
            line.ifPresent(one -> expect(lines.put(one.key(), one) == null, () -> "two lines for " + one.key()));
        }
        Map<String, Long> items = files.items()
                .stream()
                .collect(Collectors.groupingBy(item -> Line.pageOf(item).orElse("torn"), Collectors.counting()));
        Map<String, Long> expected = lines.values()
                .stream()
                .collect(Collectors.groupingBy(Line::url, Collectors.summingLong(this::itemsOf)));
        expected.forEach((url, count) -> expect(items.getOrDefault(url, 0L).equals(count),
                () -> items.get(url) + " items of " + url + ", not " + count));
        expect(expected.keySet().containsAll(items.keySet()), () -> "items without a page: " + items);
        CrawlReport report = files.after().report().orElseThrow();
        report(report, lines, files);
    }

    private long itemsOf(Line line) {
        return line.hasLinks() && run.plan.web().at(line.url()) instanceof Content.Html html
                ? html.inOrder().size()
                : 0;
    }

    private void report(CrawlReport report, Map<String, Line> lines, Resumption.Files files) {
        Map<String, Long> outcomes =
                lines.values().stream().collect(Collectors.groupingBy(Line::outcome, Collectors.counting()));
        expect(report.accounting().isBalanced() && report.accounting().discovered() == lines.size(),
                () -> "not balanced: " + report.accounting() + ", of " + lines.size() + " lines");
        expect(report.accounting().ok() == outcomes.getOrDefault("ok", 0L)
                && report.accounting().failed() == outcomes.getOrDefault("failed", 0L)
                && report.accounting().redirected() == outcomes.getOrDefault("redirected", 0L),
                () -> "the report says " + report.accounting() + ", and the file " + outcomes);
        expect(report.items().extracted() == files.items().size(),
                () -> "the report says " + report.items() + ", and the file " + files.items().size());
        long most = files.after().job.limits().maxPages();
        long ok = lines.values().stream().filter(Line::isPage).count();
        expect(report.links().externalOk() == outcomes.getOrDefault("ok", 0L) - ok,
                () -> "the report says " + report.links() + ", and the file " + outcomes + " with " + ok + " pages");
        expect(ok <= most, () -> ok + " pages, of " + most);
        PartLimits parts = new PartLimits(files.after().job.limits());
        lines.values()
                .stream()
                .filter(Line::isPage)
                .forEach(line -> parts.ok(PartLimits.Page.of(line)));
        expect(parts.areKept(), () -> "more pages than their part may have, " + parts);
        expect(report.finishReason() != FinishReason.MAX_PAGES || ok == most || parts.areSpentSomewhere(),
                () -> "ended as maxPages with " + ok + " pages, of " + most + ", and " + parts);
        lines.values()
                .stream()
                .filter(line -> line.reason().equals("budget"))
                .forEach(line -> expect(ok == most || parts.areSpentFor(PartLimits.Page.of(line)),
                        () -> "skipped for a budget that is not spent: " + line + ", " + parts));
        int began = run.lives.indexOf(files.after()) + 1;
        expect(report.timing().runs() <= began, () -> report.timing().runs() + " runs, and there were " + began);
    }

    /** Nothing is missing at the end. */
    private void end(Resumption.Files files) {
        CrawlReport report = files.after().report().orElseThrow();
        Map<String, Line> lines = lines(files);
        expect(report.finishReason() == FinishReason.EXHAUSTED || report.finishReason() == FinishReason.MAX_PAGES,
                () -> "left alone, it ended as " + report.finishReason());
        expect(report.finishReason() != FinishReason.EXHAUSTED
                || lines.values()
                        .stream()
                        .noneMatch(line -> line.outcome().equals("cancelled")
                                || line.reason().equals("budget")),
                () -> "exhausted, and not all was tried");
        int depth = run.crawlPlan.job().scope().maxDepth();
        for (Request start : run.crawlPlan.starts()) {
            Line line = lines.get(RequestRules.key(start));
            expect(line != null && line.data().equals(Line.data(start)),
                    () -> "no line for " + start + ", but " + line);
        }
        for (Line line : lines.values()) {
            expect(line.isExternal() != SimulatedWeb.isInScope(line.url()), () -> "in scope or not: " + line);
            if (line.hasLinks() && isFollowed(line)
                    && run.plan.web().at(line.url()) instanceof Content.Html html) {
                html.links()
                        .stream()
                        .filter(link -> SimulatedWeb.isInScope(link) ? line.depth() < depth : checksExternal())
                        .forEach(link -> expect(lines.containsKey(link),
                                () -> "no line for " + link + ", a link of " + line));
            }
            line.way()
                    .redirectUrl()
                    .filter(target -> mayLead(line, target))
                    .map(target -> SimulatedWeb.isInScope(target) ? line.leadsTo().orElseThrow() : target)
                    .ifPresent(target -> redirect(line, lines.get(target), lines.values(), target));
            expect(line.isExternal() || line.referrer().filter(from -> !SimulatedWeb.isInScope(from)).isEmpty(),
                    () -> "named by what is out of scope: " + line);
            line.referrer()
                    .filter(_ -> !line.isExternal())
                    .ifPresent(referrer -> referred(line, referrer, lines.values()));
        }
    }

    private boolean checksExternal() {
        return run.crawlPlan.job().scope().checkExternal();
    }

    /** Whether a redirect is followed: out of scope that of a link, to be asked there, and nothing leads back. */
    private boolean mayLead(Line from, String target) {
        if (from.isExternal() || !SimulatedWeb.mayBeFollowed(target)) {
            return checksExternal() && target.startsWith("http:") && !SimulatedWeb.isInScope(target)
                    && (from.isExternal() || (from.redirects() == 0 && !isStart(from)));
        }
        return true;
    }

    private boolean isStart(Line line) {
        return run.crawlPlan.starts().stream().map(RequestRules::key).anyMatch(line.key()::equals);
    }

    private void redirect(Line line, @Nullable Line target, Collection<Line> lines, String key) {
        expect(target != null, () -> "no line for " + key + ", where " + line + " leads");
        if (target != null && target.referrer().equals(Optional.of(line.url()))) {
            expect(lines.stream()
                    .anyMatch(one -> one.url().equals(line.url()) && one.leadsTo().equals(line.leadsTo())
                            && target.redirects() > one.redirects()),
                    () -> "the chain from " + line + "\n    was forgotten at " + target);
        }
    }

    /** Data travel with a request to what its page leads to. */
    private void referred(Line line, String referrer, Collection<Line> lines) {
        expect(lines.stream().anyMatch(one -> one.url().equals(referrer) && one.data().equals(line.data())),
                () -> line + "\n    has data that no line of its referrer has");
        expect(lines.stream().anyMatch(one -> one.url().equals(referrer) && isFollowed(one)),
                () -> line + "\n    was found on a duplicate");
    }

    /** Whether the links of a page are. */
    private boolean isFollowed(Line line) {
        return run.crawlPlan.job().scope().followDuplicates() || line.duplicateOf().isEmpty();
    }

    /**
     * A page is asked for again if a crash may have taken its line, or it came too late for one, and for no other
     * reason.
     */
    private void fetchedAgain() {
        Map<String, List<Visit>> pages = run.log.visits()
                .stream()
                .filter(visit -> visit.isPage() && visit.isOk() && !visit.interrupted)
                .collect(Collectors.groupingBy(visit -> visit.key));
        pages.forEach((key, visits) -> {
            for (Visit visit : visits.subList(0, visits.size() - 1)) {
                long time = visit.end().time();
                expect(isLost(time) || run.lives.stream().anyMatch(life -> life.wasOutOfTimeAt(time)),
                        () -> key + " was fetched again, and no crash had taken it: " + visits);
            }
        });
    }

    /**
     * What a server may have seen is not sent to it a second time by one process, unless it may be, or a redirect leads
     * back.
     */
    private void sentAgain() {
        for (Life life : run.lives) {
            Map<String, Visit> last = new HashMap<>();
            life.visits.stream().filter(Visit::isPage).forEach(visit -> {
                Visit before = last.put(visit.key, visit);
                expect(before == null || RequestRules.mayRepeat(before) || before.location.isPresent(),
                        () -> visit + "\n    was sent again after " + before);
            });
        }
    }

    /** Headers are no part of what a start request is known by, and are sent in each process. */
    private void headers() {
        Map<String, Map<String, String>> headers = run.crawlPlan.starts()
                .stream()
                .collect(Collectors.toMap(RequestRules::key, start -> start.details().headers()));
        for (Visit visit : run.log.visits()) {
            Map<String, String> expected = headers.getOrDefault(visit.key, visit.details.headers());
            expect(visit.details.headers().equals(expected),
                    () -> visit + "\n    was asked for with " + visit.details.headers() + ", not " + expected);
        }
    }

    private static Map<String, Line> lines(Resumption.Files files) {
        return files.pages()
                .stream()
                .flatMap(text -> Line.read(text).stream())
                .collect(Collectors.toMap(Line::key, one -> one));
    }

    /** Whether a crash may have taken what happened then. */
    private boolean isLost(long time) {
        return run.lives.stream().anyMatch(life -> life.died() && life.ended() >= time && life.ended() - time <= LOST);
    }

    /** Between two requests to a host is its delay, and after a start of the process too. */
    private void politeness() {
        Map<String, List<Visit>> hosts = run.log.visits()
                .stream()
                .filter(visit -> visit.written.isPresent())
                .sorted(Comparator.comparingLong(Visit::writtenAt))
                .collect(Collectors.groupingBy(Visit::host));
        hosts.forEach((_, visits) -> {
            for (int i = 1; i < visits.size(); i++) {
                Visit before = visits.get(i - 1);
                Visit visit = visits.get(i);
                long needed = run.crawlPlan.delayBefore(visit, run.plan.web()).toNanos();
                expect(visit.writtenAt() - before.writtenAt() >= needed,
                        () -> (visit.writtenAt() - before.writtenAt()) / 1e6 + " ms after the request before it: "
                                + visit
                                + "\n    after " + before);
            }
            for (Life life : restarts()) {
                long needed = run.crawlPlan.manners().delay().toNanos();
                visits.stream()
                        .filter(visit -> !life.earlier.contains(visit))
                        .findFirst()
                        .ifPresent(visit -> expect(visit.writtenAt() - life.began >= needed,
                                () -> "sooner after the restart at " + Trace.seconds(life.began) + " than the delay: "
                                        + visit));
            }
        });
    }

    /** Those before which a host was asked for something: of the others there is nothing to be known. */
    private List<Life> restarts() {
        return run.lives.stream()
                .filter(life -> life.earlier.stream().anyMatch(visit -> visit.written.isPresent()))
                .toList();
    }

    /** A Retry-After outlives the process that was told it. */
    private void retryAfter() {
        Duration most = run.crawlPlan.job().politeness().maxRetryAfter();
        for (Visit busy : run.log.visits()) {
            boolean holds = !busy.interrupted && busy.retryAfter.filter(asked -> asked.compareTo(most) <= 0).isPresent()
                    && !isLost(busy.end().time());
            if (holds) {
                run.log.visits()
                        .stream()
                        .filter(visit -> visit.host().equals(busy.host()) && visit.began.isSettledAfter(busy.end()))
                        .forEach(visit -> expect(visit.began.time() >= busy.holdsUntil,
                                () -> visit + "\n    came before the Retry-After of " + busy));
            }
        }
    }
}
