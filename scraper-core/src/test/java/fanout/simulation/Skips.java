package fanout.simulation;

import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.outcome.Failure;
import fanout.outcome.Skipped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whether what a crawl says it skipped had to be: a robots.txt that it read forbids the URL, or one was withheld as
 * often as the job tries; or the host failed often enough, for long enough and without a success, to be given up.
 */
final class Skips {

    private final Plan plan;
    private final SimulatedCrawl run;
    private final CrawlJob job;
    private final Map<String, List<Visit>> visitsOfHosts;
    private final Map<String, List<Visit>> robotsOfHosts;

    Skips(Simulation simulation, SimulatedCrawl run) {
        this.plan = simulation.plan;
        this.run = run;
        this.job = run.plan.job();
        List<Visit> visits = simulation.log.visits(run.plan);
        this.visitsOfHosts = visits.stream().collect(Collectors.groupingBy(Visit::host));
        this.robotsOfHosts = visits.stream()
                .filter(Visit::isRobots)
                .collect(Collectors.groupingBy(visit -> SimulatedWeb.hostOfRobots(visit.url)));
    }

    /** Whether the log gives reason to skip this URL for that reason; the budget is judged with the books. */
    boolean areCredible(Skipped skipped) {
        String url = skipped.request().url().toString();
        String host = SimulatedWeb.hostOf(url);
        return switch (skipped.why()) {
            case ROBOTS -> job.politeness().obeyRobots()
                    && (isForbidden(url, robotsOfHosts.getOrDefault(host, List.of()))
                            || isWithheld(robotsOfHosts.getOrDefault(host, List.of())));
            case CIRCUIT_OPEN -> isGivenUp(visitsOfHosts.getOrDefault(host, List.of()));
            case BUDGET -> true;
            case REFUSED -> false; // nothing here refuses one
        };
    }

    private boolean isForbidden(String url, List<Visit> robots) {
        return SimulatedWeb.isPrivate(url) && robots.stream()
                .anyMatch(visit -> visit.isOk() && plan.web().at(visit.url) instanceof Content.Robots rules
                        && rules.forbidsPrivate());
    }

    private boolean isWithheld(List<Visit> robots) {
        Map<String, List<Visit>> files = robots.stream().collect(Collectors.groupingBy(visit -> visit.url));
        return files.values()
                .stream()
                .anyMatch(tries -> tries.stream().anyMatch(Skips::isNoRobots)
                        && (tries.size() >= job.retries().maxAttempts() || tries.stream().anyMatch(this::asksTooMuch)));
    }

    private static boolean isNoRobots(Visit visit) {
        return visit.status == 429 || visit.status >= 500;
    }

    private boolean asksTooMuch(Visit visit) {
        Duration most = job.politeness().maxRetryAfter().minusSeconds(1); // a date is rounded down to seconds
        return visit.retryAfter.filter(asked -> asked.compareTo(most) > 0).isPresent();
    }

    private boolean isGivenUp(List<Visit> visits) {
        CircuitBreaking circuit = job.circuitBreaker();
        List<Visit> failures = visits.stream().filter(Skips::isFailure).toList();
        long opinions = visits.stream().filter(visit -> isFailure(visit) || isSuccess(visit)).count();
        int later = circuit.maxOpenings() - 1;
        if (failures.size() < leastFailures(circuit) + later || opinions < circuit.window() + later) {
            return false;
        }
        // The visit that began first may be the last to fail, by a timeout.
        long firstFailed = failures.stream().mapToLong(visit -> visit.end().time()).min().orElseThrow();
        long open = run.ended().time() - firstFailed;
        return open >= circuit.openFor().multipliedBy(later).toNanos() && enoughInARow(visits, circuit);
    }

    /**
     * Where one visit follows the other, each opening but the first needs a failure of its own since the last success.
     * That one may be the visit that fills the window, and so opens the circuit itself. A host that is given up is
     * visited no more, unless it was forgotten.
     */
    private boolean enoughInARow(List<Visit> visits, CircuitBreaking circuit) {
        if (run.plan.manners().perHostConcurrency() > 1) {
            return true;
        }
        long inARow = 0;
        long most = 0;
        for (Visit visit : visits) {
            inARow = isFailure(visit) ? inARow + 1 : isSuccess(visit) ? 0 : inARow;
            most = Math.max(most, inARow);
        }
        return (plan.limits().mayForget() ? most : inARow) >= circuit.maxOpenings() - 1;
    }

    /** Fewer open no circuit. */
    static int leastFailures(CircuitBreaking circuit) {
        return Math.max(1, Math.ceilDiv(circuit.window() * circuit.failureRateThreshold(), 100));
    }

    /** Whether it counts against the host. */
    static boolean isFailure(Visit visit) {
        return visit.status >= 500 || visit.failure.filter(failure -> switch (failure) {
            case Failure.TimedOut _,Failure.Dns _,Failure.Connection _,Failure.Tls _ -> true;
            case Failure.HttpStatus _,Failure.StaleConnection _,Failure.Protocol _,Failure.BodyTooLarge _,Failure.TooManyRedirects _,Failure.BadRedirect _,Failure.PrivateAddress _,Failure.Parse _,Failure.RobotsUnreachable _,Failure.SessionRefused _ ->
                    false;
        }).isPresent();
    }

    private static boolean isSuccess(Visit visit) {
        return (visit.status > 0 && visit.status < 500)
                || visit.failure.filter(failure -> failure instanceof Failure.Protocol
                        || failure instanceof Failure.BodyTooLarge).isPresent();
    }
}
