package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The editor of a job, in a browser: it offers what the schema knows, and examples that are valid. */
@Timeout(120)
class DashboardEditorTest {

    @TempDir
    private Path data;
    @TempDir
    private Path folder;

    @Test
    void keysAreOfferedWhereTheyCanStandAndExamplesAreValid() throws Exception {
        try (Browser browser = Browser.open(folder); RunningService service = RunningService.start(data)) {
            browser.screen(1280, 900, false);
            browser.visit("http://" + service.host() + "/#/new");
            browser.read(".verdict", "valid");
            for (String example : options(browser)) {
                browser.choose("select", example);
                browser.settle();
                browser.read(".verdict", "valid");
                assertThat(browser.text(".problems")).as(example).isEmpty();
            }
            offers(browser, "name: x\nli", "limits");
            offers(browser, "limits:\n  maxPages: 5\n  # more\n\n  maxD", "maxDuration");
            offers(browser, "limits: {maxPages: 5, maxU", "maxUrls", "maxUrlLength");
            offers(browser, "politeness:\n  hosts:\n    example.org:\n      de", "delay");
            offers(browser, "startUrls:\n  - ur", "url");
            offers(browser, "extract:\n  - name: a\n    lab", "label");
            offers(browser, "extract:\n- name: a\n  ma", "match");
            offers(browser, "extract:\n  - name: a\n    fields:\n      title: {css: h1, req", "required");
            offers(browser, "extract:\n  - name: a\n    fields:\n      title:\n        for", "format");
            offers(browser, "follow:\n  - {css: \"a:not(, {x\", at", "attr");
            offers(browser, "limits:\n  maxPages: 5\nnet", "network");
            for (String nowhere : List.of("name: li", "# li", "name: \"x, li", "startUrls:\n  - {url: ur",
                    "nothing:\n  li")) {
                browser.write("textarea", nowhere);
                assertThat(browser.text(".offers:not([hidden])")).as(nowhere).isEmpty();
            }
            completes(browser);
        }
    }

    private static List<String> options(Browser browser) {
        List<String> names = browser.text("select option").lines().skip(1).toList();
        assertThat(names).hasSizeGreaterThan(3);
        return names;
    }

    private static void offers(Browser browser, String text, String... keys) {
        browser.write("textarea", text);
        assertThat(browser.text(".offers:not([hidden]) b").lines().toList()).as(text).containsExactlyInAnyOrder(keys);
    }

    private static void completes(Browser browser) throws Exception {
        browser.write("textarea", "");
        WebElement text = browser.find("textarea");
        text.sendKeys("name: x\nstart");
        browser.read(".offers:not([hidden])", "Where the crawl begins.");
        assertThat(browser.barriers()).isEmpty();
        text.sendKeys(Keys.ENTER);
        text.sendKeys("[\"http://example.org/\"]\npoliteness:\n  ");
        text.sendKeys(Keys.chord(Keys.CONTROL, " "));
        browser.read(".offers:not([hidden])", "obeyRobots");
        text.sendKeys(Keys.ARROW_DOWN, Keys.TAB);
        text.sendKeys("2s");
        assertThat(browser.run("return document.querySelector('textarea').value"))
                .isEqualTo("name: x\nstartUrls: [\"http://example.org/\"]\npoliteness:\n  delay: 2s");
        browser.read(".verdict", "valid");
        text.sendKeys(Keys.chord(Keys.CONTROL, Keys.ENTER));
        browser.read(".head .pill", "running");
        assertThat(browser.errors().stream().filter(line -> !line.contains("?dryRun=true - "))).isEmpty();
    }
}
