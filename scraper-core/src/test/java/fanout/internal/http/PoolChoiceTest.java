package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.http.CrawlClients.PoolChoice;
import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolChoiceTest {

    private static PoolChoice choice(int workers, int perHost) {
        return choice(workers, perHost, workers);
    }

    private static PoolChoice choice(int workers, int perHost, int connections) {
        Manners manners = new Manners(perHost, Duration.ZERO, false, Duration.ofSeconds(60));
        return PoolChoice.of(CrawlJob.builder("test")
                .startUrl("http://example.org/")
                .concurrency(workers)
                .politeness(Politeness.DEFAULT.toBuilder().manners(manners).build())
                .build(), connections);
    }

    private static Host host(int number) {
        return CanonicalUrl.of("http://h" + number + ".example.org/").host();
    }

    private static Set<Integer> ofThreads(PoolChoice choice, Host host) {
        Set<Integer> pools = new HashSet<>();
        LongStream.range(1_000, 2_000).forEach(thread -> pools.add(choice.of(host, thread)));
        return pools;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "64, 1", "65, 2", "128, 2", "1000, 16", "5000, 79"})
    void aCrawlHasAPoolForEachSixtyFourWorkers(int workers, int pools) {
        assertThat(choice(workers, 8).pools()).isEqualTo(pools);
    }

    @ParameterizedTest
    @CsvSource({"1, 256, 1", "64, 257, 2", "64, 2048, 8", "512, 2048, 8", "513, 2048, 9"})
    void aPoolKeepsNoMoreThanItCanBeSearchedFor(int workers, int connections, int pools) {
        assertThat(choice(workers, 8, connections).pools()).isEqualTo(pools);
    }

    @Test
    void aHostWithMorePlacesThanThereAreWorkersIsInOnePool() {
        assertThat(ofThreads(choice(64, 1_000, 2_048), host(7))).hasSize(1);
    }

    @Test
    void aHostIsInOnePoolAndHostsAreInAll() {
        PoolChoice choice = choice(1_000, 64);
        Set<Integer> all = new HashSet<>();
        for (int number = 0; number < 1_000; number++) {
            Set<Integer> pools = ofThreads(choice, host(number));
            assertThat(pools).hasSize(1);
            all.addAll(pools);
        }
        assertThat(all).isEqualTo(Set.copyOf(IntStream.range(0, 16).boxed().toList()));
    }

    @ParameterizedTest
    @CsvSource({"65, 2", "128, 2", "640, 10", "1000, 16", "100000, 16"})
    void aHostWithManyRequestsIsInAsManyPoolsAsThatTakes(int perHost, int pools) {
        assertThat(ofThreads(choice(1_000, perHost), host(7))).hasSize(pools);
    }

    @Test
    void aThreadComesBackToItsPool() {
        PoolChoice choice = choice(5_000, 5_000);
        assertThat(choice.of(host(1), 4_711)).isEqualTo(choice.of(host(1), 4_711)).isBetween(0, 78);
        int[] threads = new int[79];
        LongStream.range(30, 5_030).forEach(thread -> threads[choice.of(host(1), thread)]++);
        assertThat(threads).as("each has about as many").containsOnly(63, 64);
    }
}
