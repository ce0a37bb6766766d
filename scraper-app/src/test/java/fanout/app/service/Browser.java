package fanout.app.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chromium without a window, with a profile of its own. It and its driver are those of the machine. Closing ends both.
 */
final class Browser implements AutoCloseable {

    private static final List<String> OPTIONS = List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-default-apps", "--hide-scrollbars");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Of the browser itself, such as its first page; no byte of it comes from the net. */
    private static final Pattern INNER = Pattern.compile("chrome:|chrome-untrusted:|data:|about:|blob:");
    private static final JsonMapper JSON = new JsonMapper();
    private static final String AXE =
            """
                    const done = arguments[arguments.length - 1];
                    axe.run(document, {resultTypes: ["violations"]}).then(
                      (found) => done(JSON.stringify(found.violations.filter((one) => ["serious", "critical"].includes(one.impact)).map(
                        (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200) + " " + node.any.map((each) => each.message).join()).join("\\n  ")}`))),
                      (error) => done(JSON.stringify([String(error)])));
                    """;

    /**
     * It warns that it has no classes for this version's protocol, of which none is used. Kept, or it would be
     * collected.
     */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;
    private final List<String> errors = new ArrayList<>();
    private final List<String> requested = new ArrayList<>();

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the test but in CI, where a browser must be installed. */
    static Browser open(Path folder) {
        Optional<Path> program = program("chromium");
        Optional<Path> driver = program("chromedriver");
        assumeTrue(Boolean.getBoolean("fanout.ci"), "a browser is slow: such tests run with -Dfanout.ci=true");
        SELENIUM.setLevel(Level.SEVERE);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program.orElseThrow(() -> new AssertionError("chromium is not installed")).toFile());
        options.addArguments(OPTIONS);
        options.addArguments("--user-data-dir=" + folder.resolve("profile"));
        options.setExperimentalOption("prefs", Map.of("download.default_directory", folder.toString()));
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(
                        driver.orElseThrow(() -> new AssertionError("chromedriver is not installed")).toFile())
                .usingAnyFreePort()
                .withLogFile(folder.resolve("chromedriver.log").toFile())
                .build();
        ChromeDriver chrome = new ChromeDriver(service, options);
        chrome.manage().timeouts().scriptTimeout(PATIENCE);
        return new Browser(chrome);
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Looks like a screen of this width in CSS pixels, of a person who likes it dark or not. */
    void screen(int width, int height, boolean dark) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    void visit(String url) {
        driver.get(url);
    }

    /** The part of the address behind the #. */
    String place() {
        return Objects.requireNonNull(driver.getCurrentUrl()).replaceFirst("^[^#]*#?", "");
    }

    /** Waits for an element. */
    WebElement find(String css) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> driver.findElements(By.cssSelector(css)).stream().findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    /** Waits for an element with these words in it, and returns what it says. */
    String read(String css, String words) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> text(css), text -> text.contains(words));
    }

    /** What an element says now; nothing if there is none. */
    String text(String css) {
        Object text = driver.executeScript(
                "const all = [...document.querySelectorAll(arguments[0])]; return all.map((one) => "
                        + "one.innerText).join('\\n')",
                css);
        return String.valueOf(text);
    }

    /**
     * Clicks what has these words on it. The element may be drawn anew meanwhile, so it is found and clicked in one
     * step.
     */
    void click(String css, String words) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Boolean.TRUE.equals(driver.executeScript(
                        """
                                const one = [...document.querySelectorAll(arguments[0])].find((each) => each.innerText.trim() === arguments[1]);
                                if (!one || one.disabled) return false;
                                one.scrollIntoView({block: "center"});
                                one.click();
                                return true;
                                """,
                        css, words)));
    }

    /** Writes in place of what is there, as a paste does. */
    void write(String css, String text) {
        driver.executeScript("""
                arguments[0].value = arguments[1];
                arguments[0].dispatchEvent(new Event("input", {bubbles: true}));
                """, find(css), text);
    }

    void choose(String css, String words) {
        new Select(find(css)).selectByVisibleText(words);
    }

    Object run(String script, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
    }

    /** What axe-core finds in the page that is serious or critical. */
    List<String> barriers() throws IOException {
        if (!Boolean.TRUE.equals(driver.executeScript("return typeof axe === 'object'"))) {
            try (InputStream in = Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
                driver.executeScript(new String(in.readAllBytes(), UTF_8));
            }
        }
        JsonNode found = JSON.readTree(String.valueOf(driver.executeAsyncScript(AXE)));
        return found.valueStream().map(JsonNode::stringValue).toList();
    }

    /** Waits until the page has asked for nothing new, and changed nothing, for a moment. */
    void settle() {
        driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                const until = performance.now() + 600;
                let timer = setTimeout(done, 150);
                new MutationObserver((_, observer) => {
                  clearTimeout(timer);
                  timer = setTimeout(() => { observer.disconnect(); done(); }, performance.now() > until ? 0 : 150);
                }).observe(document.body, {childList: true, subtree: true});
                """);
    }

    /** What these elements say that do not stand on one line. */
    String folded(String css) {
        return String.valueOf(run("""
                return [...document.querySelectorAll(arguments[0])].filter((one) => {
                  const words = document.createRange();
                  words.selectNodeContents(one);
                  const tops = [...words.getClientRects()].filter((box) => box.height > 5).map((box) => box.top);
                  return Math.max(...tops) - Math.min(...tops) > 5 || one.scrollWidth > one.clientWidth + 1;
                }).map((one) => one.textContent).join();
                """, css));
    }

    /** What is wider than the screen; empty if the page cannot be scrolled sideways. */
    String wide() {
        return String.valueOf(
                run("""
                        const room = document.documentElement.clientWidth;
                        if (document.documentElement.scrollWidth <= room) return "";
                        return [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > room + 1)
                          .map((one) => one.tagName + "." + one.className).slice(0, 5).join();
                        """));
    }

    /** A picture of the whole page, or of the screen alone. */
    void picture(Path file, boolean whole) throws IOException {
        Map<String, Object> shot = driver.executeCdpCommand("Page.captureScreenshot",
                Map.of("format", "png", "captureBeyondViewport", whole));
        Files.write(file, Base64.getDecoder().decode(String.valueOf(shot.get("data"))));
    }

    /** What the browser has written into its console as an error so far. */
    List<String> errors() {
        readLogs();
        return List.copyOf(errors);
    }

    /** What the browser has asked the net for so far. */
    List<String> requested() {
        readLogs();
        return List.copyOf(requested);
    }

    private void readLogs() {
        driver.manage()
                .logs()
                .get(LogType.BROWSER)
                .getAll()
                .stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .forEach(errors::add);
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode event = JSON.readTree(entry.getMessage()).get("message");
            String method = event.get("method").stringValue();
            if (method.equals("Network.requestWillBeSent") || method.equals("Network.webSocketCreated")) {
                String url = event.at(method.endsWith("Sent") ? "/params/request/url" : "/params/url").stringValue();
                Optional.of(url).filter(each -> !INNER.matcher(each).lookingAt()).ifPresent(requested::add);
            }
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
