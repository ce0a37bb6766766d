package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Control characters and formulas from a site reach neither the terminal nor the spreadsheet. */
@Timeout(60)
class HostileTextTest {

    /** Moves the cursor, sets the title, in one byte, reorders, isolates, hides, breaks the line. */
    private static final List<String> EVIL =
            List.of("\u001b[2J\u001b[31m", "\u001b]0;title\u0007", "\u009b2J\u0090q\u009c",
                    "\u202egnp.exe", "\u2066x\u2069\u200e\u200f\u061c", "a\u200bb\u200d\u2060\ufeff\u00adc",
                    "\u2028\u2029\u0085\b\u007f",
                    "\u3164\u115f\udb40\udc41\ue000");

    private static final List<String> FORMULAS =
            List.of("=1+1", "+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0", "=1,\"+2\"");

    @TempDir
    private Path folder;

    private Pages site;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void openSite() throws IOException {
        site = new Pages();
        StringBuilder index = new StringBuilder("<title>\u65e5\u672c\u8a9e e\u0301 \u6f22\u5b57</title>");
        List<String> texts = new ArrayList<>(EVIL);
        texts.addAll(FORMULAS);
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i).replace("\r", "&#13;").replace("\"", "&quot;");
            site.page("/" + i + ".html", "<title>" + text + "</title><h1 data-x=\"" + text + "\">" + text + "</h1>");
            index.append("<a href='").append(i).append(".html'>x</a><a href='e\u001b]0;x").append(i).append("'>y</a>");
        }
        String all = String.join(" ", EVIL);
        site.page("/all.html",
                "<title>" + all + "</title><h1 data-x=\"" + all + "\">" + all + "</h1><a href='" + all + "'>x</a>");
        index.append("<a href='away'>z</a><a href='mailto:\u001b[2J\u202e'>m</a>");
        site.page("/", index.toString());
        site.answer("/away", 302, Map.of("Location", "htt\u001b[2Jp://\u009b/"), "");
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @Test
    void theTerminalGetsNoControlCharacters() throws IOException {
        String job = job();
        assertThat(run("crawl", job, "--pages", file("p.csv"), "--items", file("i.csv"), "--report", file("r.json")))
                .as(err.toString())
                .isZero();
        for (String path : List.of("/", "/all.html")) {
            assertThat(run("try", job, site.url(path))).as(err.toString()).isZero();
            assertThat(run("try", job, site.url(path), "--json")).isZero();
        }
        assertThat(run("try", job, site.url("/away"))).isEqualTo(4);
        assertThat(run("try", job, site.url("/away"), "--json")).isEqualTo(4);
        String text = String.join("", EVIL);
        assertThat(run("crawl", text)).isEqualTo(2);
        assertThat(run("crawl", job, "--set", text + "=" + text)).isEqualTo(2);
        assertThat(run("crawl", job, "--progress", text)).isEqualTo(2);
        assertThat(run("try", job, text)).isEqualTo(2);
        assertThat(run(text)).isEqualTo(2);
        assertHarmless(out.toString());
        assertHarmless(err.toString());
        assertThat(out.toString()).contains("\\u{1b}[2J", "\\u{202e}gnp.exe", "\u65e5\u672c\u8a9e e\u0301");
    }

    @Test
    void theSpreadsheetSeesTextWhereTheWebWroteFormulas() throws IOException {
        assertThat(run("crawl", job(), "--pages", file("p.csv"), "--items", file("i.csv"), "--report", file("r.json")))
                .isZero();

        for (String csv : List.of("p.csv", "i.csv")) {
            List<String> cells = cells(Files.readString(folder.resolve(csv)));
            assertThat(cells).as(csv)
                    .noneMatch(cell -> !cell.isEmpty() && "=+-@\t\r\n".indexOf(cell.charAt(0)) >= 0)
                    .contains("'=1+1", "'+1", "'@SUM(1)", "'=1,\"+2\"");
        }
    }

    private static void assertHarmless(String text) {
        assertThat(text.codePoints()
                .filter(point -> point != '\n')
                .filter(point -> switch (Character.getType(point)) {
                    case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE, Character.UNASSIGNED -> true;
                    default -> point == 0x3164 || point == 0x115f;
                })
                .mapToObj(Integer::toHexString)).isEmpty();
    }

    /** RFC 4180, as a spreadsheet reads it. */
    private static List<String> cells(String csv) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (c == '"') {
                boolean doubled = quoted && i + 1 < csv.length() && csv.charAt(i + 1) == '"';
                if (doubled) {
                    cell.append(csv.charAt(++i));
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && (c == ',' || csv.startsWith("\r\n", i))) {
                cells.add(cell.toString());
                cell.setLength(0);
                i += c == ',' ? 0 : 1;
            } else {
                cell.append(c);
            }
        }
        return cells;
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private String job() throws IOException {
        Path file = folder.resolve("job.yaml");
        Files.write(file, site.job("/", """
                extract:
                  - name: heads
                    fields: {head: {css: h1}, attr: {css: h1, attr: data-x}, list: {css: h1, list: true}}
                """).getBytes(UTF_8));
        return file.toString();
    }

    private int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }
}
