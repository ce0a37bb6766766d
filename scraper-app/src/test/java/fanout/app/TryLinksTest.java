package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What a trial says of each link of its page. */
@Timeout(60)
class TryLinksTest {

    @TempDir
    private Path folder;

    private Pages site;
    private TrialRun run;

    @BeforeEach
    void openSite() throws IOException {
        site = new Pages().page("/dir/", TrialRun.LINKS);
        run = new TrialRun(folder, site);
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @ParameterizedTest
    @CsvSource({"./one.html#x, duplicate on this page", "#top, duplicate: this page",
        "private/x.html, out of scope: exclude", "/elsewhere/y.html, out of scope: include",
        "http://example.org/, out of scope: domain", "ad.html, nofollow", "mailto:a@example.org, not http or https",
        "JavaScript:void(0), not http or https", "http://u:p@127.0.0.1/, malformed", "http://[/, malformed",
        "two.html, followed", "four.html, beyond limits.maxLinksPerPage"})
    void everyLinkHasItsVerdict(String href, String verdict) throws IOException {
        assertThat(run.trial("/dir/", TrialRun.RULES, "--json")).isZero();

        assertThat(run.links().get(href)).isEqualTo(verdict);
        assertThat(run.links().get("l".repeat(200) + ".html")).isEqualTo("longer than limits.maxUrlLength");
    }

    @Test
    void depthFollowAndThePagesOwnNofollowDropLinksToo() throws IOException {
        assertThat(run.trial("/dir/", "scope: {maxDepth: 0}\n", "--json")).isZero();
        assertThat(run.links().get("one.html")).isEqualTo("out of scope: maxDepth");

        assertThat(run.trial("/dir/", "follow: [{css: 'a[href=two.html]', attr: href, label: two}]\n", "--json"))
                .isZero();
        assertThat(run.links()).containsEntry("two.html", "followed").containsEntry("one.html", "not picked by follow");
        assertThat(run.json().at("/links/0/label").asString()).isEqualTo("two");

        site.answer("/dir/", 200, Map.of("X-Robots-Tag", "nofollow"), TrialRun.LINKS);
        assertThat(run.trial("/dir/", "", "--json")).isZero();
        assertThat(run.links().get("one.html")).isEqualTo("nofollow");
    }

    @Test
    void extensionsAndParametersOfTheJobCount() throws IOException {
        site.page("/dir/", "<a href=one.pdf>1</a><a href=two.html?sid=1>2</a><a href=two.html?sid=2>3</a>");
        assertThat(run.trial("/dir/", "scope: {dropParameters: [sid]}\n", "--json")).isZero();
        assertThat(run.links()).containsEntry("one.pdf", "out of scope: skipExtensions")
                .containsEntry("two.html?sid=1", "followed")
                .containsEntry("two.html?sid=2", "duplicate on this page");
        assertThat(run.json().at("/links/1/url").asString()).endsWith("/dir/two.html");

        assertThat(run.trial("/dir/", "parse: {contentTypes: [text/html, application/pdf]}\n", "--json")).isZero();
        assertThat(run.links()).containsEntry("one.pdf", "followed");
    }

    /** What a trial says is what a crawl does. */
    @Test
    void theLinksThatATrialFollowsAreThoseThatACrawlDiscovers() throws IOException {
        assertThat(run.trial("/dir/", TrialRun.RULES, "--json")).isZero();
        Set<String> followed = run.json()
                .get("links")
                .valueStream()
                .filter(link -> link.get("followed").asBoolean())
                .map(link -> link.get("url").asString())
                .collect(Collectors.toSet());

        Path pages = folder.resolve("pages.jsonl");
        run.run("crawl", folder.resolve("job.yaml").toString(), "--pages", pages.toString(), "--items",
                folder.resolve("i.jsonl").toString(), "--report", folder.resolve("r.json").toString());
        Set<String> discovered = Files.readAllLines(pages)
                .stream()
                .map(new JsonMapper()::readTree)
                .map(line -> line.get("url").asString())
                .filter(url -> !url.equals(site.url("/dir/")))
                .collect(Collectors.toSet());

        assertThat(discovered).isEqualTo(followed).hasSize(3);
    }
}
