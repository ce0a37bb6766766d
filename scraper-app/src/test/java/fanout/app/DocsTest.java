package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.Docs.Block;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.demo.DemoShop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs and commands on the pages can be used as they stand. */
@Timeout(60)
class DocsTest {

    /** In code between backticks, and in lines of a terminal, up to what a shell takes for its own. */
    private static final Pattern COMMAND =
            Pattern.compile("(?m)(?:`|^(?:\\$ )?(?:[A-Z_]+=\\S+ )?(?:\\S+/bin/)?)scraper ([a-z]+)([^`|;&>#\n]*)");
    private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z][a-z-]*");

    @TempDir
    private Path folder;

    static List<Block> jobs() throws IOException {
        return yaml().filter(block -> !isOfTheService(block)).toList();
    }

    private static Stream<Block> yaml() throws IOException {
        return pages().flatMap(page -> Block.of(page).stream()).filter(block -> block.language().equals("yaml"));
    }

    private static boolean isOfTheService(Block block) {
        return block.text().startsWith("# service.yaml\n");
    }

    /** The pages that show whole jobs; those of deploy/ show parts of other files. */
    private static Stream<Path> pages() throws IOException {
        return Docs.pages()
                .stream()
                .filter(page -> page.equals(Docs.ROOT.resolve("README.md"))
                        || page.getParent().equals(Docs.ROOT.resolve("docs")));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void everyJobOnAPageIsValid(Block job) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), job.text()
                .replace("${API_TOKEN}", "token")
                .replace("${SHOP_PASSWORD}", "secret"));
        CommandRun command = new CommandRun(folder);

        assertThat(command.run("validate", file.toString())).as(job.page() + ": " + command.err()).isZero();
    }

    @Test
    void configurationOfTheServiceIsValid() throws Exception {
        List<Block> configurations = yaml().filter(DocsTest::isOfTheService).toList();

        assertThat(configurations).hasSize(1);
        Path key = Files.writeString(folder.resolve("key"), "x");
        String text = configurations.getFirst().text().replace("/run/secrets/shop-key", key.toString());
        ServiceSettingsReader.read("service.md", text.getBytes(UTF_8), Map.of());
    }

    @Test
    void everyCommandHasTheOptionsThatAPageGivesIt() throws IOException {
        Map<String, String> helps = new HashMap<>();
        int options = 0;
        for (Path page : Docs.pages()) {
            for (MatchResult command : COMMAND.matcher(Docs.read(page)).results().toList()) {
                String help = helps.computeIfAbsent(command.group(1), this::help);
                for (MatchResult option : OPTION.matcher(command.group(2)).results().toList()) {
                    assertThat(help).as(page + ": " + command.group()).containsPattern(option.group() + "\\b");
                    options++;
                }
            }
        }
        assertThat(helps).containsOnlyKeys("demo", "crawl", "try", "validate", "report", "serve", "token", "schema",
                "completion");
        assertThat(options).as("options that were looked at").isGreaterThan(20);
    }

    private String help(String command) {
        CommandRun run = new CommandRun(folder);
        assertThat(run.run(command, "--help")).as("a page names the command " + command).isZero();
        return run.out();
    }

    @Test
    void readmesJobReadsTheProductsOfTheDemoShop() throws IOException {
        String job = Block.of(Docs.ROOT.resolve("README.md"))
                .stream()
                .filter(block -> block.language().equals("yaml"))
                .findFirst()
                .orElseThrow()
                .text();
        CommandRun command = new CommandRun(folder);
        try (DemoShop shop = DemoShop.open(0)) {
            String list = shop.pages().stream().filter(url -> url.contains("/catalogue/")).findFirst().orElseThrow();
            int code = command.crawl(job, "--set", "startUrls=[{url: \"" + list + "\", label: list}]", "--set",
                    "network.allowedCidrs=[127.0.0.0/8]", "--set",
                    "politeness.delay=1ms");

            assertThat(code).as(command.err()).isZero();
            assertThat(command.rows("items.jsonl")).isNotEmpty()
                    .allMatch(item -> !item.get("title").asString().isEmpty() && item.get("price").isNumber());
        }
    }
}
