package fanout.app.service;

import static fanout.app.service.SlowCrawls.idOf;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.OddFile;
import fanout.app.Site;
import fanout.app.store.DataCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A crawl that has ended, and whose files are replaced by what is no file: no request gets what a link leads to, or
 * waits for the other end of a pipe, and nothing is written there.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OddFilesTest {

    private static final String SECRET = "{\"not\": \"the service's\"}\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"LINK", "PIPE"})
    void noRequestReadsWhatIsNoFile(OddFile odd) throws Exception {
        Path data = folder.resolve("data");
        Path target = Files.writeString(folder.resolve("target"), SECRET + "half a line");
        try (Site site = new Site("Docs"); RunningService service = RunningService.start(data)) {
            String crawl = service.submitted(site.job("/"));
            service.awaitState(crawl, "finished");
            Path files = data.resolve("crawls").resolve(idOf(crawl));
            for (String file : List.of("job", "pages.jsonl", "items.jsonl", "report.json", "series.json")) {
                odd.replace(files.resolve(file), target);
            }

            refuses(service, crawl + "/job", "job " + odd.words());
            refuses(service, crawl + "/report", "report.json " + odd.words());
            refuses(service, crawl + "/report?format=html", "pages.jsonl " + odd.words());
            refuses(service, crawl + "/series", "series.json " + odd.words());
            for (String query : List.of("", "?follow=true", "?limit=5", "?q=not", "?format=csv", "?offset=3")) {
                refuses(service, crawl + "/pages" + query, "pages.jsonl " + odd.words());
            }
            refuses(service, crawl + "/items", "items.jsonl " + odd.words());
            assertThat(service.get(crawl).json().get("state").stringValue()).as("what it was").isEqualTo("finished");

            assertThat(service.delete(crawl).status()).isEqualTo(204);
            Path kept = data.resolve("orphaned").resolve(idOf(crawl));
            assertThat(Files.exists(kept.resolve("pages.jsonl"), LinkOption.NOFOLLOW_LINKS))
                    .as("what the service did not make stays")
                    .isTrue();
        }
        assertThat(target).content().isEqualTo(SECRET + "half a line");
    }

    private static void refuses(RunningService service, String path, String why) throws Exception {
        Answer answer = service.get(path);
        assertThat(answer.status()).as(path).isEqualTo(503);
        assertThat(answer.text()).contains(why + ", and the service uses regular files only")
                .doesNotContain("the service's");
    }

    /** All that a request can do with a crawl, while its folder, and then the folder of all, is a link. */
    @ParameterizedTest
    @ValueSource(strings = {"crawl", "crawls"})
    void noRequestFollowsALinkInPlaceOfAFolder(String linked) throws Exception {
        Path data = folder.resolve("data");
        try (Site site = new Site("Docs"); RunningService service = RunningService.start(data)) {
            String crawl = service.submitted(site.job("/"));
            service.awaitState(crawl, "finished");
            Path crawls = data.resolve("crawls");
            Path place = linked.equals("crawls") ? crawls : crawls.resolve(idOf(crawl));
            Path elsewhere = Files.move(place, folder.resolve("elsewhere"));
            Files.createSymbolicLink(place, elsewhere);
            Path files = linked.equals("crawls") ? elsewhere.resolve(idOf(crawl)) : elsewhere;
            Files.writeString(files.resolve("limits.json"), "{}");
            Map<String, String> before = contents(files);

            String why = place.getFileName() + " is a symbolic link, and the service uses regular folders only";
            for (String path : List.of("/job", "/report", "/series", "/pages", "/items", "/pages?limit=5",
                    "/report?format=html")) {
                Answer answer = service.get(crawl + path);
                assertThat(answer.status()).as(path).isEqualTo(503);
                assertThat(answer.text()).contains(why);
            }
            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 20}}").status()).isIn(409, 503);
            if (linked.equals("crawls")) {
                assertThat(service.submit(site.job("/")).status()).isEqualTo(503);
                assertThat(service.delete(crawl).status()).isEqualTo(503);
            } else {
                assertThat(service.delete(crawl).status()).isEqualTo(204);
                assertThat(Files.isSymbolicLink(data.resolve("orphaned").resolve(idOf(crawl)))).isTrue();
            }
            assertThat(contents(files)).isEqualTo(before);
            assertThat(files.getParent().toFile().list()).doesNotContain(idOf(crawl) + ".deleted");
        }
    }

    private static Map<String, String> contents(Path files) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (String name : Objects.requireNonNull(files.toFile().list())) {
            contents.put(name, Files.readString(files.resolve(name)));
        }
        return contents;
    }

    @Test
    void aDataFolderMayBeALinkItself() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path data = Files.createSymbolicLink(folder.resolve("data"), elsewhere);
        try (Site site = new Site("Docs"); RunningService service = RunningService.start(data)) {
            String crawl = service.submitted(site.job("/"));
            service.awaitState(crawl, "finished");
            assertThat(service.get(crawl + "/pages").rows()).hasSize(11);
            assertThat(elsewhere.resolve("crawls").resolve(idOf(crawl)).resolve("report.json")).exists();
        }
        assertThat(DataCheck.of(data).isUsable()).isTrue();
    }

    @Test
    void aCrawlIsNotResumedWhileOneOfItsFilesIsNone() throws Exception {
        Path target = Files.writeString(folder.resolve("target"), SECRET);
        try (SlowCrawls crawls = new SlowCrawls(folder.resolve("data")); RunningService service = crawls.service("")) {
            String crawl = crawls.cancelled(service);
            crawls.release();
            Path items = crawls.folderOf(crawl).resolve("items.jsonl");
            byte[] before = Files.readAllBytes(items);
            OddFile.LINK.replace(items, target);

            Answer refused = service.post(crawl + "/resume", "{}");
            assertThat(refused.status()).as(refused.text()).isEqualTo(409);
            assertThat(refused.text()).contains("items.jsonl is a symbolic link");
            assertThat(target).content().isEqualTo(SECRET);

            Files.delete(items);
            Files.write(items, before);
            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(202);
            service.awaitState(crawl, "finished");
        }
    }
}
