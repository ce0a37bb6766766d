package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.job.Retries;
import fanout.outcome.Failure;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/**
 * Whether what is tried again is worth it, and waits long enough: a pause that doubles with each failure and of which
 * jitter leaves at least half. What is final is not tried again; a redirect may lead back.
 */
final class Repetitions {

    private static final long ROUNDING = Duration.ofMillis(1).toNanos();

    private final Plan plan;
    private final Judgement judgement;
    private final CrawlJob job;
    private final List<Visit> visits;

    Repetitions(Simulation simulation, SimulatedCrawl run, Judgement judgement) {
        this.plan = simulation.plan;
        this.judgement = judgement;
        this.job = run.plan.job();
        this.visits = simulation.log.visits(run.plan);
    }

    void check() {
        TreeMap<String, Visit> last = new TreeMap<>();
        TreeMap<String, Visit> failed = new TreeMap<>();
        TreeMap<String, Integer> failures = new TreeMap<>();
        for (Visit visit : visits) {
            if (visit.isRobots() && plan.limits().mayForget()) {
                continue;
            }
            Visit failure = failed.get(visit.key);
            judgement.expect(
                    failure == null || visit.began.time() - failure.end().time() >= leastPause(
                            failures.getOrDefault(visit.key, 0)),
                    () -> visit + "\n    was tried again too soon after " + failure);
            Visit before = last.put(visit.key, visit);
            judgement.expect(before == null || !visit.isPage() || isWorthAnother(before)
                    || ExternalChecks.isRefused(before),
                    () -> visit + "\n    was tried again in vain after " + before);
            if (ExternalChecks.isRefused(visit)) { // and is asked by GET at once
                failures.remove(visit.key);
                failed.remove(visit.key);
            } else if (visit.status >= 500 || (visit.failure.isPresent() && !visit.isUncounted())) {
                failures.merge(visit.key, 1, Integer::sum);
                failed.put(visit.key, visit);
            } else if (!visit.isUncounted()) {
                failures.remove(visit.key);
                failed.remove(visit.key);
            }
        }
    }

    private long leastPause(int failures) {
        Retries retries = job.retries();
        long doubled = retries.backoff().toNanos() << Math.min(failures - 1, 20);
        return Math.min(doubled, retries.maxBackoff().toNanos()) / 2 - ROUNDING;
    }

    private boolean isWorthAnother(Visit before) {
        if (before.location.isPresent()) {
            return true;
        }
        if (!RequestRules.mayRepeat(before)) {
            return false;
        }
        if (before.isUncounted()) {
            return true;
        }
        Duration most = job.politeness().maxRetryAfter().plusSeconds(1);
        if (before.retryAfter.filter(asked -> asked.compareTo(most) > 0).isPresent()) {
            return false;
        }
        return before.failure.map(Repetitions::mayPass).orElseGet(() -> switch (before.status) {
            case 408, 429, 500, 502, 503, 504 -> true;
            default -> false;
        });
    }

    /** As the job's users are told; the program's own opinion is what is judged. */
    private static boolean mayPass(Failure failure) {
        return switch (failure) {
            case Failure.TimedOut _,Failure.Dns _,Failure.Connection _,Failure.StaleConnection _ -> true;
            case Failure.HttpStatus _,Failure.Tls _,Failure.Protocol _,Failure.BodyTooLarge _,Failure.TooManyRedirects _,Failure.BadRedirect _,Failure.PrivateAddress _,Failure.Parse _,Failure.RobotsUnreachable _,Failure.SessionRefused _ ->
                    false;
        };
    }
}
