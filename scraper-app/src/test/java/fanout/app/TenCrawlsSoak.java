package fanout.app;

import org.junit.jupiter.api.Test;

/** What takes minutes of the hostile web: ten crawls at once. Not among the tests of a build, by its name. */
class TenCrawlsSoak extends HostileWebTest {

    @Test
    void hostileWebIsHarmlessForTenCrawls() throws Exception {
        isHarmlessForTenCrawlsOfOneProcess();
    }

    @Test
    void largePagesFitIntoTheSharedMemory() throws Exception {
        largePagesOfTenCrawlsFitIntoTheSharedMemory();
    }
}
