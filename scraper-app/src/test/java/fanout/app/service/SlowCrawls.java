package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.Site;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Services that have one folder of data, one after the other, and crawls of a site, of which some pages wait until they
 * are released.
 */
final class SlowCrawls implements AutoCloseable {

    private final Path data;
    private final Site site;

    SlowCrawls(Path data) throws Exception {
        this.data = data;
        this.site = new Site("Docs");
    }

    Site site() {
        return site;
    }

    RunningService service(String more) throws Exception {
        return RunningService.start(data, more, Optional.empty(), Duration.ofSeconds(20));
    }

    /** A crawl that has fetched its start page, and has ten in flight. */
    String begin(RunningService service) throws Exception {
        int before = site.slowRequests.get();
        String crawl = service.submitted(site.job("/slow/"));
        await().until(() -> site.slowRequests.get() == before + 10);
        return crawl;
    }

    /** A crawl that has fetched its start page, and was cancelled with ten in flight. */
    String cancelled(RunningService service) throws Exception {
        String crawl = begin(service);
        service.post(crawl + "/cancel", "{\"mode\": \"now\"}");
        JsonNode first = service.awaitState(crawl, "cancelled");
        assertThat(service.get(crawl).json()).as("what was said first stays").isEqualTo(first);
        return crawl;
    }

    /** Lets the site answer. */
    void release() {
        site.release.countDown();
    }

    Path folderOf(String crawl) {
        return data.resolve("crawls").resolve(idOf(crawl));
    }

    /** The id of a crawl, by its path. */
    static String idOf(String crawl) {
        return crawl.substring(CRAWLS.length() + 1);
    }

    static Set<String> urls(List<JsonNode> rows) {
        return rows.stream().map(row -> row.get("url").stringValue()).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        release();
        site.close();
    }
}
