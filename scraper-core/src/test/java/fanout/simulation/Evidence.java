package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.outcome.Skipped;
import fanout.outcome.Stage;
import fanout.report.FinishReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether an outcome is what the network's log says of its URL. */
final class Evidence {

    private final SimulatedWeb web;
    private final SimulatedCrawl run;
    private final Judgement judgement;
    private final CrawlJob job;
    private final Map<String, List<Visit>> visits;
    private final Skips skips;
    /** How requests for a robots.txt have failed. */
    private final Set<Failure> robots;

    Evidence(Simulation simulation, SimulatedCrawl run, Judgement judgement, Map<String, List<Visit>> visits) {
        this.web = simulation.plan.web();
        this.run = run;
        this.judgement = judgement;
        this.job = run.plan.job();
        this.visits = visits;
        this.skips = new Skips(simulation, run);
        this.robots = simulation.log.visits(run.plan)
                .stream()
                .filter(Visit::isRobots)
                .flatMap(visit -> visit.failure.stream())
                .collect(Collectors.toSet());
    }

    void check(Outcome outcome) {
        String url = outcome.request().url().toString();
        List<Visit> own = visits.getOrDefault(RequestRules.key(outcome.request()), List.of());
        Optional<Visit> last = own.isEmpty() ? Optional.empty() : Optional.of(own.getLast());
        List<Visit> seen = own.stream().filter(visit -> !visit.isUncounted()).toList(); // by the server
        Optional<Visit> lastSeen = seen.isEmpty() ? Optional.empty() : Optional.of(seen.getLast());
        judgement.expect(agrees(outcome, last) || agrees(outcome, lastSeen),
                () -> outcome + "\n    was visited " + own);
        judgement.expect(own.stream()
                .allMatch(visit -> visit.details.headers().equals(outcome.request().details().headers())),
                () -> outcome + "\n    was asked for with other headers: " + own);
        int requests = seen.size();
        int attempts = outcome.trail().attempts();
        // ten in a row, or the last one of a crawl that ended
        boolean staleLast = last.filter(Visit::isUncounted).isPresent();
        judgement.expect(attempts == requests || (staleLast && attempts == requests + 1),
                () -> url + ": " + attempts + " attempts, but " + own);
        judgement.expect(!(outcome instanceof Skipped skipped) || skips.areCredible(skipped),
                () -> outcome + "\n    was skipped for no reason");
        if (outcome instanceof Failed failed) {
            long asOthers = seen.stream()
                    .filter(visit -> visit.details.method() != outcome.request().details().method())
                    .count(); // of a link out of scope, whose server refuses HEAD
            retries(failed, attempts - (int) asOthers, last);
        }
    }

    private boolean agrees(Outcome outcome, Optional<Visit> last) {
        return switch (outcome) {
            case Fetched _ -> last.filter(Visit::isOk).isPresent();
            case Redirected redirected ->
                    last.flatMap(visit -> visit.location).equals(Optional.of(redirected.target().toString()));
            case Failed failed -> failure(failed.failure(), last);
            case Skipped skipped -> switch (skipped.why()) {
                case BUDGET -> last.isEmpty() || last.get().isUncounted() || last.get().location.isPresent()
                        || ExternalChecks.isRefused(last.get());
                case ROBOTS, CIRCUIT_OPEN, REFUSED -> true;
            };
            case Cancelled _ -> last.isEmpty() || last.get().interrupted || last.get().failedByABug
                    || last.get().failure.isPresent()
                    || isHtml(last.get()) || last.get().location.isPresent()
                    || ExternalChecks.isRefused(last.get());
        };
    }

    /** A page that was interrupted while it was parsed. */
    private boolean isHtml(Visit visit) {
        return web.at(visit.url) instanceof Content.Html;
    }

    private boolean failure(Failure failure, Optional<Visit> last) {
        return switch (failure) {
            case Failure.HttpStatus(int status) -> last.filter(visit -> visit.status == status).isPresent();
            case Failure.RobotsUnreachable(Failure cause) ->
                    job.politeness().obeyRobots() && (robots.contains(cause) || isOfAGivenUpHost(cause));
            case Failure.TooManyRedirects _,Failure.BadRedirect _ ->
                    last.flatMap(visit -> visit.location).isPresent();
            case Failure.TimedOut(Stage stage, _) when stage == Stage.PARSE -> last.filter(Visit::isOk).isPresent();
            case Failure.TimedOut _,Failure.Dns _,Failure.Connection _,Failure.StaleConnection _,Failure.Tls _,Failure.Protocol _,Failure.BodyTooLarge _,Failure.PrivateAddress _,Failure.Parse _,Failure.SessionRefused _ ->
                    last.flatMap(visit -> visit.failure).equals(Optional.of(failure));
        };
    }

    /** The host that should have served the rules is not asked any more. */
    private static boolean isOfAGivenUpHost(Failure cause) {
        return cause.equals(new Failure.Connection("the host kept failing"));
    }

    /** What can be tried again is, as often as the job says, if the crawl came to its own end. */
    private void retries(Failed failed, int attempts, Optional<Visit> last) {
        boolean ownEnd = run.report().orElseThrow().finishReason() == FinishReason.EXHAUSTED;
        boolean refused = last.flatMap(visit -> visit.retryAfter)
                .filter(asked -> asked.compareTo(job.politeness().maxRetryAfter().minusSeconds(1)) > 0)
                .isPresent();
        boolean mayRepeat = last.map(RequestRules::mayRepeat).orElse(true);
        judgement.expect(!ownEnd || refused || !mayRepeat || !failed.failure().isRetryable()
                || attempts >= job.retries().maxAttempts(),
                () -> failed.request().url() + " was given up after " + attempts + " attempts");
        judgement.expect(failed.trail().redirects() > 0 || attempts <= job.retries().maxAttempts()
                || last.flatMap(visit -> visit.location).isPresent(),
                () -> failed.request().url() + " was tried " + attempts + " times");
    }
}
