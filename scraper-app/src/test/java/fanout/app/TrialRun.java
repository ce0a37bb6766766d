package fanout.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code scraper try} with jobs for one site, and what it says. */
final class TrialRun {

    /** A page with a link of every kind. */
    static final String LINKS = """
            <title>All links</title><h1>Things</h1><p class=n>3.50</p>
            <a href="one.html">1</a> <a href="./one.html#x">1 again</a> <a href="#top">this page</a>
            <a href="private/x.html">x</a> <a href="/elsewhere/y.html">y</a> <a href="http://example.org/">away</a>
            <a href="ad.html" rel="sponsored nofollow">ad</a> <a href="mailto:a@example.org">mail</a>
            <a href="JavaScript:void(0)">script</a> <a href="http://u:p@127.0.0.1/">user</a> <a href="http://[/">bad</a>
            <a href="%s.html">long</a> <a href="two.html">2</a> <a href="three.html">3</a> <a href="four.html">4</a>
            """.formatted("l".repeat(200));

    /** Rules under which each of these links has its own fate. */
    static final String RULES = """
            scope: {include: ["/dir/"], exclude: ["/private/"]}
            limits: {maxUrlLength: 150, maxLinksPerPage: 7}
            extract: [{name: things, fields: {head: {css: h1}, price: {css: .n, type: number}, none: {css: h6}}}]
            """;

    private final Path folder;
    private final Pages site;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    TrialRun(Path folder, Pages site) {
        this.folder = folder;
        this.site = site;
    }

    /** Tries a page of the site under a job with these rules; JSON is kept without what was written before. */
    int trial(String path, String rules, String... options) throws IOException {
        if (List.of(options).contains("--json")) {
            out.getBuffer().setLength(0);
        }
        List<String> words = new ArrayList<>(List.of("try", job(site.job("/dir/", rules)), site.url(path)));
        words.addAll(List.of(options));
        return run(words.toArray(String[]::new));
    }

    String job(String text) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), text).toString();
    }

    int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    JsonNode json() {
        return new JsonMapper().readTree(out.toString());
    }

    /** Each link as it is written in the page, with its verdict. */
    Map<String, String> links() {
        return json().get("links")
                .valueStream()
                .collect(Collectors.toMap(link -> link.get("href").asString(), link -> link.get("verdict").asString()));
    }
}
