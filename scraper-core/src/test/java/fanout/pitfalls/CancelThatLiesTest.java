package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Crawl;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * "Cancelled", says the service, and the job runs for days: the answer means that the request was noted, and is read as
 * if the job had ended.
 *
 * <pre>
 * job                                         canceller
 * fetch: waits for a site
 *                                             note that it is to end
 *                                             Fixed:  interrupt the job, wait for it
 * Fixed:  interrupted, end
 *                                             Broken: "cancelled"
 *                                             Fixed:  "cancelled" if it has ended, "cancelling" if not
 * Broken: the wait continues
 * </pre>
 */
@Pitfall(id = "cancel-that-lies",
        question = "What has ended when the answer says \"cancelled\", and how does the one who answers know?",
        go = "calling cancel() and not waiting for the goroutine", embodiedBy = Crawl.class,
        incidents = {"scrapy/scrapyd#75", "scrapy/scrapyd#356"})
class CancelThatLiesTest {

    /** A flag, which the job reads between two pages; a site that never answers is never between two pages. */
    static final class Broken extends Sample {

        @Override
        Answer cancel(Thread job) {
            cancelled = true;
            return Answer.CANCELLED;
        }
    }

    /** Ends the wait as well, and says what it has seen. */
    static final class Fixed extends Sample {

        @Override
        Answer cancel(Thread job) throws InterruptedException {
            cancelled = true;
            job.interrupt();
            return job.join(patience) ? Answer.CANCELLED : Answer.CANCELLING;
        }
    }

    enum Answer {
        CANCELLED, CANCELLING
    }

    abstract static class Sample {

        Duration patience = Actors.AT_MOST;
        volatile boolean cancelled;

        abstract Answer cancel(Thread job) throws InterruptedException;

        void crawl(Site site) throws InterruptedException {
            while (!cancelled) {
                site.fetch();
            }
        }
    }

    @FunctionalInterface
    interface Site {

        void fetch() throws InterruptedException;
    }

    private final Gate siteAnswers = new Gate();

    private void jobWaitsForASite(Site site, Sample sample, Actors actors) {
        actors.start("job", () -> sample.crawl(site));
        actors.awaitParked("job", "pass");
    }

    /** As an HTTP client that tries once more, whatever went wrong. */
    private void fetchInSpiteOfInterrupts() {
        boolean answered = false;
        while (!answered) {
            try {
                siteAnswers.pass();
                answered = true;
            } catch (InterruptedException e) {
                answered = false;
            }
        }
    }

    @Test
    void brokenAnswerIsGivenAndTheJobIsAlive() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            jobWaitsForASite(siteAnswers::pass, sample, actors);
            assertThat(sample.cancel(actors.thread("job"))).isEqualTo(Answer.CANCELLED);
            actors.awaitParked("job", "pass");
            assertThat(actors.alive()).containsExactly("job");
            assertThat(actors.thread("job").isInterrupted()).as("anybody has told it").isFalse();
        }
    }

    @Test
    void fixedAnswerIsGivenOnceTheJobHasEnded() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            jobWaitsForASite(siteAnswers::pass, sample, actors);
            assertThat(sample.cancel(actors.thread("job"))).isEqualTo(Answer.CANCELLED);
            assertThat(actors.alive()).isEmpty();
        }
    }

    @Test
    void fixedAnswerIsAnotherOneIfTheJobRunsOn() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            sample.patience = Duration.ofMillis(1);
            jobWaitsForASite(this::fetchInSpiteOfInterrupts, sample, actors);
            assertThat(sample.cancel(actors.thread("job"))).isEqualTo(Answer.CANCELLING);
            assertThat(actors.alive()).containsExactly("job");
            siteAnswers.open();
            actors.awaitEnd();
        }
    }
}
