package fanout.app.service;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Gives each test a site whose slow pages wait for it, and a folder for the services that crawl the site. */
abstract class SlowCrawlsFixture {

    @TempDir
    Path data;
    SlowCrawls crawls;

    @BeforeEach
    void open() throws Exception {
        crawls = new SlowCrawls(data);
    }

    @AfterEach
    void close() {
        crawls.close();
    }
}
