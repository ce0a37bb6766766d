package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code scraper try} says of pages that scripts fill in a browser, and of those that only look so. */
@Timeout(60)
class TryScriptsTest {

    private static final String NOTE = "the page has scripts, but no text and no links: it probably needs a browser, "
            + "and a crawl runs no scripts (a browser's network tools show where the page has its data from)";

    private static final String SHELL = """
            <!doctype html><title>An app</title><link rel=manifest href=/app.json><style>#root {color: red}</style>
            <noscript>You need to enable <a href=/help>JavaScript</a>. <iframe src=/count></iframe></noscript>
            <div id=root>\u00a0</div><!-- filled below --><template><p>Row <a href=/row>1</a></p></template>
            <script type=module src=/app.js></script><script>start({"text": "Hello"})</script>""";

    @TempDir
    private Path folder;

    private Pages site;
    private TrialRun run;

    @BeforeEach
    void openSite() throws IOException {
        site = new Pages();
        run = new TrialRun(folder, site);
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @Test
    void theShellOfAnAppProbablyNeedsABrowser() throws IOException {
        site.page("/app", SHELL);

        assertThat(run.trial("/app", """
                follow: [{css: a.item}]
                extract: [{name: rows, each: li, fields: {title: {css: a}}}]
                """)).as(run.err()).isZero();

        assertThat(run.out().lines().filter(line -> line.startsWith("  note:"))).hasSize(3)
                .first()
                .isEqualTo("  note: " + NOTE);
        assertThat(run.trial("/app", "", "--json")).isZero();
        assertThat(run.json().get("notes").valueStream().map(note -> note.asString())).contains(NOTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<p>Hello</p><script src=/count.js></script>",
        "Hello<script>count()</script>",
        "<a href=/next><img src=/next.png></a><script>count()</script>",
        "<map><area href=/next></map><script>count()</script>",
        "<iframe src=/inside></iframe><script>count()</script>",
        "<title>Nothing</title><main></main>",
        "<main></main><script type=application/ld+json>{\"@type\": \"Thing\"}</script>",
        "<main></main><noscript>No scripts here</noscript>"})
    void aPageWithContentOrWithoutScriptsNeedsNone(String html) throws IOException {
        site.page("/page", html);

        assertThat(run.trial("/page", "")).as(run.err()).isZero();

        assertThat(run.out()).contains("  outcome").doesNotContain("browser");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/javascript", "application/javascript", "MODULE"})
    void aScriptRunsByItsType(String type) throws IOException {
        site.page("/page", "<div></div><script type='" + type + "'>start()</script>");

        assertThat(run.trial("/page", "")).as(run.err()).isZero();

        assertThat(run.out()).contains("  note: " + NOTE);
    }

    @Test
    void aPageOfJsonNeedsNoBrowser() throws IOException {
        site.answer("/x.json", 200, Map.of("Content-Type", "application/json"), "{\"html\": \"<script></script>\"}");

        assertThat(run.trial("/x.json", "parse: {contentTypes: [application/json]}\n")).as(run.err()).isZero();

        assertThat(run.out()).contains("  outcome").doesNotContain("browser");
    }
}
