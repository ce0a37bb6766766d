package fanout.app.service.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReadersTest {

    private final Readers readers = new Readers(2, 3);

    private Closeable opened(String crawl) {
        return readers.open(crawl).orElseThrow();
    }

    @Test
    void aCrawlHasSoManyReadersAndAllTogetherSoMany() throws Exception {
        Closeable one = opened("a");
        Closeable two = opened("a");
        for (int i = 0; i < 5; i++) { // a reader that is refused takes no place
            assertThat(readers.open("a")).as("a third of one crawl").isEmpty();
        }
        Closeable three = opened("b");
        assertThat(readers.open("c")).as("a fourth in all").isEmpty();
        assertThat(readers.count()).isEqualTo(3);

        one.close();
        assertThat(readers.count()).isEqualTo(2);
        Optional<Closeable> next = readers.open("a");
        assertThat(next).isPresent();
        for (Closeable reader : new Closeable[]{two, three, next.get()}) {
            reader.close();
        }
        assertThat(readers.count()).isZero();
    }

    @Test
    void readersOfADeletedCrawlAreInterruptedAndWaitedFor() throws Exception {
        Closeable other = opened("b");
        Thread reader = Thread.ofPlatform().start(() -> {
            try (Closeable _ = opened("a")) {
                Thread.sleep(3_600_000);
            } catch (Exception e) {
                Thread.currentThread().interrupt();
            }
        });
        while (readers.count() < 2) {
            Thread.onSpinWait();
        }
        readers.close("a");
        reader.join();
        assertThat(readers.count()).isOne();
        assertThat(Thread.interrupted()).as("the reader of another crawl").isFalse();
        other.close();
    }
}
