package fanout.app.reportpage;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.reportpage.PageLine.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The report page of a run: one HTML file that asks the net for nothing. Its policy allows its own style and script by
 * their digests, and nothing else, so text of a site that got past the escaping could still do nothing.
 *
 * <p>Immutable. Reading takes bounded memory, whatever the run has written: see {@link Options}.
 */
public final class ReportPage {

    /** What the page shows if nothing else is asked for. */
    public static final int ROWS = 500;

    private static final String STYLE = resource("page.css");
    private static final String SCRIPT = resource("page.js");
    private static final String ICON = resource("icon.svg").replace("<svg ", "<svg aria-hidden=\"true\" ");

    private final RunReading.Run run;
    private final RunFiles files;
    private final Options options;

    private ReportPage(RunReading.Run run, RunFiles files, Options options) {
        this.run = run;
        this.files = files;
        this.options = options;
    }

    /**
     * How much is read and shown.
     *
     * @param title what the page is of, if there is no report that says it
     * @param rows rows of a table at most
     * @param bytes memory for tables of URLs, titles and links; what does not fit is left out, and said
     * @param madeAt the time that the page shows as its own
     */
    public record Options(String title, int rows, long bytes, Instant madeAt) {}

    /**
     * Reads what a run has written.
     *
     * @param before the run to compare it with; empty: none
     * @throws UnreadableRunException if a file cannot be read
     */
    public static ReportPage of(RunFiles files, Optional<RunFiles> before, Options options)
            throws UnreadableRunException, InterruptedException {
        return new ReportPage(RunReading.read(files, before, options.rows, options.bytes), files, options);
    }

    /** Returns what the page may load and run, as the header {@code Content-Security-Policy}. */
    public static String policy() {
        return "default-src 'none'; style-src 'sha256-" + digest(STYLE) + "'; script-src 'sha256-" + digest(SCRIPT)
                + "'; base-uri 'none'; form-action 'none'";
    }

    private static String digest(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(ReportPage.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what a user should know of the files, in sentences. */
    public List<String> notes() {
        return run.notes();
    }

    /** Returns the page's main figures in one line. */
    public String summary() {
        Figures figures = run.figures();
        return Words.count(figures.all().of(Kind.PAGE), "page", "pages") + ", "
                + Words.count(run.links().targets().brokenCount(), "broken URL", "broken URLs") + ", "
                + Words.count(run.links().targets().chainCounts().all(), "redirect", "redirects");
    }

    /** A part of the page with a heading; its id is where links within the page lead. */
    private record Part(String id, String heading, Markup.Content content) {}

    /** Writes the page. */
    public void writeTo(Writer out) throws IOException {
        Markup markup = new Markup(out);
        String name = run.report()
                .map(report -> report.path("job").asString(""))
                .filter(job -> !job.isEmpty())
                .orElse(options.title);
        markup.own("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .open("meta", "http-equiv", "Content-Security-Policy", "content", policy())
                .line()
                .own("""
                        <meta name="viewport" content="width=device-width, initial-scale=1">
                        <meta name="color-scheme" content="light dark">
                        <meta name="referrer" content="no-referrer">
                        <meta name="robots" content="noindex">
                        """)
                .element("title", "Crawl report: " + name)
                .line()
                .own("<style>" + STYLE + "</style>\n</head>\n<body>\n");
        List<Part> parts = parts();
        header(markup, name, parts);
        markup.own("<main id=\"main\" tabindex=\"-1\">\n");
        overview(markup);
        for (Part part : parts) {
            markup.open("section", "class", "card", "id", part.id, "aria-labelledby", "h-" + part.id)
                    .line()
                    .element("h2", part.heading, "id", "h-" + part.id)
                    .line();
            part.content.writeTo(markup);
            markup.close("section").line();
        }
        markup.own("</main>\n<footer class=\"foot\">")
                .element("span", "Made by fanout-scraper from " + files.pages().getFileName() + ", "
                        + Words.time(options.madeAt.toString()))
                .own("</footer>\n<script>" + SCRIPT + "</script>\n</body>\n</html>\n");
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        Targets targets = run.links().targets();
        String pages = String.valueOf(files.pages().getFileName());
        if (targets.brokenCount() > 0) {
            parts.add(new Part("broken", "Broken links", part -> LinkParts.broken(part, run, pages)));
        }
        run.earlier()
                .ifPresent(since -> parts.add(new Part("changes", "Since the run before",
                        part -> ContentParts.changes(part, run, since))));
        run.fields()
                .filter(fields -> fields.items() > 0)
                .ifPresent(fields -> parts.add(new Part("items", "Items",
                        part -> ContentParts.items(part, fields, run.earlier().map(since -> since.earlier().fields()),
                                options.rows))));
        parts.add(new Part("statuses", "Statuses", part -> RunParts.statuses(part, run.figures(), options.rows)));
        if (targets.chainCounts().all() > 0) {
            parts.add(new Part("redirects", "Redirects", part -> LinkParts.redirects(part, run, pages)));
        }
        if (run.same().titles().groupCount() > 0) {
            parts.add(new Part("titles", "Duplicate titles",
                    part -> ContentParts.duplicates(part, "Duplicate titles", run.same().titles())));
        }
        if (run.same().contents().groupCount() > 0) {
            parts.add(new Part("contents", "Duplicate contents",
                    part -> ContentParts.duplicates(part, "Duplicate contents", run.same().contents())));
        }
        if (run.figures().withoutTitle() > 0) {
            parts.add(new Part("untitled", "Without a title", part -> ContentParts.untitled(part, run.figures())));
        }
        if (run.figures().durations().sum() > 0) {
            parts.add(new Part("speed", "Speed", part -> {
                RunParts.speed(part, run.figures());
                RunParts.slow(part, run.figures());
            }));
        }
        if (run.figures().all().sum() > 0) {
            parts.add(new Part("sections", "Sections",
                    part -> RunParts.sections(part, run.figures(), options.rows)));
            parts.add(new Part("depth", "Depth", part -> RunParts.depths(part, run.figures())));
        }
        if (!run.figures().types().isEmpty()) {
            parts.add(new Part("types", "Content types",
                    part -> RunParts.types(part, run.figures(), options.rows)));
        }
        return parts;
    }

    private void header(Markup markup, String name, List<Part> parts) throws IOException {
        Optional<JsonNode> report = run.report();
        markup.own("<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header class=\"top\">" + ICON)
                .open("h1")
                .text("Crawl report: ")
                .foreign(name)
                .close("h1");
        String reason = report.map(each -> each.path("finishReason").asString("")).orElse("unfinished");
        markup.element("span", reason, "class", reason.equals("exhausted") ? "pill ok" : "pill skipped");
        if (report.isPresent()) {
            markup.open("span", "class", "sub")
                    .text(Words.time(report.get().path("startedAt").asString(null)) + ", took "
                            + Words.duration(report.get().path("elapsedMs").asLong(0)))
                    .close("span");
        }
        markup.own("<button id=\"theme\" class=\"quiet\" type=\"button\" hidden>Theme</button></header>\n")
                .open("nav", "class", "parts", "aria-label", "Parts of the page");
        for (Part part : parts) {
            markup.element("a", part.heading, "href", "#" + part.id);
        }
        markup.close("nav").line();
    }

    private void overview(Markup markup) throws IOException {
        List<Findings.Finding> findings = Findings.of(run);
        markup.own("<section class=\"card\" id=\"findings\" aria-labelledby=\"h-findings\">\n")
                .element("h2", findings.isEmpty() ? "Nothing needs attention" : "What needs attention", "id",
                        "h-findings")
                .line();
        if (!findings.isEmpty()) {
            markup.open("ul", "class", "findings");
            for (Findings.Finding finding : findings) {
                markup.open("li", "class", finding.level().style());
                if (finding.part().isEmpty()) {
                    markup.foreign(finding.words());
                } else {
                    markup.open("a", "href", "#" + finding.part()).foreign(finding.words()).close("a");
                }
                markup.close("li");
            }
            markup.close("ul");
        }
        markup.close("section").line();
        tiles(markup);
    }

    private void tiles(Markup markup) throws IOException {
        Figures figures = run.figures();
        Optional<Figures> before = run.earlier().map(since -> since.earlier().figures());
        markup.open("div", "class", "tiles");
        tile(markup, Words.number(figures.all().of(Kind.PAGE)), "pages",
                before.map(was -> Words.change(was.all().of(Kind.PAGE), figures.all().of(Kind.PAGE))),
                figures.all().of(Kind.PAGE) > 0 ? "good" : "bad");
        long broken = run.links().targets().brokenCount();
        tile(markup, Words.number(broken), "broken URLs", Optional.empty(), broken > 0 ? "bad" : "");
        tile(markup, Words.number(run.links().targets().chainCounts().all()), "redirects", Optional.empty(), "");
        tile(markup, Words.number(figures.all().of(Kind.LEFT)), "left out", Optional.empty(), "");
        if (run.fields().isPresent()) {
            tile(markup, Words.number(run.fields().get().items()), "items",
                    run.earlier()
                            .map(since -> Words.change(since.earlier().fields().items(),
                                    run.fields().get().items())),
                    "");
        }
        tile(markup, Words.duration(figures.durations().quantileMs(0.5)), "median time",
                before.map(was -> Words.change(was.durations().quantileMs(0.5), figures.durations().quantileMs(0.5))),
                "");
        tile(markup, Words.bytes(figures.all().bytes()), "fetched", Optional.empty(), "");
        markup.close("div").line();
    }

    private static void tile(Markup markup, String value, String words, Optional<String> change, String style)
            throws IOException {
        markup.open("div", "class", style.isEmpty() ? "tile" : "tile " + style)
                .element("b", value, "class", value.length() > 7 ? "long" : null)
                .text(" ")
                .element("span", words
                        + change.filter(by -> !by.isEmpty()).map(by -> ", " + by.replace(' ', '\u00A0')).orElse(""))
                .close("div");
    }
}
