package fanout.simulation;

import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import fanout.report.CrawlReport;
import fanout.simulation.Plan.Surroundings;
import fanout.url.Scope;
import fanout.url.TextPattern;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a crawl asks the links out of its scope whether they work, if its job says so: each by HEAD, and by GET once HEAD
 * was refused. Nothing is read of them, and they lead to nothing but what they redirect to, out of scope as well.
 */
final class ExternalChecks {

    /** As the users are told; the program's own opinion is what is judged. */
    private static final Set<Integer> REFUSALS = Set.of(400, 403, 404, 405, 500, 501);

    private final SimulatedCrawl run;
    private final Judgement judgement;
    private final Map<String, List<Visit>> visits;
    private final boolean checks;

    /** @param visits of pages, by what names them */
    ExternalChecks(SimulatedCrawl run, Judgement judgement, Map<String, List<Visit>> visits) {
        this.run = run;
        this.judgement = judgement;
        this.visits = visits;
        this.checks = run.plan.job().scope().checkExternal();
    }

    /** The scope of a job: where something is out of it, most jobs ask that. */
    static Scope drawn(Scope inside, Surroundings around, int number) {
        if (!around.web().hasOutside()) {
            return inside;
        }
        return new Scope(inside.allowedDomains(), inside.hosts(), inside.include(),
                List.of(TextPattern.of(Outside.PATH)), inside.maxDepth())
                .checkingExternal(Dice.of(around.seed(), "external", number).chance(0.85));
    }

    /** Whether a URL is one that a crawl may ask only in this way. */
    static boolean isOutside(Request request) {
        return !SimulatedWeb.isInScope(request.url().toString());
    }

    /** Whether a visit asked by HEAD, and was answered as by a server that does not know HEAD. */
    static boolean isRefused(Visit visit) {
        return isOutside(visit) && visit.details.method() == Method.HEAD && REFUSALS.contains(visit.status);
    }

    private static boolean isOutside(Visit visit) {
        return visit.isPage() && !SimulatedWeb.isInScope(visit.url);
    }

    /** Whether two requests are one, in whichever way a link out of scope was asked in the end. */
    static boolean areOne(Request one, Request other) {
        return (one.isExternal() && other.isExternal())
                ? one.with(Details.EXTERNAL).equals(other.with(Details.EXTERNAL))
                : one.equals(other);
    }

    void check() {
        run.sink.written().forEach(this::outcome);
        visits.values().stream().filter(asked -> isOutside(asked.getFirst())).forEach(this::asked);
        CrawlReport report = run.report().orElseThrow();
        long works = run.sink.written()
                .stream()
                .filter(outcome -> outcome instanceof Fetched && isOutside(outcome.request()))
                .count();
        long told = report.links().externalOk();
        judgement.expect(run.isComplete() ? works == told : works <= told,
                () -> works + " links out of scope work, and the report says " + told);
    }

    private void outcome(Outcome outcome) {
        Request request = outcome.request();
        judgement.expect(request.isExternal() == isOutside(request) && (checks || !isOutside(request)),
                () -> outcome + "\n    is in scope or not");
        if (!isOutside(request)) {
            return;
        }
        Method method = request.details().method();
        judgement.expect(request.details().equals(method == Method.GET ? Details.EXTERNAL_GET : Details.EXTERNAL),
                () -> outcome + "\n    asks for more than whether a link works");
        judgement.expect(method == Method.GET || !(outcome instanceof Failed failed)
                || !(failed.failure() instanceof Failure.HttpStatus(int status)) || !REFUSALS.contains(status),
                () -> outcome + "\n    is called broken, and only HEAD was refused");
        List<Visit> asked = visits.getOrDefault(RequestRules.key(request), List.of());
        judgement.expect(asked.isEmpty() || asked.getLast().details.method() == method
                || isRefused(asked.getLast()) || asked.getLast().interrupted,
                () -> outcome + "\n    was asked in another way at last: " + asked);
        judgement.expect(!(outcome instanceof Redirected redirected) || redirected.next().isExternal(),
                () -> outcome + "\n    leads on as a page");
    }

    /** By HEAD, as long as that is not refused; by GET from then on; and no answer's body is read. */
    private void asked(List<Visit> times) {
        boolean refused = false;
        for (Visit visit : times) {
            judgement.expect(!visit.bodyRead, () -> visit + "\n    was read, and is out of scope");
            boolean isGet = visit.details.method() == Method.GET;
            judgement.expect(visit.details.equals(isGet ? Details.EXTERNAL_GET : Details.EXTERNAL),
                    () -> visit + "\n    asks for more than whether a link works");
            boolean mayGet = refused;
            judgement.expect(isGet == mayGet || visit.interrupted || leadsBack(times, visit),
                    () -> visit + "\n    was not asked by " + (mayGet ? "GET" : "HEAD") + ": " + times);
            refused |= isRefused(visit);
        }
    }

    /** Whether a chain of redirects has been there before: it asks in the first way again. */
    private static boolean leadsBack(List<Visit> times, Visit visit) {
        return times.subList(0, times.indexOf(visit)).stream().anyMatch(before -> before.location.isPresent());
    }
}
