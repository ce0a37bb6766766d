package fanout.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.outcome.Stage;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstProblemsTest {

    private final Summary.FirstProblems problems = new Summary.FirstProblems();

    private static Request request(int page) {
        return Request.start(CanonicalUrl.of("http://example.org/" + page), Optional.empty());
    }

    private Outcome written(Outcome outcome) {
        problems.write(outcome);
        return outcome;
    }

    @Test
    void ofEachReasonTheFirstIsKept() {
        Outcome status = written(new Failed(request(1), Trail.NONE, new Failure.HttpStatus(404)));
        Outcome dns = written(new Failed(request(2), Trail.NONE, new Failure.Dns("none")));
        written(new Failed(request(3), Trail.NONE, new Failure.HttpStatus(503)));
        Outcome robots = written(new Skipped(request(4), Trail.NONE, SkipReason.ROBOTS, Optional.empty()));
        written(new Skipped(request(5), Trail.NONE, SkipReason.ROBOTS, Optional.empty()));

        assertThat(problems.of(Reason.HTTP_STATUS)).contains(status);
        assertThat(problems.of(Reason.DNS)).contains(dns);
        assertThat(problems.of(Reason.ROBOTS)).contains(robots);
        assertThat(problems.of(Reason.TLS)).isEmpty();
    }

    /** The user or the job wanted it so. */
    @Test
    void whatWasNotToBeFetchedIsNoProblem() {
        written(new Skipped(request(1), Trail.NONE, SkipReason.BUDGET, Optional.empty()));
        for (CancelReason why : CancelReason.values()) {
            written(new Cancelled(request(2), Trail.NONE, why, Stage.POLITENESS));
            assertThat(problems.of(why.reason())).isEmpty();
        }
        assertThat(problems.of(Reason.BUDGET)).isEmpty();
    }
}
