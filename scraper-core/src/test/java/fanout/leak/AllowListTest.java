package fanout.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {

    private static Thread named(String name) {
        return Thread.ofPlatform().daemon().name(name).unstarted(() -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"OkHttp TaskRunner", "Okio Watchdog"})
    void threadThatALibraryStartsForTheWholeJvmMayStay(String name) {
        assertThat(AllowList.standard().permits(named(name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"crawl-1 workers/worker-1", "fanout-dns-1", "scraper-output", "OkHttp 127.0.0.1",
        "pool-1-thread-1",
        "ForkJoinPool-1-worker-1", "SubPoller-1", "HttpClient-1-SelectorManager", "HTTP-Dispatcher",
        "process reaper (pid 1)"})
    void threadThatSomebodyCanEndIsOnNoList(String name) {
        assertThat(AllowList.standard().permits(named(name))).isFalse();
    }

    @Test
    void everyEntryHasAReason() {
        assertThat(AllowList.standard().plus("mine-", "it is cached").entries()).hasSizeGreaterThan(8)
                .allSatisfy(entry -> assertThat(entry.because()).isNotBlank());
        assertThatThrownBy(() -> AllowList.standard().plus("mine-", " ")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mine-");
    }

    @Test
    void listIsExtendedByTheBeginningOfANameAndStaysAsItWas() {
        AllowList mine = AllowList.standard().plus("mine-", "it is cached");

        assertThat(mine.permits(named("mine-1"))).isTrue();
        assertThat(mine.permits(named("not mine-1"))).isFalse();
        assertThat(AllowList.standard().permits(named("mine-1"))).isFalse();
    }
}
