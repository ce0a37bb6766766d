package fanout.app.service;

import fanout.app.Site;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Gives each test a service, and a site for it to crawl. */
abstract class ServiceFixture {

    @TempDir
    Path data;
    Site site;
    RunningService service;

    @BeforeEach
    void open() throws Exception {
        site = new Site("Docs");
        service = RunningService.start(data);
    }

    @AfterEach
    void close() throws Exception {
        site.release.countDown();
        try (Site _ = site) {
            service.close();
        }
    }
}
