package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** The command in a terminal. */
@Timeout(120)
class BarTest {

    private static final String FIGURES =
            "        ok  pages/s  in flight    queued   delayed   failed   hosts     items";

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openSite() throws IOException {
        site = new Site("Page");
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @Test
    void barStaysInPlaceThroughLogsResizesAndSignals() throws Exception {
        try (PseudoTerminal terminal = start("xterm-256color", "")) {
            List<String> seen =
                    terminal.await("ten fetches in flight", lines -> figure(lines, "in flight").equals("10"));
            assertThat(seen.getFirst()).isEqualTo("before");
            assertThat(seen).hasSize(5).allMatch(line -> line.length() < 80);
            assertThat(seen.get(1)).startsWith(" test  █")
                    .contains(" 1 of      11 URLs    0:00:0")
                    .endsWith(" of  1:00:00");
            assertThat(seen.get(2)).isEqualTo(FIGURES);
            assertThat(seen.get(4)).isEqualTo(" last failure  none");

            Files.createFile(folder.resolve("sign"));
            seen = terminal.await("a warning above the bar", lines -> lines.size() == 6);
            assertThat(seen.get(1)).matches("[0-9:.]+ WARN  library: a title \\\\u\\{1b}\\[2J.*");
            assertThat(seen.get(3)).isEqualTo(FIGURES);

            terminal.resize(140, 24);
            seen = terminal.await("more figures", lines -> lines.get(3).startsWith(FIGURES + "  redirected"));
            assertThat(seen).hasSize(6);
            terminal.resize(60, 24);
            seen = terminal.await("fewer figures",
                    lines -> lines.get(3).equals(FIGURES.substring(0, 60).stripTrailing()));
            assertThat(seen).hasSize(6).allMatch(line -> line.length() <= 60);
            terminal.resize(80, 24);
            terminal.await("the former figures", lines -> lines.get(3).equals(FIGURES));

            for (char c : "typed\r\r".toCharArray()) {
                terminal.press(c);
            }
            terminal.await("what was typed is gone", lines -> lines.size() == 6 && !lines.toString().contains("typed")
                    && terminal.raw().contains("typed\r\n\r\n"));

            terminal.press('\u0003');
            seen = terminal.await("draining",
                    lines -> lines.get(5)
                            .equals(" Draining: 10 in flight may finish. Ctrl-C again to stop now."));
            assertThat(seen).hasSize(6);
            terminal.press('\u0003');

            assertThat(terminal.exitCode()).isEqualTo(130);
            assertNothingIsLeft(terminal);
            assertThat(terminal.seen()).contains("  cancelled     10  interrupted 10").last().isEqualTo("after");
        }
    }

    @Test
    void aUserWhoWantsNoColourGetsABarWithoutIt() throws Exception {
        try (PseudoTerminal terminal = start("xterm-256color", "1")) {
            terminal.await("ten fetches in flight", lines -> figure(lines, "in flight").equals("10"));
            site.release.countDown();

            assertThat(terminal.exitCode()).as(terminal.raw()).isZero();
            assertNothingIsLeft(terminal);
            assertThat(terminal.raw()).doesNotContainPattern("\u001b\\[[0-9;]*m");
            assertThat(terminal.seen()).contains("  ok            11").last().isEqualTo("after");
        }
    }

    @Test
    void aDumbTerminalGetsPlainLines() throws Exception {
        try (PseudoTerminal terminal = start("dumb", "")) {
            site.release.countDown();

            assertThat(terminal.exitCode()).as(terminal.raw()).isZero();
            assertThat(terminal.raw()).doesNotContain("\u001b", FIGURES);
            assertThat(terminal.seen()).contains("  ok            11").last().isEqualTo("after");
        }
    }

    private static void assertNothingIsLeft(PseudoTerminal terminal) {
        assertThat(terminal.seen()).first().isEqualTo("before");
        assertThat(terminal.seen())
                .noneMatch(line -> line.contains("in flight") || line.contains("█") || line.contains("last failure"));
        String raw = terminal.raw();
        assertThat(raw.lastIndexOf("\u001b[?7h")).as("long lines wrap again")
                .isGreaterThan(raw.lastIndexOf("\u001b[?7l"));
    }

    /** The figure below its name. */
    private static String figure(List<String> lines, String name) {
        for (int i = 0; i + 1 < lines.size(); i++) {
            int end = lines.get(i).indexOf(name) + name.length();
            if (lines.get(i).startsWith("        ok  pages/s") && lines.get(i + 1).length() >= end) {
                return lines.get(i + 1).substring(end - name.length(), end).strip();
            }
        }
        return "";
    }

    private PseudoTerminal start(String term, String noColour) throws IOException {
        Path job = Files.writeString(folder.resolve("job.yaml"), site.job("/slow/"));
        List<String> words = new ArrayList<>(List.of("sh", "-c",
                "trap : INT; echo before; \"$@\"; code=$?; echo after; exit $code", "sh",
                ProcessHandle.current().info().command().orElseThrow(), "--enable-preview",
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "fanout.app.NoisyMain", folder.resolve("sign").toString(), "crawl", job.toString(),
                "--set", "limits.requestTimeout=5m", "--report",
                folder.resolve("report.json").toString()));
        for (String name : List.of("pages", "items")) {
            words.addAll(List.of("--set", "output." + name + "=" + folder.resolve(name + ".jsonl")));
        }
        return PseudoTerminal.start(folder, 80, 24, Map.of("TERM", term, "NO_COLOR", noColour), words);
    }
}
