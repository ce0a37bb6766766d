package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion script in a real shell. */
@Timeout(60)
class CompletionTest {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "scraper {0}<TAB> offers {1}")
    @CsvSource({"cr, crawl", "tr, try", "co, completion", "crawl --pro, --progress", "crawl --progress b, bar",
        "crawl --s, --set", "try --js, --json", "demo --out, --output", "tok, token", "token cr, create",
        "token create --ro, --role",
        "token create --role m, metrics", "token delete --da, --data", "crawl scraper_com, scraper_completion"})
    void bashCompletesCommandsOptionsAndValues(String typed, String offered) throws Exception {
        String last = typed.substring(typed.lastIndexOf(' ') + 1);
        assertThat(shell("bash", """
                source scraper_completion
                complete -p scraper
                COMP_WORDS=(scraper %s) COMP_CWORD=%d COMP_LINE='scraper %s'
                COMPREPLY=()
                _complete_scraper scraper '%s' ''
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(typed, typed.split(" ").length, typed, last), "bash"))
                .first()
                .asString()
                .contains("-F _complete_scraper");
        assertThat(shell.stream().skip(1)).contains(offered);
    }

    private List<String> shell = List.of();

    @Test
    void zshReadsTheScript() throws Exception {
        assumeTrue(isInstalled("zsh") || Boolean.getBoolean("fanout.ci"), "zsh is not installed");
        assertThat(shell("zsh", "source scraper_completion && complete && print $_comps[scraper]", "zsh"))
                .last()
                .asString()
                .contains("_complete_scraper");
    }

    private List<String> shell(String program, String script, String kind) throws IOException, InterruptedException {
        assumeTrue(isInstalled(program) || Boolean.getBoolean("fanout.ci"), program + " is not installed");
        StringWriter completion = new StringWriter();
        assertThat(Main.run(new PrintWriter(completion), new PrintWriter(completion), "completion", kind)).isZero();
        Files.writeString(folder.resolve("scraper_completion"), completion.toString());
        Process process = new ProcessBuilder(program, "-c", script).directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        shell = said.lines().toList();
        return shell;
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }
}
