package fanout.internal.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Admission.Admitted;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.FingerprintSet;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static Request request(int page) {
        return Request.start(CanonicalUrl.of("http://example.org/" + page), Optional.empty());
    }

    @Test
    void urlIsNewOnceAndThenKnownAndBeyondTheLimitThereIsNoRoom() {
        Limits limits = Limits.DEFAULT.toBuilder().maxUrls(2).build();
        Admission admission =
                new Admission(CrawlJob.builder("test").startUrl("http://example.org/").limits(limits).build(),
                        () -> true, Fingerprint.Seed.random());

        assertThat(admission.admit(request(1))).isEqualTo(Admitted.NEW);
        assertThat(admission.admit(request(1))).isEqualTo(Admitted.KNOWN);
        assertThat(admission.admit(request(2))).isEqualTo(Admitted.NEW);
        assertThat(admission.admit(request(3))).isEqualTo(Admitted.NO_ROOM);
        assertThat(admission.admit(request(2))).isEqualTo(Admitted.KNOWN);
        assertThat(admission.knows(request(2))).isTrue();
        assertThat(admission.knows(request(3))).isFalse();
        assertThat(admission.discovered()).isEqualTo(2);
        assertThat(admission.duplicates()).isEqualTo(2);
        assertThat(admission.dropped()).isOne();
    }

    /** Enough for every segment to grow several times. */
    @Test
    void setKnowsWhatWasAddedAndNothingElseWhileItGrows() {
        FingerprintSet seen = new FingerprintSet();
        Set<String> added = new HashSet<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            String url = "http://example.org/" + random.nextInt(60_000);
            assertThat(seen.contains(Fingerprint.of(url))).isEqualTo(added.contains(url));
            assertThat(seen.add(Fingerprint.of(url))).isEqualTo(added.add(url));
        }
        assertThat(added).allMatch(url -> seen.contains(Fingerprint.of(url)));
    }

    @Test
    void rateTakesBackTheLatestRequestOnly() {
        long second = Duration.ofSeconds(1).toNanos();
        RequestRate rate = new RequestRate(1, 0);
        long first = rate.started(0);
        rate.takeBack(first);
        assertThat(rate.nextAt()).isZero();

        long earlier = rate.started(0);
        rate.started(second);
        rate.takeBack(earlier);
        assertThat(rate.nextAt()).as("two at once otherwise").isEqualTo(2 * second);
    }

    @Test
    void noSecondHasMoreRequestsThanTheRate() {
        long second = Duration.ofSeconds(1).toNanos();
        RequestRate rate = new RequestRate(200, 0);
        SplittableRandom random = new SplittableRandom(2);
        long[] starts = new long[2_000];
        long now = 0;
        for (int i = 0; i < starts.length; i++) {
            now = Math.max(now, rate.nextAt()) + random.nextInt(8_000_000);
            long started = rate.started(now);
            starts[i] = now;
            if (random.nextInt(3) == 0) {
                rate.takeBack(started);
                i--;
            }
        }
        for (int i = 200; i < starts.length; i++) {
            assertThat(starts[i] - starts[i - 200]).isGreaterThanOrEqualTo(second);
        }
    }
}
